import type { GraphQLScalarType } from 'graphql';
import { type ClassType, Field, InputType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Hex } from '../../../store/read/query/decode.js';
import type { FieldComparison } from '../../../store/read/query/where.js';
import { AigcContentVerdict, AigcEvent, AigcPromptVerdict } from '../../values/collectionEnums.js';
import {
  CollectionPart,
  EntitlementState,
  IncomeSource,
  JournalContract,
  JournalKind,
  ReceiptKind,
  UntracedCause,
} from '../../values/enums.js';
import { ModelChangeKind, PayoutCause } from '../../values/oracleEnums.js';
import { SaleEntryKind, SaleKind, SaleState } from '../../values/saleEnums.js';
import {
  AddressScalar,
  AssetScalar,
  BigIntScalar,
  Bytes4Scalar,
  Bytes32Scalar,
  DateTimeScalar,
  DecimalScalar,
  SafeIntScalar,
} from '../../values/scalars.js';

/** The type of a field: of GraphQL outside, of TypeScript inside. */
type FieldType = GraphQLScalarType | object;

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
  declare('_neq', 'Not equal to this; true where there is no value.');
  declare('_in', 'One of these; none if the list is empty.', [type]);
  declare('_nin', 'None of these; true where there is no value.', [type]);
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

export const SafeIntComparison = comparisonInput<number>(
  'SafeInt',
  SafeIntScalar,
  'a whole number',
  true,
);
export const BigIntComparison = comparisonInput<bigint>('BigInt', BigIntScalar, 'an amount', true);
export const DecimalComparison = comparisonInput<string>(
  'Decimal',
  DecimalScalar,
  'a decimal number',
  true,
);
export const DateTimeComparison = comparisonInput<Date>('DateTime', DateTimeScalar, 'a time', true);
export const StringComparison = comparisonInput<string>('String', String, 'a text', false);
export const BooleanComparison = comparisonInput<boolean>('Boolean', Boolean, 'a yes or no', false);
export const AddressComparison = comparisonInput<Address>(
  'Address',
  AddressScalar,
  'an address',
  false,
);
export const AssetComparison = comparisonInput<string>('Asset', AssetScalar, 'an asset', false);
export const Bytes32Comparison = comparisonInput<Hex>('Bytes32', Bytes32Scalar, 'a hash', false);
export const Bytes4Comparison = comparisonInput<Hex>('Bytes4', Bytes4Scalar, 'a selector', false);

function enumComparison<Value extends string>(
  name: string,
  values: Readonly<Record<string, Value>>,
  what: string,
): ClassType<FieldComparison<Value>> {
  return comparisonInput<Value>(name, values, what, false);
}

export const ReceiptKindComparison = enumComparison('ReceiptKind', ReceiptKind, 'a way in');
export const IncomeSourceComparison = enumComparison('IncomeSource', IncomeSource, 'a source');
export const UntracedCauseComparison = enumComparison(
  'UntracedCause',
  UntracedCause,
  'the cause of an untraced receipt',
);
export const CollectionPartComparison = enumComparison(
  'CollectionPart',
  CollectionPart,
  'a part of the business of a collection',
);
export const JournalKindComparison = enumComparison('JournalKind', JournalKind, 'a kind of entry');
export const JournalContractComparison = enumComparison(
  'JournalContract',
  JournalContract,
  'a kind of contract',
);
export const SaleKindComparison = enumComparison('SaleKind', SaleKind, 'a kind of sale');
export const SaleStateComparison = enumComparison('SaleState', SaleState, 'the state of a sale');
export const SaleEntryKindComparison = enumComparison(
  'SaleEntryKind',
  SaleEntryKind,
  'a kind of entry of a sale',
);
export const ModelChangeKindComparison = enumComparison(
  'ModelChangeKind',
  ModelChangeKind,
  'a kind of change of terms',
);
export const PayoutCauseComparison = enumComparison(
  'PayoutCause',
  PayoutCause,
  'a cause of payouts',
);
export const AigcPromptVerdictComparison = enumComparison(
  'AigcPromptVerdict',
  AigcPromptVerdict,
  'why a prompt belongs to a token',
);
export const AigcContentVerdictComparison = enumComparison(
  'AigcContentVerdict',
  AigcContentVerdict,
  'how a content was confirmed',
);
export const AigcEventComparison = enumComparison(
  'AigcEvent',
  AigcEvent,
  'an event that wrote a content',
);
export const EntitlementStateComparison = enumComparison(
  'EntitlementState',
  EntitlementState,
  'the state of a share',
);
