/** `0x7A43…12D6` */
export function shortHex(hex: string): string {
  return `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

/** In groups of four, as a screen reader should say it. */
export function spokenHex(hex: string): string {
  return hex.replace(/^0x/, '0x ').replace(/([\da-f]{4})(?=.)/gi, '$1 ');
}

export function isAddress(text: string): boolean {
  return /^0x[\da-f]{40}$/i.test(text);
}
