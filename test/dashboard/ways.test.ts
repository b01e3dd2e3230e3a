import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { mineBlocks } from '../../devnet/chain.js';
import { readContract } from '../../devnet/deploy.js';
import type { RunningApi } from '../../src/api/server.js';
import { servingField } from '../../src/config/serving.js';
import { startTestApi } from '../api/support.js';
import { query } from '../support/databases/postgres.js';
import { launchBrowser, openPage, type WatchedPage } from '../support/programs/browser.js';
import { startNginx } from '../support/programs/nginx.js';
import type { Scene } from '../support/scenes/scene.js';
import { ethText } from './support/ethText.js';
import { expectShown } from './support/shown.js';
import { snapshotScene } from './support/snapshotScene.js';
import { pixelsBeyond, reloadUntil, settled } from './support/viewChecks.js';

const DESKTOP = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };

let scene: Scene;
let databaseUrl: string;
let api: RunningApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
/** So many complaints were expected, and are checked by the test. */
let refused = 0;

beforeAll(async () => {
  ({ scene, databaseUrl } = await snapshotScene({ holders: 60 }));
  const { chain } = scene;
  api = await startTestApi(databaseUrl, {
    chains: [{ id: chain.chainId, name: 'devnet', rpcUrl: chain.url, fallbackRpcUrls: [DEAF] }],
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  await scene?.chain.stop();
});
afterEach(async () => {
  await page.context().close();
  expect(watched.complaints.slice(refused)).toEqual([]);
  refused = 0;
});

/** Nobody answers there, and its address is nobody's business. */
const DEAF = 'http://user:secret@127.0.0.1:1/hidden';

async function open(
  viewport: typeof DESKTOP,
  more: Omit<BrowserContextOptions, 'viewport'> = {},
  origin = new URL(api.pageUrl).origin,
) {
  watched = await openPage(browser, origin, viewport, { locale: 'en', ...more });
  ({ page } = watched);
}

const views = () => [
  '',
  `holders/${scene.friend}`,
  `offerings/${scene.chain.chainId}/${scene.token.address}`,
  'sales',
  'models',
  'collections',
  'books',
  'status',
];

/** How many pixels can be scrolled to the side. */
const beyond = () => pixelsBeyond(page);

test('at 200 % zoom and with forced colours no view scrolls sideways, and all that is operated has an outline', async () => {
  // A window of 1280 pixels has 640 of them then, and each is drawn with two.
  await open({ width: 640, height: 450 }, { deviceScaleFactor: 2, forcedColors: 'active' });
  for (const view of views()) {
    await page.goto(`${api.pageUrl}${view}`);
    await settled(page);
    expect([view, await beyond()]).toEqual([view, 0]);
    const bare = await page
      .locator('.button:visible, input:visible, select:visible')
      .evaluateAll((all) =>
        all
          .filter((one) => getComputedStyle(one).borderTopStyle === 'none')
          .map((one) => one.outerHTML.slice(0, 120)),
      );
    expect([view, bare]).toEqual([view, []]);
  }
});

test('printed, a view has its figures, and nothing that only works on a screen', async () => {
  await open(DESKTOP);
  await page.goto(`${api.pageUrl}books`);
  await settled(page);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('heading', { name: 'Trial balance' }).isVisible()).toBe(true);
  for (const hidden of ['.top', '.pager', '.filter', '.skip']) {
    expect([hidden, await page.locator(hidden).first().isVisible()]).toEqual([hidden, false]);
  }
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
});

test('the keyboard reaches every control of a view in the order in which it is read', async () => {
  for (const [viewport, places] of [
    [DESKTOP, ['books', 'status']],
    [PHONE, ['books', `holders/${scene.friend}`]],
  ] as const) {
    await open(viewport);
    for (const view of places) {
      await page.goto(`${api.pageUrl}${view}`);
      await settled(page);
      const controls = await page.evaluate(markControls);
      expect(controls).toBeGreaterThan(8);
      let reached: number[] = [];
      // A date has several parts to stop at, and what scrolls by itself is reached too.
      for (let round = 0; round < 4 && reached.at(-1) !== controls - 1; round++) {
        for (let press = 0; press < controls; press++) {
          if (press > 0 && reached.at(-1) === controls - 1) break;
          await page.keyboard.press('Tab');
        }
        reached = await page.evaluate(() => (globalThis as unknown as { walked: number[] }).walked);
      }
      const all = Array.from({ length: controls }, (_, index) => index);
      // From the last one the key leads to the first again.
      expect([view, reached.slice(0, controls)]).toEqual([view, all]);
    }
    if (viewport === DESKTOP) await page.context().close();
  }
});

/** Runs in the page: numbers all that can be operated in the order of reading, and notes what gets the focus. */
function markControls(): number {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
  const visible = all.filter(
    (one) => one.checkVisibility() && !(one as HTMLButtonElement).disabled,
  );
  for (const [index, one] of visible.entries()) one.setAttribute('data-walk', String(index));
  const walked: number[] = [];
  Object.assign(globalThis, { walked });
  document.addEventListener('focusin', ({ target }) => {
    const at = (target as Element).getAttribute('data-walk');
    if (at !== null && Number(at) !== walked.at(-1)) walked.push(Number(at));
  });
  return visible.length;
}

test('the status shows how the endpoints answer, without their addresses', async () => {
  await open(DESKTOP);
  await page.goto(`${api.pageUrl}status`);
  const rows = page.getByRole('region', { name: 'Endpoints' }).locator('tbody tr');
  await expectShown(() => rows.count()).toBe(2);
  expect(await rows.first().textContent()).toContain('yes');
  expect(await rows.nth(1).textContent()).toContain('the node cannot be reached');
  expect(await page.content()).not.toMatch(/secret|127\.0\.0\.1:1\//);
  await page.getByText('None. The books of every contract continue.').waitFor();
  expect(await page.getByText('This view shows the status now').count()).toBe(0);
  await page.goto(`${api.pageUrl}status?at=2`);
  await page.getByText('This view shows the status now, whatever moment').waitFor();
  await expectShown(() => rows.count()).toBe(2);
});

test('behind nginx, below a path, every view and the live figures work within the policy', async () => {
  const based = await startTestApi(databaseUrl, {
    serving: servingField('.').parse({ basePath: '/ledger', trustedProxies: ['loopback'] }),
  });
  const nginx = await startNginx(`location /ledger/ {
    proxy_pass http://127.0.0.1:${based.port};
    proxy_http_version 1.1;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection upgrade;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  }`);
  onTestFinished(async () => {
    await nginx.stop();
    await based.close();
  });
  await open(DESKTOP, {}, nginx.url);
  for (const view of views()) {
    const response = await page.goto(`${nginx.url}/ledger/${view}`);
    const policy = (await response?.headerValue('content-security-policy')) ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
    await settled(page);
    expect(await page.getByRole('alert').allTextContents()).toEqual([]);
    const hrefs = await page
      .locator('a[href]')
      .evaluateAll((all) => all.map((one) => new URL((one as HTMLAnchorElement).href).pathname));
    expect(hrefs.filter((path) => !path.startsWith('/ledger/'))).toEqual([]);
  }
  // The WebSocket of the heads comes through.
  await page.getByRole('region', { name: 'Chains' }).locator('tbody tr').waitFor();
  await expectShown(() => page.getByText('The server has not answered since').count()).toBe(0);
});

test('below a path of its own, a server that answers listed queries only answers those of its page', async () => {
  const serving = servingField('.').parse({
    basePath: '/ledger',
    persistedQueries: { only: true },
  });
  const listed = await startTestApi(databaseUrl, { serving });
  try {
    await open(DESKTOP, {}, new URL(listed.pageUrl).origin);
    await page.goto(`${listed.pageUrl}holders/${scene.friend}`);
    const claimable = page.getByTestId('claimable').getByRole('button');
    const share = await readContract(scene.chain, scene.token, 'claimableRevenue', [
      scene.friend,
      1,
    ]);
    await expectShown(() => claimable.getAttribute('data-exact')).toBe(ethText(share));
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
    await listed.close();
  }
});

test('a server that lets other origins ask nothing gives them no pieces: their page keeps its own text', async () => {
  const closed = await startTestApi(databaseUrl, {
    serving: servingField('.').parse({ cors: [] }),
  });
  const piece = `<imo-claimable address="${scene.friend}" token="${scene.token.address}">See our ledger</imo-claimable>`;
  const site = createServer((_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(`<!doctype html><html lang="en"><title>Site</title>
        <script type="module" src="${closed.pageUrl}embed/imo-ledger.js"></script>${piece}</html>`),
  ).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
  onTestFinished(async () => {
    site.close();
    await closed.close();
  });
  await open(PHONE, {}, new URL(closed.pageUrl).origin);
  await page.goto(siteUrl);
  await page.waitForLoadState('networkidle');
  expect(await page.locator('imo-claimable').textContent()).toBe('See our ledger');
  expect(await page.locator('[state]').count()).toBe(0);
  const isExpected = (line: string) => /^elsewhere: |CORS|ERR_FAILED|failed:/.test(line);
  expect(watched.complaints.some((line) => line.includes('CORS'))).toBe(true);
  expect(watched.complaints.filter((line) => !isExpected(line))).toEqual([]);
  refused = watched.complaints.length;
});

test('GraphiQL on a phone has a place for the answer, and is the same at /graphiql and /graphql', async () => {
  await open(PHONE);
  const documents = await Promise.all(
    ['graphiql', 'graphql'].map(async (path) => {
      const headers = { accept: 'text/html' };
      return (await fetch(`${api.pageUrl}${path}`, { headers })).text();
    }),
  );
  expect(documents[0]).toBe(documents[1]);
  await page.goto(`${api.pageUrl}graphiql`);
  await page.getByRole('button', { name: /^Execute query/ }).click();
  const answer = page.getByRole('region', { name: 'Result Window' });
  await answer.locator('.view-line', { hasText: 'data' }).first().waitFor();
  const box = await answer.boundingBox();
  expect(box?.width).toBeGreaterThan(280);
  expect(box?.height).toBeGreaterThan(150);
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(PHONE.width);
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.height);
});

describe('a state of the figures', () => {
  const heldTokens = () => page.locator('.notice', { hasText: 'end at block 5' });
  const offering = () => `${api.pageUrl}offerings/${scene.chain.chainId}/${scene.token.address}`;
  const holder = () => `${api.pageUrl}holders/${scene.friend}`;

  test('that is empty says what is missing, and is not an error', async () => {
    await open(PHONE);
    for (const [view, text] of [
      [`holders/0x${'ab'.repeat(20)}`, 'has never held one'],
      ['models', 'None is indexed here.'],
      ['collections', 'None is indexed here.'],
      ['sales', 'None is indexed here.'],
    ] as const) {
      await page.goto(`${api.pageUrl}${view}`);
      await settled(page);
      expect(await page.locator('.empty').first().textContent()).toContain(text);
      expect(await page.getByRole('alert').count()).toBe(0);
      expect([view, await beyond()]).toEqual([view, 0]);
    }
  });

  test('that is loading has places for the figures, and a screen reader hears of it', async () => {
    await open(PHONE);
    const waiting: (() => void)[] = [];
    let isFree = false;
    await page.route('**/graphql', async (route) => {
      if (!isFree) await new Promise<void>((resolve) => waiting.push(resolve));
      await route.continue();
    });
    await page.goto(holder());
    await page.locator('.skeleton').first().waitFor();
    expect(await page.locator('[aria-busy=true] [role=status]').first().textContent()).toBe(
      'Loading…',
    );
    isFree = true;
    for (const resolve of waiting) resolve();
    await settled(page);
    await page.getByTestId('claimable').getByRole('button').waitFor();
  });

  test('that cannot be had says what to do, and comes when it can', async () => {
    await open(PHONE);
    await page.route('**/graphql', (route) => {
      const error = { message: 'no', extensions: { code: 'QUERY_TIMEOUT' } };
      return route.fulfill({ json: { errors: [error] } });
    });
    await page.goto(holder());
    await page.getByRole('alert').first().waitFor();
    expect(await page.getByTestId('claimable').count()).toBe(0);
    expect(await beyond()).toBe(0);
    await page.unroute('**/graphql');
    await page.getByTestId('claimable').getByRole('button').waitFor();
  });

  test('of a chain that is far behind is said on every view', async () => {
    await mineBlocks(scene.chain, 25);
    await open(PHONE);
    await page.goto(holder());
    const bar = page.locator('.bar.warning');
    await bar.waitFor();
    expect(await bar.textContent()).toContain('25 blocks');
    expect(await beyond()).toBe(0);
  });

  test('of a held token names its last right block and the reason, next to the figures', async () => {
    await query(
      databaseUrl,
      `INSERT INTO contract_hold (chain_id, address, kind, last_block, block_number, is_confirmed,
         is_compared, code, reason, hint, held_at)
       SELECT chain_id, address, 'token', 5, 6, true, true, 'LEDGER_PAYMENT_DIFFERS', 'paid 2 wei', '', now()
       FROM token`,
    );
    onTestFinished(() => query(databaseUrl, 'DELETE FROM contract_hold').then(() => undefined));
    await open(PHONE);
    for (const view of [offering(), holder()]) {
      await page.goto(view);
      await reloadUntil(page, heldTokens());
      expect(await heldTokens().first().textContent()).toContain('paid 2 wei');
      expect(await beyond()).toBe(0);
    }
  });

  test('of a figure that differs from the contract has both values', async () => {
    await query(
      databaseUrl,
      `INSERT INTO audit_mismatch (token_number, figure, account, first_block, block_number, ours, contract)
       SELECT number, 'totalSupply()', NULL, 3, 5, 1000, 999 FROM token`,
    );
    onTestFinished(() => query(databaseUrl, 'DELETE FROM audit_mismatch').then(() => undefined));
    await open(PHONE);
    const notice = page.locator('.notice.danger');
    for (const view of [offering(), holder()]) {
      await page.goto(view);
      await reloadUntil(page, notice);
      expect(await notice.first().textContent()).toMatch(/totalSupply\(\): 1000 .* 999/);
      expect(await beyond()).toBe(0);
    }
  });

  test('of many holders is shown in pages, each in the URL', async () => {
    await open(PHONE);
    await page.goto(offering());
    const rows = page.getByRole('region', { name: 'Holders' }).locator('tbody tr');
    const counts: number[] = [];
    for (;;) {
      await settled(page);
      await expectShown(() => rows.count()).toBeGreaterThan(0);
      counts.push(await rows.count());
      expect(await beyond()).toBe(0);
      const next = page
        .locator('section.card', {
          has: page.getByRole('heading', { name: 'Holders', exact: true }),
        })
        .getByRole('button', { name: 'Next' });
      if ((await next.count()) === 0) break;
      const before = await rows.first().textContent();
      await next.click();
      await expectShown(() => rows.first().textContent()).not.toBe(before);
    }
    expect(counts).toEqual([20, 20, 20, 2]);
    await page.reload();
    await expectShown(() => rows.count()).toBe(2);
  });

  test('of the largest numbers breaks no line inside a number, and keeps every digit', async () => {
    const most = 2n ** 256n - 1n;
    await query(
      databaseUrl,
      `UPDATE pool_version SET received_wei = ${most}, balance_wei = ${most}, supply = ${most},
         redeem_pool_wei = ${most} - claim_pool_wei`,
    );
    await open(PHONE);
    for (const view of ['', `offerings/${scene.chain.chainId}/${scene.token.address}`]) {
      await page.goto(`${api.pageUrl}${view}`);
      await settled(page);
      const received = page
        .locator('.figure', { hasText: /Revenue so far|Received/ })
        .locator('.amount')
        .first();
      expect((await received.getAttribute('data-exact'))?.replaceAll('\u202f', '')).toBe(
        ethText(most),
      );
      const lines = await received.evaluate((one) => one.getClientRects().length);
      expect([view, lines, await beyond()]).toEqual([view, 1, 0]);
    }
  });
});
