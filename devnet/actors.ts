// SPDX-License-Identifier: GPL-3.0-or-later
import { id } from 'ethers';
import type { Chain } from './anvil.js';
import { toQuantity } from './rpc.js';

/** ETH of a new actor, in wei: more than any life on the devnet spends. */
const ACTOR_BALANCE_WEI = 10n ** 24n;

/** The accounts that anvil starts with, lower case. */
export async function defaultAccounts(chain: Chain): Promise<string[]> {
  const accounts = await chain.rpc.call<string[]>('eth_accounts');
  return accounts.map((account) => account.toLowerCase());
}

/** Address of the actor with this label; the same on every chain. */
function actorAddress(label: string): string {
  return `0x${id(`imo-ledger actor ${label}`).slice(26)}`;
}

/**
 * Makes externally owned accounts `<label> 0` … `<label> count−1`: unlocked, with ETH.
 * @returns Their addresses, lower case.
 */
export async function createActors(
  chain: Chain,
  label: string,
  count: number,
  balanceWei = ACTOR_BALANCE_WEI,
): Promise<string[]> {
  const actors = Array.from({ length: count }, (_, index) => actorAddress(`${label} ${index}`));
  await chain.rpc.batch(
    actors.flatMap((address) => [
      { method: 'anvil_setBalance', params: [address, toQuantity(balanceWei)] },
      { method: 'anvil_impersonateAccount', params: [address] },
    ]),
  );
  return actors;
}
