import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checksummed } from '../../src/address.js';
import type { RunningApi } from '../../src/api/server.js';
import { ask, startTestApi } from '../api/support.js';
import type { Books } from '../store/read/books.js';
import { ALICE, BOB, CAROL, openScenario, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase } from '../support/databases/postgres.js';

type Row = Record<string, unknown>;

/** The range of the dashboard; the scenario lives from 22:13 to 22:25. */
const RANGE = { from: '2023-11-14T21:30:00.000Z', to: '2023-11-14T23:30:00.000Z' };
const TOKEN_OF_THE_DOCUMENT = '0xe5018913F2fdf33971864804dDB5fcA25C539032';

/** Each recipe by its title: what stands before its query, and the query. */
const RECIPES = new Map(
  [
    ...readFileSync('docs/dashboards.md', 'utf8').matchAll(
      /\*\*([^*]+)\.\*\* ((?:(?!\*\*)[\s\S])*?)```graphql\n([\s\S]*?)```/g,
    ),
  ].map(([, title = '', settings = '', query = '']) => [title, { settings, query }]),
);
const [, VARIABLES = ''] =
  /```json\n([\s\S]*?)```/.exec(readFileSync('docs/dashboards.md', 'utf8')) ?? [];

let books: Books;
let api: RunningApi;

beforeAll(async () => {
  const url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url);
});
afterAll(async () => {
  await api.close();
  await books.close();
});

/** What Grafana puts in place of its variables. */
function interpolated(text: string): string {
  return text
    .replaceAll(/\$\{__from:date:iso\}/g, RANGE.from)
    .replaceAll(/\$\{__to:date:iso\}/g, RANGE.to)
    .replaceAll(TOKEN_OF_THE_DOCUMENT, WINDOWED);
}

function setting(settings: string, name: RegExp): string {
  const [, value] = new RegExp(`${name.source} \`([^\`]+)\``).exec(settings) ?? [];
  if (value === undefined) throw new Error(`no ${name} in: ${settings}`);
  return value;
}

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, key) => (part as Row)[key], value);

/** Fields of fields with their path, as the plugin names its columns. */
function flattened(row: Row, prefix = ''): Row {
  return Object.assign(
    {},
    ...Object.entries(row).map(([key, value]) =>
      typeof value === 'object' && value !== null
        ? flattened(value as Row, `${prefix}${key}.`)
        : { [`${prefix}${key}`]: value },
    ),
  );
}

async function rowsOf(title: string, pathName: RegExp, root: string): Promise<[string, Row[]]> {
  const { settings, query } = RECIPES.get(title) ?? { settings: '', query: '' };
  const isInfinity = root === '';
  const variables = isInfinity ? JSON.parse(interpolated(VARIABLES)) : {};
  const { data, errors } = await ask(api, interpolated(query), variables);
  expect(errors).toBeUndefined();
  const rows = at(isInfinity ? { data } : data, setting(settings, pathName));
  return [settings, rows as Row[]];
}

/** Rows as Infinity makes them: one for each thing below the root, one cell for each column. */
async function infinity(title: string): Promise<Row[]> {
  const [settings, rows] = await rowsOf(title, /Rows\/root/, '');
  const [, columns = ''] = /columns ([\s\S]*?); format/.exec(settings) ?? [];
  const names = [...columns.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  return rows.map((row) => Object.fromEntries(names.map((name) => [name, at(row, name)])));
}

const fifemon = async (title: string): Promise<Row[]> =>
  (await rowsOf(title, /Data path/, 'data'))[1].map((row) => flattened(row));

const isTimeOfGrafana = (text: unknown) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(text)) &&
  !Number.isNaN(Date.parse(String(text)));

describe('the recipes for Grafana', () => {
  test('are all here', () => {
    expect([...RECIPES.keys()]).toEqual([
      'Revenue by day',
      'Who can claim most now',
      'Revenue, hour by hour',
      'Snapshots as annotations',
    ]);
  });

  test('Infinity: revenue by day', async () => {
    const rows = await infinity('Revenue by day');
    expect(rows).toEqual([
      { from: '2023-11-14T00:00:00.000Z', source: 'UNKNOWN', 'amountWei.sum': '1651' },
    ]);
    expect(rows.every(({ from }) => isTimeOfGrafana(from))).toBe(true);
  });

  test('Infinity: who can claim most', async () => {
    const row = (address: string, balance: string, claimable: string) => ({
      address,
      balance,
      'entitlement.totalClaimableWei': claimable,
    });
    expect(await infinity('Who can claim most now')).toEqual([
      row(checksummed(ALICE), '40', '360'),
      row(checksummed(BOB), '40', '288'),
      row(checksummed(CAROL), '10', '42'),
    ]);
  });

  test('the GraphQL data source: revenue hour by hour', async () => {
    const rows = await fifemon('Revenue, hour by hour');
    expect(rows.every(({ Time }) => isTimeOfGrafana(Time))).toBe(true);
    expect(rows).toContainEqual({
      Time: '2023-11-14T23:00:00.000Z',
      token: checksummed(WINDOWED),
      'amountWei.sum': '1651',
    });
  });

  test('the GraphQL data source: snapshots as annotations', async () => {
    const rows = await fifemon('Snapshots as annotations');
    expect(rows.every(({ timestamp }) => isTimeOfGrafana(timestamp))).toBe(true);
    expect(rows.map(({ snapshotId, claimableWei }) => [snapshotId, claimableWei])).toEqual([
      [3, '420'],
      [2, '300'],
      [1, '600'],
    ]);
  });
});

interface Target {
  readonly url_options: {
    readonly body_graphql_query: string;
    readonly body_graphql_variables: string;
  };
  readonly root_selector: string;
  readonly columns: readonly { readonly selector: string; readonly type: string }[];
}

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly Target[] }[];
}

describe('examples/grafana/imo-ledger.json', () => {
  const { panels }: Dashboard = JSON.parse(
    readFileSync('examples/grafana/imo-ledger.json', 'utf8'),
  );
  const filled = (text: string) =>
    interpolated(text)
      .replaceAll(/\$\{token\}/g, WINDOWED)
      .replaceAll(/\$\{chain\}/g, '1');

  /** Whether Infinity can make a cell of this type out of a value; a field without a value stays empty. */
  const isOfType: Readonly<Record<string, (value: unknown) => boolean>> = {
    timestamp: isTimeOfGrafana,
    number: (value) => /^\d+$/.test(String(value)),
    string: (value) => typeof value === 'string',
  };

  test.each(panels)('$title: every column has values of its type', async ({ targets }) => {
    for (const { url_options, root_selector, columns } of targets) {
      const { body_graphql_query, body_graphql_variables } = url_options;
      const variables = JSON.parse(filled(body_graphql_variables));
      const { data, errors } = await ask(api, body_graphql_query, variables);
      expect(errors).toBeUndefined();
      const rows = at({ data }, root_selector) as Row[];
      expect(rows.length).toBeGreaterThan(0);
      for (const { selector, type } of columns) {
        const values = rows.map((row) => at(row, selector)).filter((value) => value !== null);
        expect({ selector, isRight: values.every((value) => isOfType[type]?.(value)) }).toEqual({
          selector,
          isRight: true,
        });
      }
    }
  });
});

describe('examples/defillama/imo-ledger.mjs', () => {
  test('answers with the revenue of a time, and refuses a time that is not indexed to its end', async () => {
    vi.stubEnv('IMO_LEDGER_API', api.url);
    vi.stubEnv('IMO_LEDGER_TOKEN', WINDOWED);
    const path = '../../examples/defillama/imo-ledger.mjs';
    const { default: example } = await import(path);
    vi.unstubAllEnvs();
    const { fetch: fetchRevenue } = example.adapter.ethereum;
    const revenueUntil = async (endTimestamp: number) => {
      const sums: string[] = [];
      const createBalances = () => ({ addGasToken: (sum: string) => void sums.push(sum) });
      await fetchRevenue({ startTimestamp: 1_700_000_000, endTimestamp, createBalances });
      return sums;
    };
    const timeOfBlock = (block: number) => 1_700_000_000 + 12 * block;
    expect(await revenueUntil(timeOfBlock(40))).toEqual(['1500']);
    expect(await revenueUntil(timeOfBlock(41))).toEqual(['1601']);
    await expect(revenueUntil(timeOfBlock(56))).rejects.toThrow('not indexed');
  });
});
