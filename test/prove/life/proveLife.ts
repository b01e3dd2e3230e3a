import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../../../devnet/random.js';
import { addressFromBytes } from '../../../src/address.js';
import { loadConfig } from '../../../src/config/load.js';
import { type Manifest, manifestOf } from '../../../src/plan/manifest.js';
import { forgetBooks } from '../../../src/processor/run/forget.js';
import { migrate } from '../../../src/store/database/migrate.js';
import { connectClient, type DatabaseClient } from '../../../src/store/database/postgres.js';
import { cleanLeavingBooks } from '../../../src/store/leaving/cleanBooks.js';
import { PostgresServer } from '../../support/databases/postgresServer.js';
import { query } from '../../support/query.js';
import { auditBooks } from '../faults/auditBooks.js';
import { IndexProcess } from '../faults/indexProcess.js';
import { FaultyRpc } from '../faults/rpcFaults.js';
import { compareWithFreshIndex, type LifeComparison } from './compareLives.js';
import { inventoryOf } from './inventory.js';
import { Life } from './life.js';
import { LifeChain } from './lifeChain.js';
import { CHANGE_MOMENTS, LIFE_EVENTS, lifeSteps } from './lifeSteps.js';
import { LivingManifest } from './livingManifest.js';

/** No config calls final what forks take back, but for deep ones. */
const FINALITY = 12;
/** More than any config leaves open to forks. */
const BLOCKS_AT_END = 24;
const ENDPOINTS = 2;

export interface LifeOptions {
  readonly steps: number;
  /** The same seed makes the same choices; when a process meets them is up to the machine. */
  readonly seed: number;
  /** Also forks below the finalised block. */
  readonly deep?: boolean;
  /** On the chain before it begins; default: so many that it has a thousand blocks. */
  readonly operationsBefore?: number;
  readonly say: (line: string) => void;
}

/** What a run did, and what it found. */
export interface LifeReport extends LifeComparison {
  readonly changes: number;
  readonly kills: number;
  readonly killsWhileJoining: number;
  readonly reorgs: number;
  readonly rpcFaults: number;
  /** Archived books that were forgotten at the end. */
  readonly archived: number;
  readonly created: number;
  readonly figures: number;
  readonly mismatchCount: number;
  readonly mismatches: readonly string[];
  /** How often each kind of step, change, failure and event was drawn. */
  readonly drawn: ReadonlyMap<string, number>;
}

/**
 * A config of a living, forking chain changes again and again, while the real `imo-ledger index` books it,
 * is killed, and its nodes fail. At the end all rows and ledger hashes must be those of a fresh index of
 * the last config, and `imo-ledger audit` must agree with every holder.
 *
 * @throws Error with the last output of the process if it does not get there, or ended for a reason
 *   that is none
 */
export async function proveLife({
  steps,
  seed,
  deep = true,
  operationsBefore,
  say: tell,
}: LifeOptions): Promise<LifeReport> {
  const startedAt = Date.now();
  const say = (line: string) => tell(`${((Date.now() - startedAt) / 1000).toFixed(1)} s: ${line}`);
  say(`${steps} steps`);
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-life-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const server = await PostgresServer.create({ max_connections: 60 });
    closers.push(() => server.remove());
    const chain = await LifeChain.start(seed, FINALITY, operationsBefore);
    say('the chain lives');
    const { node } = chain.forking;
    closers.push(() => node.stop());
    const rpc = await FaultyRpc.start(node.url, new SeededRandom(`rpc ${seed}`), {
      lies: true,
      endpoints: ENDPOINTS,
    });
    closers.push(() => rpc.stop());
    rpc.gate = () => chain.forking.gate;
    const databaseUrl = await server.createDatabase('lived');
    await migrate(databaseUrl);

    const inventory = await inventoryOf(chain, folder);
    const manifest = new LivingManifest(new SeededRandom(`manifest ${seed}`), inventory);
    const config = join(folder, 'living.json');
    const writeConfig = () =>
      writeChain(config, { ...manifest.chain(), id: node.chainId, rpc: rpc.urls });
    const first = await writeConfig();
    say(`begins with ${manifest.size} of ${inventory.length} entries`);
    const index = new IndexProcess(['index', '--config', config], { DATABASE_URL: databaseUrl });
    closers.push(() => index.stop());
    const random = new SeededRandom(`moments ${seed}`);
    const stage = { chain, manifest, rpc, index, databaseUrl, writeConfig, random, say };
    const life = new Life(stage, first);
    await life.settled(await chain.settle(1));
    await life.play(lifeSteps(new SeededRandom(`steps ${seed}`), { steps, deep }));
    const head = await chain.settle(BLOCKS_AT_END);
    await life.settled(head);
    await index.stop();
    say(`settled at block ${head}; ${index.describeEndings()}`);

    const archived = await forgetArchived(databaseUrl, node.chainId);
    const right = join(folder, 'right.json');
    await writeChain(right, { ...manifest.chain(), id: node.chainId, rpc: [node.url] });
    const urls = { lived: databaseUrl, fresh: await server.createDatabase('fresh') };
    say('compares with a fresh index');
    const compared = await compareWithFreshIndex(right, urls, { chainId: node.chainId, head });
    say('audits');
    const audited = await auditBooks(right, databaseUrl, { folder, head });
    return {
      changes: life.changes,
      kills: index.kills,
      killsWhileJoining: life.killsWhileJoining,
      reorgs: chain.forking.reorgs,
      rpcFaults: rpc.total,
      archived,
      created: chain.created,
      drawn: drawnIn(life, manifest, chain, deep),
      ...compared,
      ...audited,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

function drawnIn(life: Life, manifest: LivingManifest, chain: LifeChain, deep: boolean) {
  const steps = [...CHANGE_MOMENTS, ...LIFE_EVENTS]
    .filter((kind) => deep || kind !== 'deep fork')
    .map((kind) => [kind, life.taken.get(kind) ?? 0] as const);
  const changes = [...manifest.drawn.counts].map(([{ name }, count]) => [name, count] as const);
  const failures = [...life.failed].map(([failure, count]) => [`node ${failure}`, count] as const);
  return new Map<string, number>([...steps, ...changes, ...failures, ...chain.drawn.counts]);
}

/** Writes a config with one chain at once: a process that starts reads the old one or the new one. */
async function writeChain(
  path: string,
  chain: Readonly<Record<string, unknown>>,
): Promise<Manifest> {
  const source = { blocksAtLeast: 1_000_000 };
  const whole = { ...chain, headPollSeconds: 0.1, source, cache: false };
  // JSON is YAML.
  await writeFile(`${path}.new`, JSON.stringify({ chains: [whole] }, null, 2));
  await rename(`${path}.new`, path);
  const { chains } = await loadConfig(path, {});
  const [loaded] = chains;
  if (loaded === undefined) throw new RangeError(`${path} has no chain`);
  return manifestOf(loaded);
}

/** A fresh index has no archived books. @returns how many there were */
async function forgetArchived(databaseUrl: string, chainId: number): Promise<number> {
  const archived = await query<{ address: Buffer }>(
    databaseUrl,
    `SELECT address FROM token WHERE chain_id = ${chainId} AND archived_block IS NOT NULL
     UNION ALL SELECT address FROM contract WHERE chain_id = ${chainId} AND archived_block IS NOT NULL`,
  );
  for (const { address } of archived) {
    await forgetBooks(databaseUrl, chainId, addressFromBytes(address), {
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
  }
  await withClient(databaseUrl, async (client) => {
    for await (const _ of cleanLeavingBooks(client, chainId));
  });
  return archived.length;
}

async function withClient(databaseUrl: string, use: (client: DatabaseClient) => Promise<void>) {
  const client = await connectClient({ connectionString: databaseUrl });
  await use(client).finally(() => client.end());
}
