import type { Address } from '../../../../src/address.js';
import { readConsistently } from '../../../../src/export/statement/read/consistentRead.js';
import { momentOf } from '../../../../src/export/statement/read/period.js';
import { readStatement } from '../../../../src/export/statement/read/readStatement.js';
import type { Statement } from '../../../../src/export/statement/read/statement.js';
import { writeCsv } from '../../../../src/export/statement/write/writeCsv.js';
import { writeJson } from '../../../../src/export/statement/write/writeJson.js';
import { writePdf } from '../../../../src/export/statement/write/writePdf.js';
import { writeText } from '../../../../src/export/statement/write/writeText.js';
import { pdfPages } from '../../../support/pdfText.js';
import type { Draw } from '../draw.js';
import { type FigureSheet, inWindow } from '../figures.js';
import { putCsvStatement } from '../statementCsv.js';
import { putJsonStatement } from '../statementJson.js';
import { POSITION_FIGURES, putPdfPositions, putTextPositions } from '../statementPositions.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';

/** Statements of the last draw: four formats show the same one. */
const read = new WeakMap<Draw, Promise<readonly Stated[]>>();

interface Stated {
  readonly holder: Address;
  readonly statement: Statement;
}

function statementsOf(world: ReaderWorld, draw: Draw): Promise<readonly Stated[]> {
  const known = read.get(draw);
  if (known !== undefined) return known;
  const statements = (async () => {
    const all: Stated[] = [];
    for (const holder of draw.holders) {
      all.push({ holder, statement: await readAccounts(world, draw, [holder]) });
    }
    return all;
  })();
  read.set(draw, statements);
  return statements;
}

/** The statement of some accounts as one, over the window of a draw. */
export function readAccounts(
  { databaseUrl }: ReaderWorld,
  { after, until, currency, token }: Draw,
  accounts: readonly Address[],
): Promise<Statement> {
  const request = {
    ...{ accounts, tokens: [token.address], chainId: null, currency },
    from: momentOf(after.begin, 'from'),
    to: until.end === null ? null : momentOf(until.end, 'to'),
  };
  return readConsistently(databaseUrl, (db) => readStatement(db, request));
}

function statementSurface(
  surface: string,
  names: readonly string[],
  put: (sheet: FigureSheet, draw: Draw, stated: Stated, world: ReaderWorld) => Promise<void> | void,
): Surface {
  return {
    surface,
    names,
    async read(world, draw, sheet) {
      for (const stated of await statementsOf(world, draw)) {
        await put(sheet, draw, stated, world);
      }
    },
  };
}

export const WHOLE_FIGURES = [
  ...POSITION_FIGURES,
  'share',
  'snapshot claimed',
  ...inWindow(['claimed', 'redeemed', 'tokens in', 'tokens out']),
] as const;

/** A statement from the start of the window to its end, of each holder, in four formats. */
export const statements: readonly Surface[] = [
  statementSurface('statement JSON', WHOLE_FIGURES, (sheet, draw, { holder, statement }) =>
    putJsonStatement(sheet, draw, { holder, text: writeJson(statement) }),
  ),
  statementSurface('statement CSV', WHOLE_FIGURES, (sheet, draw, { holder, statement }, world) =>
    putCsvStatement(sheet, draw, {
      holder,
      text: writeCsv(statement),
      coins: world.coins,
    }),
  ),
  statementSurface(
    'statement text',
    POSITION_FIGURES,
    (sheet, draw, { holder, statement }, world) =>
      putTextPositions(sheet, draw, {
        holder,
        text: writeText(statement),
        coins: world.coins,
      }),
  ),
  statementSurface(
    'statement PDF',
    POSITION_FIGURES,
    async (sheet, draw, { holder, statement }, world) =>
      putPdfPositions(sheet, draw, {
        holder,
        // Words are drawn one by one, with the spaces between them.
        text: pdfPages(await writePdf(statement))
          .join(' ')
          .replaceAll(/\s+/g, ' '),
        coins: world.coins,
      }),
  ),
];
