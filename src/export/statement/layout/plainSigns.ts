/**
 * Writes signs that cannot be shown as their Unicode numbers, `\u{202e}`: a token may have any
 * name, and what cannot be seen must not be hidden either.
 *
 * @param isShown whether a sign can be shown
 */
export function plainSigns(text: string, isShown: (sign: string) => boolean): string {
  if (IS_ASCII.test(text)) return text;
  return [...text]
    .map((sign) => (isShown(sign) ? sign : `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`))
    .join('');
}

/** What nobody sees, and what turns text round or moves the cursor of a terminal. */
export function isVisible(sign: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u.test(sign);
}

const IS_ASCII = /^[\x20-\x7e\n]*$/;
