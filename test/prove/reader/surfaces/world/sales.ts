import type { Address } from '../../../../../src/address.js';
import { ask, askRows } from '../../answers.js';
import type { Draw } from '../../draw.js';
import { duckRows } from '../../duckRows.js';
import type { ExportedCells } from '../../exportFigures.js';
import { type FigureSheet, NATIVE } from '../../figures.js';
import { atBlock, Sums, TOKENS } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import { viewCall, viewsOf } from '../../viewCalls.js';
import type { ReaderWorld } from '../../world.js';
import { exportedRows, writeFileOf } from '../exportFiles.js';

/** Of an account in a sale, in units of the asset that the sale raises, or of the token that it sells. */
const RAISED = ['deposited', 'refunded', 'sale proceeds'] as const;
const GOT = ['allocated', 'tokens paid out', 'tokens sold back'] as const;
const CLAIMS = ['tokens to claim', 'to refund', 'cost paid', 'cost tokens'] as const;
/** What is the sum of entries of one kind, or of some. */
const OF_ENTRIES = [...RAISED, 'tokens sold back'] as const;

interface Part {
  readonly sale: { readonly address: string; readonly raiseAsset: string | null };
  readonly participant: string;
  readonly deposited: string;
  readonly refunded: string;
  readonly proceeds: string;
  readonly allocated: string;
  readonly claimed: string;
  readonly sold: string;
  readonly claimable: string;
  readonly refundable: string;
  readonly costBasis: { readonly paid: string; readonly got: string };
}

const FIGURES = `deposited refunded proceeds allocated claimed sold claimable refundable
  costBasis { paid got } sale { address raiseAsset }`;
const PARTICIPATIONS = `query ($chainId: SafeInt!, $at: AtInput, $first: Int, $after: String) {
  rows: participations(filter: { chainId: $chainId }, at: $at, first: $first, after: $after) {
    nodes { participant ${FIGURES} } pageInfo { hasNextPage endCursor } } }`;
const PERSON = `query ($chainId: SafeInt!, $holders: [Address!]!, $at: AtInput) {
  person(chainId: $chainId, holders: $holders, at: $at) { participations { ${FIGURES} } } }`;

/** Persons of one account that are asked in a draw. */
const PERSONS_AT_MOST = 4;

type Named = Readonly<Record<string, string | bigint>>;

function put(
  sheet: FigureSheet,
  { until }: Draw,
  of: { readonly sale: string; readonly participant: string; readonly raise: string },
  values: Named,
): void {
  const subject = `${of.participant.toLowerCase()} in sale ${of.sale.toLowerCase()}`;
  for (const [name, value] of Object.entries(values)) {
    const isOfTokens = [...GOT, 'tokens to claim', 'cost tokens'].includes(name);
    const asset = isOfTokens ? TOKENS : of.raise.toLowerCase();
    sheet.put({ subject, moment: atBlock(until.block), name, asset }, value);
  }
}

function putPart(
  sheet: FigureSheet,
  draw: Draw,
  participant: string,
  part: Omit<Part, 'participant'>,
) {
  const { address: sale, raiseAsset } = part.sale;
  put(
    sheet,
    draw,
    { sale, participant, raise: raiseAsset ?? NATIVE },
    {
      deposited: part.deposited,
      refunded: part.refunded,
      'sale proceeds': part.proceeds,
      allocated: part.allocated,
      'tokens paid out': part.claimed,
      'tokens sold back': part.sold,
      'tokens to claim': part.claimable,
      'to refund': part.refundable,
      'cost paid': part.costBasis.paid,
      'cost tokens': part.costBasis.got,
    },
  );
}

const lists = new WeakMap<Draw, Promise<Part[]>>();

/** Everybody in every sale of the world, at the end of the window. */
function partsOf({ url, chain: { chainId } }: ReaderWorld, draw: Draw): Promise<Part[]> {
  const known = lists.get(draw);
  if (known !== undefined) return known;
  const { at } = draw.until;
  const reading = askRows<Part>(url, PARTICIPATIONS, { chainId, ...(at === null ? {} : { at }) });
  lists.set(draw, reading);
  return reading;
}

const ALL = [...RAISED, ...GOT, ...CLAIMS] as const;

/** Views of sales of which each returns one figure of an account. */
const VIEWS = [
  ['paidFor', 'deposited'],
  ['boughtBy', 'allocated'],
  ['depositOf', 'deposited'],
  ['claimedOf', 'tokens paid out'],
  ['refundedOf', 'refunded'],
  ['allocationOf', 'allocated'],
  ['redeemedShares', 'tokens paid out'],
] as const;

/** Participations in sales, of everybody. */
export const saleSurfaces: readonly Surface[] = [
  {
    surface: 'GraphQL participations',
    names: ALL,
    async read(world, draw, sheet) {
      for (const part of await partsOf(world, draw)) putPart(sheet, draw, part.participant, part);
    },
  },
  {
    surface: 'GraphQL person in sales',
    names: ALL,
    async read(world, draw, sheet) {
      const { at } = draw.until;
      const parts = await partsOf(world, draw);
      const names = [...new Set(parts.map(({ participant }) => participant))];
      for (const participant of names.slice(0, PERSONS_AT_MOST)) {
        const { chainId } = world.chain;
        const variables = { chainId, holders: [participant], ...(at === null ? {} : { at }) };
        const { person } = await ask<{ person: { participations: readonly Part[] } }>(
          world.url,
          PERSON,
          variables,
        );
        for (const part of person.participations) putPart(sheet, draw, participant, part);
      }
    },
  },
  {
    surface: 'participations export',
    names: ALL,
    async read(world, draw, sheet) {
      const rows = await exportedRows(world, 'participations', { at: draw.until.end ?? undefined });
      for (const row of rows) {
        const cell = (name: string) => row[name] ?? '';
        const of = {
          sale: cell('sale'),
          participant: cell('participant'),
          raise: cell('raise_asset'),
        };
        put(sheet, draw, of, {
          deposited: cell('deposited'),
          refunded: cell('refunded'),
          'sale proceeds': cell('proceeds'),
          allocated: cell('allocated'),
          'tokens paid out': cell('claimed'),
          'tokens sold back': cell('sold'),
          'tokens to claim': cell('claimable'),
          'to refund': cell('refundable'),
          'cost paid': cell('cost_paid'),
          'cost tokens': cell('cost_tokens'),
        });
      }
    },
  },
  {
    surface: 'DuckDB over sale entries',
    names: OF_ENTRIES,
    async read(world, draw, sheet) {
      const options = { to: draw.until.end ?? undefined, format: 'parquet' };
      const file = await writeFileOf(world, 'sale-entries', options);
      const rows = await duckRows(
        `SELECT sale, participant, raise_asset, kind, sum(raise_amount::HUGEINT)::VARCHAR AS raised,
           sum(token_amount::HUGEINT)::VARCHAR AS tokens
         FROM read_parquet($file) WHERE participant IS NOT NULL GROUP BY ALL`,
        { file },
      );
      putEntrySums(sheet, draw, rows);
    },
  },
  {
    surface: 'sale contracts',
    names: ['deposited', 'allocated', 'tokens paid out', 'refunded'],
    async read(world, draw, sheet) {
      const { block } = draw.until;
      const asked = (await partsOf(world, draw)).flatMap(({ participant, sale }) =>
        VIEWS.map(([view, name]) => ({ participant, sale, name, view })),
      );
      const calls = asked.map(({ participant, sale, view }) =>
        viewCall(sale.address as Address, view, [participant as Address]),
      );
      const answers = await viewsOf(world.chain, block, calls);
      for (const [place, { participant, sale, name }] of asked.entries()) {
        const answer = answers[place] ?? null;
        if (answer === null) continue;
        const of = { sale: sale.address, participant, raise: sale.raiseAsset ?? NATIVE };
        put(sheet, draw, of, { [name]: answer });
      }
    },
  },
];

function putEntrySums(sheet: FigureSheet, draw: Draw, rows: readonly ExportedCells[]): void {
  const parts = new Map<string, { of: Parameters<typeof put>[2]; sums: Sums }>();
  for (const row of rows) {
    const [sale = '', participant = ''] = [row.sale ?? '', row.participant ?? ''];
    const key = `${sale} ${participant}`;
    const of = { sale, participant, raise: row.raise_asset ?? '' };
    const part = parts.get(key) ?? { of, sums: new Sums(OF_ENTRIES) };
    parts.set(key, part);
    if (row.kind === 'deposit' || row.kind === 'purchase')
      part.sums.add('deposited', row.raised ?? '');
    if (row.kind === 'refund') part.sums.add('refunded', row.raised ?? '');
    if (row.kind === 'sell') {
      part.sums.add('sale proceeds', row.raised ?? '');
      part.sums.add('tokens sold back', row.tokens ?? '');
    }
  }
  for (const { of, sums } of parts.values())
    put(sheet, draw, of, Object.fromEntries(sums.entries()));
}
