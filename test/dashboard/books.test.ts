import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
} from 'vitest';
import { latestBlock, mineBlocks } from '../../devnet/chain.js';
import type { RunningApi } from '../../src/api/server.js';
import { proveFinalBlocks } from '../../src/processor/run/proofs.js';
import { startTestApi } from '../api/support.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { launchBrowser, openPage, type WatchedPage } from '../support/programs/browser.js';
import { indexTo } from '../support/programs/indexer.js';
import { Scene } from '../support/scenes/scene.js';
import { ethText } from './support/ethText.js';
import { expectShown } from './support/shown.js';
import { reloadUntil } from './support/viewChecks.js';

const ETH = 10n ** 18n;
const DESKTOP = { width: 1_280, height: 900 };

let scene: Scene;
let databaseUrl: string;
let afterSnapshot: number;
let api: RunningApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  scene = await Scene.start();
  const { chain, founder, friend, token } = scene;
  await scene.call(founder, 'transfer', [friend, 400]);
  await scene.pay(3n * ETH + 7n);
  await scene.snapshot();
  ({ number: afterSnapshot } = await latestBlock(chain));
  await scene.call(friend, 'claim', [1]);
  await scene.pay(ETH);
  await mineBlocks(chain, 12);
  databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  await proveFinalBlocks(databaseUrl, chain.chainId, new AbortController().signal);
  api = await serve(chain.url);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await api?.close();
  await scene?.chain.stop();
});

beforeEach(() => open(api));
afterEach(async () => {
  await page.close();
  expect(watched.complaints).toEqual([]);
});

function serve(rpcUrl: string): Promise<RunningApi> {
  return startTestApi(databaseUrl, {
    chains: [{ id: scene.chain.chainId, name: 'devnet', rpcUrl }],
    live: { deafPollMs: 20 },
  });
}

async function open({ pageUrl }: RunningApi) {
  watched = await openPage(browser, new URL(pageUrl).origin, DESKTOP, { locale: 'en' });
  ({ page } = watched);
}

const compared = () => page.getByRole('region', { name: 'Books and contract' });
const journal = () => page.getByRole('region', { name: 'Journal' }).locator('tbody tr');

async function balanceAt(block: string): Promise<string> {
  const wei = await scene.chain.rpc.call<string>('eth_getBalance', [scene.token.address, block]);
  return ethText(BigInt(wei));
}

/** Both figures of the comparison, and its result. */
async function comparison() {
  const result = compared().locator('[data-result]');
  await result.waitFor();
  const figures = await compared()
    .locator('tbody .amount')
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.exact));
  return {
    result: await result.getAttribute('data-result'),
    figures,
    text: await result.textContent(),
  };
}

describe('the trial balance', () => {
  test('has the balance of the contract next to that of the books, and both are equal', async () => {
    await page.goto(`${api.pageUrl}books`);
    const { number: head } = await latestBlock(scene.chain);
    const balance = await balanceAt('latest');
    expect(await comparison()).toEqual({
      result: 'equal',
      figures: [balance, balance],
      text: ` Equal at block ${head}`,
    });
  });

  test('compares at the block of the URL', async () => {
    await page.goto(`${api.pageUrl}books?at=${afterSnapshot}`);
    const balance = await balanceAt(`0x${afterSnapshot.toString(16)}`);
    expect(balance).not.toBe(await balanceAt('latest'));
    expect(await comparison()).toMatchObject({ result: 'equal', figures: [balance, balance] });
  });

  test('shows by how much the contract has another balance', async () => {
    const node = createServer((_, response) => response.end('{"result":"0x1"}')).listen(
      0,
      '127.0.0.1',
    );
    await once(node, 'listening');
    const { port } = node.address() as AddressInfo;
    const other = await serve(`http://127.0.0.1:${port}`);
    onTestFinished(async () => {
      await other.close();
      node.close();
    });
    await page.close();
    await open(other);
    await page.goto(`${other.pageUrl}books`);
    const { result, figures } = await comparison();
    expect([result, figures[1]]).toEqual(['different', '0.000000000000000001 ETH']);
    expect(await page.getByRole('alert').textContent()).toContain('Do not rely on these figures.');
  });

  test('says why the contract was not asked', async () => {
    const deaf = await serve('http://127.0.0.1:1');
    onTestFinished(() => deaf.close());
    await page.close();
    await open(deaf);
    await page.goto(`${deaf.pageUrl}books`);
    expect(await comparison()).toMatchObject({
      result: 'unknown',
      text: 'Not compared: the node cannot be reached.',
    });
  });
});

test('the journal is filtered, and the URL keeps the filter and the moment', async () => {
  await page.goto(`${api.pageUrl}books`);
  await expectShown(() => journal().count()).toBe(4);
  await page.getByLabel('Kind').selectOption('Claim');
  await page.locator('#journal-holder').fill('0x12');
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.locator('#journal-holder-wrong').waitFor();
  // What was chosen stays when the form is drawn again.
  expect(await page.getByLabel('Kind').inputValue()).toBe('CLAIM');
  await page.locator('#journal-holder').fill(scene.friend);
  await page.getByRole('button', { name: 'Filter' }).click();
  await expectShown(() => journal().count()).toBe(1);
  expect(await journal().first().textContent()).toContain('claimable/1');
  await page.reload();
  await expectShown(() => journal().count()).toBe(1);

  await page.getByText('As of…').click();
  await page.getByLabel('Show everything as of a block or a time').fill(String(afterSnapshot));
  await page.locator('.menu-body button').click();
  await page.getByText('No entry matches.').waitFor();
  const { searchParams } = new URL(page.url());
  expect(Object.fromEntries(searchParams)).toEqual({
    kind: 'CLAIM',
    holder: scene.friend,
    at: String(afterSnapshot),
  });
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expectShown(() => journal().count()).toBe(1);
  await page.getByRole('button', { name: 'Show all entries' }).click();
  await expectShown(() => journal().count()).toBe(4);
  expect(new URL(page.url()).search).toBe('');
});

test('each part of the filter leaves out what it does not match', async () => {
  const { friend, founder } = scene;
  for (const [filter, shown] of [
    ['kind=RECEIPT', 2],
    ['kind=SNAPSHOT', 1],
    ['account=claimable/1', 2],
    [`holder=${friend}`, 1],
    [`holder=${founder}`, 'No entry matches.'],
    ['from=2000-01-01&to=2100-01-01', 4],
    ['from=2100-01-01', 'BLOCK_NOT_INDEXED'],
    ['to=2000-01-01', 'BEFORE_START'],
  ] as const) {
    await page.goto(`${api.pageUrl}books?${filter}`);
    if (typeof shown === 'string') await page.getByText(shown).waitFor();
    else await expectShown(() => journal().count()).toBe(shown);
  }
});

test('a holder that is not an address is refused at the field', async () => {
  await page.goto(`${api.pageUrl}books`);
  await page.locator('#journal-holder').fill('0x12');
  await page.getByRole('button', { name: 'Filter' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('That is not an address.');
  expect(new URL(page.url()).search).toBe('');
});

test('a link to books that are not kept here says so', async () => {
  await page.goto(`${api.pageUrl}books?contract=0x${'1'.repeat(40)}`);
  await page.getByRole('alert').waitFor();
  expect(await page.getByRole('alert').textContent()).toContain('keeps no books here');
});

test('the last audit shows what differs, by the books and by the contract', async () => {
  await page.goto(`${api.pageUrl}books`);
  await page.getByText('have not been compared with the contracts yet').waitFor();
  const [{ number: token }] = (await query(databaseUrl, 'SELECT number FROM token')) as [
    { number: number },
  ];
  await query(
    databaseUrl,
    `INSERT INTO audit_progress (token_number, block_number, block_hash, audited_at, figures)
     VALUES (${token}, ${afterSnapshot}, '\\x00', now(), 1234)`,
  );
  onTestFinished(() => query(databaseUrl, 'DELETE FROM audit_progress').then(() => undefined));
  // Results of the audit may be a second old.
  await reloadUntil(page, page.getByText('No figure of this token differs from its contract.'));
  const audit = page.locator('section', { has: page.getByRole('heading', { name: 'Last audit' }) });
  expect(await audit.locator('dd').allTextContents()).toEqual([
    String(afterSnapshot),
    expect.any(String),
    '1\u202f234',
    '0',
  ]);

  await query(
    databaseUrl,
    `INSERT INTO audit_mismatch (token_number, figure, account, first_block, block_number, ours, contract)
     VALUES (${token}, 'totalSupply()', NULL, 3, ${afterSnapshot}, 1000, 999)`,
  );
  onTestFinished(() => query(databaseUrl, 'DELETE FROM audit_mismatch').then(() => undefined));
  const cells = page.getByRole('region', { name: 'Figures that differ' }).locator('td');
  await reloadUntil(page, cells);
  expect(await cells.allTextContents()).toEqual(['totalSupply()', '', '3', '1\u202f000', '999']);
});

test('a proof is checked in the browser, and one that was changed fails for all to see', async () => {
  await page.goto(`${api.pageUrl}books`);
  await page.locator('#proof-of').fill(scene.friend);
  await page.getByRole('button', { name: 'Show the proof' }).click();
  const text = page.getByLabel('Proof, from here or from somebody else');
  await expectShown(() => text.inputValue()).toContain('shareWei');
  const verify = page.getByRole('button', { name: 'Verify in this browser' });
  const verdict = page.locator('[data-verdict]');
  // Other parts of the page may ask something meanwhile; nobody is asked about the proof.
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`));
  await verify.click();
  await verdict.waitFor();
  expect(await verdict.getAttribute('data-verdict')).toBe('proved');
  // 80 % of 3 ETH and 7 wei, of which the friend has 400 of 1000 units.
  expect(await verdict.locator('.amount').getAttribute('data-exact')).toBe(
    '0.960000000000000002 ETH',
  );
  expect(asked.filter((one) => /proof|960000000000000002/i.test(one))).toEqual([]);

  const proof = await text.inputValue();
  await text.fill(proof.replace('960000000000000002', '960000000000000003'));
  await expectShown(() => verdict.count()).toBe(0);
  await verify.click();
  await expectShown(() => verdict.getAttribute('data-verdict')).toBe('wrong');
  expect(await page.getByRole('alert').textContent()).toContain('Not proved.');
  await text.fill('{}');
  await verify.click();
  await expectShown(() => verdict.textContent()).toContain('holder is missing or not valid');
});
