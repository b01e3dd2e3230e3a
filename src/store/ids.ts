/**
 * Row ids. Every id is built here, and sorts (byte by byte) in the order of the chain.
 *
 * A part of an id has a fixed number of digits while its value fits. A greater value is written as
 * the letter `a` and 16 digits: it sorts after every value that fits, and 2^53 - 1 has 16 digits.
 * So no value is cut off, and existing ids do not change when a counter needs more digits.
 */
import { ImoError } from '../errors.js';

const NUMBER_DIGITS = 4;
const BLOCK_DIGITS = 10;
export const POSITION_DIGITS = 6;
const POSTING_DIGITS = 1;
const WIDE_DIGITS = 16;

/** Sorts after the digits and letters of ids. */
const LAST = '~';

/** The greatest value of an `integer` column: numbers of owners, positions, indexes, snapshots. */
export const LAST_NUMBER = 2 ** 31 - 1;

/** The greatest block number: the greatest integer that JavaScript and JSON carry exactly. */
export const LAST_BLOCK = Number.MAX_SAFE_INTEGER;

/**
 * Checks the value of an `integer` column, so that the error is ours and not the database's.
 *
 * @throws ImoError `ID_OUT_OF_RANGE` above 2^31 - 1
 */
export function assertNumber(value: number): void {
  if (value > LAST_NUMBER) throw outOfRange(value);
}

/**
 * `0001-0018500000-000003`: operation number 3 of the token in block 18,500,000.
 *
 * @throws ImoError `ID_OUT_OF_RANGE`
 */
export function operationId(tokenNumber: number, blockNumber: number, position: number): string {
  assertNumber(tokenNumber);
  assertNumber(position);
  return (
    `${part(tokenNumber, NUMBER_DIGITS)}-${part(blockNumber, BLOCK_DIGITS)}-` +
    part(position, POSITION_DIGITS)
  );
}

/** `0001-0018500000-999999`: the state of a token, sale or collection at the end of a block. */
export function versionId(tokenNumber: number, blockNumber: number): string {
  return operationId(tokenNumber, blockNumber, 999_999);
}

/** `0001-0018500000-000003-1`: posting number 1 of a journal entry. */
export function postingId(entryId: string, index: number): string {
  return `${entryId}-${part(index, POSTING_DIGITS)}`;
}

/**
 * `0001-0018500000-~`: an id without a row. It sorts after every row of the token up to that block;
 * for a block below 0, before all of them.
 */
export function lastOperationId(tokenNumber: number, blockNumber: number): string {
  const number = part(tokenNumber, NUMBER_DIGITS);
  return blockNumber < 0 ? `${number}-` : `${number}-${part(blockNumber, BLOCK_DIGITS)}-${LAST}`;
}

/**
 * `1-0018500000`: a block of a chain. For a block below 0: `1-`, which sorts before all of them.
 */
export function blockId(chainId: number, blockNumber: number): string {
  return blockNumber < 0 ? `${chainId}-` : `${chainId}-${part(blockNumber, BLOCK_DIGITS)}`;
}

/** `1-0xe5018913f2fdf33971864804ddb5fca25c539032`: a token of a chain. */
export function tokenId(chainId: number, address: string): string {
  return `${chainId}-${address}`;
}

/** `0001-0xa0b8…eb48`: an ERC-20 that a token shares. */
export function revenueAssetId(tokenNumber: number, asset: string): string {
  return `${part(tokenNumber, NUMBER_DIGITS)}-${asset}`;
}

/** `1-native-USD-0018500000`: a price feed of an asset in a currency, valid from a block. */
export function priceFeedId(
  chainId: number,
  { asset, currency, startBlock }: { asset: string; currency: string; startBlock: number },
): string {
  return `${chainId}-${asset}-${currency}-${part(startBlock, BLOCK_DIGITS)}`;
}

const partPattern = (digits: number) => `(\\d{${digits}}|a\\d{${WIDE_DIGITS}})`;

/** One group of a pattern: the first part of an id, and a position or a snapshot. */
export const NUMBER_PATTERN = partPattern(NUMBER_DIGITS);
export const POSITION_PATTERN = partPattern(POSITION_DIGITS);

const OPERATION_ID = new RegExp(
  `^${NUMBER_PATTERN}-${partPattern(BLOCK_DIGITS)}-${POSITION_PATTERN}$`,
);

const POSTING_INDEX = new RegExp(`^${partPattern(POSTING_DIGITS)}$`);

/** The parts of an `operationId`; `null` if the text is not one. */
export function parseOperationId(
  id: string,
): { readonly tokenNumber: number; readonly block: number; readonly position: number } | null {
  const parts = OPERATION_ID.exec(id)?.slice(1).map(numberOfPart);
  if (parts === undefined) return null;
  const [tokenNumber = -1, block = -1, position = -1] = parts;
  if (Math.max(tokenNumber, position) > LAST_NUMBER || block > LAST_BLOCK) return null;
  return { tokenNumber, block, position };
}

/** Whether a text is a `postingId`. */
export function isPostingId(id: string): boolean {
  const end = id.lastIndexOf('-');
  return parseOperationId(id.slice(0, end)) !== null && POSTING_INDEX.test(id.slice(end + 1));
}

/** The number of the token, contract, feed or asset that a row id starts with. */
export function numberOfId(id: string): number {
  return numberOfPart(id.slice(0, id.indexOf('-')));
}

/** The value of a part of an id. */
export function numberOfPart(text: string): number {
  return Number(text.startsWith('a') ? text.slice(1) : text);
}

/** The first part of an id in SQL, as `operationId` makes it. @param number an SQL expression */
export function numberSql(number: string): string {
  return partSql(number, NUMBER_DIGITS);
}

/** The second part of an id in SQL. @param block an SQL expression */
export function blockSql(block: string): string {
  return partSql(block, BLOCK_DIGITS);
}

/** A position or a snapshot id as text that sorts. @param value an SQL expression */
export function positionSql(value: string): string {
  return partSql(value, POSITION_DIGITS);
}

/** `lastOperationId` in SQL, for a block that is not below 0. */
export function lastOperationSql(number: string, block: string): string {
  return `${numberSql(number)} || '-' || ${blockSql(block)} || '-${LAST}'`;
}

/** @throws ImoError `ID_OUT_OF_RANGE` if the value is not a whole number up to 2^53 - 1 */
function part(value: number, digits: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw outOfRange(value);
  const text = String(value);
  return text.length <= digits ? text.padStart(digits, '0') : `a${text.padStart(WIDE_DIGITS, '0')}`;
}

function partSql(value: string, digits: number): string {
  const text = `(${value})::text`;
  return `(CASE WHEN length(${text}) <= ${digits} THEN lpad(${text}, ${digits}, '0')
    ELSE 'a' || lpad(${text}, ${WIDE_DIGITS}, '0') END)`;
}

function outOfRange(value: number): ImoError {
  return new ImoError(
    'ID_OUT_OF_RANGE',
    `${value} cannot be part of a row id`,
    'Blocks are whole numbers from 0 to 2^53 - 1; numbers, positions and indexes from 0 to 2^31 - 1.',
  );
}
