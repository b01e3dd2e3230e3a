import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';
import { servingField } from '../../src/config/serving.js';
import { startTestApi } from '../api/support.js';
import { launchBrowser, openPage, type WatchedPage } from '../support/programs/browser.js';
import { startNginx } from '../support/programs/nginx.js';
import type { Scene } from '../support/scenes/scene.js';
import { snapshotScene } from './support/snapshotScene.js';

const DESKTOP = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };

let scene: Scene;
let databaseUrl: string;
let api: RunningApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  ({ scene, databaseUrl } = await snapshotScene());
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
  expect(watched.complaints).toEqual([]);
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

async function settled(): Promise<void> {
  await page.locator('h1').waitFor();
  await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0);
}

/** How many pixels can be scrolled to the side. */
const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

test('at 200 % zoom no view scrolls sideways', async () => {
  // A window of 1280 pixels has 640 of them then, and each is drawn with two.
  await open({ width: 640, height: 450 }, { deviceScaleFactor: 2 });
  for (const view of views()) {
    await page.goto(`${api.pageUrl}${view}`);
    await settled();
    expect([view, await beyond()]).toEqual([view, 0]);
  }
});

test('with forced colours every button and field has an outline', async () => {
  await open(DESKTOP, { forcedColors: 'active' });
  for (const view of views()) {
    await page.goto(`${api.pageUrl}${view}`);
    await settled();
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
  await settled();
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('heading', { name: 'Trial balance' }).isVisible()).toBe(true);
  for (const hidden of ['.top', '.pager', '.filter', '.skip']) {
    expect([hidden, await page.locator(hidden).first().isVisible()]).toEqual([hidden, false]);
  }
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
});

test('the keyboard reaches every control of a view in the order in which it is read', async () => {
  for (const viewport of [DESKTOP, PHONE]) {
    await open(viewport);
    for (const view of ['books', 'status', `holders/${scene.friend}`]) {
      await page.goto(`${api.pageUrl}${view}`);
      await settled();
      const controls = await page.evaluate(() => {
        const all = [
          ...document.querySelectorAll('a[href], button, input, select, textarea, summary'),
        ];
        const visible = all.filter(
          (one) => one.checkVisibility() && !(one as HTMLButtonElement).disabled,
        );
        for (const [index, one] of visible.entries()) one.setAttribute('data-walk', String(index));
        return visible.length;
      });
      expect(controls).toBeGreaterThan(8);
      const reached: number[] = [];
      // A date has several parts to stop at, and what scrolls by itself is reached too.
      for (let press = 0; press < 4 * controls && reached.at(-1) !== controls - 1; press++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => document.activeElement?.getAttribute('data-walk'));
        if (at != null && Number(at) !== reached.at(-1)) reached.push(Number(at));
      }
      expect([view, reached]).toEqual([
        view,
        Array.from({ length: controls }, (_, index) => index),
      ]);
    }
    if (viewport === DESKTOP) await page.context().close();
  }
});

test('the status shows how the endpoints answer, without their addresses', async () => {
  await open(DESKTOP);
  await page.goto(`${api.pageUrl}status`);
  const rows = page.getByRole('region', { name: 'Endpoints' }).locator('tbody tr');
  await expect.poll(() => rows.count()).toBe(2);
  expect(await rows.first().textContent()).toContain('yes');
  expect(await rows.nth(1).textContent()).toContain('the node cannot be reached');
  expect(await page.content()).not.toMatch(/secret|127\.0\.0\.1:1\//);
  await page.getByText('None. The books of every contract continue.').waitFor();
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
    await settled();
    expect(await page.getByRole('alert').allTextContents()).toEqual([]);
    const hrefs = await page
      .locator('a[href]')
      .evaluateAll((all) => all.map((one) => new URL((one as HTMLAnchorElement).href).pathname));
    expect(hrefs.filter((path) => !path.startsWith('/ledger/'))).toEqual([]);
  }
  // The WebSocket of the heads comes through.
  await page.getByRole('region', { name: 'Chains' }).locator('tbody tr').waitFor();
  await expect.poll(() => page.getByText('The server has not answered since').count()).toBe(0);
});

test.each(['graphiql', 'graphql'])(
  'GraphiQL on a phone has a place for the answer (/%s)',
  async (path) => {
    await open(PHONE);
    await page.goto(`${api.pageUrl}${path}`);
    await page.getByRole('button', { name: /^Execute query/ }).click();
    const answer = page.getByRole('region', { name: 'Result Window' });
    await answer.locator('.view-line', { hasText: 'data' }).first().waitFor();
    const box = await answer.boundingBox();
    expect(box?.width).toBeGreaterThan(280);
    expect(box?.height).toBeGreaterThan(150);
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(PHONE.width);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.height);
  },
);
