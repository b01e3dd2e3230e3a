import pg from 'pg';
import { startAnvil } from '../../../devnet/anvil.js';
import { loadArtifact } from '../../../devnet/artifacts.js';
import { SeededRandom } from '../../../devnet/random.js';
import type { Address } from '../../../src/address.js';
import { MULTICALL_ADDRESS } from '../../../src/audit/questions/chainViews.js';
import { readDisagreements } from '../../../src/store/read/audits/audits.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';
import { readUnaudited } from '../../../src/store/write/firstAudits.js';
import type { NewDatabase } from '../proofServer.js';
import { indexOdd, type OddIndex, type Refusal } from './oddIndex.js';
import type { OddChoice } from './oddities.js';
import { judgeAt, type WrongFigure } from './oddJudge.js';
import { liveOddly, type OddLife } from './oddLife.js';
import { createOddWorld, type OddContract, type OddWorld } from './oddWorld.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
const EARLIER_BLOCKS = 20;
const CONTRACTS_PER_CHAIN = 12;

export interface OddOptions {
  /** The same seed gives the same chains. */
  readonly seed: number;
  readonly contracts: number;
  /** With each contract, on the average. */
  readonly operations: number;
  readonly choice: OddChoice;
  readonly newDatabase: NewDatabase;
  /** Takes lines that tell how far it is. */
  readonly say: (line: string) => void;
}

/** What became of one contract. */
export interface OddVerdict {
  /** Base and oddities. */
  readonly rules: string;
  readonly address: Address;
  readonly outcome: 'exact' | 'refused' | 'held' | 'marked' | 'silently wrong';
  readonly figures: number;
  /** Why it is refused or held; the first disagreement where it is marked, exact or not. */
  readonly difference: string | null;
  /** Figures that differ from the contract's. Of a held one: up to the end of its books. */
  readonly wrong: readonly WrongFigure[];
}

/**
 * Composes contracts at random, drives them at random, indexes them and judges each one: every
 * figure equals the contract's at the head and at 20 earlier blocks, or the contract is refused,
 * held or marked, and the difference is named.
 */
export async function proveOdd(options: OddOptions): Promise<OddVerdict[]> {
  const { seed, contracts, say } = options;
  const verdicts: OddVerdict[] = [];
  for (let chain = 0; verdicts.length < contracts; chain += 1) {
    const count = Math.min(CONTRACTS_PER_CHAIN, contracts - verdicts.length);
    verdicts.push(...(await proveChain(`${seed}/${chain}`, count, options)));
    say(`${verdicts.length} of ${contracts} contracts judged`);
  }
  return verdicts;
}

async function proveChain(
  seed: string,
  count: number,
  { operations, choice, newDatabase, say }: OddOptions,
): Promise<OddVerdict[]> {
  const anvil = await startAnvil({ genesisTimestamp: GENESIS_TIMESTAMP });
  try {
    const multicall = await anvil.rpc.call<string>('eth_call', [
      { data: loadArtifact('Multicall').bytecode },
      'latest',
    ]);
    await anvil.rpc.call('anvil_setCode', [MULTICALL_ADDRESS, multicall]);
    const world = await createOddWorld(anvil, { seed, contracts: count, choice });
    const life = await liveOddly(world, operations);
    say(`chain ${seed}: ${life.operations} operations, ${life.reverted} reverted`);
    const asset = world.asset.address as Address;
    const contracts = world.contracts.map(({ address, plan }) => ({
      address,
      assets: plan.base === 'one asset' ? [asset] : [],
    }));
    const index = await indexOdd(anvil, newDatabase, contracts, life.lastBlock);
    return await judgeAll(world, life, index, seed);
  } finally {
    await anvil.stop();
  }
}

async function judgeAll(
  world: OddWorld,
  life: OddLife,
  { databaseUrl, refusals }: OddIndex,
  seed: string,
): Promise<OddVerdict[]> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  pool.on('error', () => undefined);
  try {
    const blocks = chooseBlocks(new SeededRandom(`odd blocks ${seed}`), life);
    const verdicts: OddVerdict[] = [];
    for (const subject of world.contracts) {
      const refusal = refusals.get(subject.address) ?? null;
      verdicts.push(await judge(pool, world, subject, refusal, blocks));
    }
    return verdicts;
  } finally {
    await pool.end();
  }
}

/** The head, and earlier blocks at random. */
function chooseBlocks(random: SeededRandom, { firstBlock, lastBlock }: OddLife): number[] {
  const earlier = Array.from({ length: lastBlock - firstBlock }, (_, index) => firstBlock + index);
  return [lastBlock, ...random.shuffled(earlier).slice(0, EARLIER_BLOCKS)];
}

async function judge(
  pool: pg.Pool,
  { chain, accounts, router, book, owner }: OddWorld,
  subject: OddContract,
  refusal: Refusal | null,
  blocks: readonly number[],
): Promise<OddVerdict> {
  const { plan, address } = subject;
  const rules = [plan.base, ...plan.oddities].join(' + ');
  const [token] = await readTokens(pool, { address });
  const difference = refusal === null ? null : `${refusal.code} ${refusal.reason}`;
  const verdict = { rules, address, difference };
  if (token === undefined || refusal?.kind === 'refused') {
    return { ...verdict, outcome: 'refused', figures: 0, wrong: [] };
  }
  const holders = [...new Set([owner, ...accounts, router.address])] as Address[];
  const lastId = Number(book.lastSnapshotId(address));
  const served = blocks.filter((block) => refusal === null || block <= refusal.lastBlock);
  let figures = 0;
  const wrong: WrongFigure[] = [];
  for (const block of served) {
    const asked = { accounts: holders, lastId };
    const judged = await judgeAt(pool, chain, token, asked, subject, block);
    figures += judged.figures;
    wrong.push(...judged.wrong);
  }
  if (refusal !== null) return { ...verdict, outcome: 'held', figures, wrong };
  const mark = await markOf(pool, token.number);
  const named = mark === null ? null : `${address} ${mark}`;
  if (wrong.length === 0)
    return { ...verdict, outcome: 'exact', figures, difference: named, wrong };
  const outcome = mark === null ? 'silently wrong' : 'marked';
  return { ...verdict, outcome, figures, difference: named, wrong };
}

/** The mark of every answer about a token; `null`: no mark. */
async function markOf(pool: pg.Pool, tokenNumber: number): Promise<string | null> {
  const disagreements = await readDisagreements(pool, 1);
  const mark = disagreements.find((of) => of.tokenNumber === tokenNumber);
  if (mark !== undefined) {
    const { figure, block, ours, contract } = mark;
    return `${figure} at block ${block}: ours ${ours}, contract ${contract ?? 'reverts'}`;
  }
  const unaudited = await readUnaudited(pool, null);
  return unaudited.some((of) => of.tokenNumber === tokenNumber) ? 'is not audited yet' : null;
}
