import { functions as erc20 } from '../../../abi/erc20.js';
import { functions } from '../../../abi/erc7641.js';
import type { Address } from '../../../address.js';
import type { AssetAccepted, AssetAmount, AssetOutflow, AssetSeen } from '../operation.js';
import { ERC20_BALANCE_OF, ERC20_TRANSFER } from '../selectors.js';
import { type Frame, selectorOf, type TransactionRecord } from '../tree/frames.js';
import { addressTopic } from './assetReceipt.js';

/** `transfer(address,uint256)` with both arguments, in characters. */
const TRANSFER_INPUT_LENGTH = 2 + 8 + 2 * 64;
/** One word, in characters. */
const WORD_LENGTH = 2 + 64;

/** What the token learns of its own balance of an ERC-20, `null` if the frame asks nothing such. */
export function balanceSeenBy(
  { from, to, read }: Frame,
  token: Address,
  { transactionIndex, transactionHash }: TransactionRecord,
): AssetSeen | null {
  if (read === undefined || from !== token || to === null) return null;
  const question = ERC20_BALANCE_OF + addressTopic(token).slice(2);
  if (read.input !== question || read.output.length !== WORD_LENGTH) return null;
  const amount = BigInt(read.output);
  return { kind: 'asset-seen', asset: to, amount, transactionIndex, transactionHash };
}

/** The token hands out an ERC-20 that it holds. */
export function isAssetPayment(frame: Frame, token: Address): boolean {
  return (
    frame.from === token &&
    frame.isCall &&
    frame.to !== null &&
    frame.to !== token &&
    frame.input.length >= TRANSFER_INPUT_LENGTH &&
    selectorOf(frame.input) === ERC20_TRANSFER
  );
}

/** An amount of an ERC-20 that the token hands out, and to whom. */
export interface AssetPayment extends AssetAmount {
  readonly to: Address;
}

/** Reads such a frame. */
export function assetPaymentOf(frame: Frame): AssetPayment {
  const { to, amount } = erc20.transfer.decode(frame.input);
  return { asset: frame.to ?? '0x', to: to.toLowerCase() as Address, amount };
}

/** A payment that no claim and no burn made. */
export function outflowOf(record: TransactionRecord, payment: AssetPayment): AssetOutflow {
  const { transactionIndex, transactionHash } = record;
  return { kind: 'asset-outflow', ...payment, transactionIndex, transactionHash };
}

/** Reads a call of `addRevenueToken(address)`. */
export function acceptanceOf(record: TransactionRecord, { input }: Frame): AssetAccepted {
  const { transactionIndex, transactionHash } = record;
  const asset = functions.addRevenueToken.decode(input).token.toLowerCase() as Address;
  return { kind: 'asset-accepted', asset, transactionIndex, transactionHash };
}
