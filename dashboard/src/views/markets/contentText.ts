const MOST_LETTERS = 600;
const MOST_LINES = 16;
/** Letters may carry so many marks; more only serve to paint over other texts. */
const MARKS = /(\p{M}{3})\p{M}+/gu;

/**
 * A text by strangers as it may be shown: without signs that turn other texts around or cannot be seen, without towers
 * of marks, and no longer than its place.
 */
export function textToShow(text: string): string {
  const plain = text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(MARKS, '$1');
  const lines = plain.split('\n');
  const few = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), '…'] : lines;
  const letters = [...few.join('\n')];
  return letters.length > MOST_LETTERS
    ? `${letters.slice(0, MOST_LETTERS - 1).join('')}…`
    : letters.join('');
}
