import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { execute, latestBlock, mineBlocks } from '../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployWindowed,
  encodeCall,
  readContract,
} from '../../devnet/deploy.js';
import { deployOracle, modelAsk, modelUpload } from '../../devnet/oracleContracts.js';
import type { RunningApi } from '../../src/api/server.js';
import { askData, startTestApi } from '../api/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { launchBrowser, openPage, type WatchedPage } from '../support/programs/browser.js';
import { type Follower, follow } from '../support/programs/indexer.js';
import { text } from '../support/scenes/collectionScene.js';
import { SaleScene } from '../support/scenes/saleScene.js';
import type { Scene } from '../support/scenes/scene.js';
import { endAll } from './support/endAll.js';
import { closeFaultless, SELDOM } from './support/forks.js';
import { expectShown } from './support/shown.js';
import {
  allDrawn,
  HOSTILE,
  linksBehind,
  pixelsBeyond,
  seriousFindings,
  settled,
} from './support/viewChecks.js';

const DESKTOP = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };
const ETH = 10n ** 18n;
const MODEL = 7n;
const FEE = 1_000n;
const SHARE = 70n;

let scene: Scene;
let sale: DeployedContract;
let oracle: DeployedContract;
let collection: DeployedContract;
/** A token whose name and symbol are hostile. */
let hostile: string;
let beforeSnapshot: number;
let paid: string;
let follower: Follower;
let api: RunningApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  const market = await SaleScene.start();
  ({ scene } = market);
  const { chain, founder, friend, payer } = scene;
  sale = await market.launchpad({ target: 100n, tokensForSale: 100n });
  await market.call(founder, sale, 'deposit()', [], 61n);
  await market.call(friend, sale, 'deposit()', [], 139n);
  oracle = await deployOracle(chain, { from: founder });
  await scene.call(founder, 'transfer', [friend, 400]);
  await useModel(founder, payer);
  collection = await deployContract(chain, 'AigcReference', [HOSTILE, 'REF', false], {
    from: founder,
  });
  await mintHostile(founder);
  const named = { name: HOSTILE, symbol: HOSTILE.slice(0, 40), supply: 500n, percentClaimable: 80 };
  const terms = { ...named, from: founder, snapshotInterval: 10 };
  hostile = (await deployWindowed(chain, 'RevShareWindowedSeconds', terms)).address;
  const { transactionHash } = await scene.pay(3n * ETH + 7n);
  paid = transactionHash;
  ({ number: beforeSnapshot } = await latestBlock(chain));
  await scene.snapshot();
  await scene.call(friend, 'claim', [1]);
  // A burn is paid from new revenue too.
  await scene.pay(ETH);
  await scene.call(founder, 'burn', [50]);
  await market.blockAtEnd(1);
  const databaseUrl = await freshDatabase();
  follower = follow({
    ...market.request(databaseUrl),
    tokens: [scene.token.address, hostile],
    more: SELDOM,
    oracles: [{ address: oracle.address }],
    collections: [collection.address],
  });
  await follower.caughtUp();
  api = await startTestApi(databaseUrl, { live: { deafPollMs: 20 } });
  browser = await launchBrowser();
});
afterAll(() => endAll(browser, api, follower, scene?.chain));

beforeEach(() => open(DESKTOP));
afterEach(() => closeFaultless(watched));

/** A request that is paid out to the token, and one that has only accrued. */
async function useModel(founder: string, payer: string): Promise<void> {
  const { chain, token } = scene;
  const terms = { modelId: MODEL, fee: FEE, receiver: token.address, receiverPercentage: SHARE };
  const to = oracle.address;
  await execute(chain, { from: founder, to, data: modelUpload(oracle, 'uploadModel', terms) });
  const ask = modelAsk(oracle, { modelId: MODEL, input: '0x1234' });
  await execute(chain, { from: payer, to, data: ask, valueWei: FEE });
  const payOut = encodeCall(oracle, 'claimModelRevenue', [MODEL]);
  await execute(chain, { from: founder, to, data: payOut });
  await execute(chain, { from: payer, to, data: ask, valueWei: FEE });
  const fee = encodeCall(oracle, 'setModelFee', [MODEL, 2n * FEE]);
  await execute(chain, { from: founder, to, data: fee });
}

/** Content that would run if it were HTML, and content that is not text. */
async function mintHostile(from: string): Promise<void> {
  const { chain } = scene;
  const to = collection.address;
  const call = (name: string, args: readonly unknown[]) =>
    execute(chain, { from, to, data: encodeCall(collection, name, args), gas: 12_000_000n });
  const prompt = text(HOSTILE);
  const script = text(`<script>document.title='owned'</script><svg onload="alert(1)">${HOSTILE}`);
  const proof = await readContract<string>(chain, collection, 'proofOf', [prompt, script]);
  await call('mint', [from, prompt, script, proof]);
  await call('mintOnly', [from, '0xff00ff']);
}

async function open(viewport: typeof DESKTOP, colorScheme: 'light' | 'dark' = 'light') {
  await watched?.page.close();
  const origin = new URL(api.pageUrl).origin;
  watched = await openPage(browser, origin, viewport, { colorScheme, locale: 'en' });
  ({ page } = watched);
}

const offering = (query = '') =>
  `${api.pageUrl}offerings/${scene.chain.chainId}/${scene.token.address}${query}`;
const section = (name: string) =>
  page.locator('section.card', { has: page.getByRole('heading', { name, exact: true }) });

/** The rows of a section that is drawn, as they are in its table. */
async function tableOf(name: string): Promise<string[][]> {
  await section(name).getByRole('button', { name: 'Show as table' }).click();
  const rows = section(name).locator('figure tbody tr');
  await rows.first().waitFor();
  return rows.evaluateAll((all) =>
    all.map((row) =>
      [...row.children].map(
        (cell) =>
          cell.querySelector('[data-exact]')?.getAttribute('data-exact') ?? cell.textContent ?? '',
      ),
    ),
  );
}

/** An exact amount of ETH in wei. */
function weiOf(exact: string): bigint {
  const [whole = '', fraction = ''] = exact.replace(' ETH', '').replaceAll('\u202f', '').split('.');
  return BigInt(whole + fraction.padEnd(18, '0'));
}

describe('an offering', () => {
  test('shows where each wei is: the parts are those of the API, and add up to what was received', async () => {
    await page.goto(offering());
    const rows = new Map(
      (await tableOf('Where the revenue is now')).map(([name, exact]) => [
        name,
        weiOf(exact ?? ''),
      ]),
    );
    const { token } = await askData(
      api,
      `{ token(chainId: ${scene.chain.chainId}, address: "${scene.token.address}") {
        receivedWei claimedWei redeemedWei
        pools { newRevenueWei claimableWei redeemableWei redeemedFromNewWei }
      } }`,
    );
    const { pools } = token;
    const parts = {
      Claimed: BigInt(token.claimedWei),
      Claimable: BigInt(pools.claimableWei),
      'Waiting for a snapshot': BigInt(pools.newRevenueWei) - BigInt(pools.redeemedFromNewWei),
      'Redeemable on burning': BigInt(pools.redeemableWei),
      'Paid for burned tokens': BigInt(token.redeemedWei),
    };
    expect(BigInt(pools.redeemedFromNewWei)).toBeGreaterThan(0n);
    const received = 4n * ETH + 7n + (FEE * SHARE) / 100n;
    expect(Object.fromEntries(Object.keys(parts).map((name) => [name, rows.get(name)]))).toEqual(
      parts,
    );
    expect(rows.get('Received')).toBe(received);
    expect(BigInt(token.receivedWei)).toBe(received);
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0n)).toBe(received);
    expect(rows.get('Accrued upstream')).toBe((FEE * SHARE) / 100n);
  });

  test('names the sources of its revenue, by model and sender', async () => {
    await page.goto(offering('?step=month'));
    const [first] = await tableOf('Revenue by source');
    expect(first).toHaveLength(4);
    const heads = await section('Revenue by source').locator('th').allTextContents();
    expect(heads.slice(0, 3)).toEqual([
      'Month',
      'Other senders',
      expect.stringMatching(/^Model 7 · /),
    ]);
  });

  test('says its policy in words, and its parts to those who ask', async () => {
    await page.goto(offering());
    const lead = page.locator('p.lead');
    expect(await lead.textContent()).toContain('80 % of new revenue is shared with holders');
    expect(await lead.textContent()).toContain('until 2 more snapshots have been taken');
    await page.getByText('The policy in detail').click();
    await page.getByText('80 % (as the contract says; it may change)').waitFor();
  });

  test('is shown as of a block: before its snapshot, all revenue waits for one', async () => {
    await page.goto(offering(`?at=${beforeSnapshot}`));
    await section('Snapshots').getByText('No snapshot was taken yet.').waitFor();
    const rows = new Map(
      (await tableOf('Where the revenue is now')).map(([name, exact]) => [
        name,
        weiOf(exact ?? ''),
      ]),
    );
    expect(rows.get('Waiting for a snapshot')).toBe(rows.get('Received'));
    expect(rows.get('Claimed')).toBe(0n);
  });

  test('filters its holders, and the filter is in the URL', async () => {
    await page.goto(offering());
    await section('Holders').getByRole('button', { name: 'Sales' }).click();
    await page.waitForURL(offering('?holders=sales'));
    const rows = section('Holders').locator('.scroll:not(figure *) tbody tr');
    await expectShown(() => rows.count()).toBe(1);
    expect(await rows.textContent()).toContain('sale');
    await page.reload();
    const pressed = section('Holders').getByRole('button', { name: 'Sales' });
    await expectShown(() => pressed.getAttribute('aria-pressed')).toBe('true');
    await expectShown(() => rows.count()).toBe(1);
    await page.getByText('As of…').click();
    await page.getByLabel('Show everything as of').fill(String(beforeSnapshot));
    await page.locator('.menu-body').getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(offering(`?holders=sales&at=${beforeSnapshot}`));
  });

  test('shows new revenue live, and strikes it through for a while when a reorg takes it back', async () => {
    const { chain } = scene;
    await page.goto(offering('?activity=receipts'));
    await settled(page);
    const fork = await chain.rpc.call<string>('evm_snapshot');
    await scene.pay(123n * ETH);
    const row = section('Activity').locator('tbody tr', { hasText: '123 ETH' });
    await row.waitFor();
    expect(await row.getAttribute('class')).not.toContain('withdrawn');
    const { number } = await latestBlock(chain);
    await chain.rpc.call('evm_revert', [fork]);
    // Polling notices a fork once it is higher than what it has seen.
    await mineBlocks(chain, number + 1 - (await latestBlock(chain)).number, 1);
    await section('Activity').locator('tr.withdrawn', { hasText: '123 ETH' }).waitFor();
    await section('Activity').getByText('taken back by a reorg').waitFor();
    await row.waitFor({ state: 'detached' });
  });
});

describe('a drawing', () => {
  test('is operated by arrow keys, which say exact values', async () => {
    await page.goto(offering());
    const drawing = page.getByRole('slider', { name: 'Where the revenue is now' });
    await drawing.focus();
    expect(await drawing.getAttribute('aria-valuetext')).toBe(
      'Arrow keys move between the points.',
    );
    await page.keyboard.press('End');
    expect(await drawing.getAttribute('aria-valuetext')).toMatch(
      /^Paid for burned tokens, [\d.]+ ETH$/,
    );
    await page.keyboard.press('Home');
    const first = await drawing.getAttribute('aria-valuetext');
    await page.keyboard.press('ArrowRight');
    expect(await drawing.getAttribute('aria-valuetext')).not.toBe(first);
    expect(await page.locator('.tip').count()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await page.locator('.tip').count()).toBe(0);
  });

  test('is loaded when it is seen, not before', async () => {
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(request.url()));
    await page.goto(api.pageUrl);
    await settled(page);
    expect(loaded.filter((url) => /charts-/.test(url))).toEqual([]);
    await page.goto(offering());
    await page.getByRole('slider', { name: 'Where the revenue is now' }).waitFor();
    expect(loaded.filter((url) => /charts-/.test(url))).toHaveLength(1);
  });
});

test('everything is drawn before it is printed, seen or not', async () => {
  await page.goto(offering());
  await settled(page);
  expect(await page.locator('.chart-place').count()).toBeGreaterThan(0);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expectShown(() => page.locator('.chart-place').count()).toBe(0);
});

describe('the search', () => {
  const box = () => page.getByRole('combobox', { name: 'Address, token or transaction' });

  test('finds an offering by the start of its name, by keyboard alone', async () => {
    await page.goto(api.pageUrl);
    await box().focus();
    await page.keyboard.type('mod');
    await page.getByRole('option', { name: /Model · MDL/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(({ href }) => href.toLowerCase() === offering().toLowerCase());
  });

  test('finds a transaction, which says what it moved', async () => {
    await page.goto(api.pageUrl);
    await box().fill(paid);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(`${api.pageUrl}transactions/${paid}`);
    const row = section('Money that it moved').locator('tbody tr');
    expect(await row.textContent()).toContain('Revenue received');
    expect(await row.locator('[data-exact]').last().getAttribute('data-exact')).toBe(
      '3.000000000000000007 ETH',
    );
  });

  test('leads to an address that has never held anything, and reports a text that nothing has', async () => {
    await page.goto(api.pageUrl);
    await box().fill('nothing of this name');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Nothing was found for “nothing of this name”.').waitFor();
    await box().fill(`0x${'9'.repeat(40)}`);
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('This address has never held one of the tokens').waitFor();
  });
});

test('hostile content is shown as text: it neither runs nor loads anything', async () => {
  await page.goto(`${api.pageUrl}collections/${scene.chain.chainId}/${collection.address}`);
  await settled(page);
  const contents = await page.locator('pre.content').allTextContents();
  expect(contents.some((content) => content.startsWith('<script>document.title='))).toBe(true);
  expect(contents.some((content) => content.startsWith('<img src=x onerror='))).toBe(true);
  expect(contents.join('')).not.toContain('\u202e');
  await page.getByText('Not text: 3 bytes.').waitFor();
  await page.getByText('Proved: the token id is its hash.').first().waitFor();
  expect(await page.locator('main img, main iframe, main script').count()).toBe(0);
  expect(await page.title()).toBe('imo-ledger');
  expect(await pixelsBeyond(page)).toBeLessThanOrEqual(0);
});

test('a model shows its fees, and how its terms changed', async () => {
  await page.goto(
    `${api.pageUrl}models/${scene.chain.chainId}/${oracle.address}/${MODEL}?step=month`,
  );
  const [month] = await tableOf('Fees over time');
  const parts = [(2n * FEE * SHARE) / 100n, (2n * FEE * (100n - SHARE)) / 100n, 2n * FEE];
  expect(month?.slice(1).map((amount) => weiOf(amount))).toEqual(parts);
  const changes = section('Changes of the terms').locator('tbody tr');
  await expectShown(() => changes.locator('td:nth-child(2)').allTextContents()).toEqual([
    'Fee set',
    'Uploaded',
  ]);
});

test('a sale shows who took part, and which refunds are open', async () => {
  await page.goto(`${api.pageUrl}sales/${scene.chain.chainId}/${sale.address}`);
  await settled(page);
  const { sale: answer } = await askData(
    api,
    `{ sale(chainId: ${scene.chain.chainId}, address: "${sale.address}") {
      participations(first: 10) { nodes { refundable } }
    } }`,
  );
  const nodes: { refundable: string }[] = answer.participations.nodes;
  const open = nodes.reduce((sum, { refundable }) => sum + BigInt(refundable), 0n);
  // 61 of 200 buy for 30, and 139 for 69, rounded down.
  expect(open).toBe(31n + 70n);
  const shown = page.locator('.figure', { hasText: 'Refunds still open' }).locator('[data-exact]');
  expect(weiOf((await shown.getAttribute('data-exact')) ?? '')).toBe(open);
  await page.getByText('200.0 %').waitFor();
  await page.getByText('Oversubscribed').waitFor();
  await expectShown(() => section('Participants').locator('tbody tr').count()).toBe(2);
});

describe('on every view with a hostile name or content', () => {
  test.each([
    ['desktop, light', DESKTOP, 'light'],
    ['phone, dark', PHONE, 'dark'],
  ] as const)(
    'nothing is inaccessible, runs, or scrolls sideways (%s)',
    async (_, viewport, scheme) => {
      await open(viewport, scheme);
      // Tests of the demo read the views whose names are not hostile.
      const { chainId } = scene.chain;
      const views = [
        api.pageUrl,
        `${api.pageUrl}offerings/${chainId}/${hostile}`,
        `${api.pageUrl}books?contract=${hostile}`,
        `${api.pageUrl}collections/${chainId}/${collection.address}`,
      ];
      for (const view of views) {
        await page.goto(view);
        await settled(page);
        await allDrawn(page);
        expect(await seriousFindings(page)).toEqual([]);
        expect(await pixelsBeyond(page)).toBeLessThanOrEqual(0);
        expect(await page.locator('main img, main iframe, main script').count()).toBe(0);
      }
      expect(await page.title()).toBe('imo-ledger');
    },
  );
});

test('every link of every view leads to something', async () => {
  const seen = new Set<string>();
  const waiting = [api.pageUrl];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    expect(seen.size).toBeLessThan(80);
    const links = await linksBehind(page, next);
    waiting.push(...links.filter((link) => link.startsWith(api.pageUrl) && !link.includes('#')));
  }
  expect(seen.size).toBeGreaterThan(8);
});
