import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlockMaker } from '../../devnet/blocks.js';
import { latestBlock } from '../../devnet/chain.js';
import { readContract } from '../../devnet/deploy.js';
import { wakeUp } from '../../devnet/keepLiving.js';
import { drawOperations, tipSomeToken } from '../../devnet/livingOperations.js';
import { play } from '../../devnet/offering.js';
import { OFFERING_MODELS } from '../../devnet/offeringModels.js';
import { SeededRandom } from '../../devnet/random.js';
import type { AuditComparison } from '../../src/audit/questions/question.js';
import { describeLife } from '../devnet/describeLife.js';
import { describeAnalysis } from '../export/analysis.js';
import {
  compareAt,
  compareHolders,
  countSince,
  type IndexedStory,
  indexTheStory,
  indexTo,
} from './story.js';

/** Compared at so many blocks, the first and the last among them. */
const BLOCKS = 12;
const LIVING_BLOCKS = 40;
const LIVING_OPERATIONS = 8;

let story: IndexedStory;
beforeAll(async () => {
  story = await indexTheStory();
});
afterAll(() => story.pool.end());

describeAnalysis(() => story);

describe('the report of the demo', () => {
  it('shows revenue of every source of the story, from the API', () => {
    const rows = rowsBelow('Revenue by source');
    const sourcesOf = new Map<string, string[]>();
    let symbol = '';
    for (const [first = '', ...rest] of rows) {
      const isFirst = story.offering.tokens.some((token) => token.symbol === first);
      if (isFirst) symbol = first;
      const cells = isFirst ? rest : [first, ...rest];
      sourcesOf.set(symbol, [...(sourcesOf.get(symbol) ?? []), cells.slice(0, 2).join(': ')]);
    }
    expect(Object.fromEntries(sourcesOf)).toEqual({
      MRD: expect.arrayContaining([
        'oracle: Meridian 7B Chat (model 21)',
        'oracle: Meridian 7B Score (model 22)',
        'collection: Meridian Verses',
        'sale: Meridian launchpad',
        'known: Partner studio',
        'known: Verses mint shop',
        'unknown: other senders',
        'untraced: no call explains it',
      ]),
      ATL: expect.arrayContaining([
        'oracle: Atelier Diffusion XL (model 51)',
        'collection: Atelier Dreams',
        'known: Licence splitter',
        'unknown: other senders',
        'untraced: no call explains it',
      ]),
      LEX: expect.arrayContaining(['oracle: Lexicon Embed v2 (model 71)', 'known: Hosted API']),
    });
  });

  it('adds the sources of each token up to what it received', () => {
    const received = rowsBelow('Revenue tokens').map((cells) => cells.at(-3));
    const sums = rowsBelow('Revenue by source').filter(([first]) => first === 'all');
    expect(sums.map((cells) => cells.at(-2))).toEqual(received);
    expect(sums.map((cells) => cells.at(-1))).toEqual(['100.00 %', '100.00 %', '100.00 %']);
  });

  it('shows the figures of the launchpad as its views have them', async () => {
    const { anvil, offering } = story;
    const { contract } = offering.sales.launchpad;
    const view = (name: string) => readContract(anvil, contract, name);
    const [raised, target, participants] = await Promise.all([
      view('totalRaised'),
      view('target'),
      view('participants'),
    ]);
    expect(raised > target).toBe(true);
    const row = rowsBelow('Sales').find(([label]) => label === 'Meridian launchpad');
    expect(row?.slice(1, 5)).toEqual(['launchpad', 'MRD', 'finalised', participants.toString()]);
    expect(inSmallestUnit(row?.at(5), 18)).toBe(raised);
    expect(inSmallestUnit(row?.at(6), 2)).toBe(target / 10n ** 16n);
    expect(inSmallestUnit(row?.at(7), 2)).toBe((raised * 100n) / target);
  });

  it('shows what each model has accrued and nobody claimed yet', async () => {
    const { anvil, offering } = story;
    const { contract } = offering.oracles.oracle;
    const call = (modelId: bigint) => ({
      to: contract.address,
      data: contract.interface.encodeFunctionData('getModel', [modelId]),
    });
    for (const { name, modelId } of OFFERING_MODELS) {
      const data = await anvil.rpc.call<string>('eth_call', [call(modelId), 'latest']);
      const model = contract.interface.decodeFunctionResult('getModel', data);
      const cell =
        rowsBelow('Models at')
          .find(([first]) => first === name)
          ?.at(-1) ?? '';
      const decimals = cell.split('.')[1]?.length ?? 0;
      expect(inSmallestUnit(cell, decimals) * 10n ** BigInt(18 - decimals)).toBe(
        model.accumulateRevenue,
      );
      expect(model.accumulateRevenue).toBeGreaterThan(0n);
    }
  });

  it('shows what accounts can claim, and not what lies in the sales', () => {
    const holders = rowsBelow('What holders').map(([address = '']) => address.toLowerCase());
    expect(holders).toHaveLength(12);
    for (const { contract } of story.offering.sales.sales) {
      expect(holders).not.toContain(contract.address);
    }
  });

  it('fits a terminal of 130 columns', () => {
    expect(Math.max(...story.tables.split('\n').map((line) => line.length))).toBeLessThanOrEqual(
      130,
    );
  });
});

describeLife(() => story);

describe('the books of the demo, compared with its contracts', () => {
  it('agree with them at any block of the story', async () => {
    const { offering } = story;
    const { collections } = offering.collections;
    // The collections are deployed last.
    const first = Math.max(...collections.map(({ contract }) => contract.deploymentBlock));
    const blocks = Array.from({ length: BLOCKS }, (_, index) =>
      Math.round(first + ((offering.lastBlock - first) * index) / (BLOCKS - 1)),
    );
    for (const block of blocks) expectNoMismatch(await compareAt(story, block), 200);
    expectNoMismatch(await compareHolders(story, offering.lastBlock), 800);
  });

  it('agree with them while the chain lives on', async () => {
    const { anvil, offering } = story;
    const blocks = await BlockMaker.takeOver(anvil);
    const random = new SeededRandom('living on');
    const stage = await wakeUp(anvil, offering, { random, blocks });
    const receipts = [];
    for (let count = 0; count < LIVING_BLOCKS; count += 1) {
      receipts.push(...(await play(stage, await drawOperations(stage, LIVING_OPERATIONS), 1)));
      if (count % 8 === 0) await tipSomeToken(stage);
    }
    const succeeded = receipts.filter(({ status }) => status === '0x1');
    expect(succeeded.length).toBeGreaterThan(receipts.length * 0.9);
    const { number: lastBlock } = await latestBlock(anvil);
    await indexTo(story, lastBlock);
    expectNoMismatch(await compareAt(story, lastBlock), 200);
    expectNoMismatch(await compareHolders(story, lastBlock), 800);
    const counts = Object.entries(await countSince(story, offering.lastBlock));
    expect(counts).toHaveLength(10);
    for (const [kind, count] of counts) expect(count, kind).toBeGreaterThan(0);
  });
});

function expectNoMismatch({ figures, mismatches }: AuditComparison, atLeast: number): void {
  expect(mismatches).toEqual([]);
  expect(figures).toBeGreaterThan(atLeast);
}

/** The rows of the table below this title as cells, without the heads of its columns. */
function rowsBelow(title: string): string[][] {
  const lines = story.tables.split('\n');
  const begin = lines.findIndex((line) => line.startsWith(title));
  const rows = lines.slice(begin + 2);
  return rows.slice(0, rows.indexOf('')).map((line) => line.trim().split(/\s{2,}/));
}

/** A decimal number of the report, with or without a unit behind it. */
function inSmallestUnit(cell: string | undefined, decimals: number): bigint {
  const [, whole = '', fraction = ''] = /^(\d+)\.(\d+)/.exec(cell ?? '') ?? [];
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}
