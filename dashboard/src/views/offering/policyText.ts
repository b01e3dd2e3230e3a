import { count } from '../../format/amounts.js';
import type { PolicyInWordsFragment } from '../../ledger/generated/offering.js';
import type { Texts } from '../../texts/en.js';

/** What the page knows of a policy. */
export type PolicyWords = Omit<PolicyInWordsFragment, '__typename'>;

/** A part of a policy with its value, for those who want to know exactly. */
export interface PolicyPart {
  readonly name: string;
  readonly value: string;
}

/**
 * A policy in sentences: what a snapshot shares, how long it can be claimed, where the rest goes, how often a snapshot
 * can be taken and by whom.
 *
 * @param coin symbol of the chain's own coin
 * @param asset symbol of the ERC-20 that it shares in place of the coin
 */
export function policySentences(
  policy: PolicyWords,
  t: Texts['policy'],
  { coin, asset }: { readonly coin: string; readonly asset: string | null },
): string[] {
  const { percentClaimable, window, parts } = policy;
  const isWindowed = window != null;
  const claim = !isWindowed ? t.forEver : window === 1 ? t.untilNext : t.untilMore(count(window));
  return [
    percentClaimable === 100 ? t.sharesAll : t.shares(percentClaimable, 100 - percentClaimable),
    claim,
    isWindowed ? wordOf(t.rollOver, parts.rollOver) : null,
    parts.revenue === 'one-asset' ? t.onlyAsset(asset ?? t.anAsset, coin) : null,
    parts.revenue === 'eth-and-assets' ? t.alsoAssets(coin) : null,
    intervalText(policy, t) ?? t.intervalUnknown,
    wordOf(t.snapshots, parts.snapshots),
    policy.isPaused === true ? t.paused : null,
  ].filter((sentence) => sentence !== null);
}

/** The parts of a policy with their values, and whether the contract can change them. */
export function policyParts(policy: PolicyWords, t: Texts['policy']): PolicyPart[] {
  const { percentClaimable, window, parts } = policy;
  const by = (word: string) => (word === 'getter' ? t.byContract : t.fixed);
  return [
    { name: t.names.family, value: policy.name },
    { name: t.names.percent, value: `${percentClaimable} % (${by(parts.percent)})` },
    {
      name: t.names.window,
      value: window == null ? t.noWindow : `${count(window)} (${by(parts.window)})`,
    },
    { name: t.names.interval, value: intervalText(policy, t) ?? t.intervalUnknown },
    { name: t.names.rollOver, value: wordOf(t.rollOver, parts.rollOver) ?? parts.rollOver },
    { name: t.names.rounding, value: wordOf(t.rounding, parts.rounding) ?? parts.rounding },
    { name: t.names.snapshots, value: wordOf(t.snapshots, parts.snapshots) ?? parts.snapshots },
  ];
}

/** The sentence of a word; `null`: the page is older than the word. */
export function wordOf(sentences: Readonly<Record<string, string>>, word: string): string | null {
  return Object.hasOwn(sentences, word) ? (sentences[word] ?? null) : null;
}

const DAY = 86_400n;
const HOUR = 3_600n;

function intervalText(
  { interval = null, intervalUnit }: PolicyWords,
  t: Texts['policy'],
): string | null {
  if (interval === null) return null;
  if (interval === 0n) return t.anyTime;
  if (intervalUnit === 'BLOCKS') return t.everyBlocks(count(interval));
  if (intervalUnit !== 'SECONDS') return null;
  if (interval % DAY === 0n) return t.everyDays(count(interval / DAY), interval === DAY);
  if (interval % HOUR === 0n) return t.everyHours(count(interval / HOUR), interval === HOUR);
  return t.everySeconds(count(interval));
}
