import type { PART_WORDS } from '../../../ledger/policies/parts.js';

type PartWords = typeof PART_WORDS;

/** What each word of a part means, as one text. A word without a text does not compile. */
export function wordTexts<Part extends keyof PartWords>(
  texts: Readonly<Record<PartWords[Part][number], string>>,
): string {
  return Object.entries<string>(texts)
    .map(([word, text]) => `"${word}": ${text}`)
    .join('; ');
}
