/** Values in COPY's text format. */

/** `NULL`. */
export const NULL = '\\N';

/** `0x…` as bytea. */
export function copyBytes(hex: string): string {
  return `\\\\x${hex.slice(2)}`;
}

export function copyOptionalBytes(hex: string | null): string {
  return hex === null ? NULL : copyBytes(hex);
}

/** An array of bytea: its backslashes are escaped for the array and again for COPY. */
export function copyByteList(items: readonly string[]): string {
  return `{${items.map((hex) => `"\\\\\\\\x${hex.slice(2)}"`).join(',')}}`;
}

/** Text as the bytes of its UTF-8: they may be what COPY and a text column cannot hold. */
function copyUtf8(text: string): string {
  return `\\\\x${Buffer.from(text).toString('hex')}`;
}

export function copyOptionalUtf8(text: string | null): string {
  return text === null ? NULL : copyUtf8(text);
}
