import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import type { Address } from '../../address.js';
import type { Hex } from '../../store/read/query/decode.js';
import { inputError } from '../errors.js';
import { checksummedQuickly } from './checksums.js';
import { isoOf } from './isoTime.js';

const UINT256_MAX = 2n ** 256n - 1n;

/** Scalars take JSON values and literals of queries alike: both as text. */
function scalar<Value>(config: {
  name: string;
  description: string;
  /** The value that the text means. */
  parse(text: string): Value;
  serialize(value: Value): string;
  /** Whether whole numbers may be written without quotes. */
  isInteger?: boolean;
}): GraphQLScalarType<Value, string> {
  const { name, description, parse, serialize, isInteger = false } = config;
  const refuse = (given: string): GraphQLError =>
    inputError(
      `BAD_${name.toUpperCase()}`,
      `${name} cannot be ${given}`,
      isInteger ? 'Write it as a string of digits.' : 'Write it as a string.',
    );
  return new GraphQLScalarType<Value, string>({
    name,
    description,
    // Resolvers are typed; graphql-js is not.
    serialize: (value) => serialize(value as Value),
    parseValue(value) {
      if (typeof value === 'string') return parse(value);
      // Above 2^53 a JSON number has already lost digits.
      if (isInteger && Number.isSafeInteger(value)) return parse(String(value));
      throw refuse(JSON.stringify(value));
    },
    parseLiteral(node: ValueNode) {
      if (node.kind === Kind.STRING) return parse(node.value);
      if (isInteger && node.kind === Kind.INT) return parse(node.value);
      throw refuse(`a literal of kind ${node.kind}`);
    },
  });
}

/** An unsigned 256-bit integer, `bigint` inside. */
export const BigIntScalar = scalar<bigint>({
  name: 'BigInt',
  description:
    'An unsigned integer of up to 256 bits as a string of decimal digits: an amount of wei, or of the smallest units of a token.',
  isInteger: true,
  serialize: String,
  parse(text) {
    if (!/^\d{1,78}$/.test(text) || BigInt(text) > UINT256_MAX) {
      throw inputError(
        'BAD_BIGINT',
        `"${text}" is not an unsigned 256-bit integer`,
        'Write decimal digits only, from 0 to 2^256 - 1.',
      );
    }
    return BigInt(text);
  },
});

/** A whole number of the chain that may need more than 32 bits; a JSON number, as `Int` is. */
export const SafeIntScalar = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description:
    'A whole number from -(2^53 - 1) to 2^53 - 1, as a JSON number: blocks, chain ids and counts, which may need more than the 32 bits of Int.',
  serialize: (value) => safeInt(value),
  parseValue: (value) => safeInt(value),
  parseLiteral: (node) =>
    safeInt(node.kind === Kind.INT ? Number(node.value) : `a literal of kind ${node.kind}`),
});

function safeInt(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw inputError(
    'BAD_SAFEINT',
    `SafeInt cannot be ${typeof value === 'number' ? value : JSON.stringify(value)}`,
    'Write a whole number without quotes, up to 2^53 - 1.',
  );
}

/** A decimal fraction as text: never a float. */
export const DecimalScalar = scalar<string>({
  name: 'Decimal',
  description:
    'An exact decimal number as a string, as "-0.00000000000000351234": no exponent, all digits, no zeros at its end.',
  serialize: (text) => text,
  parse(text) {
    // Prices have up to 255 decimals, answers up to 78 digits.
    if (!/^-?\d{1,78}(\.\d{1,255})?$/.test(text)) {
      throw inputError(
        'BAD_DECIMAL',
        `"${text}" is not a decimal number of up to 78 digits before the point and 255 after it`,
        'Write it as "12.5".',
      );
    }
    return text;
  },
});

/** An account or contract; lower case inside, EIP-55 outside. */
export const AddressScalar = scalar<Address>({
  name: 'Address',
  description:
    'An address: 0x and 40 hex digits. Given in any one case or with a valid EIP-55 checksum; answered with the checksum.',
  serialize: checksummedQuickly,
  parse(text) {
    if (!/^0x[0-9a-f]{40}$/i.test(text)) {
      throw inputError('BAD_ADDRESS', `"${text}" is not an address`, 'Write 0x and 40 hex digits.');
    }
    const address = text.toLowerCase() as Address;
    const digits = text.slice(2);
    const isOneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase();
    if (!isOneCase && checksummedQuickly(address) !== text) {
      throw inputError(
        'BAD_ADDRESS',
        `the checksum of "${text}" is wrong: a digit or the case of a letter was changed`,
        'Copy the address again, or, if you are sure of it, write it in lower case.',
      );
    }
    return address;
  },
});

/** `native`, or the address of an ERC-20; lower case inside, EIP-55 outside. */
export const AssetScalar = scalar<string>({
  name: 'Asset',
  description: '"native" for the chain\'s own coin, else the address of an ERC-20, like Address.',
  serialize: (asset) => (asset === 'native' ? asset : checksummedQuickly(asset as Address)),
  parse: (text) => (text === 'native' ? text : AddressScalar.parseValue(text)),
});

export const PricedAssetScalar = scalar<string>({
  name: 'PricedAsset',
  description:
    'What a price feed prices: "native", the address of an ERC-20, or the code of a currency, as "EUR".',
  serialize: (asset) => (asset.startsWith('0x') ? checksummedQuickly(asset as Address) : asset),
  parse: (text) =>
    text === 'native' || /^[A-Z][A-Z0-9]{1,9}$/.test(text) ? text : AddressScalar.parseValue(text),
});

/** Of a field that says the unit of the amounts next to it. */
export const ASSET_TEXT =
  "What the amounts are in: the smallest unit of this ERC-20, or wei of the chain's own coin.";

export const Bytes32Scalar = scalar<Hex>({
  name: 'Bytes32',
  description: 'A hash of a block or transaction: 0x and 64 hex digits.',
  serialize: (hash) => hash,
  parse(text) {
    if (!/^0x[0-9a-f]{64}$/i.test(text)) {
      throw inputError('BAD_BYTES32', `"${text}" is not a hash`, 'Write 0x and 64 hex digits.');
    }
    return text.toLowerCase() as Hex;
  },
});

export const BytesScalar = scalar<Hex>({
  name: 'Bytes',
  description: 'Bytes: 0x and two hex digits for each.',
  serialize: (bytes) => bytes,
  parse(text) {
    if (!/^0x([0-9a-f]{2})*$/i.test(text)) {
      throw inputError(
        'BAD_BYTES',
        `"${text}" is not bytes`,
        'Write 0x and an even number of hex digits.',
      );
    }
    return text.toLowerCase() as Hex;
  },
});

export const Bytes4Scalar = scalar<Hex>({
  name: 'Bytes4',
  description: 'A function selector: 0x and 8 hex digits.',
  serialize: (selector) => selector,
  parse(text) {
    if (!/^0x[0-9a-f]{8}$/i.test(text)) {
      throw inputError('BAD_BYTES4', `"${text}" is not a selector`, 'Write 0x and 8 hex digits.');
    }
    return text.toLowerCase() as Hex;
  },
});

const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** `Date` takes the 30th of February for the 1st of March. */
function isInCalendar(text: string): boolean {
  const [year = 0, month = 0, day = 0] = ISO_TIME.exec(text)?.slice(1, 4).map(Number) ?? [];
  return day > 0 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

export const DateTimeScalar = scalar<Date>({
  name: 'DateTime',
  description:
    'A moment in ISO 8601, as 2026-01-31T12:00:00Z. A time zone must be given; answers are in UTC.',
  serialize: isoOf,
  parse(text) {
    const time = new Date(text);
    if (!isInCalendar(text) || Number.isNaN(time.getTime())) {
      throw inputError(
        'BAD_DATETIME',
        `"${text}" is not a moment in ISO 8601 with a time zone`,
        'Write it as 2026-01-31T12:00:00Z.',
      );
    }
    return time;
  },
});
