import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Anvil } from '../../devnet/anvil.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { ArchiveFront } from './archiveFront.js';
import type { BuiltChain } from './buildChain.js';
import { cachedChain, startCachedChain } from './chainCache.js';
import { plannedTotals } from './chainSpec.js';
import { buildPlainSquid, type ContenderName, OUR_CONTENDERS, prepare } from './contenders.js';
import { createDatabase, dropDatabase } from './databases.js';
import type { BenchOptions } from './options.js';
import { pidBelowUs } from './processUsage.js';
import { runLine } from './report.js';
import { type RunResult, run, type Servers } from './run.js';
import { type ChainTruth, verifyAgreement, verifyOurs, verifyPlain } from './verify.js';

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
  const cached = await cachedChain(options.chain, report);
  const { built } = cached;
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-bench-'));
  const node = await startCachedChain(cached);
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
  for (const contender of options.contenders) {
    const folder = join(arena.folder, `${turn}-${contender}`);
    await mkdir(folder);
    const databaseUrl = await createDatabase(databaseServerUrl, `bench_${contender}`);
    databases.set(contender, databaseUrl);
    const command = await prepare(contender, {
      chainId: node.chainId,
      rpcUrl: front.url,
      token: built.token,
      fromBlock: built.deploymentBlock,
      toBlock: built.lastBlock,
      databaseUrl,
      folder,
      cacheFolder: join(arena.folder, `cache-${turn}`),
    });
    const flags = isOurs(contender) ? profileFlags(options) : [];
    const result = await run(contender, command, arena, folder, flags);
    results.push(result);
    report(`  ${runLine(result, truth.planned.transfers)}`);
  }
  await verify(databases, truth);
  for (const url of databases.values()) await dropDatabase(databaseServerUrl, url);
  return results;
}

function profileFlags({ profileFolder }: BenchOptions): string[] {
  return profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileFolder)}`];
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
  if (plain !== undefined) await verifyPlain(plain, truth);
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
