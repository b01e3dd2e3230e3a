import type { Chain } from '../../../devnet/anvil.js';
import { execute, getBalance } from '../../../devnet/chain.js';
import { type DeployedContract, readContract } from '../../../devnet/deploy.js';

/** A transaction as an answer of the API has it. */
export interface OfferedTransaction {
  readonly chainId: number;
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly valueWei?: string;
  readonly value?: string;
}

/**
 * Sends a transaction from its holder and returns what it paid, its fee not counted: wei, and
 * units of each ERC-20 by address in lower case.
 */
export async function paidBy(
  chain: Chain,
  { from, to, data, valueWei, value }: OfferedTransaction,
  assets: readonly DeployedContract[] = [],
): Promise<Map<string | null, bigint>> {
  const balances = async () => [
    await getBalance(chain, from),
    ...(await Promise.all(assets.map((asset) => readContract(chain, asset, 'balanceOf', [from])))),
  ];
  const before = await balances();
  const { gasUsed, effectiveGasPrice } = await execute(chain, {
    from,
    to,
    data,
    valueWei: BigInt(valueWei ?? value ?? 0),
  });
  const after = await balances();
  after[0] = (after[0] ?? 0n) + BigInt(gasUsed) * BigInt(effectiveGasPrice);
  const names = [null, ...assets.map(({ address }) => address)];
  return new Map(names.map((name, index) => [name, (after[index] ?? 0n) - (before[index] ?? 0n)]));
}
