import type { Address } from '../../../address.js';
import { ImoError } from '../../../errors.js';
import type { BlockHeader, ChainNode } from '../../node.js';
import { isWithoutState } from '../../withoutState.js';
import type { UntracedReceipt } from './untracedReceipt.js';

/** A self-destruct in favour of a token whose frame carries no amount, as some clients show them. */
export interface SilentDestruction {
  readonly transactionIndex: number;
  readonly transactionHash: string;
  /** The contract that destroyed itself. */
  readonly address: Address;
}

/**
 * Money that was there before the first block of the contract: of the genesis block, or sent to the
 * address before the contract was created.
 */
export async function explainEarlier(
  node: ChainNode,
  check: BalanceCheck,
  amountWei: bigint,
): Promise<UntracedReceipt[]> {
  if (amountWei === 0n) return [];
  const { asset, block, token, hasOrder } = check;
  const when = hasOrder ? 'start' : 'end';
  if (block.number !== token.startBlock) return [untraced(asset, amountWei, when, 'unknown')];
  const allocatedWei = asset === null ? await genesisWei(node, token.address) : 0n;
  const genesis = allocatedWei < amountWei ? allocatedWei : amountWei;
  return [
    untraced(asset, genesis, when, 'genesis'),
    untraced(asset, amountWei - genesis, when, 'before-contract'),
  ].filter((receipt) => receipt.amountWei > 0n);
}

/** What the genesis block gave an address; 0 where the node does not have that state. */
async function genesisWei(node: ChainNode, address: Address): Promise<bigint> {
  try {
    const [balanceWei = 0n] = await node.balances([{ address, block: 0 }]);
    return balanceWei;
  } catch (error) {
    if (!isWithoutState(error)) throw error;
    return 0n;
  }
}

/**
 * Money of the block itself, as far as something names it: tips by the receipts of the transactions,
 * withdrawals by the block (EIP-4895), self-destructs by the balance that was destroyed. An amount
 * that is greater than what is left is not what came: then nothing is named after it. The rest is
 * `unknown`; its place is open where a snapshot or a burn of the block depends on it.
 */
export async function explainInBlock(
  node: ChainNode,
  check: BalanceCheck,
  inBlockWei: bigint,
): Promise<UntracedReceipt[]> {
  if (inBlockWei === 0n) return [];
  const { asset, block, deciding } = check;
  if (block.number === 0) return [untraced(asset, inBlockWei, 'start', 'genesis')];
  const found: UntracedReceipt[] = [];
  let restWei = inBlockWei;
  const take = (receipts: readonly UntracedReceipt[]) => {
    const sumWei = receipts.reduce((sum, { amountWei }) => sum + amountWei, 0n);
    if (sumWei > restWei) return;
    restWei -= sumWei;
    found.push(...receipts.filter(({ amountWei }) => amountWei > 0n));
  };
  if (asset === null) {
    const { proposer, withdrawals } = await node.payouts(block.hash);
    if (proposer === check.token.address) take(await tipsOf(node, check));
    // The frames of a block without operations are not at hand when its money is found later.
    for (const destruction of check.hasOrder ? check.destructions : []) {
      take(await destroyed(node, check, destruction));
    }
    const withdrawnWei = withdrawals
      .filter(({ address }) => address === check.token.address)
      .reduce((sum, { amountWei }) => sum + amountWei, 0n);
    take([untraced(asset, withdrawnWei, 'end', 'withdrawal')]);
  }
  const when = asset === null && deciding.size > 0 ? 'open' : 'end';
  return restWei > 0n ? [...found, untraced(asset, restWei, when, 'unknown')] : found;
}

/** Each tip after its transaction; all together at the end where no operation depends on them. */
async function tipsOf(
  node: ChainNode,
  { block, hasOrder }: BalanceCheck,
): Promise<UntracedReceipt[]> {
  const tips = await tipsIfServed(node, block.hash);
  if (!hasOrder) {
    const sumWei = tips.reduce((sum, { tipWei }) => sum + tipWei, 0n);
    return [untraced(null, sumWei, 'end', 'tips')];
  }
  return tips.map(({ tipWei, ...transaction }) => ({
    ...untraced(null, tipWei, 'after-transaction', 'tips'),
    ...transaction,
  }));
}

/** No tips where the node has no receipts: their money stays `unknown`. */
async function tipsIfServed(node: ChainNode, blockHash: string): ReturnType<ChainNode['tips']> {
  try {
    return await node.tips(blockHash);
  } catch (error) {
    const codes = ['RPC_METHOD_MISSING', 'RPC_PLAN_EXCLUDES', 'RPC_BAD_ANSWER', 'RPC_REFUSED'];
    if (error instanceof ImoError && codes.includes(error.code)) return [];
    throw error;
  }
}

/**
 * The money of a destroyed contract: what it held before the block. Nothing where a snapshot or a burn
 * of the same transaction may have come before it.
 */
async function destroyed(
  node: ChainNode,
  { block, deciding }: BalanceCheck,
  { transactionIndex, transactionHash, address }: SilentDestruction,
): Promise<UntracedReceipt[]> {
  if (deciding.has(transactionIndex)) return [];
  const [heldWei = 0n] = await node.balances([{ address, block: block.number - 1 }]);
  const receipt = untraced(null, heldWei, 'after-transaction', 'selfdestruct');
  return [{ ...receipt, transactionIndex, transactionHash }];
}

function untraced(
  asset: Address | null,
  amountWei: bigint,
  when: UntracedReceipt['when'],
  cause: UntracedReceipt['cause'],
): UntracedReceipt {
  const noTransaction = { transactionIndex: null, transactionHash: null };
  return { kind: 'untraced', cause, asset, amountWei, when, ...noTransaction };
}

/** What is compared: the balance by the books and by the node at the end of a block. */
export interface BalanceCheck {
  readonly token: { readonly address: Address; readonly startBlock: number };
  readonly block: BlockHeader;
  readonly asset: Address | null;
  /** By the books, at the end of `checkedBlock`: nothing moved the asset from then on. */
  readonly settledWei: bigint;
  readonly checkedBlock: number;
  /** The balance was compared with the node's at `checkedBlock`. */
  readonly wasCompared: boolean;
  /** By the books, all operations of the block included. */
  readonly computedWei: bigint;
  /** By `eth_getBalance`, or the asset's `balanceOf`, at the block's hash. */
  readonly actualWei: bigint;
  /**
   * Where in the block the money came matters, because operations of the block move it too. Where
   * they do not, it is booked at the end: so it would be if it was only found in a later block.
   */
  readonly hasOrder: boolean;
  /** Transactions with a snapshot or a burn, whose figures depend on the money before them. */
  readonly deciding: ReadonlySet<number>;
  /** Self-destructs of the block that name the token without an amount. */
  readonly destructions: readonly SilentDestruction[];
}
