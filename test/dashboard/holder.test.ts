import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import {
  execute,
  latestBlock,
  mineBlock,
  sendTransaction,
  setAutomine,
} from '../../devnet/chain.js';
import {
  type DeployedContract,
  deployWindowed,
  encodeCall,
  readContract,
} from '../../devnet/deploy.js';
import type { Address } from '../../src/address.js';
import type { RunningApi } from '../../src/api/server.js';
import { startTestApi } from '../api/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { launchBrowser, openPage, type WatchedPage } from '../support/programs/browser.js';
import { type Follower, follow } from '../support/programs/indexer.js';
import { DOLLAR, deployAggregator } from '../support/scenes/priceScene.js';
import { SaleScene } from '../support/scenes/saleScene.js';
import type { Scene } from '../support/scenes/scene.js';
import { endAll } from './support/endAll.js';
import { ethText } from './support/ethText.js';
import { closeFaultless, SELDOM, takenBack } from './support/forks.js';
import { qrText } from './support/qrText.js';
import { expectShown } from './support/shown.js';
import { injectWallet, type TestWallet } from './support/testWallet.js';
import { pixelsBeyond, seriousFindings, settled } from './support/viewChecks.js';

const DESKTOP = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };
const ETH = 10n ** 18n;

let scene: Scene;
let second: DeployedContract;
let follower: Follower;
let api: RunningApi;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

/** The friend has 400 of 1000 units of the first token, and 250 of 1000 of the second. */
beforeAll(async () => {
  const market = await SaleScene.start();
  ({ scene } = market);
  const { chain, founder, friend } = scene;
  const sale = await market.launchpad({ target: 100n, tokensForSale: 100n });
  await market.call(friend, sale, 'deposit()', [], 61n);
  const terms = { name: 'Second', symbol: 'SEC', supply: 1_000n, percentClaimable: 60 };
  second = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    ...terms,
    from: founder,
    window: 2,
    snapshotInterval: 10,
  });
  const dollars = await deployAggregator(scene);
  const euros = await deployAggregator(scene);
  const submit = (to: string, answer: bigint) =>
    execute(chain, { from: founder, to, data: encodeCall(dollars, 'submit', [answer]) });
  await submit(dollars.address, 2_000n * DOLLAR);
  await submit(euros.address, 1_800n * DOLLAR);
  await scene.call(founder, 'transfer', [friend, 400]);
  await inSecond(founder, 'transfer', [friend, 250]);
  await scene.pay(3n * ETH + 7n);
  await execute(chain, { from: scene.payer, to: second.address, valueWei: 2n * ETH + 3n });
  await scene.snapshot();
  await inSecond(founder, 'snapshot', []);
  const databaseUrl = await freshDatabase();
  const price = { asset: 'native', startBlock: null, staleAfterSeconds: null } as const;
  follower = follow({
    ...market.request(databaseUrl),
    more: SELDOM,
    tokens: [scene.token.address, second.address],
    prices: [
      { ...price, currency: 'USD', aggregator: dollars.address as Address },
      { ...price, currency: 'EUR', aggregator: euros.address as Address },
    ],
  });
  await follower.caughtUp();
  const chains = [
    {
      id: chain.chainId,
      name: 'devnet',
      rpcUrl: chain.url,
      explorer: 'https://scan.example/net',
    },
  ];
  api = await startTestApi(databaseUrl, { chains, live: { deafPollMs: 20 } });
  browser = await launchBrowser();
});
afterAll(() => endAll(browser, api, follower, scene?.chain));

beforeEach(() => open(DESKTOP));
afterEach(() => closeFaultless(watched));

async function open(viewport: typeof DESKTOP, colorScheme: 'light' | 'dark' = 'light') {
  await watched?.page.close();
  const origin = new URL(api.pageUrl).origin;
  watched = await openPage(browser, origin, viewport, { colorScheme, locale: 'en' });
  ({ page } = watched);
}

async function inSecond(from: string, name: string, args: readonly unknown[]) {
  return execute(scene.chain, { from, to: second.address, data: encodeCall(second, name, args) });
}

async function withWallet(account: string): Promise<TestWallet> {
  const accounts = await defaultAccounts(scene.chain);
  return injectWallet(page, scene.chain, accounts.indexOf(account));
}

const pathOf = (account: string, query = '') => `${api.pageUrl}holders/${account}${query}`;
const claimable = () => page.getByTestId('claimable').getByRole('button');
const exactClaimable = () => claimable().getAttribute('data-exact');
const states = () =>
  page
    .locator('.transactions li')
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.state));
const card = (name: string) =>
  page.locator('section.card', { has: page.getByRole('heading', { name, exact: true }) });

/** What a contract itself says that an account can claim of a snapshot; what was claimed is refused. */
async function shareOf(token: DeployedContract, account: string, snapshot: number) {
  return readContract(scene.chain, token, 'claimableRevenue', [account, snapshot]).catch(() => 0n);
}

async function claimableBy(...accounts: readonly string[]): Promise<bigint> {
  let sum = 0n;
  for (const account of accounts) {
    for (const token of [scene.token, second]) sum += await shareOf(token, account, 1);
  }
  return sum;
}

/** What waits for a block, by sender and number. */
interface Pool {
  readonly pending: Readonly<Record<string, Readonly<Record<string, { readonly hash: string }>>>>;
}

const onFork = (run: () => Promise<void>) => takenBack(scene.chain, follower, run);

describe('claiming all of two tokens', () => {
  let wallet: TestWallet;
  const claimAll = () => page.getByRole('button', { name: /^Claim all: / });

  beforeEach(async () => {
    wallet = await withWallet(scene.friend);
    await page.goto(pathOf(scene.friend));
    await claimAll().waitFor();
  });

  test('sends one transaction after the other, and the number falls to what the contracts say', async () => {
    expect(await exactClaimable()).toBe(ethText(await claimableBy(scene.friend)));
    await onFork(async () => {
      await claimAll().click();
      await expectShown(states).toEqual(['indexed', 'indexed']);
      await expectShown(exactClaimable).toBe('0 ETH');
      expect(await claimableBy(scene.friend)).toBe(0n);
      expect(await page.locator('.transactions').textContent()).toContain('Claimable now: 0 ETH');
    });
  });

  test('sends none of the others when one is rejected', async () => {
    const before = await claimableBy(scene.friend);
    wallet.mood = 'rejects';
    await claimAll().click();
    await expectShown(states).toEqual(['rejected', 'notSent']);
    expect(await page.locator('.transactions').textContent()).toContain(
      'You rejected the request. Nothing was sent.',
    );
    expect(await claimableBy(scene.friend)).toBe(before);
  });

  test('says why the contract refused a transaction, and withdraws a claim that a reorg takes back', async () => {
    await onFork(async () => {
      wallet.beforeSending = () => scene.call(scene.friend, 'claim', [1]);
      await page.getByRole('button', { name: /^Claim 0\.96/ }).click();
      await page.locator('.transactions [data-state=reverted]').waitFor();
      expect(await page.locator('.transactions').textContent()).toMatch(
        /the contract refused it.*Reason: .*already claimed/s,
      );
      await expectShown(exactClaimable).toBe(ethText(await claimableBy(scene.friend)));
      await card('History').locator('tbody tr').first().waitFor();
    });
    await card('History').locator('tr.withdrawn').waitFor();
  });
});

describe('a wallet', () => {
  let wallet: TestWallet;
  const claim = () => page.getByRole('button', { name: /^Claim 0\.96/ });

  beforeEach(async () => {
    wallet = await withWallet(scene.friend);
    await page.goto(pathOf(scene.friend));
    await claim().waitFor();
  });

  test('on another chain is asked to change, and sends nothing if it does not', async () => {
    Object.assign(wallet, { otherChain: 1, switches: false });
    await claim().click();
    await expectShown(states).toEqual(['otherChain']);
    expect(wallet.asked).not.toContain('eth_sendTransaction');
    await onFork(async () => {
      wallet.switches = true;
      await claim().click();
      await expectShown(states).toEqual(['indexed']);
    });
  });

  test('that replaces a transaction by another one is reported, and nothing was claimed', async () => {
    const { chain, friend, payer } = scene;
    await onFork(async () => {
      await setAutomine(chain, false);
      try {
        await claim().click();
        // From then on the page knows which number the transaction has.
        await expectShown(() => wallet.asked).toContain('eth_getTransactionByHash');
        const { pending } = await chain.rpc.call<Pool>('txpool_content', []);
        const [hash] = Object.values(pending)
          .flatMap(Object.values)
          .map(({ hash: one }) => one);
        await chain.rpc.call('anvil_dropTransaction', [hash]);
        await sendTransaction(chain, { from: friend, to: payer, valueWei: 1n });
        await mineBlock(chain);
        await expectShown(states).toEqual(['replaced']);
      } finally {
        await setAutomine(chain, true);
      }
      expect(await exactClaimable()).toBe(ethText(await claimableBy(friend)));
    });
  });
});

test('the first page leads a reader with a wallet to what its address can claim', async () => {
  await withWallet(scene.friend);
  await page.goto(api.pageUrl);
  await page.getByRole('button', { name: 'Use Test wallet' }).click();
  await page.waitForURL(new RegExp(`/holders/${scene.friend}$`, 'i'));
  await expectShown(exactClaimable).toBe(ethText(await claimableBy(scene.friend)));
});

describe('burning', () => {
  const slider = () => card('Model · MDL').getByRole('slider', { name: 'How many tokens' });
  const quote = () => page.getByTestId('burn-quote');
  const pays = () => quote().getByRole('button').first().getAttribute('data-exact');
  const byContract = async (amount: number) =>
    ethText(await readContract(scene.chain, scene.token, 'redeemableOnBurn', [amount]));

  test('shows for each place of the slider what the contract would pay, to the wei', async () => {
    await page.goto(pathOf(scene.friend));
    await card('Model · MDL').getByText('Burn tokens…').click();
    for (const amount of [1, 137, 400]) {
      await slider().fill(String(amount));
      await expectShown(pays).toBe(await byContract(amount));
    }
    await slider().focus();
    await page.keyboard.press('ArrowLeft');
    await expectShown(pays).toBe(await byContract(399));
    expect(await quote().textContent()).toContain('Burning ends your share of later snapshots');
  });

  test('takes an exact number too, and refuses more than there is', async () => {
    await page.goto(pathOf(scene.friend));
    await card('Model · MDL').getByText('Burn tokens…').click();
    const field = page.getByRole('textbox', { name: 'Tokens to burn, exactly' }).first();
    await field.fill('0.000000000000000099');
    await expectShown(pays).toBe(await byContract(99));
    await field.fill('1');
    await page.getByText('That cannot be burned').waitFor();
    expect(await quote().count()).toBe(0);
  });

  test('pays what was shown beforehand', async () => {
    const { chain, token, friend } = scene;
    await withWallet(friend);
    await page.goto(pathOf(friend));
    await card('Model · MDL').getByText('Burn tokens…').click();
    await slider().fill('150');
    await expectShown(pays).toBe(await byContract(150));
    const shown = await pays();
    await onFork(async () => {
      const held = await readContract(chain, token, 'balanceOf', [friend]);
      await page.getByRole('button', { name: /^Burn < 0\.000001 units for / }).click();
      await expectShown(states).toEqual(['indexed']);
      expect(await readContract(chain, token, 'balanceOf', [friend])).toBe(held - 150n);
      await page.getByRole('button', { name: 'Burns' }).click();
      const paid = card('History').locator('tbody td.number').nth(1).getByRole('button');
      await expectShown(() => paid.getAttribute('data-exact')).toBe(shown);
      expect(page.url()).toContain('history=burns');
    });
  });
});

test('a snapshot can be taken once it is due, and then there is more to claim', async () => {
  await withWallet(scene.friend);
  await page.goto(pathOf(scene.friend));
  await claimable().waitFor();
  await onFork(async () => {
    await scene.pay(ETH);
    await mineBlock(scene.chain, (await latestBlock(scene.chain)).timestamp + 20);
    const take = card('Model · MDL').getByRole('button', { name: 'Take the next snapshot' });
    await take.click();
    await expectShown(states).toEqual(['indexed']);
    const both = (await claimableBy(scene.friend)) + (await shareOf(scene.token, scene.friend, 2));
    await expectShown(exactClaimable).toBe(ethText(both));
  });
});

test('a reorg is listed with its blocks, its hashes and the rows that it took back', async () => {
  const { chain } = scene;
  const hashOf = async (height: number) => {
    const asked = [`0x${height.toString(16)}`, false];
    return (await chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', asked)).hash;
  };
  const { number: shared } = await latestBlock(chain);
  let oldHash = '';
  await onFork(async () => {
    await scene.pay(ETH);
    await follower.caughtUp();
    oldHash = await hashOf(shared + 1);
  });
  await page.goto(`${api.pageUrl}status`);
  const cells = card('Reorganisations').locator('tbody tr').first().locator('td');
  await expectShown(() => cells.count()).toBe(7);
  const texts = await cells.allTextContents();
  // A payment is a receipt, an entry of the journal with two postings, and a version of the pools.
  expect([texts[0], ...texts.slice(2, 4), texts[6]]).toEqual([
    'devnet',
    String(shared + 1),
    '1',
    '5',
  ]);
  const exact = (cell: number) => cells.nth(cell).getByRole('button').getAttribute('data-exact');
  expect([await exact(4), await exact(5)]).toEqual([oldHash, await hashOf(shared + 1)]);
});

test('several addresses are one person: shares are added, and what moved between them is said and left out', async () => {
  const { friend, founder } = scene;
  await page.goto(pathOf(friend));
  await page.getByText('Add an address').click();
  await page.getByRole('textbox', { name: /Another address/ }).fill(founder);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.waitForURL(new RegExp(`/holders/${friend},${founder}$`));
  await expectShown(exactClaimable).toBe(ethText(await claimableBy(friend, founder)));
  const between = page.locator('.between');
  await expectShown(() => between.textContent()).toContain('One transfer between them moved');
  const moved = between.getByRole('button').first();
  expect(await moved.getAttribute('data-exact')).toBe('0.0000000000000004 units');
  await page.getByRole('button', { name: `Leave out ${founder}` }).click();
  await page.waitForURL(pathOf(friend));
  await expectShown(exactClaimable).toBe(ethText(await claimableBy(friend)));
});

test('the number is worth what the newest round of a feed says, in the currency of the URL', async () => {
  const { friend } = scene;
  const wei = await claimableBy(friend);
  const worth = (price: bigint) => {
    const cents = (wei * price * 100n) / ETH;
    return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
  };
  await page.goto(pathOf(friend));
  const fiat = () => page.getByTestId('fiat').textContent();
  await expectShown(async () => (await fiat())?.replaceAll('\u202f', '')).toContain(
    `≈ ${worth(2_000n)} USD`,
  );
  await page.getByLabel('Currency').selectOption('EUR');
  await expectShown(async () => (await fiat())?.replaceAll('\u202f', '')).toContain(
    `≈ ${worth(1_800n)} EUR`,
  );
  expect(page.url()).toContain('currency=EUR');
});

test('without a wallet, a QR code has the same link that opens a wallet', async () => {
  await page.goto(pathOf(scene.friend));
  await card('Model · MDL')
    .locator('summary', { hasText: /^Claim / })
    .click();
  const code = page.getByRole('img', { name: /^QR code/ });
  await code.waitFor();
  const link = await page
    .getByRole('link', { name: 'Open in a wallet on this device' })
    .getAttribute('href');
  expect(link).toMatch(/\/claim\?uint256=1$/);
  expect(await qrText(code)).toBe(link);
  await onFork(async () => {
    await scene.pay(ETH);
    await scene.snapshot();
    const both = (await claimableBy(scene.friend)) + (await shareOf(scene.token, scene.friend, 2));
    await expectShown(exactClaimable).toBe(ethText(both));
    await card('Model · MDL')
      .locator('summary', { hasText: /^Claim 1\.28/ })
      .click();
    await page.getByLabel('A link can hold one snapshot:').selectOption('Snapshot 2');
    const second = page.getByRole('link', { name: 'Open in a wallet on this device' });
    await expectShown(() => second.getAttribute('href')).toMatch(/\/claim\?uint256=2$/);
    expect(await qrText(code)).toBe(await second.getAttribute('href'));
    // The data of the transaction itself claims both.
    expect(await page.locator('code.data').first().textContent()).not.toBe(
      scene.data('claim', [2]),
    );
  });
});

test('cost, earnings and files of a person lead to the same sums as the contract', async () => {
  const { friend, token } = scene;
  await page.goto(pathOf(friend, '?year=2025'));
  const cost = card('Cost and return').locator('tbody td');
  await expectShown(() => cost.count()).toBe(5);
  expect(await cost.nth(1).getByRole('button').getAttribute('data-exact')).toBe(
    '0.000000000000000061 ETH',
  );
  const earned = card('Earned by month and source');
  await earned.scrollIntoViewIfNeeded();
  await earned.getByRole('button', { name: 'Show as table' }).click();
  const shares = await Promise.all([token, second].map((one) => shareOf(one, friend, 1)));
  const text = (await earned.locator('tbody').textContent()) ?? '';
  for (const share of shares) expect(text).toContain(ethText(share).replace(' ETH', ''));
  const statement = await page.getByRole('link', { name: 'Statement (CSV)' }).getAttribute('href');
  const csv = await (await fetch(new URL(statement ?? '', api.pageUrl))).text();
  for (const share of shares) expect(csv).toContain(ethText(share).replace(' ETH', ''));
  for (const name of ['Statement (PDF)', 'Reminders (calendar)', 'Tax file for Koinly']) {
    const href = await page.getByRole('link', { name }).first().getAttribute('href');
    const response = await fetch(new URL(href ?? '', api.pageUrl));
    expect([name, response.status]).toEqual([name, 200]);
    await response.body?.cancel();
  }
});

test('addresses and transactions lead to the block explorer that the config names', async () => {
  const { friend } = scene;
  await page.goto(pathOf(friend, '?history=transfers'));
  const links = page.getByRole('link', { name: 'In the block explorer' });
  await card('History').locator('tbody tr').first().waitFor();
  expect(await links.first().getAttribute('href')).toBe(
    `https://scan.example/net/address/${friend}`,
  );
  expect(await links.last().getAttribute('href')).toMatch(
    /^https:\/\/scan\.example\/net\/tx\/0x[\da-f]{64}$/,
  );
});

test('the tab key reaches everything that can be operated, in the order in which it is read', async () => {
  await withWallet(scene.friend);
  await page.goto(pathOf(scene.friend));
  await page.getByRole('button', { name: /^Claim all: / }).waitFor();
  await card('Model · MDL').getByText('Burn tokens…').click();
  await settled(page);
  await page.evaluate(() => {
    const all = [
      ...document.querySelectorAll('a[href],button,input,select,summary,[tabindex="0"]'),
    ];
    const visible = all.filter(
      (one) => one.checkVisibility() && !(one as HTMLButtonElement).disabled,
    );
    for (const [index, one] of visible.entries()) (one as HTMLElement).dataset.walk = String(index);
    (document.activeElement as HTMLElement | null)?.blur();
  });
  const count = await page.locator('[data-walk]').count();
  const walked: (string | undefined)[] = [];
  // Between the last and the first, the browser itself has the focus for some steps.
  for (let step = 0; step < count + 4; step++) {
    await page.keyboard.press('Tab');
    walked.push(
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.walk),
    );
  }
  const first = Number(walked[0]);
  const expected = Array.from({ length: count }, (_, index) => String((first + index) % count));
  expect(walked.filter((one) => one !== undefined).slice(0, count)).toEqual(expected);
});

test.each([
  ['desktop, light', DESKTOP, 'light'],
  ['phone, dark', PHONE, 'dark'],
] as const)(
  'with everything open, nothing is inaccessible or scrolls sideways (%s)',
  async (_, viewport, scheme) => {
    await open(viewport, scheme);
    await page.goto(pathOf(`${scene.friend},${scene.founder}`));
    await claimable().waitFor();
    await card('Model · MDL').getByText('Burn tokens…').click();
    await card('Model · MDL').getByRole('slider', { name: 'How many tokens' }).fill('77');
    await page.getByTestId('burn-quote').waitFor();
    await card('Model · MDL')
      .locator('summary', { hasText: /^Claim / })
      .first()
      .click();
    await settled(page);
    expect(await seriousFindings(page)).toEqual([]);
    expect(await pixelsBeyond(page)).toBeLessThanOrEqual(0);
  },
);
