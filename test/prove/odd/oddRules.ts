/** What `contracts/ComposedRules.sol` is made of; the order of the keys is that of the struct. */
export interface OddRules {
  percentClaimable: bigint;
  /** 0: every snapshot stays claimable. */
  window: bigint;
  interval: bigint;
  rollOver: bigint;
  parts: bigint;
  getters: bigint;
  functions: bigint;
  windowSaid: bigint;
  percentLater: bigint;
  percentLaterFrom: bigint;
  feePercent: bigint;
  silentPercent: bigint;
  asset: string;
}

export const ROLL_OVER = { none: 0n, nextSnapshot: 1n, redeemPool: 2n } as const;

export const PART = bits([
  'windowedRounding',
  'seconds',
  'claimedIsZero',
  'earlyDoesNothing',
  'endOfBlock',
  'depositToPool',
  'batchInOneSum',
  'wholeBalance',
  'burnPaysNothing',
  'pauseStopsViews',
  'feeStays',
  'viewIsNet',
  'percentByBlock',
  'ownerHasNoShare',
  'claimRoundsUp',
  'snapshotBonus',
]);

export const GETTER = bits(['percent', 'window', 'interval', 'lastSnapshot', 'windowLies']);

export const FUNCTION = bits([
  'claimBatch',
  'claimFor',
  'claimTo',
  'claimAll',
  'burnFrom',
  'distribute',
  'bridge',
  'initHolder',
  'deposit',
  'setTerms',
  'pause',
  'blacklist',
  'rebase',
  'silentMint',
  'sweep',
  'configure',
]);

export type FunctionName = keyof typeof FUNCTION;

const NOBODY = `0x${'0'.repeat(40)}`;

/** A token of the reference policy with nothing odd. */
export const PLAIN_RULES: OddRules = {
  percentClaimable: 80n,
  window: 0n,
  interval: 5n,
  rollOver: ROLL_OVER.none,
  parts: 0n,
  getters: GETTER.percent,
  functions: FUNCTION.deposit,
  windowSaid: 0n,
  percentLater: 0n,
  percentLaterFrom: 0n,
  feePercent: 0n,
  silentPercent: 0n,
  asset: NOBODY,
};

export function hasFunction({ functions }: OddRules, name: FunctionName): boolean {
  return (functions & FUNCTION[name]) !== 0n;
}

/** The struct as the ABI takes it. */
export function tupleOf(rules: OddRules): readonly unknown[] {
  return Object.values({ ...PLAIN_RULES, ...rules });
}

function bits<Name extends string>(names: readonly Name[]): Readonly<Record<Name, bigint>> {
  const entries = names.map((name, index) => [name, 1n << BigInt(index)]);
  return Object.fromEntries(entries) as Record<Name, bigint>;
}
