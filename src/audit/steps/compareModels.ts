import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { readFlatFee, readModel } from '../../chain/oracle/modelView.js';
import { flatModel, type ModelState } from '../../ledger/oracles/oracle.js';
import { readAccountBalances } from '../../store/read/journal/accountBalances.js';
import { readModels } from '../../store/read/oracles/modelStates.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { AuditedBlock } from '../questions/chainViews.js';
import type { AuditComparison, Mismatch } from '../questions/question.js';

/** An oracle that is indexed. */
export interface AuditedOracle {
  readonly number: number;
  readonly address: Address;
}

/** Models in one request. */
const MODELS_AT_ONCE = 20;

/**
 * Compares terms and accrued revenue of models at the end of a block with `getModel` of the
 * oracle, or their fee with `fee()` of one that has a flat fee; a model that is not there must revert. The account of the journal must say the same,
 * and all accounts sum to zero.
 *
 * @param modelIds default: every model that the books know
 */
export async function compareModels(
  db: Queryable,
  node: ChainNode,
  { number, address }: AuditedOracle,
  block: AuditedBlock,
  modelIds?: readonly bigint[],
): Promise<AuditComparison> {
  const asOf = { contractNumber: number, block: block.number };
  const books = new Map(
    (await readModels(db, [asOf])).map(({ modelId, state }) => [modelId, state]),
  );
  const mismatches: Mismatch[] = [];
  let figures = 0;
  const check = (figure: string, ours: bigint, contract: bigint) => {
    figures++;
    if (ours === contract) return;
    const of = { token: address, account: null, block: block.number };
    mismatches.push({ figure, ours, contract, ...of });
  };
  const accounts = await readAccountBalances(db, { tokenNumber: number, block: block.number });
  const sums = new Map<string, bigint>();
  for (const { asset, balanceWei } of accounts) {
    sums.set(asset, (sums.get(asset) ?? 0n) + balanceWei);
  }
  for (const [asset, sum] of sums) check(`sum of accounts in ${asset}`, sum, 0n);

  const upstreamOf = (modelId: bigint, asset: string) =>
    accounts.find((one) => one.asset === asset && one.account === `upstream/${modelId}`)
      ?.balanceWei ?? 0n;
  const ids = modelIds ?? [...books.keys()];
  const flatFee = await readFlatFee(node, address, { hash: block.hash });
  if (flatFee !== null) {
    for (const modelId of ids) {
      const { terms, accrued } = books.get(modelId) ?? flatModel(flatFee);
      check(`fee of model ${modelId}`, terms.fee, flatFee);
      check(`accumulateRevenue of model ${modelId}`, accrued, 0n);
    }
    return { figures, mismatches };
  }
  for (let start = 0; start < ids.length; start += MODELS_AT_ONCE) {
    const some = ids.slice(start, start + MODELS_AT_ONCE);
    const answers = await Promise.all(
      some.map((modelId) => readModel(node, address, modelId, { hash: block.hash })),
    );
    some.forEach((modelId, index) => {
      const [ours, theirs] = [books.get(modelId), answers[index]];
      const exists = theirs?.terms.exists === true;
      check(`existence of model ${modelId}`, BigInt(ours?.terms.exists === true), BigInt(exists));
      if (ours === undefined || theirs === undefined || !exists) return;
      const upstream = upstreamOf(modelId, ours.terms.asset);
      check(`upstream account of model ${modelId}`, upstream, theirs.accrued);
      const expected = figuresOf(theirs);
      for (const [name, value] of Object.entries(figuresOf(ours))) {
        check(`${name} of model ${modelId}`, value, expected[name] ?? -1n);
      }
    });
  }
  return { figures, mismatches };
}

/** The model that a figure of an oracle is about; `null`: about all of them. */
export function modelOf(figure: string): bigint | null {
  const [, modelId] = / of model (\d+)$/.exec(figure) ?? [];
  return modelId === undefined ? null : BigInt(modelId);
}

function figuresOf({ terms, accrued }: ModelState): Readonly<Record<string, bigint>> {
  return {
    fee: terms.fee,
    receiver: BigInt(terms.receiver),
    receiverPercentage: terms.receiverPercentage,
    accumulateRevenue: accrued,
    token: terms.asset === 'native' ? 0n : BigInt(terms.asset),
  };
}
