import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Anvil } from '../../devnet/anvil.js';
import { mineBlocks } from '../../devnet/chain.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { installPonder } from '../sparse/ponder.js';
import { ArchiveFront } from './archiveFront.js';
import { BLOCK_SECONDS, type BuiltChain } from './buildChain.js';
import { cachedChain, startCachedChain } from './chainCache.js';
import { plannedTotals } from './chainSpec.js';
import {
  buildPlainSquid,
  type ContenderName,
  OUR_CONTENDERS,
  PONDER_SCHEMAS,
  prepare,
} from './contenders.js';
import { createDatabase, dropDatabase } from './databases.js';
import type { BenchOptions } from './options.js';
import { pidBelowUs } from './processUsage.js';
import { runLine } from './report.js';
import { type RunResult, run, type Servers } from './run.js';
import {
  type ChainTruth,
  verifyAgreement,
  verifyOurs,
  verifyPlain,
  verifyPonder,
} from './verify.js';

const PONDER_FINALITY = 30;

interface Arena extends Servers {
  readonly node: Anvil;
  readonly built: BuiltChain;
  readonly truth: ChainTruth;
  readonly databaseServerUrl: string;
  readonly folder: string;
}

/**
 * Lets the contenders index the same chain into fresh databases of the same server, in turns,
 * and checks after each turn that their tables are right and agree.
 * @throws ContenderError, VerificationError
 */
export async function bench(
  options: BenchOptions,
  report: (line: string) => void,
): Promise<RunResult[]> {
  if (options.contenders.includes('plain')) buildPlainSquid();
  if (options.contenders.includes('ponder')) await installPonder(report);
  const cached = await cachedChain(options.chain, report);
  const { built } = cached;
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-bench-'));
  const node = await startCachedChain(cached);
  // For Ponder, a block is final 30 blocks later. It is ready before it has what is not final.
  await mineBlocks(node, PONDER_FINALITY, BLOCK_SECONDS);
  const front = await ArchiveFront.start(node, built);
  const database = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
  try {
    const arena: Arena = {
      node,
      front,
      built,
      folder,
      databaseServerUrl: database.url,
      truth: await chainTruth(node, built, options),
      postgresPid: pidBelowUs('postgres'),
      nodePid: pidBelowUs('anvil'),
    };
    const results: RunResult[] = [];
    for (let turn = 1; turn <= options.runs; turn += 1) {
      report(`turn ${turn} of ${options.runs}`);
      results.push(...(await takeTurn(turn, arena, options, report)));
    }
    return results;
  } finally {
    await database.close();
    await front.stop();
    await node.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function takeTurn(
  turn: number,
  arena: Arena,
  options: BenchOptions,
  report: (line: string) => void,
): Promise<RunResult[]> {
  const { built, node, front, truth, databaseServerUrl } = arena;
  const results: RunResult[] = [];
  const databases = new Map<ContenderName, string>();
  /** What `ours` asked. */
  const requests: string[] = [];
  for (const contender of options.contenders) {
    const folder = join(arena.folder, `${turn}-${contender}`);
    await mkdir(folder);
    // What Ponder has read of the chain is in its database.
    const kept = contender === 'ponder-cached' ? databases.get('ponder') : undefined;
    const databaseUrl = kept ?? (await createDatabase(databaseServerUrl, `bench_${contender}`));
    databases.set(contender, databaseUrl);
    const url = databases.get('ours');
    const program = await prepare(contender, {
      chainId: node.chainId,
      rpcUrl: front.url,
      token: built.token,
      fromBlock: built.deploymentBlock,
      toBlock: built.lastBlock,
      databaseUrl,
      folder,
      cacheFolder: join(arena.folder, `cache-${turn}`),
      recorded: url === undefined ? null : { requests, url },
    });
    front.recorded = contender === 'ours' ? requests : null;
    const profileFolder = isOurs(contender) ? options.profileFolder : null;
    const result = await run(contender, { ...program, profileFolder }, arena);
    results.push(result);
    report(`  ${runLine(result, truth.planned.transfers)}`);
  }
  await verify(databases, truth);
  for (const url of new Set(databases.values())) await dropDatabase(databaseServerUrl, url);
  return results;
}

function isOurs(contender: ContenderName): boolean {
  return OUR_CONTENDERS.some((one) => one === contender);
}

async function verify(
  databases: ReadonlyMap<ContenderName, string>,
  truth: ChainTruth,
): Promise<void> {
  const ours = databases.get('ours');
  const plain = databases.get('plain');
  for (const [contender, url] of databases) if (isOurs(contender)) await verifyOurs(url, truth);
  const floor = databases.get('floor');
  if (floor !== undefined) await verifyOurs(floor, truth);
  if (plain !== undefined) await verifyPlain(plain, truth);
  for (const [contender, schema] of Object.entries(PONDER_SCHEMAS)) {
    const url = databases.get(contender as keyof typeof PONDER_SCHEMAS);
    if (url !== undefined) await verifyPonder(url, schema, truth);
  }
  if (ours !== undefined && plain !== undefined) await verifyAgreement(ours, plain);
}

async function chainTruth(
  node: Anvil,
  built: BuiltChain,
  { chain }: BenchOptions,
): Promise<ChainTruth> {
  const totalSupply = { to: built.token, data: '0x18160ddd' };
  return {
    planned: plannedTotals(chain),
    totalSupply: BigInt(await node.rpc.call<string>('eth_call', [totalSupply, 'latest'])),
    balanceWei: BigInt(await node.rpc.call<string>('eth_getBalance', [built.token, 'latest'])),
  };
}
