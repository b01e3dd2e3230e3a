import type { Address } from '../../../address.js';
import { LAST_NUMBER, operationId, parseOperationId } from '../../../store/ids.js';
import type { HolderKey } from '../../../store/read/holders/holderRows.js';
import type { OperationKey } from '../../../store/read/operations/operationKey.js';
import type { AmountKey } from '../../../store/read/operations/operationPage.js';
import type { AccountKey } from '../../../store/read/query/accountPage.js';
import type { SnapshotKey } from '../../../store/read/tokens/snapshotPage.js';
import { inputError } from '../../errors.js';

/**
 * How the cursors of one list encode its keys. A cursor holds the key of a row, not its position,
 * so it stays valid when rows are added, and even when its own row is gone.
 */
export interface CursorCodec<Key> {
  /** The list and its order. A cursor of another list or order is rejected. */
  readonly list: string;
  encode(key: Key): readonly (string | number)[];
  /** `null` if the parts are not a key of the list. */
  decode(parts: readonly string[]): Key | null;
}

export function encodeCursor<Key>(codec: CursorCodec<Key>, key: Key): string {
  return Buffer.from([codec.list, ...codec.encode(key)].join('|')).toString('base64url');
}

/** @throws GraphQLError `BAD_CURSOR` if it is not a cursor of this list */
export function decodeCursor<Key>(codec: CursorCodec<Key>, cursor: string): Key {
  const [list, ...parts] = Buffer.from(cursor, 'base64url').toString('latin1').split('|');
  const key = list === codec.list ? codec.decode(parts) : null;
  if (key === null) {
    throw inputError(
      'BAD_CURSOR',
      `"${cursor}" is not a cursor of this list in this order`,
      'Use endCursor or startCursor of a page of the same field with the same orderBy and token.',
    );
  }
  return key;
}

const INTEGER = /^\d{1,16}$/;
const UINT256 = /^\d{1,78}$/;
const INT256 = /^-?\d{1,78}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;

/** Up to 2^53 - 1: every block, chain id and time. */
function isWhole(text: string): boolean {
  return INTEGER.test(text) && Number.isSafeInteger(Number(text));
}

/** Operations in chain order. */
export function chainCursor(table: string): CursorCodec<OperationKey> {
  return {
    list: `${table}:chain`,
    encode: ({ time, chainId, block, tokenNumber, position }) => [
      time,
      chainId,
      operationId(tokenNumber, block, position),
    ],
    decode([time = '', chainId = '', id = '']) {
      const place = parseOperationId(id);
      if (!isWhole(time) || !isWhole(chainId) || place === null) return null;
      return { time: Number(time), chainId: Number(chainId), ...place };
    },
  };
}

/** Operations by amount; a price may be negative. */
export function amountCursor(table: string): CursorCodec<AmountKey> {
  return {
    list: `${table}:amount`,
    encode: ({ amount, id }) => [amount.toString(), id],
    decode([amount = '', id = '']) {
      if (!INT256.test(amount) || parseOperationId(id) === null) return null;
      return { amount: BigInt(amount), id };
    },
  };
}

/** Holders of a token by one of their figures. */
export function holderCursor(tokenNumber: number, metric: string): CursorCodec<HolderKey> {
  return {
    list: `holders:${tokenNumber}:${metric}`,
    encode: ({ value, account }) => [value.toString(), account],
    decode([value = '', account = '']) {
      if (!UINT256.test(value) || !ADDRESS.test(account)) return null;
      return { value: BigInt(value), account: account as Address };
    },
  };
}

/** Snapshots of a token by one of their figures. */
export function snapshotCursor(bookNumber: number, orderBy: string): CursorCodec<SnapshotKey> {
  return {
    list: `snapshots:${bookNumber}:${orderBy}`,
    encode: ({ value, snapshotId }) => [value.toString(), snapshotId],
    decode([value = '', id = '']) {
      if (!UINT256.test(value) || !isWhole(id)) return null;
      return { value: BigInt(value), snapshotId: Number(id) };
    },
  };
}

/** Rows of one list in the order of their ids. */
export function rowIdCursor(list: string): CursorCodec<string> {
  return {
    list,
    encode: (id) => [id],
    decode: ([id = '']) => (parseOperationId(id) === null ? null : id),
  };
}

/** Accounts of contracts by a figure, if any, then by contract and by account. */
export function accountCursor(list: string): CursorCodec<AccountKey> {
  return {
    list,
    encode: ({ value, number, account }) => [value.toString(), number, account],
    decode([value = '', number = '', account = '']) {
      if (!UINT256.test(value) || !/^\d{1,10}$/.test(number) || Number(number) > LAST_NUMBER)
        return null;
      if (!ADDRESS.test(account)) return null;
      return { value: BigInt(value), number: Number(number), account: account as Address };
    },
  };
}
