import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { Subject } from '../node/subject.js';
import { paymentsOfBlock, paymentsOfFlat, type SeenPayment } from './frames.js';
import { tag } from './logs.js';
import { searchRange } from './searchRange.js';

/** An address that sent a token money in a call. */
export interface Payer {
  readonly address: Address;
  /** Of its first payment that was seen. */
  readonly block: number;
  /** How many of its payments were seen. */
  readonly times: number;
}

/** Frames to read: of a token that is paid more often, the first ones show its payers. */
const ENOUGH_FRAMES = 20_000;
/** Blocks whose frames are read one by one. */
const MOST_BLOCKS = 200;

/** Who paid a token, and what else the frames that were read show. */
export interface FoundPayers {
  readonly payers: readonly Payer[];
  /** Every payment of the blocks that were read; `null`: only payments to the token were listed. */
  readonly seen: readonly SeenPayment[] | null;
}

/**
 * Finds who paid a token in ETH: over its whole history by `trace_filter`, else in the blocks that a
 * Portal finds, else in those that hold a log of the token.
 *
 * @param from block of its deployment
 * @param logBlocks blocks with a log of the token
 */
export async function findPayers(
  subject: Subject,
  token: Address,
  from: number,
  logBlocks: readonly number[],
): Promise<FoundPayers> {
  if (subject.hasTraceFilter) {
    const payments = await byFilter(subject, [token], from, 'payers');
    return { payers: tally(payments, token, from), seen: null };
  }
  const blocks = await blocksToRead(subject, token, from, logBlocks);
  const seen = await byBlocks(subject, token, blocks);
  return { payers: tally(seen, token, from), seen };
}

/**
 * Finds who paid contracts that passed money on to a token, by contract.
 *
 * @param seen payments that were read before; `null`: the node lists them
 */
export async function findPayersOf(
  subject: Subject,
  contracts: readonly Address[],
  from: number,
  seen: FoundPayers['seen'],
): Promise<ReadonlyMap<Address, readonly Payer[]>> {
  if (contracts.length === 0) return new Map();
  const payments = seen ?? (await byFilter(subject, contracts, from, 'who paid its payers'));
  return new Map(contracts.map((contract) => [contract, tally(payments, contract, from)]));
}

function tally(payments: readonly SeenPayment[], payee: Address, from: number): Payer[] {
  const payers = new Map<Address, Payer>();
  for (const payment of payments) {
    if (payment.to !== payee) continue;
    const before = payers.get(payment.from);
    const block = before?.block ?? payment.block ?? from;
    payers.set(payment.from, { address: payment.from, block, times: (before?.times ?? 0) + 1 });
  }
  return [...payers.values()];
}

async function byFilter(
  subject: Subject,
  payees: readonly Address[],
  from: number,
  what: string,
): Promise<SeenPayment[]> {
  const { node, head, progress, note, signal } = subject;
  const { items, to, isWhole } = await searchRange({
    range: { from, to: head },
    ask: (range) => {
      progress(`${what}: block ${range.from} of ${head}`);
      const blocks = { fromBlock: tag(range.from), toBlock: tag(range.to) };
      return node.listed('trace_filter', { toAddress: payees, ...blocks });
    },
    isEnough: (frames) => frames.length >= ENOUGH_FRAMES,
    signal,
  });
  if (!isWhole) note(`${payees.join(', ')}: payers were searched up to block ${to} only`);
  return paymentsOfFlat(items);
}

async function blocksToRead(
  subject: Subject,
  token: Address,
  from: number,
  logBlocks: readonly number[],
): Promise<readonly number[]> {
  const found = await blocksOfFinders(subject, token, from);
  const blocks = found ?? [...new Set(logBlocks)];
  const where = found === null ? 'with a log of it' : 'that the Portal finds';
  const few = blocks.slice(0, MOST_BLOCKS);
  subject.note(
    `${token}: the endpoint does not serve trace_filter fast, so its payers were searched in ` +
      `${few.length} blocks ${where}. Those who paid in other blocks are missing.`,
  );
  return few;
}

/** `null`: there is no service that finds them. */
async function blocksOfFinders(
  { finders: [finder], head, signal, note, progress }: Subject,
  token: Address,
  from: number,
): Promise<number[] | null> {
  if (finder === undefined) return null;
  const wanted = { logs: [], traces: [{ callTo: [token], range: { from } }] };
  const blocks: number[] = [];
  try {
    const to = Math.min(await finder.height(signal), head);
    if (to < from) return null;
    for await (const piece of finder.find({ from, to }, wanted, signal)) {
      progress(`${token}: payers, block ${piece.to} of ${to}`);
      blocks.push(...piece.hits.map(({ height }) => height));
      if (blocks.length >= MOST_BLOCKS) break;
    }
    return blocks;
  } catch (error) {
    if (!(error instanceof ImoError)) throw error;
    note(`the Portal did not find payers: ${error.message}`);
    return null;
  }
}

async function byBlocks(
  { node, progress, signal }: Subject,
  token: Address,
  blocks: readonly number[],
): Promise<SeenPayment[]> {
  const payments: SeenPayment[] = [];
  for (const [index, block] of blocks.entries()) {
    signal.throwIfAborted();
    progress(`${token}: payers, block ${index + 1} of ${blocks.length} blocks`);
    const { hash } = await node.blockHeader(block);
    payments.push(...paymentsOfBlock(await node.blockFrames(block, hash), block));
  }
  return payments;
}
