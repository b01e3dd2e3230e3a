import { readdir } from 'node:fs/promises';
import { ZeroAddress } from 'ethers';
import type { Browser, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { loadArtifact } from '../../../devnet/artifacts.js';
import {
  getBalance,
  latestBlock,
  mineBlock,
  mineBlocks,
  sendTransaction,
  type TransactionReceipt,
} from '../../../devnet/chain.js';
import { type DeployedContract, encodeCall, readContract } from '../../../devnet/deploy.js';
import { toQuantity } from '../../../devnet/rpc.js';
import type { Address } from '../../../src/address.js';
import { askData } from '../../api/support.js';
import { callViews } from '../../prove/viewsAt.js';
import { eventually } from '../../support/eventually.js';
import { launchBrowser, openPage, type WatchedPage } from '../../support/programs/browser.js';
import { processesOf, type RunningDemo, startDemo } from '../../support/programs/demo.js';
import { ethText } from '../support/ethText.js';
import { closeFaultless } from '../support/forks.js';
import { expectShown } from '../support/shown.js';
import { injectWallet, keyOf, type TestWallet } from '../support/testWallet.js';

const ETH = 10n ** 18n;
/** The page is read for minutes. With a block a second, the machine would mostly index. */
const BLOCK_SECONDS = 5;
const WEEK_SECONDS = 604_800;
/** ATL wants 300 blocks from one snapshot to the next; 260 of them have passed when the demo is ready. */
const BLOCKS_TO_NEXT = 60;
/** More than the demo takes while these tests run. */
const SNAPSHOTS_AT_MOST = 16;
const SNAPSHOTS = Array.from({ length: SNAPSHOTS_AT_MOST }, (_, index) => index + 1);
/** The chain is asked each time. */
const AGREES_EVERY_MS = 250;

const CONTRACTS = {
  MRD: 'RevShareWindowedSeconds',
  ATL: 'RevShareWindowedUpgradeable',
  LEX: 'RevShareReference',
} as const;
export type DemoSymbol = keyof typeof CONTRACTS;

/** Size and colours of a window. */
export interface Look {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
}
const DESKTOP = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };
export const LOOKS = {
  desktopLight: { viewport: DESKTOP, colorScheme: 'light' },
  desktopDark: { viewport: DESKTOP, colorScheme: 'dark' },
  phoneLight: { viewport: PHONE, colorScheme: 'light' },
  phoneDark: { viewport: PHONE, colorScheme: 'dark' },
} as const satisfies Record<string, Look>;

/** Somebody who holds tokens, and whose key is known: each test takes one of its own. */
export interface Person {
  /** Its place among the accounts of the words that local nodes begin with. */
  readonly place: number;
  readonly address: string;
}

/** The running demo in a browser, with holders of our own among its cast. */
export class DemoWorld {
  /** The page of the test that runs now. */
  page!: Page;
  private watched: WatchedPage | undefined;
  private readonly persons: Person[] = [];

  private constructor(
    readonly demo: RunningDemo,
    readonly browser: Browser,
    readonly tokens: Readonly<Record<DemoSymbol, DeployedContract>>,
    /** Holders of the demo's own story, those with the most to claim first. */
    readonly cast: readonly string[],
    /** A block after the story and before anything that tests do. */
    readonly storyBlock: number,
  ) {}

  /** @param persons so many holders of our own have shares of a snapshot of MRD and of one of ATL */
  static async start(persons: number): Promise<DemoWorld> {
    const [demo, browser] = await Promise.all([
      startDemo(['--block-seconds', String(BLOCK_SECONDS)]),
      launchBrowser(),
    ]);
    const { tokens, cast } = await askedOf(demo);
    const { number } = await latestBlock(demo.chain);
    const world = new DemoWorld(demo, browser, tokens, cast, number);
    await world.endow(persons);
    return world;
  }

  /** Ends the demo as Ctrl-C does. */
  async stop(): Promise<void> {
    await this.browser.close();
    const { exitCode } = await this.demo.stop();
    expect(exitCode).toBe(0);
    expect(await readdir(this.demo.folder)).toEqual([]);
    await eventually(async () => expect(await processesOf(this.demo.folder)).toEqual([]));
  }

  /** A holder that no other test takes. */
  person(): Person {
    const person = this.persons.shift();
    if (person === undefined) throw new RangeError('more holders are needed at the start');
    return person;
  }

  async open(
    { viewport, colorScheme }: Look = LOOKS.desktopLight,
    { locale = 'en', origin = new URL(this.demo.pageUrl).origin } = {},
  ): Promise<Page> {
    await this.watched?.page.close();
    this.watched = await openPage(this.browser, origin, viewport, { colorScheme, locale });
    this.page = this.watched.page;
    return this.page;
  }

  /** Nothing went wrong in the page but what is expected. */
  async close(expected: readonly RegExp[] = []): Promise<void> {
    if (this.watched === undefined) return;
    const { page, complaints } = this.watched;
    this.watched = undefined;
    await closeFaultless({
      page,
      complaints: complaints.filter((line) => !expected.some((pattern) => pattern.test(line))),
    });
  }

  pathOf(holders: string, query = ''): string {
    return `${this.demo.pageUrl}holders/${holders}${query}`;
  }

  offering(symbol: DemoSymbol): string {
    return `${this.demo.pageUrl}offerings/${this.demo.chain.chainId}/${this.tokens[symbol].address}`;
  }

  card(name: string | RegExp): Locator {
    const heading = this.page.getByRole('heading', { name, exact: typeof name === 'string' });
    return this.page.locator('section.card', { has: heading });
  }

  /** The one number of a holder. */
  claimable(): Locator {
    return this.page.getByTestId('claimable').getByRole('button');
  }

  exactClaimable(): Promise<string | null> {
    return this.claimable().getAttribute('data-exact');
  }

  /** What was asked of a wallet, and how far each is. */
  states(): Promise<(string | undefined)[]> {
    return this.page
      .locator('.transactions li')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.state));
  }

  withWallet({ place }: Person): Promise<TestWallet> {
    return injectWallet(this.page, this.demo.chain, place);
  }

  /** What the contracts themselves say that accounts can claim, in wei. */
  async claimableBy(accounts: readonly string[], block?: number): Promise<bigint> {
    const asked = accounts.flatMap((account) =>
      Object.values(this.tokens).flatMap((token) =>
        SNAPSHOTS.map((snapshot) => ({ token, account, snapshot })),
      ),
    );
    const shares = await this.sharesOf(asked, block);
    return shares.reduce((sum, share) => sum + share, 0n);
  }

  /** Snapshots of a token that an account can claim; the demo takes more, and the oldest expire. */
  async openOf(symbol: DemoSymbol, account: string): Promise<number[]> {
    const token = this.tokens[symbol];
    const shares = await this.sharesOf(SNAPSHOTS.map((snapshot) => ({ token, account, snapshot })));
    return SNAPSHOTS.filter((_, index) => (shares[index] ?? 0n) > 0n);
  }

  /** Many at once, in the order of the questions: asked one by one, they would cost more than the page. */
  private async sharesOf(
    asked: readonly { token: DeployedContract; account: string; snapshot: number }[],
    block?: number,
  ): Promise<bigint[]> {
    const { chain } = this.demo;
    const calls = asked.map(({ token, account, snapshot }) => ({
      to: token.address as Address,
      data: encodeCall(token, 'claimableRevenue', [account, snapshot]),
    }));
    const shares = await callViews(chain, block ?? (await latestBlock(chain)).number, calls);
    return shares.map((share) => share ?? 0n);
  }

  /** Views refuse to answer for what was claimed, has expired or was never taken. */
  shareOf(token: DeployedContract, account: string, snapshot: number, block?: number) {
    return readContract(
      this.demo.chain,
      token,
      'claimableRevenue',
      [account, snapshot],
      block,
    ).catch(() => 0n);
  }

  /** Waits until the number shown is what the contracts say; the chain lives on meanwhile. */
  async expectNumberOf(...accounts: readonly string[]): Promise<void> {
    await this.expectSame(
      () => this.exactClaimable(),
      async () => ethText(await this.claimableBy(accounts)),
    );
  }

  async expectSame(
    shown: () => Promise<string | null | undefined>,
    known: () => Promise<string>,
  ): Promise<void> {
    const look = async () => {
      const [left, right] = await Promise.all([shown(), known()]);
      return left === right ? 'the same' : `${left} is shown for ${right}`;
    };
    await expectShown(look, { interval: AGREES_EVERY_MS }).toBe('the same');
  }

  /** Hands a transaction to the node for the next block of the demo. */
  async send(
    from: string,
    token: DeployedContract,
    name: string,
    args: readonly unknown[] = [],
  ): Promise<void> {
    const data = encodeCall(token, name, args);
    await sendTransaction(this.demo.chain, { from, to: token.address, data });
  }

  /** What the only burn of MRD by an account paid it, in wei. No event says so: its ETH before and after does. */
  async paidForBurn(account: string): Promise<bigint> {
    const { chain } = this.demo;
    const { address, interface: abi } = this.tokens.MRD;
    const topics = abi.encodeFilterTopics('Transfer', [account, ZeroAddress]);
    const logs = await chain.rpc.call<{ transactionHash: string }[]>('eth_getLogs', [
      { fromBlock: toQuantity(BigInt(this.storyBlock)), toBlock: 'latest', address, topics },
    ]);
    expect(logs).toHaveLength(1);
    const { blockNumber, gasUsed, effectiveGasPrice } = await this.receiptOf(
      logs[0]?.transactionHash ?? '',
    );
    const block = Number(blockNumber);
    const before = await getBalance(chain, account, block - 1);
    const after = await getBalance(chain, account, block);
    return after - before + BigInt(gasUsed) * BigInt(effectiveGasPrice);
  }

  /** The receipt of a transaction that the demo has mined. */
  async receiptOf(hash: string): Promise<TransactionReceipt> {
    return this.demo.chain.rpc.call('eth_getTransactionReceipt', [hash]);
  }

  /** Time passes, and snapshots of MRD and ATL are taken. */
  async takeSnapshots(payer: string, symbols: readonly DemoSymbol[] = ['MRD']): Promise<void> {
    const { chain } = this.demo;
    await this.nextBlock();
    if (symbols.includes('ATL')) await mineBlocks(chain, BLOCKS_TO_NEXT);
    for (const symbol of symbols) {
      const { address } = this.tokens[symbol];
      await sendTransaction(chain, { from: payer, to: address, valueWei: 5n * ETH + 7n });
      await this.send(payer, this.tokens[symbol], 'snapshot');
    }
    await mineBlock(chain, (await latestBlock(chain)).timestamp + WEEK_SECONDS + 1);
  }

  /** Waits until the demo has mined a block: the one after it is a second away, and ours are between them. */
  async nextBlock(): Promise<number> {
    const { number: before } = await latestBlock(this.demo.chain);
    return eventually(async () => {
      const { number } = await latestBlock(this.demo.chain);
      expect(number).toBeGreaterThan(before);
      return number;
    });
  }

  /** Gives tokens to accounts whose keys are known, before a snapshot. */
  private async endow(count: number): Promise<void> {
    const [payer = ''] = await defaultAccounts(this.demo.chain);
    const rich = { MRD: await this.richest('MRD'), ATL: await this.richest('ATL') };
    for (let place = 1; place <= count; place++) {
      const { address } = keyOf(place);
      await this.send(rich.MRD, this.tokens.MRD, 'transfer', [
        address,
        1_000_000n * ETH * BigInt(place) + 1n,
      ]);
      await this.send(rich.ATL, this.tokens.ATL, 'transfer', [
        address,
        100_000n * ETH * BigInt(place) + 1n,
      ]);
      await this.demo.chain.rpc.call('anvil_setBalance', [address, toQuantity(100n * ETH)]);
      this.persons.push({ place, address: address.toLowerCase() });
    }
    await this.takeSnapshots(payer, ['MRD', 'ATL']);
    for (const { address } of this.persons) {
      for (const token of [this.tokens.MRD, this.tokens.ATL]) {
        expect(await this.shareOf(token, address, 2)).toBeGreaterThan(0n);
      }
    }
  }

  /** The account with the most of a token. */
  private async richest(symbol: DemoSymbol): Promise<string> {
    const data = await askData(
      this.demo,
      `{ token(chainId: ${this.demo.chain.chainId}, address: "${this.tokens[symbol].address}") {
        holders(orderBy: BALANCE, first: 10) { nodes { address isContract } }
      } }`,
    );
    const nodes: { address: string; isContract: boolean }[] = data.token.holders.nodes;
    return nodes.find(({ isContract }) => !isContract)?.address ?? '';
  }
}

async function askedOf(demo: RunningDemo) {
  const { tokens } = await askData(
    demo,
    '{ tokens { nodes { symbol address holders(orderBy: CLAIMABLE, first: 10) { nodes { address isContract } } } } }',
  );
  const nodes: {
    symbol: DemoSymbol;
    address: string;
    holders: { nodes: { address: string; isContract: boolean }[] };
  }[] = tokens.nodes;
  const contracts = nodes.map(({ symbol, address }) => {
    const contractName = CONTRACTS[symbol];
    return [
      symbol,
      {
        contractName,
        address: address.toLowerCase(),
        deploymentBlock: 0,
        interface: loadArtifact(contractName).interface,
      },
    ] as const;
  });
  const meridian = nodes.find(({ symbol }) => symbol === 'MRD');
  const cast = meridian?.holders.nodes.filter(({ isContract }) => !isContract) ?? [];
  return {
    tokens: Object.fromEntries(contracts) as Record<DemoSymbol, DeployedContract>,
    cast: cast.map(({ address }) => address.toLowerCase()),
  };
}
