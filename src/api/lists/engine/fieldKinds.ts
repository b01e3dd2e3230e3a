import type { GraphQLScalarType } from 'graphql';
import { type ClassType, Field, InputType, Int } from 'type-graphql';
import { type Address, addressFromBytes } from '../../../address.js';
import { type Hex, hexOf, type Range } from '../../../store/read/query/decode.js';
import {
  addressColumn,
  booleanColumn,
  type FieldComparison,
  hexColumn,
  integerColumn,
  numericColumn,
  textColumn,
  timeColumn,
  type WhereColumn,
} from '../../../store/read/query/where.js';
import { AccountKind } from '../../values/accountEnums.js';
import { AigcContentVerdict, AigcEvent, AigcPromptVerdict } from '../../values/collectionEnums.js';
import {
  CollectionPart,
  EntitlementState,
  IncomeSource,
  JournalContract,
  JournalKind,
  ReceiptKind,
  TransferKind,
  UntracedCause,
} from '../../values/enums.js';
import { ModelChangeKind, PayoutCause } from '../../values/oracleEnums.js';
import { PoolKind, PoolSnapshotState } from '../../values/poolEnums.js';
import { SaleEntryKind, SaleKind, SaleState } from '../../values/saleEnums.js';
import {
  AddressScalar,
  AssetScalar,
  BigIntScalar,
  Bytes4Scalar,
  Bytes32Scalar,
  DateTimeScalar,
  DecimalScalar,
  PricedAssetScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { BigIntRange, DateTimeRange, IntRange } from './inputs.js';

/** The type of a field in the schema. */
export type FieldType = GraphQLScalarType | object;

/** How values of a kind appear in the schema, in conditions, in SQL and in rows. */
export interface FieldKind<Value> {
  readonly type: FieldType;
  readonly comparison: ClassType<FieldComparison<Value>>;
  /** The input for a range; `null`: the kind has no ranges. */
  readonly range: ClassType<Range<Value>> | null;
  column(sql: string): WhereColumn<Value>;
  /** @param value from the database driver; never null */
  decode(value: unknown): Value;
}

/** Makes the input type `<name>Comparison`. */
function comparisonInput<Value>(
  name: string,
  type: FieldType,
  what: string,
  isOrdered: boolean,
): ClassType<FieldComparison<Value>> {
  class ComparisonInput {}
  const declare = (operator: string, description: string, operand: FieldType = type) => {
    const returns = () => operand as GraphQLScalarType;
    Field(returns, { nullable: true, description })(ComparisonInput.prototype, operator);
  };
  declare('_eq', 'Equal to this.');
  declare('_neq', 'Not equal to this. Rows without a value pass too.');
  declare('_in', 'One of these; none if the list is empty.', [type]);
  declare('_nin', 'None of these. Rows without a value pass too.', [type]);
  if (isOrdered) {
    declare('_gt', 'More, or later, than this.');
    declare('_gte', 'Not less, or earlier, than this.');
    declare('_lt', 'Less, or earlier, than this.');
    declare('_lte', 'Not more, or later, than this.');
  }
  declare('_isNull', 'Whether there is no value.', Boolean);
  const description = `What ${what} must be like; all that is given must hold.`;
  InputType(`${name}Comparison`, { description })(ComparisonInput);
  return ComparisonInput as ClassType<FieldComparison<Value>>;
}

type Column<Value> = FieldKind<Value>['column'];

const bytesOf = (value: unknown) => {
  if (!Buffer.isBuffer(value)) throw new RangeError(`a column has ${typeof value} where bytes are`);
  return value;
};
const hexFrom = (value: unknown): Hex => hexOf(bytesOf(value));
const addressFrom = (value: unknown): Address => addressFromBytes(bytesOf(value));
const bigintFrom = (value: unknown) => BigInt(String(value));
const dateFrom = (value: unknown) => (value instanceof Date ? value : new Date(String(value)));

/** A kind whose values are ordered. */
function orderedKind<Value>(
  name: string,
  type: FieldType,
  what: string,
  column: Column<Value>,
  decode: (value: unknown) => Value,
  range: ClassType<Range<Value>> | null,
): FieldKind<Value> {
  return { type, comparison: comparisonInput(name, type, what, true), range, column, decode };
}

/** A kind whose values can only be equal or different. */
function plainKind<Value>(
  name: string,
  type: FieldType,
  what: string,
  column: Column<Value>,
  decode: (value: unknown) => Value,
): FieldKind<Value> {
  const comparison = comparisonInput<Value>(name, type, what, false);
  return { type, comparison, range: null, column, decode };
}

export const BLOCK = orderedKind(
  'SafeInt',
  SafeIntScalar,
  'a whole number',
  integerColumn,
  Number,
  IntRange,
);
/** A whole number that fits into 32 bits. */
export const COUNT: FieldKind<number> = { ...BLOCK, type: Int };
export const AMOUNT = orderedKind(
  'BigInt',
  BigIntScalar,
  'an amount',
  numericColumn,
  bigintFrom,
  BigIntRange,
);
export const DECIMAL = orderedKind(
  'Decimal',
  DecimalScalar,
  'a decimal number',
  (sql): WhereColumn<string> => ({ sql, type: 'numeric', encode: (text) => text }),
  String,
  null,
);
export const TIME = orderedKind(
  'DateTime',
  DateTimeScalar,
  'a time',
  timeColumn,
  dateFrom,
  DateTimeRange,
);
export const TEXT = plainKind('String', String, 'a text', textColumn, String);
export const YES_NO = plainKind('Boolean', Boolean, 'a yes or no', booleanColumn, Boolean);
export const ADDRESS = plainKind(
  'Address',
  AddressScalar,
  'an address',
  addressColumn,
  addressFrom,
);
/** An address in a column of texts. */
export const ADDRESS_TEXT: FieldKind<Address> = {
  ...ADDRESS,
  column: textColumn,
  decode: (value) => String(value) as Address,
};
export const ASSET = plainKind('Asset', AssetScalar, 'an asset', textColumn, String);
export const PRICED_ASSET = plainKind(
  'PricedAsset',
  PricedAssetScalar,
  'what a feed prices',
  textColumn,
  String,
);
export const HASH = plainKind<Hex>('Bytes32', Bytes32Scalar, 'a hash', hexColumn, hexFrom);
export const SELECTOR = plainKind<Hex>('Bytes4', Bytes4Scalar, 'a selector', hexColumn, hexFrom);

/** One of the values of an enum; rows and conditions have them as text. */
function enumKind(name: string, values: Readonly<Record<string, string>>, what: string) {
  return plainKind(name, values, what, textColumn, String);
}

export const RECEIPT_KIND = enumKind('ReceiptKind', ReceiptKind, 'a way in');
export const TRANSFER_KIND = enumKind('TransferKind', TransferKind, 'a kind of transfer');
export const INCOME_SOURCE = enumKind('IncomeSource', IncomeSource, 'a source');
export const UNTRACED_CAUSE = enumKind(
  'UntracedCause',
  UntracedCause,
  'the cause of an untraced receipt',
);
export const COLLECTION_PART = enumKind(
  'CollectionPart',
  CollectionPart,
  'a part of the business of a collection',
);
export const JOURNAL_KIND = enumKind('JournalKind', JournalKind, 'a kind of entry');
export const JOURNAL_CONTRACT = enumKind('JournalContract', JournalContract, 'a kind of contract');
export const SALE_KIND = enumKind('SaleKind', SaleKind, 'a kind of sale');
export const SALE_STATE = enumKind('SaleState', SaleState, 'the state of a sale');
export const SALE_ENTRY_KIND = enumKind(
  'SaleEntryKind',
  SaleEntryKind,
  'a kind of entry of a sale',
);
export const MODEL_CHANGE_KIND = enumKind(
  'ModelChangeKind',
  ModelChangeKind,
  'a kind of change of terms',
);
export const PAYOUT_CAUSE = enumKind('PayoutCause', PayoutCause, 'a cause of payouts');
export const AIGC_PROMPT_VERDICT = enumKind(
  'AigcPromptVerdict',
  AigcPromptVerdict,
  'why a prompt belongs to a token',
);
export const AIGC_CONTENT_VERDICT = enumKind(
  'AigcContentVerdict',
  AigcContentVerdict,
  'how a content was confirmed',
);
export const AIGC_EVENT = enumKind('AigcEvent', AigcEvent, 'an event that wrote a content');
export const ENTITLEMENT_STATE = enumKind(
  'EntitlementState',
  EntitlementState,
  'the state of a share',
);
export const ACCOUNT_KIND = enumKind('AccountKind', AccountKind, 'a kind of account');
export const POOL_KIND = enumKind('PoolKind', PoolKind, 'a kind of pool');
export const POOL_SNAPSHOT_STATE = enumKind(
  'PoolSnapshotState',
  PoolSnapshotState,
  'what became of a share of a pool',
);
