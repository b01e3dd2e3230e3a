import { ask, assetArgument } from '../../answers.js';
import { Clock } from '../../clock.js';
import type { Draw } from '../../draw.js';
import { type FeedRound, feedRounds } from '../../feedRounds.js';
import { type FigureSheet, NATIVE } from '../../figures.js';
import { priceRoute, type RouteLeg, unitPrice } from '../../priceRoutes.js';
import { atBlock, ofHolder, ofToken } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import type { ReaderWorld } from '../../world.js';
import { decimalSum, decimalText } from '../../worth.js';
import { statesOf } from '../graphqlObjects.js';

/** Amounts that are worth something at the end of the window. */
const OF_TOKEN = ['held', 'received'] as const;
const OF_HOLDER = ['claimable', 'accruing'] as const;
const worthName = (name: string) => `${name}, worth then`;
const TOKEN_NAMES = OF_TOKEN.map(worthName);
const HOLDER_NAMES = OF_HOLDER.map(worthName);

/** What something is worth; nothing is worth nothing, with or without a price. */
function put(
  sheet: FigureSheet,
  { until, currency }: Draw,
  of: { readonly subject: string; readonly asset: string; readonly name: string },
  { amount, worth }: { readonly amount: string | bigint; readonly worth: string | null },
): void {
  if (BigInt(amount) === 0n) return;
  const key = { subject: of.subject, moment: atBlock(until.block), name: worthName(of.name) };
  const value = worth === null ? 'none' : decimalSum([worth]);
  sheet.put({ ...key, asset: `${currency} for ${of.asset}` }, value);
}

/** The price of a unit at the end of the window, by the rounds that the feeds logged until then. */
async function priceAt(world: ReaderWorld, draw: Draw, asset: string) {
  const legs = priceRoute(world.feeds, asset, draw.currency);
  if (legs.length === 0) return null;
  const now = await secondOf(world, draw);
  const answers: bigint[] = [];
  for (const leg of legs) {
    const rounds = await feedRounds(world.chain, leg.feed);
    const answer = answerOf(leg, rounds, draw.until.block, now);
    if (answer === null) return null;
    answers.push(answer);
  }
  return unitPrice(legs, answers);
}

/** The newest round, if it is a price then (docs/prices.md). */
function answerOf(
  { feed }: RouteLeg,
  rounds: readonly FeedRound[],
  block: number,
  now: number,
): bigint | null {
  const newest = rounds.filter((round) => round.block <= block).at(-1);
  if (newest === undefined || BigInt(newest.answer) <= 0n || newest.updated > now) return null;
  const limit = feed.staleAfterSeconds ?? Number.MAX_SAFE_INTEGER;
  return now - newest.updated <= limit ? BigInt(newest.answer) : null;
}

/** The second of the moment: what was asked, or the time of its block. */
async function secondOf({ chain, head }: ReaderWorld, { until }: Draw): Promise<number> {
  if (until.at !== null && 'timestamp' in until.at) {
    return Math.floor(Date.parse(until.at.timestamp) / 1000);
  }
  return new Clock(chain, head).timeOf(until.block);
}

interface Value {
  readonly amount: string | null;
}

const VALUES = 'values(currency: $currency)';
const OBJECTS = `query ($chainId: SafeInt!, $token: Address!, $at: AtInput, $currency: String!) {
  token(chainId: $chainId, address: $token, at: $at) {
    balanceWei receivedWei ${VALUES} { balanceWei { amount } receivedWei { amount } }
    assets { address balance received ${VALUES} { balance { amount } received { amount } } } } }`;
const OWED = `totalClaimableWei accruingWei ${VALUES} { totalClaimableWei { amount } accruingWei { amount } }`;
const HOLDER = `query ($chainId: SafeInt!, $address: Address!, $at: AtInput, $currency: String!) {
  holder(chainId: $chainId, address: $address, at: $at) { positions { token { address }
    entitlement { ${OWED} } assetEntitlements { asset { address } entitlement { ${OWED} } } } } }`;
const totalsIn = (
  asset: string,
) => `query ($chainId: SafeInt!, $token: Address!, $at: AtInput, $currency: String!) {
  receiptTotals(filter: { chainId: $chainId, token: $token${assetArgument(asset)} }, at: $at,
    currency: $currency, basis: AT_MOMENT) { amountWei { sum value { amount } } } }`;
const ARGUMENTS = 'chainId: $chainId, token: $token, at: $at, interval: MONTH, currency: $currency';
const VARIABLES = '$chainId: SafeInt!, $token: Address!, $at: AtInput, $currency: String!';
const tokenSeriesIn = (asset: string) => `query (${VARIABLES}) {
  tokenSeries(${ARGUMENTS}${assetArgument(asset)}) { balanceWei values { balanceWei { amount } } } }`;
const holderSeriesIn = (asset: string) => `query (${VARIABLES}, $holder: Address!) {
  holderSeries(${ARGUMENTS}, holder: $holder${assetArgument(asset)}) {
    claimableWei accruingWei values { claimableWei { amount } accruingWei { amount } } } }`;

type Owed = Readonly<Record<'totalClaimableWei' | 'accruingWei', string>> & {
  readonly values: Readonly<Record<'totalClaimableWei' | 'accruingWei', Value>>;
};

function variablesOf({ chain: { chainId } }: ReaderWorld, draw: Draw) {
  const { at } = draw.until;
  const { address: token } = draw.token;
  return { chainId, token, currency: draw.currency, ...(at === null ? {} : { at }) };
}

function putOwed(sheet: FigureSheet, draw: Draw, holder: string, asset: string, owed: Owed): void {
  const { subject } = ofHolder(draw, holder, '');
  const { totalClaimableWei: claimable, accruingWei: accruing, values } = owed;
  const worth = (value: Value) => value.amount;
  put(
    sheet,
    draw,
    { subject, asset, name: 'claimable' },
    { amount: claimable, worth: worth(values.totalClaimableWei) },
  );
  put(
    sheet,
    draw,
    { subject, asset, name: 'accruing' },
    { amount: accruing, worth: worth(values.accruingWei) },
  );
}

/** What things are worth at a moment, by everything that says it and by the rounds of the feeds. */
export const momentValueSurfaces: readonly Surface[] = [
  {
    surface: 'worth by the rounds of feeds',
    names: [...TOKEN_NAMES, ...HOLDER_NAMES],
    async read(world, draw, sheet) {
      const states = await statesOf(world, draw);
      const moment = atBlock(draw.until.block);
      const subjects = [
        [ofToken(draw, '').subject, OF_TOKEN],
        ...draw.holders.map((holder) => [ofHolder(draw, holder, '').subject, OF_HOLDER] as const),
      ] as const;
      for (const asset of draw.token.assets) {
        const price = await priceAt(world, draw, asset);
        for (const [, figure] of states.entries()) {
          const names = subjects.find(([subject]) => subject === figure.subject)?.[1];
          const isAsked = names?.some((name) => name === figure.name) === true;
          if (!isAsked || figure.asset !== asset || figure.moment !== moment) continue;
          const amount = BigInt(figure.value);
          const worth = price === null ? null : decimalText(amount * price.units, price.places);
          put(sheet, draw, figure, { amount, worth });
        }
      }
    },
  },
  {
    surface: 'GraphQL values',
    names: [...TOKEN_NAMES, ...HOLDER_NAMES],
    async read(world, draw, sheet) {
      const variables = variablesOf(world, draw);
      const { subject } = ofToken(draw, '');
      const { token } = await ask<{ token: TokenAnswer }>(world.url, OBJECTS, variables);
      const held = { amount: token.balanceWei, worth: token.values.balanceWei.amount };
      const received = { amount: token.receivedWei, worth: token.values.receivedWei.amount };
      put(sheet, draw, { subject, asset: NATIVE, name: 'held' }, held);
      put(sheet, draw, { subject, asset: NATIVE, name: 'received' }, received);
      for (const { address, balance, received: came, values } of token.assets) {
        const of = { subject, asset: address.toLowerCase() };
        const kept = { amount: balance, worth: values.balance.amount };
        put(sheet, draw, { ...of, name: 'held' }, kept);
        put(
          sheet,
          draw,
          { ...of, name: 'received' },
          { amount: came, worth: values.received.amount },
        );
      }
      for (const address of draw.holders) {
        const { holder } = await ask<HolderAnswer>(world.url, HOLDER, { ...variables, address });
        for (const position of holder.positions) {
          if (position.token.address.toLowerCase() !== draw.token.address) continue;
          putOwed(sheet, draw, address, NATIVE, position.entitlement);
          for (const { asset, entitlement } of position.assetEntitlements) {
            putOwed(sheet, draw, address, asset.address.toLowerCase(), entitlement);
          }
        }
      }
    },
  },
  {
    surface: 'GraphQL totals at the moment',
    names: [worthName('received')],
    async read(world, draw, sheet) {
      const { subject } = ofToken(draw, '');
      for (const asset of draw.token.assets) {
        const { receiptTotals } = await ask<{
          receiptTotals: readonly {
            readonly amountWei: { readonly sum: string; readonly value: Value };
          }[];
        }>(world.url, totalsIn(asset), variablesOf(world, draw));
        for (const { amountWei } of receiptTotals) {
          const said = { amount: amountWei.sum, worth: amountWei.value.amount };
          put(sheet, draw, { subject, asset, name: 'received' }, said);
        }
      }
    },
  },
  {
    surface: 'GraphQL values of series',
    names: [worthName('held'), ...HOLDER_NAMES],
    async read(world, draw, sheet) {
      const variables = variablesOf(world, draw);
      const { subject } = ofToken(draw, '');
      for (const asset of draw.token.assets) {
        const { tokenSeries } = await ask<{
          tokenSeries: readonly {
            readonly balanceWei: string;
            readonly values: { readonly balanceWei: Value };
          }[];
        }>(world.url, tokenSeriesIn(asset), variables);
        const last = tokenSeries.at(-1);
        if (last !== undefined) {
          const said = { amount: last.balanceWei, worth: last.values.balanceWei.amount };
          put(sheet, draw, { subject, asset, name: 'held' }, said);
        }
        for (const holder of draw.holders) {
          const { holderSeries } = await ask<{ holderSeries: readonly HolderStep[] }>(
            world.url,
            holderSeriesIn(asset),
            { ...variables, holder },
          );
          const step = holderSeries.at(-1);
          if (step === undefined) continue;
          const of = { subject: ofHolder(draw, holder, '').subject, asset };
          for (const [name, field] of [
            ['claimable', 'claimableWei'],
            ['accruing', 'accruingWei'],
          ] as const) {
            const said = { amount: step[field], worth: step.values[field].amount };
            put(sheet, draw, { ...of, name }, said);
          }
        }
      }
    },
  },
];

interface TokenAnswer {
  readonly balanceWei: string;
  readonly receivedWei: string;
  readonly values: Readonly<Record<'balanceWei' | 'receivedWei', Value>>;
  readonly assets: readonly {
    readonly address: string;
    readonly balance: string;
    readonly received: string;
    readonly values: Readonly<Record<'balance' | 'received', Value>>;
  }[];
}

interface HolderAnswer {
  readonly holder: {
    readonly positions: readonly {
      readonly token: { readonly address: string };
      readonly entitlement: Owed;
      readonly assetEntitlements: readonly {
        readonly asset: { readonly address: string };
        readonly entitlement: Owed;
      }[];
    }[];
  };
}

interface HolderStep extends Readonly<Record<'claimableWei' | 'accruingWei', string>> {
  readonly values: Readonly<Record<'claimableWei' | 'accruingWei', Value>>;
}
