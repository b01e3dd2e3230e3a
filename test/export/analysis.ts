import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATASETS } from '../../src/export/catalogue.js';
import { openExport } from '../../src/export/request/openExport.js';
import { parseExportRequest } from '../../src/export/request/request.js';
import { writeParquet } from '../../src/export/write/parquet.js';
import { allocationOf, costBasisOf, refundOf } from '../../src/ledger/sales/sale.js';
import { readParticipationPage } from '../../src/store/read/sales/participationPage.js';
import { readSales } from '../../src/store/read/sales/sales.js';
import { readSaleVersions } from '../../src/store/read/sales/saleVersions.js';
import type { IndexedStory } from '../prove/story.js';
import { lookAtAccounts } from '../support/programs/lookAtAccounts.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { ANSWERS } from './analysisAnswers.js';
import { exportRows, exportText } from './support.js';

const FILE = 'docs/analysis.md';
const BEGINS = '<!-- questions begin -->\n';
const ENDS = '<!-- questions end -->';

/**
 * The questions of docs/analysis.md, asked of the exports of the story. It is part of a test file
 * that has the story: to build and index it takes longer than all questions.
 */
export function describeAnalysis(theStory: () => IndexedStory): void {
  describe('docs/analysis.md', () => {
    let story: IndexedStory;
    let folder: string;
    let duckdb: DuckDBConnection;

    beforeAll(async () => {
      story = theStory();
      expect(await lookAtAccounts(story.anvil, story.databaseUrl)).toEqual([]);
      folder = await temporaryFolder();
      for (const { name, needsHolder } of DATASETS) {
        if (needsHolder) continue;
        const request = parseExportRequest(name, { format: 'parquet' });
        const exported = await openExport(request, {
          databaseUrl: story.databaseUrl,
          withinMs: 60_000,
        });
        await writeParquet(exported, join(folder, `${name}.parquet`));
        await exported.close();
        const { content } = await exportText(story.databaseUrl, name);
        writeFileSync(join(folder, `${name}.csv`), content);
      }
      duckdb = await (await DuckDBInstance.create(':memory:')).connect();
      await duckdb.run(`SET file_search_path = '${folder}'`);
    });
    afterAll(() => duckdb.closeSync());

    type Cells = Record<string, unknown>;

    async function ask(sql: string): Promise<Cells[]> {
      const reader = await duckdb.runAndReadAll(sql);
      return reader.getRowObjectsJson() as Cells[];
    }

    function table(rows: readonly Cells[]): string {
      const names = Object.keys(rows[0] ?? {});
      const lines = rows.map((row) => `| ${names.map((name) => String(row[name])).join(' | ')} |`);
      return [`| ${names.join(' | ')} |`, `|${'---|'.repeat(names.length)}`, ...lines, ''].join(
        '\n',
      );
    }

    /** Each question with its answer below it, as the document has it. */
    async function renderQuestions(text: string, asCsv = false): Promise<string> {
      const sections = text.split(/^(?=## )/m);
      const rendered = await Promise.all(
        sections.map(async (section) => {
          const [question = ''] = /^[\s\S]*?```sql\n[\s\S]*?```\n/.exec(section) ?? [];
          const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(question) ?? [];
          const asked = asCsv ? sql.replaceAll(/'([\w-]+)\.parquet'/g, "csv('$1.csv')") : sql;
          return `${question}\n${table(await ask(asked))}\n`;
        }),
      );
      return `${rendered.join('').trimEnd()}\n`;
    }

    async function figures(sql: string): Promise<Cells[]> {
      return (await story.pool.query<Cells>(sql)).rows;
    }

    it('every question of docs/analysis.md has the answer below it', async () => {
      const text = readFileSync(FILE, 'utf8');
      const begin = text.indexOf(BEGINS) + BEGINS.length;
      const end = text.indexOf(ENDS);
      const written = text.slice(begin, end);
      expect(written.match(/```sql/g)).toHaveLength(21);
      const rendered = await renderQuestions(written);
      if (process.env.UPDATE_DOCS === '1') {
        writeFileSync(FILE, text.slice(0, begin) + rendered + text.slice(end));
        return;
      }
      expect(written).toBe(rendered);
    });

    it('every question has the same answer from CSV, by the macro of the page', async () => {
      const text = readFileSync(FILE, 'utf8');
      const [, macro = ''] = /```sql\n(CREATE MACRO[\s\S]*?)```/.exec(text) ?? [];
      await duckdb.run(macro);
      const written = text.slice(text.indexOf(BEGINS) + BEGINS.length, text.indexOf(ENDS));
      expect(await renderQuestions(written, true)).toBe(written);
    });

    const question = (number: number) => {
      const text = readFileSync(FILE, 'utf8');
      const [, sql = ''] =
        new RegExp(`## ${number}\\. [\\s\\S]*?\`\`\`sql\\n([\\s\\S]*?)\`\`\``).exec(text) ?? [];
      return ask(sql);
    };

    describe('the answers are those of the database', () => {
      it.each(ANSWERS)('question $question', async ({ question: number, sql }) => {
        const texts = (all: Cells[]) =>
          all.map((row) =>
            Object.fromEntries(Object.entries(row).map(([key, cell]) => [key, String(cell)])),
          );
        const expected = texts(await figures(sql));
        expect(expected.length).toBeGreaterThan(0);
        const answered = texts(await question(number));
        expect(answered).toHaveLength(expected.length);
        expect(answered).toMatchObject(expected);
      });

      it('what snapshots assigned is what the token assigned, less what rounding leaves', async () => {
        const assigned = await figures(
          `SELECT claimable_wei AS claimable FROM snapshot s JOIN token t ON t.number = s.token_number
           ORDER BY t.address, snapshot_id`,
        );
        const rows = await question(15);
        expect(rows).toHaveLength(assigned.length);
        for (const [index, row] of rows.entries()) {
          const left = BigInt(String(assigned[index]?.claimable)) - BigInt(String(row.assigned));
          expect(left).toBeGreaterThanOrEqual(0n);
          expect(left).toBeLessThan(100n);
        }
      });

      it('what sales cost is the sum over those who take part', async () => {
        const rows = await exportRows(story.databaseUrl, 'participations');
        for (const { sale, paid, tokens, buyers } of await question(18)) {
          const own = rows.filter((row) => row.sale === sale);
          const sum = (name: string) =>
            String(own.reduce((all, row) => all + BigInt(row[name]), 0n));
          expect({ paid, tokens }).toEqual({ paid: sum('cost_paid'), tokens: sum('cost_tokens') });
          expect(Number(buyers)).toBe(own.filter((row) => row.cost_tokens !== '0').length);
        }
      });

      it("the balances of tokens equal the chain's", async () => {
        const rows = await question(10);
        expect(rows.map(({ all_accounts: sum }) => sum)).toEqual(['0', '0', '0']);
        let held = 0n;
        for (const { address } of story.offering.tokens) {
          held += BigInt(await story.anvil.rpc.call<string>('eth_getBalance', [address, 'latest']));
        }
        expect(rows.find(({ contract_kind: kind }) => kind === 'token')?.held).toBe(String(held));
      });
    });

    it('numbers of any size can be summed in three parts', async () => {
      const [, after = ''] = readFileSync(FILE, 'utf8').split(ENDS);
      const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(after) ?? [];
      const [sums] = await ask(sql);
      const parts = ['high', 'middle', 'low'].map((name) => BigInt(String(sums?.[name])));
      const [whole] = await figures('SELECT sum(balance) AS sum FROM holder');
      expect(parts.reduce((sum, part) => sum * 10n ** 26n + part, 0n)).toBe(
        BigInt(String(whole?.sum)),
      );
    });

    describe('the market of the story', () => {
      it('has the participations of the ledger', async () => {
        const rows = await exportRows(story.databaseUrl, 'participations');
        const block = story.offering.lastBlock;
        const sales = await readSales(story.pool);
        const versions = await readSaleVersions(
          story.pool,
          sales.map(({ number }) => ({ saleNumber: number, block })),
        );
        const { rows: records } = await readParticipationPage(
          story.pool,
          {
            owners: sales.map(({ number }) => ({ number, block })),
            account: null,
            isByFigure: false,
            direction: 'ASC',
          },
          { limit: 10_000, isBackward: false, after: null, before: null },
        );
        expect(rows.length).toBe(records.length);
        expect(rows.length).toBeGreaterThan(20);
        for (const [index, { saleNumber, participant, participation }] of records.entries()) {
          const at = sales.findIndex(({ number }) => number === saleNumber);
          const { terms } = sales[at] ?? { terms: null };
          const state = versions[at]?.state;
          if (state === undefined) throw new Error(`sale ${saleNumber} has no version`);
          const allocated = allocationOf(terms, state, participation);
          const { paid, got, isFinal } = costBasisOf(terms, state, participation);
          expect(rows[index]).toMatchObject({
            participant,
            deposited: String(participation.deposited),
            allocated: String(allocated),
            claimable: String(allocated - participation.sold - participation.claimed),
            refundable: String(refundOf(terms, state, participation) - participation.refunded),
            cost_paid: String(paid),
            cost_tokens: String(got),
            is_cost_final: isFinal,
          });
        }
      });

      it('has every request with the token that earned by it, and every mint', async () => {
        const requests = await exportRows(story.databaseUrl, 'oracle-requests');
        const [count] = await figures('SELECT count(*)::int AS n FROM oracle_request');
        expect(requests.length).toBe(count?.n);
        const tokens = new Set(story.offering.tokens.map(({ address }) => address.toLowerCase()));
        for (const { token, receiver } of requests) {
          expect(token).toBe(tokens.has(receiver) ? receiver : null);
        }
        const mints = await exportRows(story.databaseUrl, 'mints');
        const [paid] = await figures(
          `SELECT count(*)::int AS n, sum(paid_wei)::text AS paid,
         (SELECT sum(amount_wei)::text FROM mint_revenue WHERE payment_id IS NOT NULL) AS revenue
       FROM mint_payment`,
        );
        const sum = (name: string) => mints.reduce((all, row) => all + BigInt(row[name]), 0n);
        expect(mints.length).toBe(paid?.n);
        expect(String(sum('paid'))).toBe(paid?.paid);
        expect(String(sum('revenue') + sum('beside_revenue'))).toBe(paid?.revenue);
      });

      it('fees of a token are its revenue and what its models accrued', async () => {
        const fees = await exportRows(story.databaseUrl, 'fees');
        const [expected] = await figures(
          `SELECT (SELECT sum(amount_wei) FROM receipt WHERE source <> 'oracle')
         + (SELECT sum(q.receiver_part) FROM oracle_request q WHERE asset = 'native') AS holders`,
        );
        const sum = (name: string) => fees.reduce((all, row) => all + BigInt(row[name]), 0n);
        const requests = await exportRows(story.databaseUrl, 'oracle-requests');
        const elsewhere = requests
          .filter(({ token }) => token === null)
          .reduce((all, row) => all + BigInt(row.receiver_part), 0n);
        expect(sum('daily_holders_revenue')).toBe(BigInt(String(expected?.holders)) - elsewhere);
        expect(sum('daily_fees')).toBe(sum('daily_revenue') + sum('daily_supply_side_revenue'));
      });

      it.each(['oracle-requests', 'mints', 'participations', 'fees'])(
        '%s continues',
        async (name) => {
          const all = await exportRows(story.databaseUrl, name);
          const { resume } = (await exportText(story.databaseUrl, name)).manifest;
          const half = Math.floor(all.length / 2);
          const cursor = all[half - 1]?.row_id;
          expect(
            await exportRows(story.databaseUrl, name, { cursor, resume: resume ?? '' }),
          ).toEqual(all.slice(half));
        },
      );
    });

    describe('tax layouts', () => {
      const HEADERS = {
        koinly:
          'Date,Sent Amount,Sent Currency,Received Amount,Received Currency,Fee Amount,Fee Currency,Net Worth Amount,Net Worth Currency,Label,Description,TxHash',
        cointracking:
          'Type,Buy Amount,Buy Currency,Sell Amount,Sell Currency,Fee,Fee Currency,Exchange,Trade-Group,Comment,Date,Liquidity pool (optional),Tx-ID (optional)',
      };

      /** A decimal number of whole coins in units of 10^-18. */
      const units = (text: string | null): bigint => {
        const [whole = '0', part = ''] = (text ?? '0').split('.');
        return BigInt(whole + part.padEnd(18, '0'));
      };

      it.each(Object.entries(HEADERS))(
        '%s has the columns of its program',
        async (name, header) => {
          const [burner] = await figures(
            `SELECT '0x' || encode(holder, 'hex') AS holder FROM redemption ORDER BY id LIMIT 1`,
          );
          const holder = String(burner?.holder);
          const { content } = await exportText(story.databaseUrl, name, { holder });
          expect(content.split('\n')[0]).toBe(header);
          expect(content.split('\n').length).toBeGreaterThan(5);
        },
      );

      it('coins in less coins out are what each holder has, and revenue is what it was paid', async () => {
        const holders = await exportRows(story.databaseUrl, 'holders');
        const symbols = new Map(
          story.offering.tokens.map(({ address, symbol }) => [address.toLowerCase(), symbol]),
        );
        const accounts = [...new Set(holders.map(({ holder }) => String(holder)))];
        const participations = (await exportRows(story.databaseUrl, 'participations')).filter(
          (row) => row.sale_kind !== 'launchpad',
        );
        let trades = 0;
        for (const holder of accounts.slice(0, 12)) {
          const rows = await exportRows(story.databaseUrl, 'koinly', { holder });
          for (const position of holders.filter((row) => row.holder === holder)) {
            const symbol = symbols.get(position.token);
            let balance = 0n;
            for (const row of rows) {
              if (row['Received Currency'] === symbol) balance += units(row['Received Amount']);
              if (row['Sent Currency'] === symbol) balance -= units(row['Sent Amount']);
            }
            // Bought tokens count from the purchase on, also before their delivery.
            const bought = participations
              .filter((row) => row.participant === holder && row.token === position.token)
              .reduce((sum, row) => sum + BigInt(row.claimable), 0n);
            const owned = BigInt(position.balance) + bought;
            expect([holder, symbol, balance]).toEqual([holder, symbol, owned]);
          }
          const income = rows
            .filter(({ Label }) => Label === 'income')
            .reduce((sum, row) => sum + units(row['Received Amount']), 0n);
          const burned = rows.filter((row) => String(row.Description).startsWith('burned'));
          trades += burned.length;
          const paid = (name: string) =>
            holders
              .filter((row) => row.holder === holder)
              .reduce((sum, row) => sum + BigInt(row[name]), 0n);
          expect(income).toBe(paid('claimed'));
          expect(burned.reduce((sum, row) => sum + units(row['Received Amount']), 0n)).toBe(
            paid('redeemed'),
          );
          for (const row of burned) expect(row['Sent Amount']).toMatch(/^\d+(\.\d+)?$/);
        }
        expect(trades).toBeGreaterThan(0);
      });
    });
  });
}
