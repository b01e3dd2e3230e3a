import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { FinderKind } from '../../src/config/source/finderKinds.js';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { migrate } from '../../src/store/database/migrate.js';
import type { PortalSimulator } from '../../test/support/nodes/portalSimulator.js';
import { FINALITY_CONFIRMATION } from '../ingest/contenders.js';
import { type Measured, measure, type Program } from './measure.js';
import type { ContenderName, SparseOptions } from './options.js';
import { ponderProgram } from './ponder.js';
import type { Result } from './report.js';
import type { StretchedNode } from './stretchedNode.js';

/** The chain, and what all contenders share. */
export interface Arena {
  readonly node: StretchedNode;
  readonly portal: PortalSimulator | null;
  readonly token: `0x${string}`;
  readonly from: number;
  readonly to: number;
  readonly latencyMs: number;
  /** Of PostgreSQL. */
  readonly serverUrl: string;
  readonly folder: string;
  /** What was booked, by the last block: the same for every way to read. */
  readonly rows: Map<number, string>;
}

const COMPILED = join(PROJECT_ROOT, 'dist', 'bench');
/** How each of our contenders finds the blocks. */
const FINDERS = {
  ranges: 'ranges',
  state: 'state',
  portal: 'portal',
  caching: 'ranges',
  cache: 'ranges',
  blocks: 'blocks',
} as const satisfies Partial<Record<ContenderName, FinderKind>>;

/** Runs one contender in a process of its own, and checks what it booked. @throws Error */
export async function runContender(
  contender: ContenderName,
  arena: Arena,
  options: SparseOptions,
): Promise<Result> {
  const { node, portal, latencyMs } = arena;
  const to = lastBlock(contender, arena, options);
  const url = await newDatabase(arena, contender);
  const program = await programOf(contender, arena, { to, databaseUrl: url });
  node.takeTraffic();
  node.latencyMs = latencyMs;
  const portalBefore = portal?.statuses.length ?? 0;
  const measured: Measured = await measure(contender, {
    ...program,
    profileFolder: contender === 'ponder' ? null : options.profileFolder,
  });
  node.latencyMs = 0;
  await checkRows(contender, arena, url, to);
  return {
    ...measured,
    contender,
    latencyMs,
    blocks: to - arena.from + 1,
    traffic: node.takeTraffic(),
    portalRequests: (portal?.statuses.length ?? 0) - portalBefore,
  };
}

function lastBlock(
  contender: ContenderName,
  { from, to }: Arena,
  { blocksEach, ponderBlocks }: SparseOptions,
): number {
  if (contender === 'blocks' || contender === 'library') return Math.min(to, from + blocksEach - 1);
  return contender === 'ponder' ? Math.min(to, from + ponderBlocks - 1) : to;
}

async function programOf(
  contender: ContenderName,
  arena: Arena,
  { to, databaseUrl }: { readonly to: number; readonly databaseUrl: string },
): Promise<Program> {
  const { node, token, from } = arena;
  switch (contender) {
    case 'floor': {
      const script = join(COMPILED, 'sparse', 'floor.js');
      return { args: [script, node.url, token, String(from), String(to)] };
    }
    case 'library':
      return {
        args: [join(COMPILED, 'ingest', 'nothing.js')],
        env: {
          RPC_ENDPOINT: node.url,
          TOKEN: token,
          FROM_BLOCK: String(from),
          TO_BLOCK: String(to),
          FINALITY_CONFIRMATION: String(FINALITY_CONFIRMATION),
        },
      };
    case 'ponder':
      return ponderProgram({ rpcUrl: node.url, token, from, to, databaseUrl, schema: 'ponder' });
    default:
      return {
        args: [
          join(PROJECT_ROOT, 'bin', 'imo-ledger.js'),
          ...['index', '--config', await configFor(contender, arena), '--to-block', String(to)],
          '--no-indexes',
        ],
        env: { DATABASE_URL: databaseUrl },
      };
  }
}

/** The config of a contender: an `imo.yaml` of its own. */
async function configFor(
  contender: keyof typeof FINDERS,
  { node, portal, token, from, to, folder, latencyMs }: Arena,
): Promise<string> {
  const place = join(folder, `${contender}-${to}-${latencyMs}`);
  await mkdir(place);
  const isCached = contender === 'caching' || contender === 'cache';
  const chain = {
    id: 31_337,
    name: contender,
    rpc: node.url,
    ...(contender === 'portal' && portal !== null ? { portal: portal.url } : {}),
    source: { finders: [FINDERS[contender]], blocksAtLeast: 1 },
    cache: isCached ? { path: join(folder, `cache-${to}-${latencyMs}`), maxSize: '2 GB' } : false,
    finality: FINALITY_CONFIRMATION,
    // The audit after the last block is a question of its own.
    audit: false,
    tokens: [{ address: token, startBlock: from }],
  };
  const file = join(place, 'imo.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ chains: [chain] }));
  return file;
}

async function newDatabase(
  { serverUrl, to, latencyMs }: Arena,
  contender: string,
): Promise<string> {
  const name = `sparse_${contender}_${to}_${latencyMs}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  if (contender in FINDERS) await migrate(url.href);
  return url.href;
}

/** @throws Error if another way to read booked something else */
async function checkRows(
  contender: ContenderName,
  { rows }: Arena,
  url: string,
  to: number,
): Promise<void> {
  if (contender === 'ponder') {
    const counted = await count(url, 'ponder.transfer');
    const [ours] = (rows.get(to) ?? `transfer ${counted}`).split(',');
    if (ours !== `transfer ${counted}`) throw new Error(`Ponder has ${counted} transfers, ${ours}`);
  }
  if (!(contender in FINDERS)) return;
  const found = await booked(url);
  const others = rows.get(to) ?? found;
  if (found !== others) throw new Error(`${contender} booked ${found}, others ${others}`);
  rows.set(to, found);
}

async function booked(url: string): Promise<string> {
  const counts: string[] = [];
  for (const table of ['transfer', 'receipt', 'snapshot', 'claim', 'redemption', 'posting']) {
    counts.push(`${table} ${await count(url, table)}`);
  }
  return counts.join(', ');
}

async function count(url: string, table: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
  await client.end();
  return rows[0]?.count ?? '0';
}
