import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporaryFolder.js';
import { installIfMissing } from './debianPackage.js';
import { answers, freePort } from './freePort.js';

/** A real nginx in front of a server of this machine, with its defaults, until `stop()`. */
export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * @param locations the text of its `server` block
 * @param upstreams the text outside that block
 * @throws Error if nginx is missing, and this account may not install it
 */
export async function startNginx(locations: string, upstreams = ''): Promise<Nginx> {
  await installIfMissing('nginx', '-v', 'nginx-light');
  const folder = await temporaryFolder();
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    configOf(folder, `${upstreams} server { listen 127.0.0.1:${port}; ${locations} }`),
  );
  const child = spawn('nginx', ['-c', file, '-p', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', () => reject(new Error('nginx is missing: apt-get install nginx-light')));
    child.once('exit', () => reject(new Error(`nginx ended: ${complaints}`)));
  });
  await Promise.race([failed, answers(port)]);
  failed.catch(() => undefined);
  return { url: `http://127.0.0.1:${port}`, stop: () => stop(child) };
}

function configOf(folder: string, http: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  // Workers of root would run as another account, to whom the folder is closed.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `daemon off; ${user} worker_processes 1; pid ${folder}/pid; error_log stderr error;
    events { worker_connections 64; }
    http {
      access_log off;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
      ${http}
    }`;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
