import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { query } from '../query.js';

const run = promisify(execFile);

/** Room for a table and its indexes, as long as they are empty. */
const SIZE = '256k';

/** A file system so small that it can be filled, with a tablespace of the database on it. */
export class SmallDisk {
  private readonly moved: string[] = [];

  private constructor(
    private readonly databaseUrl: string,
    private readonly folder: string,
    private readonly tablespace: string,
  ) {}

  /** Whether this user may mount file systems here. */
  static isPossible(): boolean {
    const folder = mkdtempSync(join(tmpdir(), 'imo-ledger-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], {
        stdio: 'ignore',
      });
      execFileSync('umount', [folder], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    } finally {
      rmdirSync(folder);
    }
  }

  static async mount(databaseUrl: string): Promise<SmallDisk> {
    const [{ folder: data = '' } = {}] = await query<{ folder: string }>(
      databaseUrl,
      `SELECT current_setting('data_directory') AS folder`,
    );
    const { uid, gid } = await stat(data);
    const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-disk-'));
    await chmod(folder, 0o755);
    const options = `size=${SIZE},mode=0700,uid=${uid},gid=${gid}`;
    await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
    const tablespace = `small_${randomBytes(4).toString('hex')}`;
    await query(databaseUrl, `CREATE TABLESPACE ${tablespace} LOCATION '${folder}'`);
    return new SmallDisk(databaseUrl, folder, tablespace);
  }

  async moveHere(table: string): Promise<void> {
    this.moved.push(table);
    await query(this.databaseUrl, `ALTER TABLE ${table} SET TABLESPACE ${this.tablespace}`);
  }

  /** Takes all room that is left. */
  async fill(): Promise<void> {
    const filler = Buffer.alloc(1 << 20);
    await writeFile(this.filler, filler).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOSPC') throw error;
    });
  }

  async makeRoom(): Promise<void> {
    await rm(this.filler);
    await run('mount', ['-o', 'remount,size=64m', this.folder]);
  }

  async remove(): Promise<void> {
    for (const table of this.moved) {
      await query(this.databaseUrl, `ALTER TABLE ${table} SET TABLESPACE pg_default`);
    }
    await query(this.databaseUrl, `DROP TABLESPACE ${this.tablespace}`);
    // The server may have files of it open for a while.
    await run('umount', ['-l', this.folder]);
    await rmdir(this.folder);
  }

  private get filler(): string {
    return join(this.folder, 'filler');
  }
}
