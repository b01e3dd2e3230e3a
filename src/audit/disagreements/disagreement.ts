import type { ChainNode } from '../../chain/node.js';
import { saleViewsOf } from '../../chain/sales/byKind.js';
import {
  type AccountOperation,
  readAccountOperations,
  readCollectionOperations,
  readOracleOperations,
  readPoolOperations,
  readSaleOperations,
} from '../../store/read/operations/accountOperations.js';
import type { DepositPoolRecord } from '../../store/read/pools/depositPools.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { SaleRecord } from '../../store/read/sales/sales.js';
import { readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { assetHolderQuestions, assetQuestions } from '../questions/assetQuestions.js';
import { ChainViews } from '../questions/chainViews.js';
import { depositorQuestions, poolQuestions } from '../questions/poolQuestions.js';
import type { Mismatch, Question } from '../questions/question.js';
import { participantQuestions, presentViews, saleQuestions } from '../questions/saleQuestions.js';
import { storageQuestions } from '../questions/storageQuestions.js';
import { holderQuestions, tokenQuestions } from '../questions/tokenQuestions.js';
import { compare } from '../steps/compare.js';
import { type AuditedCollection, compareCollection, tokenOf } from '../steps/compareCollection.js';
import { type AuditedOracle, compareModels, modelOf } from '../steps/compareModels.js';
import { findLastAgreement } from './lastAgreement.js';

/** Where books and contract parted, and what happened since. */
export interface Disagreement extends Mismatch {
  /** The last block at which they agreed; `null`: never, or the node does not know it any more. */
  readonly lastAgreement: number | null;
  /** Of the account, or of the contract itself, since then; the newest of them, oldest first. */
  readonly operations: readonly AccountOperation[];
}

/** More than a person reads. */
const OPERATIONS_AT_MOST = 50;

/** Looks up when a figure of a token last agreed, and what its account did since then. */
export async function explain(
  db: Queryable,
  node: ChainNode,
  token: TokenRecord,
  mismatch: Mismatch,
): Promise<Disagreement> {
  const { startBlock, number: tokenNumber } = token;
  const { account, block, figure } = mismatch;
  const lastAgreement = await findLastAgreement({
    node,
    startBlock,
    block,
    agreesAt: async (at) => {
      const views = await ChainViews.at(node, at);
      return agree(views, await questionsAbout(db, views, token, account), figure);
    },
  });
  const assets = await readRevenueAssets(db, [tokenNumber]);
  const operations = await readAccountOperations(
    db,
    {
      tokenNumber,
      bookNumbers: [tokenNumber, ...assets.map(({ number }) => number)],
      account,
      after: lastAgreement ?? startBlock - 1,
      upTo: block,
    },
    OPERATIONS_AT_MOST,
  );
  return { ...mismatch, lastAgreement, operations };
}

/** The same of a figure of a sale, or of a participant. */
export async function explainSale(
  db: Queryable,
  node: ChainNode,
  sale: SaleRecord,
  mismatch: Mismatch,
): Promise<Disagreement> {
  const { account, block, figure } = mismatch;
  const { startBlock } = sale;
  const known = saleViewsOf(sale.kind) ?? { sale: [], participant: [] };
  const lastAgreement = await findLastAgreement({
    node,
    startBlock,
    block,
    agreesAt: async (at) => {
      const views = await ChainViews.at(node, at);
      const { present } = await presentViews(views, sale, known);
      const questions =
        account === null
          ? await saleQuestions(db, sale, present, at.number)
          : await participantQuestions(db, sale, present, [account], at.number);
      return agree(views, questions, figure);
    },
  });
  const operations = await readSaleOperations(
    db,
    { saleNumber: sale.number, account, after: lastAgreement ?? startBlock - 1, upTo: block },
    OPERATIONS_AT_MOST,
  );
  return { ...mismatch, lastAgreement, operations };
}

/** The same of the shares of a pool, or of a depositor. */
export async function explainPool(
  db: Queryable,
  node: ChainNode,
  pool: DepositPoolRecord,
  mismatch: Mismatch,
): Promise<Disagreement> {
  const { account, block, figure } = mismatch;
  const { startBlock } = pool;
  const lastAgreement = await findLastAgreement({
    node,
    startBlock,
    block,
    agreesAt: async (at) => {
      const views = await ChainViews.at(node, at);
      const questions =
        account === null
          ? await poolQuestions(db, pool, at.number)
          : await depositorQuestions(db, pool, [account], at.number);
      return agree(views, questions, figure);
    },
  });
  const operations = await readPoolOperations(
    db,
    { poolNumber: pool.number, account, after: lastAgreement ?? startBlock - 1, upTo: block },
    OPERATIONS_AT_MOST,
  );
  return { ...mismatch, lastAgreement, operations };
}

/** The same of a figure of an oracle: what happened to the model that it is about. */
export async function explainOracle(
  db: Queryable,
  node: ChainNode,
  oracle: AuditedOracle & { readonly startBlock: number },
  mismatch: Mismatch,
): Promise<Disagreement> {
  const { block, figure } = mismatch;
  const { startBlock } = oracle;
  const modelId = modelOf(figure);
  const lastAgreement = await findLastAgreement({
    node,
    startBlock,
    block,
    agreesAt: async (at) => {
      const modelIds = modelId === null ? [] : [modelId];
      const { mismatches } = await compareModels(db, node, oracle, at, modelIds);
      return mismatches.every((other) => other.figure !== figure);
    },
  });
  const operations = await readOracleOperations(
    db,
    { oracleNumber: oracle.number, modelId, after: lastAgreement ?? startBlock - 1, upTo: block },
    OPERATIONS_AT_MOST,
  );
  return { ...mismatch, lastAgreement, operations };
}

/** The same of a figure of a collection: what happened to the token that it is about. */
export async function explainCollection(
  db: Queryable,
  node: ChainNode,
  collection: AuditedCollection & { readonly startBlock: number },
  mismatch: Mismatch,
): Promise<Disagreement> {
  const { block, figure } = mismatch;
  const { startBlock, number: collectionNumber } = collection;
  const tokenId = tokenOf(figure);
  if (tokenId === null) return { ...mismatch, lastAgreement: null, operations: [] };
  const lastAgreement = await findLastAgreement({
    node,
    startBlock,
    block,
    agreesAt: async (at) => {
      const part = await compareCollection(db, node, collection, at, { after: null, tokenId });
      return part.comparison.mismatches.every((other) => other.figure !== figure);
    },
  });
  const operations = await readCollectionOperations(
    db,
    { collectionNumber, tokenId, after: lastAgreement ?? startBlock - 1, upTo: block },
    OPERATIONS_AT_MOST,
  );
  return { ...mismatch, lastAgreement, operations };
}

async function agree(
  views: ChainViews,
  questions: readonly Question[],
  figure: string,
): Promise<boolean> {
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
