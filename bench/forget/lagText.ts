/** How long after each block its commit was seen. */
export function lagText(lags: readonly number[]): string {
  const sorted = lags.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)]?.toFixed(0) ?? '–';
  return `${lags.length} blocks, lag ${at(0.5)} ms (median), ${at(0.99)} ms (99 %), ${at(1)} ms (longest)`;
}
