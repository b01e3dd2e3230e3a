import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EXAMPLE_QUERY } from '../../../src/api/http/exampleQuery.js';
import type { RunningApi } from '../../../src/api/server.js';
import { receipt } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { openScenario, PAYER } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { launchBrowser, openPage, type WatchedPage } from '../../support/programs/browser.js';
import { askData, startTestApi } from '../support.js';

/** So high that the editors, which write only what is seen, write all. */
const VIEWPORT = { width: 1600, height: 4000 };
/** What the page does takes some hundredths of a second on a machine that has nothing else to do. */

let books: Books;
let api: RunningApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  const url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url, { live: { deafPollMs: 20, heardPollMs: 20 } });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await api.close();
  await books.close();
});

beforeEach(async () => {
  watched = await openPage(browser, new URL(api.url).origin, VIEWPORT);
  ({ page } = watched);
  await page.goto(api.url);
});
afterEach(async () => {
  await page.context().close();
  expect(watched.complaints).toEqual([]);
});

const EXECUTE = { name: /^Execute query/ };
const editor = (): Locator => page.getByRole('region', { name: 'Operation Editor' });
const result = (): Locator => page.getByRole('region', { name: 'Result Window' });

/** The answer in the result pane, which may break its lines; none while it is not whole. */
async function answer(): Promise<unknown> {
  const lines = await result().locator('.view-line').allTextContents();
  const text = lines.map((line) => line.replaceAll('\u00a0', ' ').trim()).join('');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param query on one line: the editor closes brackets by itself where one ends */
async function write(query: string): Promise<void> {
  await editor().getByRole('code').click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(query);
}

describe('GraphiQL in a browser, within its policy', () => {
  test('runs its example, and shows each figure as the API gives it', async () => {
    await page.getByRole('button', EXECUTE).click();

    await expect.poll(answer).toEqual({ data: await askData(api, EXAMPLE_QUERY) });
    const { data } = (await answer()) as { readonly data: Overview };
    const [token] = data.tokens.nodes;
    expect(token?.pools).toEqual({
      newRevenueWei: '50',
      claimableWei: '690',
      redeemableWei: '577',
    });
    expect(token?.holders.nodes.map(({ entitlement }) => entitlement.totalClaimableWei)).toEqual([
      '360',
      '288',
      '42',
    ]);
  });

  test('knows the schema: it explains a type, and proposes the fields that begin as typed', async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Query' }).click();
    const explorer = page.getByRole('region', { name: /Documentation Explorer/ });
    await expect.poll(() => explorer.textContent()).toContain('receiptTotals');

    await write('{ hol');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget').getByText('holder', { exact: true }).first().waitFor();
  });

  test('marks a field that does not exist before the server is asked', async () => {
    await write('{ tokens { nodes { symbol claimible } } }');
    await page.locator('.squiggly-error').first().waitFor();
  });

  test('follows a subscription over server-sent events until it is stopped', async () => {
    await write(
      'subscription Income { receipts(chainId: 1) { asOf { block } added { amountWei } } }',
    );
    await page.getByRole('tab', { name: 'Income' }).waitFor();
    await page.getByRole('button', EXECUTE).click();
    const event = (block: number, added: object[]) => ({
      data: { receipts: { asOf: { block }, added } },
    });
    await expect.poll(answer).toEqual(event(55, []));

    const amountWei = 123_456_789_012_345_678_901n;
    await books.commit(1, 56, new Map([[1, [receipt(PAYER, amountWei)]]]), 45);
    await expect.poll(answer).toEqual(event(56, [{ amountWei: String(amountWei) }]));

    await page.getByRole('button', { name: /^Stop query/ }).click();
    await page.getByRole('button', EXECUTE).waitFor();
  });
});

interface Overview {
  readonly tokens: {
    readonly nodes: readonly {
      readonly pools: object;
      readonly holders: {
        readonly nodes: readonly {
          readonly entitlement: { readonly totalClaimableWei: string };
        }[];
      };
    }[];
  };
}
