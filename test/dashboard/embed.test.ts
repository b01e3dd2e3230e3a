import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import type { RunningApi } from '../../src/api/server.js';
import { servingField } from '../../src/config/serving.js';
import { startTestApi } from '../api/support.js';
import { documentedBlocks } from '../support/docs/blocks.js';
import { launchBrowser, openPage, type WatchedPage } from '../support/programs/browser.js';
import type { Scene } from '../support/scenes/scene.js';
import { expectShown } from './support/shown.js';
import { snapshotScene } from './support/snapshotScene.js';

const VIEWPORT = { width: 390, height: 600 };

let scene: Scene;
let databaseUrl: string;
let api: RunningApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
/** The site of somebody else, on a port of its own. */
let site: Server;
let siteUrl: string;
/** What it has between the script and its end, and the server that it names. */
let body = '';
let ledger = '';
/** What the console is expected to say. */
let expected: RegExp[] = [];

beforeAll(async () => {
  ({ scene, databaseUrl } = await snapshotScene());
  api = await startTestApi(databaseUrl);
  browser = await launchBrowser();
  site = createServer((request, response) => {
    if (request.url !== '/') return response.writeHead(204).end();
    const origin = new URL(ledger).origin;
    return response
      .writeHead(200, {
        'content-type': 'text/html',
        // As strict as a site can be that wants the pieces.
        'content-security-policy': `default-src 'none'; script-src ${origin}; connect-src ${origin}`,
      })
      .end(`<!doctype html><html lang="en"><title>Site</title>
        <script type="module" src="${ledger}embed/imo-ledger.js"></script>${body}</html>`);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  await browser?.close();
  site?.close();
  await api?.close();
  await scene?.chain.stop();
});

afterEach(async () => {
  await page.context().close();
  const isExpected = (line: string) =>
    line === `elsewhere: ${siteUrl}` || expected.some((pattern) => pattern.test(line));
  expect(watched.complaints.filter((line) => !isExpected(line))).toEqual([]);
  expected = [];
});

async function open(html: string, from: RunningApi = api): Promise<void> {
  body = html;
  ledger = from.pageUrl;
  watched = await openPage(browser, new URL(ledger).origin, VIEWPORT);
  ({ page } = watched);
}

const claimable = (account: string) =>
  `<imo-claimable address="${account}" token="${scene.token.address}"></imo-claimable>`;
const state = (name: string) => page.locator(`[state=${name}]`);
const amountOf = (piece: string) => page.locator(`${piece} [part=amount]`);

test('a page of another origin shows what an account can claim and what a token received', async () => {
  const [, , , stranger = ''] = await defaultAccounts(scene.chain);
  await open(
    claimable(scene.friend) +
      `<imo-revenue token="${scene.token.address}" chain="31337"></imo-revenue>` +
      claimable(stranger).replace('<imo-claimable', '<imo-claimable id="stranger"'),
  );
  await page.goto(siteUrl);
  await expectShown(() => state('ready').count()).toBe(3);
  const wei = await scene.chain.rpc.call<string>('eth_call', [
    { to: scene.token.address, data: scene.data('claimableRevenue', [scene.friend, 1]) },
    'latest',
  ]);
  expect(BigInt(wei)).toBe(960_000_000_000_000_002n);
  const first = amountOf('imo-claimable').first();
  expect(await first.textContent()).toBe('0.96 ETH');
  expect(await first.getAttribute('title')).toBe('0.960000000000000002 ETH');
  expect(await amountOf('imo-revenue').getAttribute('title')).toBe('3.000000000000000007 ETH');
  expect(await amountOf('#stranger').textContent()).toBe('0 ETH');
  expect(await page.locator('imo-claimable [part=link]').first().getAttribute('href')).toBe(
    `${api.pageUrl}holders/${scene.friend}`,
  );
  expect(await page.locator('imo-revenue [part=link]').getAttribute('href')).toBe(
    `${api.pageUrl}offerings/31337/${scene.token.address}`,
  );
});

test('the example of docs/page.md shows both figures', async () => {
  const [example] = documentedBlocks().filter(({ file }) => file === 'docs/page.md');
  const elements = (example?.text ?? '')
    .replace(/<script.*\n/, '')
    .replace(/address="\w+"/, `address="${scene.friend}"`)
    .replace(/token="\w+"/g, `token="${scene.token.address}"`)
    .replace('chain="1"', 'chain="31337"');
  expect(example?.text).toContain('/embed/imo-ledger.js"></script>');
  await open(elements);
  await page.goto(siteUrl);
  await expectShown(() => state('ready').count()).toBe(2);
  expect(await amountOf('imo-claimable').textContent()).toBe('0.96 ETH');
  expect(await amountOf('imo-revenue').textContent()).toBe('3 ETH');
});

test('the page around a piece sets its colours, and its language', async () => {
  await open(`<div lang="de">${claimable(scene.friend)}</div>`);
  await page.goto(siteUrl);
  await state('ready').waitFor();
  expect(await page.locator('imo-claimable [part=label]').textContent()).toBe('Jetzt abrufbar');
  expect(await amountOf('imo-claimable').textContent()).toBe('0,96 ETH');
  const link = page.locator('imo-claimable [part=link]');
  const colour = () => link.evaluate((element) => getComputedStyle(element).color);
  await page.evaluate(() =>
    document.documentElement.style.setProperty('--imo-accent', 'rgb(1, 2, 3)'),
  );
  expect(await colour()).toBe('rgb(1, 2, 3)');
});

test.each([
  ['token', 'token="0x12"', 'The attribute token is not an address'],
  ['address', 'address="<img src=x>"', 'The attribute address is not an address'],
  ['chain', 'chain="-1"', 'The attribute chain is not a chain id'],
])(
  'asks nothing for an attribute %s that cannot be read, and says which',
  async (_, wrong, text) => {
    const [name = ''] = wrong.split('=');
    await open(claimable(scene.friend).replace(new RegExp(` ${name}="[^"]*"|(?=>)`), ` ${wrong}`));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(siteUrl);
    await state('invalid').waitFor();
    expect(await page.locator('[part=note]').textContent()).toContain(text);
    expect(await amountOf('imo-claimable').textContent()).toBe('—');
    expect(asked.filter((url) => url.includes('/graphql'))).toEqual([]);
    await page.locator('imo-claimable').evaluate(
      (piece, [address = '', token = '']) => {
        piece.setAttribute('address', address);
        piece.setAttribute('token', token);
        piece.removeAttribute('chain');
      },
      [scene.friend, scene.token.address],
    );
    await state('ready').waitFor();
    expect(await amountOf('imo-claimable').textContent()).toBe('0.96 ETH');
  },
);

test('a token that the server does not index has no figure, not even zero', async () => {
  await open(`<imo-revenue token="0x${'1'.repeat(40)}"></imo-revenue>`);
  await page.goto(siteUrl);
  await state('failed').waitFor();
  expect(await amountOf('imo-revenue').textContent()).toBe('—');
  expect(await page.locator('[part=note]').textContent()).toContain('does not index this token');
});

test('a piece says that the books of its token have ended', async () => {
  await open(claimable(scene.friend));
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const text = (await response.text()).replace('"held":null', '"held":{"lastBlock":5}');
    await route.fulfill({ response, body: text });
  });
  await page.goto(siteUrl);
  await state('held').waitFor();
  expect(await amountOf('imo-claimable').textContent()).toBe('0.96 ETH');
  expect(await page.locator('[part=note]').textContent()).toContain('ended at block 5');
});

test('a piece says when its figures cannot be loaded', async () => {
  expected = [/ERR_FAILED|failed:/];
  await open(claimable(scene.friend));
  await page.route('**/graphql', (route) => route.abort());
  await page.goto(siteUrl);
  await state('failed').waitFor();
  expect(await amountOf('imo-claimable').textContent()).toBe('—');
  expect(await page.locator('[part=note]').textContent()).toContain('cannot be loaded now');
});

test('a server that lets other origins ask nothing gives them no pieces: the page keeps its own text', async () => {
  expected = [/CORS|ERR_FAILED|failed:/];
  const closed = await startTestApi(databaseUrl, {
    serving: servingField('.').parse({ cors: [] }),
  });
  try {
    await open(claimable(scene.friend).replace('></imo', '>See our ledger</imo'), closed);
    await page.goto(siteUrl);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('imo-claimable').textContent()).toBe('See our ledger');
    expect(await page.locator('[state]').count()).toBe(0);
  } finally {
    await closed.close();
  }
});
