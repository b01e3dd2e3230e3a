import type { SeededRandom } from '../../../devnet/random.js';
import { FUNCTION, GETTER, type OddRules, PART, PLAIN_RULES, ROLL_OVER } from './oddRules.js';

/** A contract to be deployed: its rules, and what they are called in reports. */
export interface OddPlan {
  readonly base: BaseName;
  readonly oddities: readonly OddityName[];
  readonly rules: OddRules;
}

/** What the drawing may choose from. */
export interface OddChoice {
  readonly bases: readonly BaseName[];
  readonly oddities: readonly OddityName[];
  /**
   * Oddities that appear only together: a refusal because of one of them would not show anything
   * about the rest. Left out: any may appear together.
   */
  readonly apart?: readonly OddityName[];
}

type Change = (rules: OddRules, random: SeededRandom) => void;

const give = (rules: OddRules, functions: bigint) => {
  rules.functions |= functions;
};
const add = (rules: OddRules, parts: bigint) => {
  rules.parts |= parts;
};

/** Shapes of public relatives of ERC-7641, and one without a model. */
const BASES = {
  reference: (rules) => add(rules, PART.claimedIsZero),
  windowed: (rules, random) => {
    windowed(rules, random.pick([2n, 3n, 5n]));
    rules.getters |= GETTER.window | GETTER.interval | GETTER.lastSnapshot;
  },
  'window without getter': (rules, random) => {
    windowed(rules, 3n);
    rules.getters |= GETTER.interval | GETTER.lastSnapshot;
    if (random.chance(50)) rules.parts &= ~PART.windowedRounding;
  },
  'reference with interval': (rules) => {
    add(rules, PART.claimedIsZero);
    rules.getters |= GETTER.interval | GETTER.lastSnapshot;
  },
  'one asset': (rules) => {
    rules.percentClaimable = 100n;
    rules.asset = ASSET;
    rules.getters = GETTER.interval | GETTER.lastSnapshot;
    add(rules, PART.seconds);
  },
  'free mix': (rules, random) => {
    rules.window = random.pick([0n, 1n, 2n, 3n, 5n]);
    rules.rollOver = random.pick(Object.values(ROLL_OVER));
    rules.getters = BigInt(random.integer(0, 15));
    if (random.chance(50)) add(rules, PART.windowedRounding);
  },
} satisfies Record<string, Change>;

export type BaseName = keyof typeof BASES;
export const BASE_NAMES = Object.keys(BASES) as BaseName[];

/** Stands for the asset until it is deployed. */
export const ASSET = 'the asset';

/** One rule each that differs from the base. */
const ODDITIES = {
  'claimed id answers otherwise': (rules) => {
    rules.parts ^= PART.claimedIsZero;
  },
  'early snapshot does nothing': (rules) => add(rules, PART.earlyDoesNothing),
  'snapshot by distribute': (rules) => give(rules, FUNCTION.distribute),
  'batch claims': (rules) => give(rules, FUNCTION.claimBatch),
  'batch claims in one sum': (rules) => {
    give(rules, FUNCTION.claimBatch);
    add(rules, PART.batchInOneSum);
  },
  'bridge burn': (rules) => give(rules, FUNCTION.bridge),
  'first holders': (rules) => give(rules, FUNCTION.initHolder),
  'claim for another': (rules) => give(rules, FUNCTION.claimFor),
  'claim to another': (rules) => give(rules, FUNCTION.claimTo),
  'claim of all': (rules) => give(rules, FUNCTION.claimAll),
  'burn from another': (rules) => give(rules, FUNCTION.burnFrom),
  'window hidden': (rules, random) => {
    if (rules.window === 0n) windowed(rules, 3n);
    rules.getters |= GETTER.window | GETTER.windowLies;
    rules.windowSaid = random.pick([2n, 3n, 4n].filter((said) => said !== rules.window));
  },
  'other rounding': (rules) => {
    rules.parts ^= PART.windowedRounding;
  },
  'other roll-over': (rules, random) => {
    if (rules.window === 0n) windowed(rules, 2n);
    rules.rollOver = random.pick([ROLL_OVER.none, ROLL_OVER.redeemPool]);
  },
  'balances at the end of the block': (rules) => add(rules, PART.endOfBlock),
  'deposit into the burn pool': (rules) => add(rules, PART.depositToPool),
  'redemption from the whole balance': (rules) => add(rules, PART.wholeBalance),
  'burn pays nothing': (rules) => add(rules, PART.burnPaysNothing),
  pause: (rules, random) => {
    give(rules, FUNCTION.pause);
    if (random.chance(70)) add(rules, PART.pauseStopsViews);
  },
  blacklist: (rules) => give(rules, FUNCTION.blacklist),
  'claim fee': (rules, random) => {
    rules.feePercent = random.pick([1n, 5n, 10n]);
    if (random.chance(50)) add(rules, PART.feeStays);
    if (random.chance(50)) add(rules, PART.viewIsNet);
  },
  'percent by block': (rules, random) => {
    add(rules, PART.percentByBlock);
    rules.percentLater = BigInt(random.integer(0, 100));
    rules.percentLaterFrom = BigInt(random.integer(40, 110));
  },
  'owner has no share': (rules) => add(rules, PART.ownerHasNoShare),
  'claims round up': (rules) => add(rules, PART.claimRoundsUp),
  'bonus for the snapshot': (rules) => add(rules, PART.snapshotBonus),
  rebase: (rules) => give(rules, FUNCTION.rebase),
  'silent first supply': (rules, random) => {
    rules.silentPercent = random.pick([30n, 100n]);
  },
  'silent mint': (rules) => give(rules, FUNCTION.silentMint),
  sweep: (rules) => give(rules, FUNCTION.sweep),
  'terms change': (rules) => give(rules, FUNCTION.setTerms),
  'terms change without a name': (rules) => give(rules, FUNCTION.configure),
  upgrade: () => undefined,
} satisfies Record<string, Change>;

export type OddityName = keyof typeof ODDITIES;
export const ODDITY_NAMES = Object.keys(ODDITIES) as OddityName[];

/** Shapes that are indexed without question are drawn more often: their oddities have to be noticed. */
const WEIGHT_OF_BASE: Readonly<Partial<Record<BaseName, number>>> = { windowed: 6, reference: 5 };

/** A contract at random: a base, and none to two oddities. */
export function drawPlan(random: SeededRandom, choice: OddChoice): OddPlan {
  const base = random.weighted(
    choice.bases.map((name) => [name, WEIGHT_OF_BASE[name] ?? 2] as const),
  );
  const count = random.weighted([
    [0, 20],
    [1, 55],
    [2, 25],
  ]);
  const oddities = random.shuffled(choice.oddities).slice(0, count);
  return { base, oddities, rules: compose(random, base, oddities) };
}

/**
 * Contracts that have every oddity of the choice once, as evenly as can be; bases and company are drawn.
 */
export function dealPlans(
  random: SeededRandom,
  { bases, oddities, apart = [] }: OddChoice,
  count: number,
): OddPlan[] {
  const hands: OddityName[][] = Array.from({ length: count }, () => []);
  const alone = new Set(apart);
  const first = Math.round((count * alone.size) / Math.max(1, oddities.length));
  const deal = (names: readonly OddityName[], from: number, to: number) => {
    for (const [index, name] of random.shuffled(names).entries()) {
      hands[from + (index % Math.max(1, to - from))]?.push(name);
    }
  };
  deal(
    oddities.filter((name) => alone.has(name)),
    0,
    first,
  );
  deal(
    oddities.filter((name) => !alone.has(name)),
    first,
    count,
  );
  const shuffled = random.shuffled(bases);
  return hands.map((hand, index) => {
    const base = shuffled[index % shuffled.length] ?? 'reference';
    return { base, oddities: hand, rules: compose(random, base, hand) };
  });
}

/** What an upgrade brings: the same base with other numbers, or with one more oddity. */
export function drawUpgrade(random: SeededRandom, { base, oddities }: OddPlan): OddRules {
  const more = random.chance(50) ? [random.pick(ODDITY_NAMES)] : [];
  return compose(random, base, [...oddities, ...more]);
}

function compose(random: SeededRandom, base: BaseName, oddities: readonly OddityName[]): OddRules {
  const rules: OddRules = { ...PLAIN_RULES };
  rules.percentClaimable = random.pick([0n, 1n, 33n, 60n, 80n, 100n]);
  if (random.chance(50)) add(rules, PART.seconds);
  const change: Change = BASES[base];
  change(rules, random);
  if (random.chance(60)) give(rules, FUNCTION.claimBatch);
  for (const name of oddities) {
    const oddity: Change = ODDITIES[name];
    oddity(rules, random);
  }
  const blocks = BigInt(random.integer(2, 7));
  rules.interval = (rules.parts & PART.seconds) === 0n ? blocks : blocks * 12n + 5n;
  return rules;
}

function windowed(rules: OddRules, window: bigint): void {
  rules.window = window;
  rules.rollOver = ROLL_OVER.nextSnapshot;
  add(rules, PART.windowedRounding);
}
