import type { Hex, TableColumn } from './table.js';

/** Values of columns, as `pg` answers them. */

export function hexOf(bytes: Buffer): Hex {
  return `0x${bytes.toString('hex')}`;
}

export function optionalHex(bytes: Buffer | null): Hex | null {
  return bytes === null ? null : hexOf(bytes);
}

export function hexList(items: readonly Buffer[]): readonly Hex[] {
  return items.map(hexOf);
}

export function optionalBigInt(digits: string | null): bigint | null {
  return digits === null ? null : BigInt(digits);
}

function utf8Of(bytes: Buffer): string {
  return bytes.toString('utf8');
}

export function optionalUtf8(bytes: Buffer | null): string | null {
  return bytes === null ? null : utf8Of(bytes);
}

/** How the value of a column is decoded: as the decoder of its table does. */
export function valueDecoder({ type, holds, isNullable }: TableColumn): (value: never) => unknown {
  const decode = decoderOfType(type, holds);
  if (decode === null) return (value) => value;
  return isNullable ? (value) => (value === null ? null : decode(value)) : decode;
}

function decoderOfType(
  type: TableColumn['type'],
  holds: TableColumn['holds'],
): ((value: never) => unknown) | null {
  switch (type) {
    case 'numeric':
      return (digits: string) => BigInt(digits);
    case 'bytea':
      return holds === 'utf8' ? utf8Of : hexOf;
    case 'bytea[]':
      return hexList;
    default:
      return null;
  }
}
