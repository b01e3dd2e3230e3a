import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { latestBlock } from '../../devnet/chain.js';
import { deployWindowed } from '../../devnet/deploy.js';
import type { RunningApi } from '../../src/api/server.js';
import { servingField } from '../../src/config/serving.js';
import { startTestApi } from '../api/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { launchBrowser, openPage, type WatchedPage } from '../support/programs/browser.js';
import { type Follower, follow } from '../support/programs/indexer.js';
import { SaleScene } from '../support/scenes/saleScene.js';
import type { Scene } from '../support/scenes/scene.js';
import { ethText } from './support/ethText.js';
import { SELDOM, takenBack } from './support/forks.js';
import { expectShown } from './support/shown.js';
import { injectWallet } from './support/testWallet.js';
import { HOSTILE, pixelsBeyond, seriousFindings, settled } from './support/viewChecks.js';

const DESKTOP = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };
const ETH = 10n ** 18n;

let scene: Scene;
let hostile: string;
let beforeSnapshot: number;
let url: string;
let follower: Follower;
let api: RunningApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
/** Of the test, in the middle of what the console is expected to say. */
let expected: RegExp[];
/** Answers with an error that no test waits for. */
let unexpected: string[];

beforeAll(async () => {
  const market = await SaleScene.start();
  ({ scene } = market);
  const sale = await market.launchpad({ target: 100n, tokensForSale: 100n });
  await market.call(scene.founder, sale, 'deposit()', [], 61n);
  const { chain, founder, friend } = scene;
  const named = { name: HOSTILE, symbol: HOSTILE.slice(0, 40), supply: 500n, percentClaimable: 80 };
  const terms = { ...named, from: founder, snapshotInterval: 10 };
  hostile = (await deployWindowed(chain, 'RevShareWindowedSeconds', terms)).address;
  await scene.call(founder, 'transfer', [friend, 400]);
  await scene.pay(3n * ETH + 7n);
  ({ number: beforeSnapshot } = await latestBlock(chain));
  await scene.snapshot();
  url = await freshDatabase();
  const tokens = [scene.token.address, hostile];
  follower = follow({ ...market.request(url), tokens, more: SELDOM });
  await follower.caughtUp();
  api = await startTestApi(url, { live: { deafPollMs: 20 } });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  await follower?.stop();
  await scene?.chain.stop();
});

beforeEach(async () => {
  expected = [];
  unexpected = [];
  await open(DESKTOP);
});
afterEach(async () => {
  await page.close();
  expect(unexpected).toEqual([]);
  const isExpected = (line: string) => expected.some((pattern) => pattern.test(line));
  expect(watched.complaints.filter((line) => !isExpected(line))).toEqual([]);
});

async function open(
  viewport: typeof DESKTOP,
  colorScheme: 'light' | 'dark' = 'light',
  locale = 'en',
) {
  await watched?.page.close();
  const origin = new URL(api.pageUrl).origin;
  watched = await openPage(browser, origin, viewport, { colorScheme, locale });
  ({ page } = watched);
  page.on('response', async (response) => {
    if (response.status() !== 400 && response.status() !== 503) return;
    const body = await response.text().catch(() => '');
    // A reorg in the middle of an answer: the client asks again.
    if (body.includes('"CHAIN_REORGANISED"')) expected.push(/status of 503/);
    else if (body !== '') unexpected.push(body);
  });
}

const pathOf = (account: string, query = '') => `${api.pageUrl}holders/${account}${query}`;
const offeringPath = (token: string) => `${api.pageUrl}offerings/${scene.chain.chainId}/${token}`;
const claimable = () => page.getByTestId('claimable').getByRole('button');

/** The exact amount that is behind the one number. */
async function exactClaimable(): Promise<string | null> {
  return claimable().getAttribute('data-exact');
}

/** What the contract itself says that an account can claim, as the page writes it. */
async function byContract(account: string, snapshots: readonly number[], at = 'latest') {
  let sum = 0n;
  for (const snapshot of snapshots) {
    const data = scene.data('claimableRevenue', [account, snapshot]);
    const call = { to: scene.token.address, data };
    // Its view refuses to answer for what was claimed.
    const answer = scene.chain.rpc.call<string>('eth_call', [call, at]).catch(() => '0x0');
    sum += BigInt(await answer);
  }
  return ethText(sum);
}

const onFork = (run: () => Promise<void>) => takenBack(scene.chain, follower, run);

describe('a reader', () => {
  test('pastes an address on the first page and sees to the wei what the contract says', async () => {
    await page.goto(api.pageUrl);
    await page.getByRole('combobox', { name: 'Address, token or transaction' }).fill(scene.friend);
    await page.getByRole('button', { name: 'Show' }).click();
    await claimable().waitFor();
    expect(await exactClaimable()).toBe(await byContract(scene.friend, [1]));
    expect(await page.getByText(/^Expires first:/).textContent()).toContain('snapshots from now');
  });

  test('sees why a text is not a valid address, and stays', async () => {
    await page.goto(api.pageUrl);
    await page.getByRole('combobox', { name: 'Address, token or transaction' }).fill('0x12');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('That is not an address.');
    expect(page.url()).toBe(api.pageUrl);
  });

  test('treats two addresses as one person, whose shares are added up', async () => {
    await page.goto(pathOf(`${scene.friend},${scene.founder}`));
    await claimable().waitFor();
    const parts = await Promise.all([
      byContract(scene.friend, [1]),
      byContract(scene.founder, [1]),
    ]);
    const [a = '', b = ''] = parts.map((part) => part.replace(' ETH', ''));
    const wei = (text: string) => {
      const [whole = '', fraction = ''] = text.split('.');
      return BigInt(whole + fraction.padEnd(18, '0'));
    };
    expect(await exactClaimable()).toBe(ethText(wei(a) + wei(b)));
  });

  test('links to a moment: the figures are those of the block, and nothing can be claimed', async () => {
    await injectWallet(page, scene.chain, 1);
    await page.goto(pathOf(scene.friend, `?at=${beforeSnapshot}`));
    await claimable().waitFor();
    expect(await exactClaimable()).toBe('0 ETH');
    expect(await page.getByRole('button', { name: /^Claim / }).count()).toBe(0);
    expect(await page.getByText('You see everything as of').textContent()).toContain(
      `block ${beforeSnapshot}`,
    );
    await page.getByRole('button', { name: 'Back to now' }).click();
    await page.waitForURL(pathOf(scene.friend));
    await expectShown(exactClaimable).toBe(await byContract(scene.friend, [1]));
  });

  test.each(['?at=yesterday', '?at=99999999'])(
    'is not shown today for the moment %s',
    async (query) => {
      await page.goto(pathOf(scene.friend, query));
      await page.getByRole('alert').first().waitFor();
      expect(await page.getByRole('alert').first().textContent()).toMatch(
        /neither a block|refused/,
      );
      await page.waitForLoadState('networkidle');
      expect(await claimable().count()).toBe(0);
    },
  );

  test('reads the page in German, and keeps that', async () => {
    await page.goto(api.pageUrl);
    await page.getByLabel('Language').selectOption('Deutsch');
    await page.getByRole('heading', { name: 'Was können Sie abrufen?' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Was können Sie abrufen?' }).waitFor();
    await page
      .getByRole('combobox', { name: 'Adresse, Token oder Transaktion' })
      .fill(scene.friend);
    await page.getByRole('button', { name: 'Anzeigen' }).click();
    await claimable().waitFor();
    expect(await exactClaimable()).toBe((await byContract(scene.friend, [1])).replace('.', ','));
  });

  test('sees what a sale raised, and how much of its target that is', async () => {
    await page.goto(`${api.pageUrl}sales`);
    const cells = page.locator('tbody tr td');
    await cells.first().waitFor();
    const texts = await cells.allTextContents();
    expect(texts.slice(1, 7)).toEqual([
      'Launchpad',
      'Model · MDL',
      'Open',
      '< 0.000001 ETH',
      '61.0 %',
      '1',
    ]);
  });

  test('sees which holders are sales, and opens a holder', async () => {
    await page.goto(offeringPath(scene.token.address));
    const holders = page.getByRole('region', { name: 'Holders' }).locator('tbody tr');
    await expectShown(() => holders.count()).toBe(3);
    expect(await holders.filter({ hasText: 'sale' }).count()).toBe(1);
    await holders.first().getByRole('link').click();
    await page.getByRole('heading', { name: 'Claimable now' }).waitFor();
  });
});

describe('on every view', () => {
  /** A holder and an offering have tests of their own, with everything open. */
  const views = () => [
    api.pageUrl,
    offeringPath(hostile),
    `${api.pageUrl}sales`,
    `${api.pageUrl}models`,
    `${api.pageUrl}collections`,
    `${api.pageUrl}books`,
    `${api.pageUrl}status`,
    `${api.pageUrl}nowhere`,
  ];

  test.each([
    ['desktop, light', DESKTOP, 'light'],
    ['phone, dark', PHONE, 'dark'],
  ] as const)(
    'nothing is inaccessible, runs, or scrolls sideways (%s)',
    async (_, viewport, scheme) => {
      await open(viewport, scheme);
      for (const view of views()) {
        await page.goto(view);
        await page.locator('h1').waitFor();
        await settled(page);
        expect(await seriousFindings(page)).toEqual([]);
        expect(await pixelsBeyond(page)).toBeLessThanOrEqual(0);
      }
      expect(await page.title()).toBe('imo-ledger');
    },
  );

  test('every link leads to something', async () => {
    const seen = new Set<string>();
    const waiting = views().slice(0, -1);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      expect(seen.size).toBeLessThan(60);
      if (/graphiql|\/v1\//.test(next)) {
        const response = await fetch(next, { headers: { accept: 'text/html' } });
        expect([next, response.status]).toEqual([next, 200]);
        await response.body?.cancel();
        continue;
      }
      await page.goto(next);
      await settled(page);
      expect(await page.getByRole('alert').allTextContents()).toEqual([]);
      const links = await page
        .locator('a[href]')
        .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
      waiting.push(...links.filter((link) => link.startsWith(api.pageUrl) && !link.includes('#')));
    }
    expect(seen.size).toBeGreaterThan(8);
  });
});

describe('a wallet', () => {
  const claim = () => page.getByRole('button', { name: /^Claim / });
  const state = (name: string) => page.locator(`.transactions [data-state=${name}]`);

  beforeEach(async () => {
    const accounts = await defaultAccounts(scene.chain);
    await injectWallet(page, scene.chain, accounts.indexOf(scene.friend));
    await page.goto(pathOf(scene.friend));
    await claim().waitFor();
  });

  test('claims all: the number falls once it is indexed, and a reorg brings it back', async () => {
    const before = await byContract(scene.friend, [1]);
    await onFork(async () => {
      await claim().click();
      await state('indexed').waitFor();
      await expectShown(exactClaimable).toBe('0 ETH');
      expect(await byContract(scene.friend, [1])).toBe('0 ETH');
    });
    await expectShown(exactClaimable).toBe(before);
    expect(await byContract(scene.friend, [1])).toBe(before);
  });

  test('of somebody else is not asked to send', async () => {
    await page.goto(pathOf(scene.founder));
    await claim().waitFor();
    await claim().click();
    await state('otherAccount').waitFor();
  });
});

test('without a wallet, the page shows what to send, and a link that opens one', async () => {
  await page.goto(pathOf(scene.friend));
  await page.locator('summary', { hasText: /^Claim / }).click();
  expect(await page.locator('code.data').textContent()).toBe(scene.data('claim', [1]));
  const link = page.getByRole('link', { name: 'Open in a wallet on this device' });
  expect(await link.getAttribute('href')).toMatch(
    /^ethereum:0x[\da-fA-F]{40}@31337\/claim\?uint256=1$/,
  );
});

test('new revenue and a snapshot change the number without a reload', async () => {
  await page.goto(pathOf(scene.friend));
  await claimable().waitFor();
  await onFork(async () => {
    await scene.pay(ETH);
    await scene.snapshot();
    await expectShown(exactClaimable).toBe(await byContract(scene.friend, [1, 2]));
  });
});

test('while the server is down the last figures stay, marked, and it is found again', async () => {
  expected = [/ERR_CONNECTION|WebSocket|failed:/];
  await page.goto(pathOf(scene.friend));
  await claimable().waitFor();
  const before = await exactClaimable();
  const { port } = api;
  await api.close();
  await page.getByText('The server has not answered since').waitFor();
  expect(await exactClaimable()).toBe(before);
  api = await startTestApi(url, { port, live: { deafPollMs: 20 } });
  await page.getByText('The server has not answered since').waitFor({ state: 'detached' });
  expect(await exactClaimable()).toBe(before);
});

/** The files of a view that a reader opens first, as they come over the wire. */
async function filesOf(place: string) {
  await page.goto(place);
  await settled(page);
  const files = await page.evaluate(() =>
    [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ].map((entry) => ({
      url: entry.name,
      bytes: (entry as PerformanceResourceTiming).encodedBodySize,
    })),
  );
  return files.filter(({ url: of }) => !of.includes('/graphql'));
}

test.each(['en', 'de'])(
  'every view loads less than 120 KB at first, and its files are kept for good (%s)',
  async (locale) => {
    await open(DESKTOP, 'light', locale);
    for (const place of [api.pageUrl, pathOf(scene.friend), offeringPath(scene.token.address)]) {
      const loaded = await filesOf(place);
      expect(loaded.map(({ url: of }) => of.replace(/.*\./, '')).toSorted()).toEqual(
        expect.arrayContaining(['css', 'js', 'woff2']),
      );
      const bytes = loaded.reduce((sum, file) => sum + file.bytes, 0);
      expect(bytes).toBeGreaterThan(50_000);
      expect(bytes).toBeLessThan(120_000);
      for (const { url: of } of loaded.filter((file) => file.url.includes('/assets/'))) {
        const { headers } = await fetch(of, { method: 'HEAD' });
        expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      }
    }
    // Figures of one width: the font of the page has them.
    const widths = await page.evaluate(() => {
      const text = document.createElement('span');
      document.querySelector('main')?.append(text);
      return ['111', '000'].map((figures) => {
        text.textContent = figures;
        return text.getBoundingClientRect().width;
      });
    });
    expect(widths[0]).toBe(widths[1]);
  },
);

test('below a path of its own, a server that answers listed queries only answers those of its page', async () => {
  const serving = servingField('.').parse({
    basePath: '/ledger',
    persistedQueries: { only: true },
  });
  const listed = await startTestApi(url, { serving });
  try {
    await page.close();
    watched = await openPage(browser, new URL(listed.pageUrl).origin, DESKTOP, { locale: 'en' });
    ({ page } = watched);
    await page.goto(`${listed.pageUrl}holders/${scene.friend}`);
    await claimable().waitFor();
    expect(await exactClaimable()).toBe(await byContract(scene.friend, [1]));
    await page.getByRole('link', { name: 'About this offering' }).click();
    await page.getByRole('heading', { name: 'Where the revenue is now' }).waitFor();
    expect(page.url()).toContain('/ledger/offerings/31337/');
    for (const view of ['Sales', 'Models', 'Collections', 'Books', 'Status']) {
      await page.getByRole('link', { name: view, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: view }).waitFor();
      await settled(page);
      expect(await page.getByRole('alert').allTextContents()).toEqual([]);
    }
    expect(await page.getByRole('link', { name: 'API' }).count()).toBe(0);
    const other = await fetch(listed.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ tokens { totalCount } }' }),
    });
    expect(await other.json()).toMatchObject({
      errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } }],
    });
  } finally {
    await page.close();
    await listed.close();
  }
});
