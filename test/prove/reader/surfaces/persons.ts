import { writeJson } from '../../../../src/export/statement/write/writeJson.js';
import { ask, assetArgument } from '../answers.js';
import { Clock } from '../clock.js';
import type { Draw } from '../draw.js';
import { type FigureSheet, inWindow } from '../figures.js';
import type { ReaderMoment } from '../moments.js';
import { PERSON_FIGURES, personNames, putAsPerson, putOfPerson } from '../person.js';
import { putJsonStatement } from '../statementJson.js';
import { atBlock, HOLDER_FIGURES, Sums, TOKENS } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';
import { HOLDER_WORTH_NAMES } from '../worth.js';
import { endOf, variablesOf } from './graphqlSeries.js';
import { readAccounts } from './statements.js';

type Owed = Readonly<Record<(typeof HOLDER_FIGURES)[number], string>> & { readonly asset: string };
interface PersonPosition {
  readonly token: { readonly address: string };
  readonly balance: string;
  readonly entitlements: readonly Owed[];
}

const PERSON = `query ($chainId: SafeInt!, $holders: [Address!]!, $at: AtInput) {
  person(holders: $holders, chainId: $chainId, at: $at) { positions { balance token { address }
    entitlements { asset claimable: totalClaimableWei claimed: claimedWei redeemed: redeemedWei
      expired: expiredWei redeemable: redeemableWei accruing: accruingWei } } } }`;
const personIn = (
  asset: string,
) => `query ($chainId: SafeInt!, $token: Address!, $holders: [Address!]!, $at: AtInput, $interval: Interval!) {
  personSeries(chainId: $chainId, token: $token, holders: $holders, at: $at, interval: $interval${assetArgument(asset)}) {
    to balance claimable: claimableWei accruing: accruingWei redeemable: redeemableWei expired: expiredWei
    claimed: claimedWei redeemed: redeemedWei } }`;

const STATED = ['balance', 'accruing', 'claimable', 'claimed', 'redeemed', 'expired'] as const;
const STATED_IN_WINDOW = ['claimed', 'redeemed'] as const;

/** The figures of a statement of several accounts. */
export const PERSON_STATEMENT = [
  ...personNames(STATED),
  ...inWindow(personNames(STATED_IN_WINDOW)),
] as const;

/** All holders of a draw as one person. */
export const persons: readonly Surface[] = [
  {
    surface: 'GraphQL person',
    names: PERSON_FIGURES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      for (const { at, block } of [draw.after, draw.until]) {
        const variables = { chainId, holders: draw.holders, ...(at === null ? {} : { at }) };
        const { person } = await ask<{
          person: {
            positions: readonly PersonPosition[];
          };
        }>(url, PERSON, variables);
        const own = person.positions.find(({ token }) => isOf(draw, token.address));
        putStanding(sheet, draw, block, own);
      }
    },
  },
  {
    surface: 'GraphQL person series',
    names: PERSON_FIGURES,
    async read(world, draw, sheet) {
      for (const asset of draw.token.assets) await readSeries(world, draw, asset, sheet);
    },
  },
  {
    surface: 'REST person',
    names: PERSON_FIGURES,
    // It answers for the newest block only.
    async read({ url, chain: { chainId } }, draw, sheet) {
      if (draw.until.at !== null) return;
      const query = new URLSearchParams({ chainId: String(chainId) });
      for (const holder of draw.holders) query.append('holder', holder);
      const response = await fetch(`${new URL(url).origin}/v1/person?${query}`);
      if (!response.ok) throw new Error(await response.text());
      const { positions } = (await response.json()) as {
        positions: readonly PersonPosition[];
      };
      const own = positions.find(({ token }) => isOf(draw, token.address));
      putStanding(sheet, draw, draw.until.block, own);
    },
  },
  {
    surface: 'statement of a person',
    names: [...PERSON_STATEMENT, ...inWindow(personNames(HOLDER_WORTH_NAMES))],
    async read(world, draw, sheet) {
      const text = writeJson(await readAccounts(world, draw, draw.holders));
      putAsPerson(sheet, draw, [...STATED, ...HOLDER_WORTH_NAMES], (whole, holder) =>
        putJsonStatement(whole, draw, { holder, text }),
      );
    },
  },
];

/** What `imo-ledger statement A B C` prints as JSON. */
export function putPersonStatement(sheet: FigureSheet, draw: Draw, text: string): void {
  putAsPerson(sheet, draw, STATED, (whole, holder) =>
    putJsonStatement(whole, draw, { holder, text }),
  );
}

function isOf({ token }: Draw, address: string): boolean {
  return address.toLowerCase() === token.address;
}

/** A person without a position has nothing. */
function putStanding(
  sheet: FigureSheet,
  draw: Draw,
  block: ReaderMoment['block'],
  standing: PersonPosition | undefined,
): void {
  const moment = atBlock(block);
  const balance = standing?.balance ?? '0';
  putOfPerson(sheet, draw, { moment, asset: TOKENS, name: 'balance' }, balance);
  for (const asset of draw.token.assets) {
    const owed = standing?.entitlements.find((one) => one.asset.toLowerCase() === asset);
    for (const name of HOLDER_FIGURES) {
      putOfPerson(sheet, draw, { moment, asset, name }, owed?.[name] ?? '0');
    }
  }
}

async function readSeries(
  world: ReaderWorld,
  draw: Draw,
  asset: string,
  sheet: FigureSheet,
): Promise<void> {
  const clock = new Clock(world.chain, world.head);
  const variables = { ...variablesOf(world, draw), holders: draw.holders };
  const { personSeries } = await ask<{
    personSeries: readonly (Omit<Owed, 'asset'> & {
      readonly to: string;
      readonly balance: string;
    })[];
  }>(world.url, personIn(asset), variables);
  const sums = new Sums();
  for (const step of personSeries) {
    sums.add('claimed', step.claimed);
    sums.add('redeemed', step.redeemed);
    const moment = await endOf(clock, draw, step.to);
    putOfPerson(sheet, draw, { moment, asset: TOKENS, name: 'balance' }, step.balance);
    for (const name of ['claimable', 'accruing', 'redeemable', 'expired'] as const) {
      putOfPerson(sheet, draw, { moment, asset, name }, step[name]);
    }
    for (const [name, sum] of sums.entries())
      putOfPerson(sheet, draw, { moment, asset, name }, sum);
  }
}
