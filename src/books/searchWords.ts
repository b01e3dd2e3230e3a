/** How a name matches, the best first. */
const WHOLE = 0;
const START = 1;
const WORDS = 2;

/**
 * The words of a text, as they are compared: without case, and in one form of letters that look the same to
 * Unicode. A text without letters and digits is one word.
 */
export function wordsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKC').toLowerCase();
  const words = plain.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '');
  return words.length > 0 ? words : [plain.trim()];
}

/**
 * How well a name fits the words that are searched: the whole, its start, or words anywhere in it in the same
 * order, of which the last may be the start of a word. `null`: not at all.
 */
export function matchOf(name: string | null, wanted: readonly string[]): number | null {
  if (name === null) return null;
  const words = wordsOf(name);
  for (let start = 0; start + wanted.length <= words.length; start++) {
    const isThere = wanted.every((word, index) => {
      const other = words[start + index] ?? '';
      return index === wanted.length - 1 ? other.startsWith(word) : other === word;
    });
    if (!isThere) continue;
    if (start > 0) return WORDS;
    return words.join(' ') === wanted.join(' ') ? WHOLE : START;
  }
  return null;
}
