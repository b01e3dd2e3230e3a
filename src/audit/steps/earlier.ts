import { createHash } from 'node:crypto';
import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import { readMilestones } from '../../store/read/audits/auditMoments.js';
import { sampleHolderAccounts } from '../../store/read/holders/holderAccounts.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { assetHolderQuestions, assetQuestions } from '../questions/assetQuestions.js';
import { type AuditedBlock, ChainViews } from '../questions/chainViews.js';
import { type AuditComparison, NOTHING_COMPARED, type Question } from '../questions/question.js';
import { supplyQuestions } from '../questions/supplyQuestions.js';
import { holderQuestions, tokenQuestions } from '../questions/tokenQuestions.js';
import { compare } from './compare.js';
import type { AuditContext, AuditPart } from './parts.js';

/** Holders that are asked about at each earlier block. */
const HOLDERS_PER_MOMENT = 25;

/**
 * Earlier blocks at which a token is audited: around its first receipt, claim, redemption, transfer
 * and snapshot, at its newest snapshots, and some drawn at random. A figure that was wrong only for
 * a while does not show at the head.
 *
 * @param drawn how many blocks are drawn; the same ones for the same `seed`
 * @returns ascending, each below `block`
 */
async function earlierBlocks(
  db: Queryable,
  token: TokenRecord,
  { number: block, hash: seed }: { readonly number: number; readonly hash: string },
  drawn: number,
): Promise<number[]> {
  const milestones = await readMilestones(db, token.number, block);
  const wanted = milestones.flatMap((at) => [at - 1, at, at + 1]);
  const size = block - token.startBlock;
  for (let draw = 0; draw < drawn && size > 0; draw++) {
    const digest = createHash('sha256').update(`${seed} ${token.number} ${draw}`).digest();
    wanted.push(token.startBlock + Number(digest.readBigUInt64BE() % BigInt(size)));
  }
  return [...new Set(wanted)]
    .filter((at) => at >= token.startBlock && at < block)
    .toSorted((left, right) => left - right);
}

/** About how many accounts the audit of earlier blocks compares. @param holders of the token */
export async function accountsEarlier(
  db: Queryable,
  token: TokenRecord,
  block: number,
  drawn: number,
  holders: number,
): Promise<number> {
  const blocks = await earlierBlocks(db, token, { number: block, hash: '' }, drawn);
  return blocks.length * Math.min(HOLDERS_PER_MOMENT, holders);
}

/** Audits a token at the next of its earlier blocks, the newest first: a node may have pruned old states. */
export async function auditEarlier(
  context: AuditContext,
  token: TokenRecord,
  after: string | null,
): Promise<AuditPart> {
  const { db, views, earlier } = context;
  const blocks = await earlierBlocks(db, token, views.block, earlier);
  const block = blocks.findLast((at) => after === null || at < Number(after));
  if (block === undefined) return part(NOTHING_COMPARED, 0, null);
  const next = block === blocks[0] ? null : String(block);
  try {
    const { hash } = await context.node.blockHeader(block);
    const { comparison, accounts } = await compareAt(context, token, { number: block, hash });
    return part(comparison, accounts, next);
  } catch (error) {
    if (!(error instanceof ImoError) || !error.code.startsWith('RPC_')) throw error;
    const reason = `${checksummed(token.address)} at block ${block} and earlier: ${error.message}`;
    return { ...part(NOTHING_COMPARED, 0, null), notCompared: [reason] };
  }
}

async function compareAt(
  { db, node }: AuditContext,
  token: TokenRecord,
  block: AuditedBlock,
): Promise<{ readonly comparison: AuditComparison; readonly accounts: number }> {
  const views = await ChainViews.at(node, block);
  const limits = { holders: HOLDERS_PER_MOMENT, figures: null };
  const questions = await momentQuestions(db, token, block, limits);
  const accounts = new Set(questions.flatMap(({ account }) => account ?? [])).size;
  return { comparison: await compare(views, questions), accounts };
}

/**
 * What is asked about a token and some of its holders at the end of a block.
 *
 * @param limits `figures` of holders at most, where they have many open snapshots; `null`: all
 */
export async function momentQuestions(
  db: Queryable,
  token: TokenRecord,
  block: AuditedBlock,
  limits: { readonly holders: number; readonly figures: number | null },
): Promise<Question[]> {
  const asOf = { tokenNumber: token.number, block: block.number };
  const drawn = await sampleHolderAccounts(db, asOf, block.hash, limits.holders);
  const ask = async (accounts: readonly Address[]) => [
    ...(await holderQuestions(db, token, accounts, block.number, 'open')),
    ...(await assetHolderQuestions(db, token, accounts, block.number, 'open')),
  ];
  const own = [
    ...(await tokenQuestions(db, token, block.number)),
    ...(await assetQuestions(db, token, block.number)),
    ...(await supplyQuestions(db, token, block.number)),
  ];
  const { figures } = limits;
  if (figures === null || drawn.length === 0) return [...own, ...(await ask(drawn))];
  // Each has as many figures as the others.
  const [first] = drawn;
  const perHolder = first === undefined ? 1 : (await ask([first])).length;
  const holders = drawn.slice(0, Math.max(2, Math.floor(figures / Math.max(1, perHolder))));
  return [...own, ...(await ask(holders))];
}

function part(comparison: AuditComparison, accounts: number, next: string | null): AuditPart {
  return { comparison, notCompared: [], accounts, next };
}
