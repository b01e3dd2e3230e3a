import type { Chain } from '../../devnet/anvil.js';
import { getBalance } from '../../devnet/chain.js';
import { encodeCall, readContract } from '../../devnet/deploy.js';
import { MODEL_IDS, type OracleWorld } from '../../devnet/oracleLife.js';
import { RpcError, toQuantity } from '../../devnet/rpc.js';
import type { Address } from '../../src/address.js';
import type { ModelState } from '../../src/ledger/oracle.js';
import type { IndexedContract } from '../../src/store/contracts.js';
import { readAccountBalances } from '../../src/store/read/accountBalances.js';
import { readModels } from '../../src/store/read/modelStates.js';
import type { Queryable } from '../../src/store/read/queryable.js';
import type { Comparison } from './compare.js';

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/**
 * Compares terms and accrued revenue of every model that may be there, at the end of a block,
 * with `getModel` of the oracles; a model that is not there must revert. The account of the
 * journal must say the same, and all accounts sum to zero.
 */
export async function compareModels(
  db: Queryable,
  world: OracleWorld,
  contracts: readonly IndexedContract[],
  block: number,
  modelIds: readonly bigint[] = MODEL_IDS,
): Promise<Comparison> {
  const comparison: Comparison = { figures: 0, mismatches: [] };
  const books = await readModels(
    db,
    contracts.map(({ number }) => ({ contractNumber: number, block })),
  );
  for (const { address, number } of contracts) {
    const oracle = world.oracles.find(({ contract }) => contract.address === address);
    if (oracle === undefined) continue;
    const check = (modelId: bigint, field: string, ours: bigint, theirs: bigint) => {
      comparison.figures++;
      if (ours === theirs) return;
      const figure = `${field} of model ${modelId}`;
      comparison.mismatches.push({ figure, token: address, block, ours, contract: theirs });
    };
    const accounts = await readAccountBalances(db, { tokenNumber: number, block });
    const upstream = new Map(
      accounts.map(({ asset, account, balanceWei }) => [`${asset} ${account}`, balanceWei]),
    );
    for (const asset of new Set(accounts.map((account) => account.asset))) {
      const sum = accounts.reduce(
        (all, account) => all + (account.asset === asset ? account.balanceWei : 0n),
        0n,
      );
      comparison.figures++;
      if (sum === 0n) continue;
      const figure = `sum of accounts in ${asset}`;
      comparison.mismatches.push({ figure, token: address, block, ours: sum, contract: 0n });
    }
    await Promise.all(
      modelIds.map(async (modelId) => {
        const ours = books.find(
          (record) => record.contractNumber === number && record.modelId === modelId,
        )?.state;
        const theirs = await modelView(world.chain, oracle, modelId, block);
        check(modelId, 'existence', ours?.terms.exists ? 1n : 0n, theirs === null ? 0n : 1n);
        if (theirs === null || ours === undefined) return;
        const figures = figuresOf(ours);
        const account = upstream.get(`${ours.terms.asset} upstream/${modelId}`) ?? 0n;
        check(modelId, 'upstream account', account, theirs.accumulateRevenue);
        Object.entries(theirs).forEach(([field, value]) => {
          check(modelId, field, figures[field as keyof ModelFigures], value);
        });
      }),
    );
  }
  return comparison;
}

/** What the payouts of each block brought a receiver, against what its balance gained. */
export async function comparePayouts(
  db: Queryable,
  { chain, money, plainReceivers }: OracleWorld,
  upTo: number,
): Promise<Comparison> {
  const comparison: Comparison = { figures: 0, mismatches: [] };
  const { rows } = await db.query<{
    block: number;
    receiver: string;
    asset: string;
    amount: string;
  }>({
    text: `SELECT block_number AS block, '0x' || encode(receiver, 'hex') AS receiver, asset,
        sum(amount)::text AS amount
      FROM model_payout WHERE block_number <= $1 GROUP BY 1, 2, 3 ORDER BY 1`,
    values: [upTo],
  });
  for (const { block, receiver, asset, amount } of rows) {
    if (!plainReceivers.includes(receiver)) continue;
    const held = (at: number): Promise<bigint> =>
      asset === 'native'
        ? getBalance(chain, receiver, at)
        : readContract(chain, money, 'balanceOf', [receiver], at);
    const gained = (await held(block)) - (await held(block - 1));
    comparison.figures++;
    if (gained === BigInt(amount)) continue;
    const token = receiver as Address;
    const figure = `payout in ${asset}`;
    comparison.mismatches.push({ figure, token, block, ours: BigInt(amount), contract: gained });
  }
  return comparison;
}

interface ModelFigures {
  readonly fee: bigint;
  readonly receiver: bigint;
  readonly receiverPercentage: bigint;
  readonly accumulateRevenue: bigint;
  readonly token: bigint;
}

function figuresOf({ terms, accrued }: ModelState): ModelFigures {
  return {
    fee: terms.fee,
    receiver: BigInt(terms.receiver),
    receiverPercentage: terms.receiverPercentage,
    accumulateRevenue: accrued,
    token: terms.asset === 'native' ? 0n : BigInt(terms.asset),
  };
}

async function modelView(
  chain: Chain,
  { contract, isFirst }: OracleWorld['oracles'][number],
  modelId: bigint,
  block: number,
): Promise<ModelFigures | null> {
  const call = { to: contract.address, data: encodeCall(contract, 'getModel', [modelId]) };
  try {
    const data = await chain.rpc.call<string>('eth_call', [call, toQuantity(block)]);
    const decoded = contract.interface.decodeFunctionResult('getModel', data);
    const model = isFirst ? decoded[0] : decoded;
    return {
      fee: model.fee,
      receiver: BigInt(model.receiver),
      receiverPercentage: model.receiverPercentage,
      accumulateRevenue: model.accumulateRevenue,
      token: BigInt(isFirst ? ZERO_ADDRESS : model.token),
    };
  } catch (error) {
    if (error instanceof RpcError && /revert/i.test(error.message)) return null;
    throw error;
  }
}
