import type { Address } from '../../address.js';
import { checksummed } from '../../address.js';
import type { UnsentTransaction } from '../../chain/dryRun.js';
import type { Hex } from '../../store/read/query/decode.js';

/** A transaction that burns or takes a snapshot, ready to be signed. */
export interface HolderTransaction extends UnsentTransaction {
  readonly chainId: number;
  readonly method: 'BURN' | 'SNAPSHOT';
  readonly data: Hex;
}

/** Who sends what to which token. */
export interface HolderCall {
  readonly chainId: number;
  readonly from: Address;
  readonly token: Address;
}

/** A transaction without money along. */
export function holderTransaction(
  { chainId, from, token }: HolderCall,
  method: HolderTransaction['method'],
  data: string,
): HolderTransaction {
  return { chainId, from, to: token, method, data: data as Hex, valueWei: 0n };
}

/** A link that opens a wallet with a call of a token (EIP-681), e.g. `burn?uint256=5`. */
export function callLink({ chainId, token }: Omit<HolderCall, 'from'>, call: string): string {
  return `ethereum:${checksummed(token)}@${chainId}/${call}`;
}
