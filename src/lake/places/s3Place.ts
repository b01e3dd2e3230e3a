import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { badPlace, fileMissing, noConditions, noS3Client } from '../lakeErrors.js';
import { STAGING } from '../lakePaths.js';
import type { LakePlace } from './lakePlace.js';

type S3Library = typeof import('@aws-sdk/client-s3');

const S3_URL = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/*$/;
const DELETED_AT_ONCE = 16;

/**
 * A lake below a prefix of a bucket. Credentials, region and another endpoint come from where the AWS
 * tools take them: `AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT_URL_S3` and so on.
 */
export class S3Place implements LakePlace {
  private readonly work = new Map<string, string>();

  private constructor(
    readonly root: string,
    private readonly library: S3Library,
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly prefix: string,
  ) {}

  /** @throws ImoError `LAKE_BAD_PLACE` or `LAKE_NO_S3_CLIENT` */
  static async open(url: string, env: NodeJS.ProcessEnv): Promise<S3Place> {
    const [, bucket, prefix = ''] = S3_URL.exec(url) ?? [];
    if (bucket === undefined) throw badPlace(url);
    const library = await loadLibrary();
    const endpoint = env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
    const client = new library.S3Client({
      // Other servers than that of AWS seldom have a host name for each bucket.
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(env.AWS_REGION === undefined && endpoint !== undefined ? { region: 'us-east-1' } : {}),
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    const root = prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
    return new S3Place(root, library, client, bucket, prefix === '' ? '' : `${prefix}/`);
  }

  async prepare(): Promise<void> {
    const probe = `${STAGING}/probe-${randomUUID()}`;
    const first = await this.create(probe, 'probe');
    const second = await this.create(probe, 'probe');
    await this.remove([probe]);
    if (!first || second) throw noConditions(this.root);
  }

  async list(folder: string): Promise<string[]> {
    const paths: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.client.send(
        new this.library.ListObjectsV2Command({
          Bucket: this.bucket,
          Prefix: `${this.prefix}${folder === '' ? '' : `${folder}/`}`,
          ContinuationToken: token,
        }),
      );
      for (const { Key } of page.Contents ?? []) {
        if (Key !== undefined) paths.push(Key.slice(this.prefix.length));
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return paths.toSorted();
  }

  async read(path: string): Promise<string | null> {
    try {
      const { Body } = await this.client.send(new this.library.GetObjectCommand(this.at(path)));
      return (await Body?.transformToString()) ?? '';
    } catch (error) {
      if (statusOf(error) === 404) return null;
      throw error;
    }
  }

  async create(path: string, text: string): Promise<boolean> {
    try {
      await this.client.send(
        new this.library.PutObjectCommand({
          ...this.at(path),
          Body: text,
          IfNoneMatch: '*',
        }),
      );
      return true;
    } catch (error) {
      // 409: another writer is creating it at this moment.
      if ([409, 412].includes(statusOf(error) ?? 0)) return false;
      throw error;
    }
  }

  async replace(path: string, text: string): Promise<void> {
    await this.client.send(new this.library.PutObjectCommand({ ...this.at(path), Body: text }));
  }

  async workFolder(attempt: string): Promise<string> {
    const known = this.work.get(attempt);
    if (known !== undefined) return known;
    const folder = mkdtempSync(join(tmpdir(), 'imo-ledger-lake-'));
    this.work.set(attempt, folder);
    return folder;
  }

  async stage(attempt: string, file: string, path: string): Promise<void> {
    await this.client.send(
      new this.library.PutObjectCommand({
        ...this.at(`${STAGING}/${attempt}/${path}`),
        Body: createReadStream(file),
        ContentLength: (await stat(file)).size,
      }),
    );
    await rm(file);
  }

  async publish(attempt: string, path: string): Promise<void> {
    const staged = `${STAGING}/${attempt}/${path}`;
    try {
      await this.client.send(
        new this.library.CopyObjectCommand({
          ...this.at(path),
          CopySource: encodeURI(`${this.bucket}/${this.prefix}${staged}`),
        }),
      );
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      if (!(await this.has(path))) throw fileMissing(path);
    }
    await this.remove([staged]);
  }

  async remove(paths: readonly string[]): Promise<void> {
    for (let at = 0; at < paths.length; at += DELETED_AT_ONCE) {
      await Promise.all(
        paths
          .slice(at, at + DELETED_AT_ONCE)
          .map((path) => this.client.send(new this.library.DeleteObjectCommand(this.at(path)))),
      );
    }
  }

  async localCopy(path: string, folder: string): Promise<string> {
    const { Body } = await this.client.send(new this.library.GetObjectCommand(this.at(path)));
    if (!(Body instanceof Readable)) throw fileMissing(path);
    const file = join(folder, basename(path));
    await pipeline(Body, createWriteStream(file));
    return file;
  }

  close(): void {
    for (const folder of this.work.values()) rmSync(folder, { recursive: true, force: true });
    this.client.destroy();
  }

  private async has(path: string): Promise<boolean> {
    try {
      await this.client.send(new this.library.HeadObjectCommand(this.at(path)));
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  }

  /** The arguments of a request that name a path. */
  private at(path: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.bucket, Key: `${this.prefix}${path}` };
  }
}

/** An optional dependency: only a lake in a bucket needs it. */
async function loadLibrary(): Promise<S3Library> {
  // It would warn of what its future versions need. The version here is fixed.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  try {
    return await import('@aws-sdk/client-s3');
  } catch (cause) {
    throw noS3Client(cause);
  }
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
}
