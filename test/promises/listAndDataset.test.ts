import './listAndDatasetToys.js';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';
import { renderDictionary } from '../../src/export/dictionary.js';
import { askData, startTestApi } from '../api/support.js';
import { exportText } from '../export/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { query } from '../support/query.js';
import { FILLED_ADDRESS, fillEveryTable } from '../support/scenes/manyRows.js';
import { CHANGED } from './listAndDatasetToys.js';
import { VOTE_LIST } from './voteList.js';
import { LISTS_BEFORE } from './withVoteList.js';

let databaseUrl: string;
let api: RunningApi;

/** Six votes, of weight 1 to 6, each in its block; the even ones for "yes". */
beforeAll(async () => {
  databaseUrl = await freshDatabase();
  await fillEveryTable(databaseUrl, 6);
  await query(
    databaseUrl,
    `CREATE TABLE vote AS SELECT id, token_number, block_number, "timestamp", transaction_hash,
       transaction_index, position, "from" AS voter, amount AS weight,
       CASE WHEN amount % 2 = 0 THEN 'yes' ELSE 'no' END AS choice
     FROM transfer`,
  );
  api = await startTestApi(databaseUrl);
});

afterAll(() => api.close());

const voter = (weight: number) => `0x${weight.toString(16).padStart(40, '0')}`;

describe('a list that is one file and one line', () => {
  const weights = async (args: string) => {
    const { votes } = await askData(api, `{ votes(${args}) { totalCount nodes { weight } } }`);
    return [votes.totalCount, ...votes.nodes.map((node: { weight: string }) => node.weight)];
  };

  test('touches no other file of the API', async () => {
    const { LISTS } = await import('../../src/api/lists/catalogue.js');
    expect(LISTS).toEqual([...LISTS_BEFORE, VOTE_LIST]);
    const changed = Object.keys(CHANGED).filter((file) => file.startsWith('src/api/'));
    expect(changed).toEqual(['src/api/lists/catalogue.js']);
    const list = readFileSync('test/promises/voteList.ts', 'utf8');
    const used = [...list.matchAll(/ from '(.*?)'/g)].map(([, file]) => file);
    expect(used.filter((file) => !file?.startsWith('../../src/'))).toEqual([]);
  });

  test('answers with its rows in the order of the chain, newest first', async () => {
    const { votes } = await askData(
      api,
      `{ votes(first: 1) { asOf { block }
           nodes { block timestamp position voter weight choice token { address } } } }`,
    );
    expect(votes).toEqual({
      asOf: [{ block: 6 }],
      nodes: [
        {
          block: 6,
          timestamp: '2025-01-01T00:01:12.000Z',
          position: 6,
          voter: voter(6),
          weight: '6',
          choice: 'yes',
          token: { address: FILLED_ADDRESS },
        },
      ],
    });
  });

  test('is narrowed by the conditions of its fields, of its token and of its place', async () => {
    expect(await weights('where: {choice: {_eq: "yes"}, weight: {_gt: "2"}}')).toEqual([
      2,
      '6',
      '4',
    ]);
    expect(await weights(`where: {voter: {_in: ["${voter(3)}"]}}`)).toEqual([1, '3']);
    expect(await weights(`where: {_not: {token: {_eq: "${FILLED_ADDRESS}"}}}`)).toEqual([0]);
    expect(await weights('where: {block: {_lte: 2}}')).toEqual([2, '2', '1']);
  });

  test('is narrowed by its filter, and answers as of an earlier block', async () => {
    expect(await weights(`filter: {voter: "${voter(5)}"}`)).toEqual([1, '5']);
    expect(await weights('filter: {chainId: 1, block: {gte: 2, lte: 3}}')).toEqual([2, '3', '2']);
    expect(await weights('filter: {chainId: 1}, at: {block: 2}')).toEqual([2, '2', '1']);
  });

  test.each([
    [
      'ASC',
      [
        ['1', '2', '3', '4'],
        ['5', '6'],
      ],
    ],
    [
      'DESC',
      [
        ['6', '5', '4', '3'],
        ['2', '1'],
      ],
    ],
  ])('is ordered by amount and paged by its cursors: %s', async (direction, expected) => {
    const pages: string[][] = [];
    let after: string | null = 'null';
    // A cursor that does not move on would never end.
    while (after !== null && pages.length < 10) {
      const { votes } = await askData(
        api,
        `{ votes(first: 4, after: ${after}, orderBy: AMOUNT, direction: ${direction}) {
             nodes { weight } pageInfo { hasNextPage endCursor } } }`,
      );
      pages.push(votes.nodes.map((node: { weight: string }) => node.weight));
      after = votes.pageInfo.hasNextPage ? `"${votes.pageInfo.endCursor}"` : null;
    }
    expect(pages).toEqual(expected);
  });

  test('is added up by its fields, and by its token', async () => {
    const { voteTotals } = await askData(
      api,
      '{ voteTotals(groupBy: [TOKEN, CHOICE]) { token choice count weight { sum min max } } }',
    );
    expect(voteTotals).toEqual([
      { token: FILLED_ADDRESS, choice: 'no', count: 3, weight: { sum: '9', min: '1', max: '5' } },
      { token: FILLED_ADDRESS, choice: 'yes', count: 3, weight: { sum: '12', min: '2', max: '6' } },
    ]);
  });

  test('has one text for each field, wherever a client reads it', async () => {
    const fields = 'fields { name description }';
    const { row, where, totals } = await askData(
      api,
      `{ row: __type(name: "Vote") { ${fields} }
         where: __type(name: "VoteWhere") { inputFields { name description } }
         totals: __type(name: "VoteTotals") { ${fields} } }`,
    );
    for (const texts of [row.fields, where.inputFields, totals.fields]) {
      expect(texts).toContainEqual({
        name: 'weight',
        description: 'What the voter held, in token units.',
      });
    }
  });
});

describe('a dataset that is one file and one line', () => {
  test('is exported as CSV, also of one holder', async () => {
    const { content } = await exportText(databaseUrl, 'votes', { format: 'csv', holder: voter(6) });
    const [header = '', row = '', ...rest] = content.trimEnd().split('\n');
    expect(rest).toEqual([]);
    const values = row.split(',');
    const inColumn = (name: string) => values[header.split(',').indexOf(name)];
    expect(['block_number', 'voter', 'weight', 'choice'].map(inColumn)).toEqual([
      '6',
      voter(6),
      '6',
      'yes',
    ]);
  });

  test('is in the data dictionary with each column', () => {
    const section = renderDictionary().split('\n### ').at(-1) ?? '';
    expect(section).toMatch(/^votes\n/);
    expect(section).toContain('Votes of holders');
    expect(section).toContain('What the voter held.');
  });
});
