import type { ChainNode } from '../chain/node.js';
import { ImoError } from '../errors.js';
import {
  type AccountOperation,
  readAccountOperations,
  readSaleOperations,
} from '../store/read/accountOperations.js';
import type { Queryable } from '../store/read/queryable.js';
import { readRevenueAssets } from '../store/read/revenueAssets.js';
import type { SaleRecord } from '../store/read/sales.js';
import type { TokenRecord } from '../store/read/tokens.js';
import { assetHolderQuestions, assetQuestions } from './assetQuestions.js';
import { ChainViews } from './chainViews.js';
import { compare } from './compare.js';
import type { Mismatch, Question } from './question.js';
import { storageQuestions } from './storageQuestions.js';
import { holderQuestions, tokenQuestions } from './tokenQuestions.js';

/** Where books and contract parted, and what happened since. */
export interface Disagreement extends Mismatch {
  /** The last block at which they agreed; `null`: never, or the node does not know it any more. */
  readonly lastAgreement: number | null;
  /** Of the account, or of the token itself, since then; the newest of them, oldest first. */
  readonly operations: readonly AccountOperation[];
}

/** More than a person reads. */
const OPERATIONS_AT_MOST = 50;

/**
 * Looks up when a figure of a token last agreed, by bisection over the blocks since its
 * deployment, and what its account did since then. A disagreement that is there stays, so
 * that one change is found; a node without old states ends the search.
 */
export async function explain(
  db: Queryable,
  node: ChainNode,
  token: TokenRecord,
  mismatch: Mismatch,
): Promise<Disagreement> {
  const lastAgreement = await findLastAgreement(db, node, token, mismatch);
  const assets = await readRevenueAssets(db, [token.number]);
  const operations = await readAccountOperations(
    db,
    {
      tokenNumber: token.number,
      bookNumbers: [token.number, ...assets.map(({ number }) => number)],
      account: mismatch.account,
      after: lastAgreement ?? token.startBlock - 1,
      upTo: mismatch.block,
    },
    OPERATIONS_AT_MOST,
  );
  return { ...mismatch, lastAgreement, operations };
}

/** What was done in the sale up to the block: when the figure last agreed is not looked up. */
export async function explainSale(
  db: Queryable,
  { number }: SaleRecord,
  mismatch: Mismatch,
): Promise<Disagreement> {
  const { account, block } = mismatch;
  const operations = await readSaleOperations(db, number, account, block, OPERATIONS_AT_MOST);
  return { ...mismatch, lastAgreement: null, operations };
}

async function findLastAgreement(
  db: Queryable,
  node: ChainNode,
  token: TokenRecord,
  { figure, account, block }: Mismatch,
): Promise<number | null> {
  let agreed = token.startBlock - 1;
  let differs = block;
  try {
    if (await agreesAt(db, node, token, figure, account, block)) return null;
    while (differs - agreed > 1) {
      const middle = Math.floor((agreed + differs) / 2);
      if (await agreesAt(db, node, token, figure, account, middle)) agreed = middle;
      else differs = middle;
    }
  } catch (error) {
    if (error instanceof ImoError && error.code.startsWith('RPC_')) return null;
    throw error;
  }
  return agreed < token.startBlock ? null : agreed;
}

async function agreesAt(
  db: Queryable,
  node: ChainNode,
  token: TokenRecord,
  figure: string,
  account: Mismatch['account'],
  block: number,
): Promise<boolean> {
  const { hash } = await node.blockHeader(block);
  const views = await ChainViews.at(node, { number: block, hash });
  const questions = await questionsAbout(db, views, token, account);
  const asked = questions.filter((question) => question.figure === figure);
  return (await compare(views, asked)).mismatches.length === 0;
}

/** Every question about the token itself, or about one holder. */
async function questionsAbout(
  db: Queryable,
  views: ChainViews,
  token: TokenRecord,
  account: Mismatch['account'],
): Promise<readonly Question[]> {
  const block = views.block.number;
  if (account !== null) {
    return [
      ...(await holderQuestions(db, token, [account], block, 'open')),
      ...(await assetHolderQuestions(db, token, [account], block, 'open')),
    ];
  }
  return [
    ...(await tokenQuestions(db, token, block)),
    ...(await assetQuestions(db, token, block)),
    ...((await storageQuestions(db, views, token)).questions ?? []),
  ];
}
