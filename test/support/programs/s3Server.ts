import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import S3rver from '@20minutes/s3rver';
import { temporaryFolder } from '../temporaryFolder.js';

/** A local S3-compatible server with one bucket, until `stop()`. */
export interface S3Server {
  readonly bucket: string;
  /** What the AWS tools read. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

const BUCKET = 'lakes';

const REFUSED =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>PreconditionFailed</Code>' +
  '<Message>At least one of the pre-conditions you specified did not hold</Message>' +
  '<Condition>If-None-Match</Condition></Error>';

/**
 * S3rver ignores conditions of writes. Amazon S3 documents one that a lake needs: a PUT with `If-None-Match: *`
 * is refused with 412 if the key exists. It is added here, one PUT after the other.
 *
 * @param hasConditions false: as S3rver is
 */
export async function startS3(hasConditions = true): Promise<S3Server> {
  const s3rver = new S3rver({
    directory: await temporaryFolder(),
    silent: true,
    // For lists it computes another signature than the client of AWS.
    allowMismatchedSignatures: true,
    configureBuckets: [{ name: BUCKET }],
  });
  await s3rver.configureBuckets();
  const answer = s3rver.callback();
  let last = Promise.resolve();
  const server = createServer((request, response) => {
    if (!hasConditions || request.method !== 'PUT') return void answer(request, response);
    last = last.then(() => putIfAbsent(request, response)).catch(() => undefined);
  });
  const putIfAbsent = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers['if-none-match'] === '*') {
      const found = await fetch(`${url}${request.url?.split('?')[0]}`, { method: 'HEAD' });
      if (found.ok) {
        request.resume();
        response.writeHead(412, { 'content-type': 'application/xml' }).end(REFUSED);
        return;
      }
    }
    const done = once(response, 'close');
    await answer(request, response);
    await done;
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    bucket: BUCKET,
    env: {
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_REGION: 'us-east-1',
    },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
