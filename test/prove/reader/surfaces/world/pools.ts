import type { Address } from '../../../../../src/address.js';
import { readConsistently } from '../../../../../src/export/statement/read/consistentRead.js';
import { momentOf } from '../../../../../src/export/statement/read/period.js';
import { readStatement } from '../../../../../src/export/statement/read/readStatement.js';
import { writeJson } from '../../../../../src/export/statement/write/writeJson.js';
import { ask, askRows } from '../../answers.js';
import type { Draw } from '../../draw.js';
import { duckRows } from '../../duckRows.js';
import { type FigureSheet, NATIVE } from '../../figures.js';
import { atBlock } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import { viewCall, viewsOf } from '../../viewCalls.js';
import type { ReaderWorld } from '../../world.js';
import { writeFileOf } from '../exportFiles.js';

const AMOUNTS = ['through claimable', 'through claimed', 'through expired'] as const;
const ACCRUING = 'through accruing';
const SHARES = ['through shares', 'shares of all'] as const;
const OF_PERSON = [...AMOUNTS, ACCRUING].map((name) => `${name} of a person`);
/** Of a draw. */
const DEPOSITORS_AT_MOST = 4;

const FIGURES = `through { asset path { address } shares totalShares
  totalClaimableWei claimedWei expiredWei accruingWei }`;
const DEPOSITORS = `query ($chainId: SafeInt!, $at: AtInput, $first: Int, $after: String) {
  rows: poolShares(filter: { chainId: $chainId }, at: $at, first: $first, after: $after) {
    nodes { depositor shares totalShares pool { address kind } } pageInfo { hasNextPage endCursor } } }`;
const HOLDER = `query ($chainId: SafeInt!, $address: Address!, $at: AtInput) {
  holder(chainId: $chainId, address: $address, at: $at) { ${FIGURES} } }`;
const PERSON = `query ($chainId: SafeInt!, $holders: [Address!]!, $at: AtInput) {
  person(chainId: $chainId, holders: $holders, at: $at) { ${FIGURES} } }`;

interface Way {
  readonly asset: string;
  readonly path: readonly { readonly address: string }[];
  readonly shares: string;
  readonly totalShares: string;
  readonly totalClaimableWei: string;
  readonly claimedWei: string;
  readonly expiredWei: string;
  readonly accruingWei: string;
}

interface Share {
  readonly depositor: string;
  readonly shares: string;
  readonly totalShares: string;
  readonly pool: { readonly address: string; readonly kind: string };
}

const shares = new WeakMap<Draw, Promise<Share[]>>();

function sharesOf({ url, chain: { chainId } }: ReaderWorld, draw: Draw): Promise<Share[]> {
  const known = shares.get(draw);
  if (known !== undefined) return known;
  const { at } = draw.until;
  const reading = askRows<Share>(url, DEPOSITORS, { chainId, ...(at === null ? {} : { at }) });
  shares.set(draw, reading);
  return reading;
}

/** Depositors of pools, none of them a pool. */
async function depositorsOf(world: ReaderWorld, draw: Draw): Promise<Address[]> {
  const rows = await sharesOf(world, draw);
  const pools = new Set(rows.map(({ pool }) => pool.address));
  const names = new Set(rows.map(({ depositor }) => depositor));
  const people = [...names].filter((name) => !pools.has(name));
  return people.slice(0, DEPOSITORS_AT_MOST).map((name) => name.toLowerCase() as Address);
}

function put(
  sheet: FigureSheet,
  draw: Draw,
  of: { readonly account: string; readonly path: readonly string[]; readonly asset: string },
  values: Readonly<Record<string, string | bigint>>,
): void {
  const subject = `${of.account.toLowerCase()} through ${of.path.join('/').toLowerCase()}`;
  const asset = of.asset.toLowerCase();
  for (const [name, value] of Object.entries(values)) {
    sheet.put({ subject, moment: atBlock(draw.until.block), name, asset }, value);
  }
}

function putWay(sheet: FigureSheet, draw: Draw, account: string, way: Way): void {
  const path = way.path.map(({ address }) => address);
  const { [ACCRUING]: _, ...amounts } = amountsOf(way);
  put(sheet, draw, { account, path, asset: way.asset }, amounts);
  const [pool = ''] = path.slice(-1);
  putShares(sheet, draw, account, pool, way);
}

function amountsOf(way: Way): Readonly<Record<string, string>> {
  return {
    'through claimable': way.totalClaimableWei,
    'through claimed': way.claimedWei,
    'through expired': way.expiredWei,
    [ACCRUING]: way.accruingWei,
  };
}

function putShares(
  sheet: FigureSheet,
  draw: Draw,
  account: string,
  pool: string,
  of: { readonly shares: string | bigint; readonly totalShares: string | bigint },
): void {
  const values = { 'through shares': of.shares, 'shares of all': of.totalShares };
  put(sheet, draw, { account, path: [pool], asset: 'shares' }, values);
}

/** A way of all accounts together. */
function putOfPerson(
  sheet: FigureSheet,
  draw: Draw,
  accounts: readonly string[],
  of: { readonly path: readonly string[]; readonly asset: string },
  amounts: Readonly<Record<string, string | bigint>>,
): void {
  const account = accounts.toSorted().join(' and ');
  const values = Object.entries(amounts).map(([name, value]) => [`${name} of a person`, value]);
  put(sheet, draw, { account, ...of }, Object.fromEntries(values));
}

/** What depositors of pools are owed through them, each alone and all as one person. */
export const poolSurfaces: readonly Surface[] = [
  {
    surface: 'GraphQL through pools',
    names: [...AMOUNTS, ...SHARES, ...OF_PERSON],
    async read(world, draw, sheet) {
      const { chainId } = world.chain;
      const { at } = draw.until;
      const moment = at === null ? {} : { at };
      const accounts = await depositorsOf(world, draw);
      const sums = new Map<
        string,
        { of: { path: string[]; asset: string }; sums: Map<string, bigint> }
      >();
      for (const address of accounts) {
        const variables = { chainId, address, ...moment };
        const { holder } = await ask<{ holder: { through: readonly Way[] } }>(
          world.url,
          HOLDER,
          variables,
        );
        for (const way of holder.through) {
          putWay(sheet, draw, address, way);
          const path = way.path.map((pool) => pool.address);
          const key = `${path.join('/')} ${way.asset}`;
          const known = sums.get(key) ?? { of: { path, asset: way.asset }, sums: new Map() };
          for (const [name, value] of Object.entries(amountsOf(way))) {
            known.sums.set(name, (known.sums.get(name) ?? 0n) + BigInt(value));
          }
          sums.set(key, known);
        }
      }
      for (const { of, sums: amounts } of sums.values()) {
        putOfPerson(sheet, draw, accounts, of, Object.fromEntries(amounts));
      }
    },
  },
  {
    surface: 'GraphQL person through pools',
    names: OF_PERSON,
    async read(world, draw, sheet) {
      const { at } = draw.until;
      const holders = await depositorsOf(world, draw);
      if (holders.length === 0) return;
      const { chainId } = world.chain;
      const variables = { chainId, holders, ...(at === null ? {} : { at }) };
      const { person } = await ask<{ person: { through: readonly Way[] } }>(
        world.url,
        PERSON,
        variables,
      );
      for (const way of person.through) {
        const path = way.path.map(({ address }) => address);
        putOfPerson(sheet, draw, holders, { path, asset: way.asset }, amountsOf(way));
      }
    },
  },
  {
    surface: 'statement through pools',
    names: OF_PERSON,
    async read(world, draw, sheet) {
      const accounts = await depositorsOf(world, draw);
      if (accounts.length === 0) return;
      const { end } = draw.until;
      const to = end === null ? null : momentOf(end, 'to');
      const request = { accounts, tokens: [], chainId: null, from: null, to };
      const statement = await readConsistently(world.databaseUrl, (db) =>
        readStatement(db, request),
      );
      const { through = [] } = JSON.parse(writeJson(statement)) as {
        through?: readonly {
          readonly path: readonly string[];
          readonly asset: string;
          readonly claimable: string;
          readonly claimed: string;
          readonly expired: string;
          readonly accruing: string;
        }[];
      };
      for (const { path, asset, ...way } of through) {
        putOfPerson(
          sheet,
          draw,
          accounts,
          { path, asset },
          {
            'through claimable': way.claimable,
            'through claimed': way.claimed,
            'through expired': way.expired,
            [ACCRUING]: way.accruing,
          },
        );
      }
    },
  },
  {
    surface: 'DuckDB over through',
    names: AMOUNTS,
    async read(world, draw, sheet) {
      const options = { at: draw.until.end ?? undefined, format: 'parquet' };
      const file = await writeFileOf(world, 'through', options);
      const rows = await duckRows(
        `SELECT through, depositor, asset, sum(claimable::HUGEINT)::VARCHAR AS claimable,
           sum(claimed::HUGEINT)::VARCHAR AS claimed,
           coalesce(sum(share::HUGEINT) FILTER (state = 'EXPIRED'), 0)::VARCHAR AS expired
         FROM read_parquet($file) WHERE part = 'DEPOSITOR' GROUP BY ALL`,
        { file },
      );
      for (const { through, depositor, asset, claimable, claimed, expired } of rows) {
        const of = {
          account: depositor ?? '',
          path: (through ?? '').split('/'),
          asset: asset ?? NATIVE,
        };
        put(sheet, draw, of, {
          'through claimable': claimable ?? '',
          'through claimed': claimed ?? '',
          'through expired': expired ?? '',
        });
      }
    },
  },
  {
    surface: 'pool contracts',
    names: SHARES,
    async read({ chain, ...world }, draw, sheet) {
      const rows = await sharesOf({ chain, ...world }, draw);
      const calls = rows.flatMap(({ depositor, pool }) =>
        VIEWS.flatMap(([own, all]) => [
          viewCall(pool.address as Address, own, [depositor as Address]),
          viewCall(pool.address as Address, all, []),
        ]),
      );
      const answers = await viewsOf(chain, draw.until.block, calls);
      for (const [row, { depositor, pool }] of rows.entries()) {
        for (const place of VIEWS.keys()) {
          const first = (row * VIEWS.length + place) * 2;
          const [own = null, all = null] = answers.slice(first, first + 2);
          if (own === null || all === null) continue;
          const said = { shares: own, totalShares: all };
          putShares(sheet, draw, depositor, pool.address, said);
        }
      }
    },
  },
  {
    surface: 'GraphQL shares of pools',
    names: SHARES,
    async read(world, draw, sheet) {
      for (const { depositor, pool, ...of } of await sharesOf(world, draw)) {
        putShares(sheet, draw, depositor, pool.address, of);
      }
    },
  },
];

/** Shares of one depositor and of all: of pools whose shares are tokens, and of those of a mapping. */
const VIEWS = [
  ['balanceOf', 'totalSupply'],
  ['weightOf', 'totalWeight'],
] as const;
