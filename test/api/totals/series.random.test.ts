import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { keepNextDays } from '../../../src/store/write/days/keepDays.js';
import { readFinalDay } from '../../../src/store/write/days/nextDays.js';
import {
  type Action,
  accountOf,
  claim,
  mint,
  receipt,
  redeem,
  snapshot,
  timeOf,
  transfer,
} from '../../store/read/actions.js';
import { Books } from '../../store/read/books.js';
import { randomOf } from '../../store/series/randomTransfers.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { askData, startTestApi } from '../support.js';

const SEED = Number(process.env.SEED ?? 41);
const TOKEN = accountOf(0x1000);
const ACCOUNTS = Array.from({ length: 9 }, (_, index) => accountOf(0x2000 + index));
/** Every third one. */
const CONTRACTS = ACCOUNTS.filter((_, index) => index % 3 === 0);
const OF = `chainId: 1, token: "${TOKEN}"`;
const BLOCKS = 56;
const FINAL_BEHIND = 4;

let url: string;
let books: Books;
let api: RunningApi;
const random = randomOf(SEED);

/** A token whose holders do all that there is, at hours and after days without anything. */
class RandomLife {
  private block = 1_000;
  private readonly blocks: number[] = [];
  private readonly balances = new Map<Address, bigint>();
  private open: { readonly holder: Address; readonly id: number }[] = [];
  private snapshots = 0;

  async live(count: number): Promise<void> {
    for (let done = 0; done < count; done++) {
      this.block += 60 + random(random(6) === 0 ? 30_000 : 900);
      this.blocks.push(this.block);
      await books.commit(1, this.block, new Map([[1, await this.actions()]]), this.finalBlock());
    }
  }

  private finalBlock(): number {
    return this.blocks.at(-1 - FINAL_BEHIND) ?? 0;
  }

  private async actions(): Promise<Action[]> {
    const someone = () => ACCOUNTS[random(ACCOUNTS.length)] ?? ACCOUNTS[0] ?? TOKEN;
    const kind = random(7);
    if (this.blocks.length < 4 || kind === 0) return [this.move(null, someone(), 40n)];
    if (kind === 1) return [receipt(accountOf(9), BigInt(1 + random(100_000)))];
    if (kind === 2) return this.snapshot();
    if (kind === 3 && this.open.length > 0) return this.claim();
    if (kind === 4) return this.burn(someone());
    return [this.move(someone(), someone(), null), this.move(someone(), someone(), null)];
  }

  /** All of it, or a part. @param from `null`: a mint */
  private move(from: Address | null, to: Address, amount: bigint | null): Action {
    const has = from === null ? 0n : (this.balances.get(from) ?? 0n);
    const moved = amount ?? (random(3) === 0 ? has : BigInt(random(Number(has) + 1)));
    if (from !== null) this.balances.set(from, has - moved);
    this.balances.set(to, (this.balances.get(to) ?? 0n) + moved);
    return from === null ? mint(to, moved) : transfer(from, to, moved);
  }

  private snapshot(): Action[] {
    this.snapshots++;
    this.open = [...this.balances]
      .filter(([, balance]) => balance > 0n)
      .map(([holder]) => ({ holder, id: this.snapshots }));
    return [receipt(accountOf(9), 70_000n), snapshot()];
  }

  private async claim(): Promise<Action[]> {
    const [taken] = this.open.splice(random(this.open.length), 1);
    if (taken === undefined) return [];
    const { entitlement } = await positionOf(taken.holder, null);
    const share = entitlement.snapshots.find(
      (one: { snapshotId: number }) => one.snapshotId === taken.id,
    );
    const amount = BigInt(share?.claimableWei ?? 0);
    return amount > 0n ? [claim(taken.holder, taken.id, amount)] : [receipt(taken.holder, 5n)];
  }

  private async burn(holder: Address): Promise<Action[]> {
    const has = this.balances.get(holder) ?? 0n;
    if (has === 0n) return [receipt(holder, 3n)];
    const { entitlement } = await positionOf(holder, null);
    this.balances.set(holder, 0n);
    return redeem(holder, has, BigInt(entitlement.redeemableWei));
  }
}

const OWED = 'totalClaimableWei accruingWei redeemableWei expiredWei claimedWei redeemedWei';

async function positionOf(account: Address, block: number | null) {
  const { holder } = await askData(
    api,
    `{ holder(address: "${account}", chainId: 1 ${at(block)}) { positions { balance entitlement {
       ${OWED} snapshots { snapshotId claimableWei } } } } }`,
  );
  return holder?.positions[0] ?? NO_POSITION;
}

const NO_POSITION = {
  balance: '0',
  entitlement: {
    totalClaimableWei: '0',
    accruingWei: '0',
    redeemableWei: '0',
    expiredWei: '0',
    claimedWei: '0',
    redeemedWei: '0',
    snapshots: [],
  },
};

const at = (block: number | null) => (block === null ? '' : `at: { block: ${block} }`);

/** Keeps all days that are over and final, in small pieces. */
async function keepDays(): Promise<void> {
  const client = await connectClient({ connectionString: url });
  try {
    const day = await readFinalDay(client, 1);
    const options = { transfersAtOnce: 10, keptFrom: 20 };
    while (day !== null && (await keepNextDays(client, 1, day, options)));
  } finally {
    await client.end();
  }
}

async function addContract(address: Address): Promise<void> {
  await query(
    url,
    `INSERT INTO account_code (chain_id, address, code, block_number)
     VALUES (1, '\\x${address.slice(2)}', 'contract', 1)`,
  );
}

const life = new RandomLife();

beforeAll(async () => {
  url = await freshDatabase();
  books = Books.open(url);
  await books.addToken({
    chainId: 1,
    address: TOKEN,
    symbol: 'TKN',
    policy: 'windowed',
    percent: 60n,
    window: 2,
    interval: 100n,
    intervalUnit: 'seconds',
    startBlock: 900,
    initialLastSnapshot: null,
  });
  await books.commit(1, 900, new Map());
  api = await startTestApi(url);
  await life.live(BLOCKS / 2);
  await keepDays();
  await life.live(BLOCKS / 2);
  for (const contract of CONTRACTS) await addContract(contract);
  await query(
    url,
    'INSERT INTO account_reading (token_number, block_number, is_complete) VALUES (1, 9999999, true)',
  );
});
afterAll(async () => {
  await api.close();
  await books.close();
});

const POOLS = 'balanceWei pools { newRevenueWei claimableWei redeemableWei }';
const TOTALS = ['receivedWei', 'claimedWei', 'redeemedWei'] as const;

/** The token at the end of a block, as queries that name the block answer; asked once. */
const tokenAt = (block: number | null) => once('token', block, () => askTokenAt(block));

const known = new Map<string, Promise<never>>();

/** All that is compared was booked before. */
function once<Answer>(
  name: string,
  block: number | null,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  const key = `${name} ${block}`;
  const asked = known.get(key) ?? (answer() as Promise<never>);
  known.set(key, asked);
  return asked;
}

async function askTokenAt(block: number | null) {
  if (block === null) return null;
  const list = (where: string) =>
    `holders(${OF}, ${at(block)}, where: { balance: { _gt: "0" } ${where} })`;
  const { token, all, people } = await askData(
    api,
    `{ token(chainId: 1, address: "${TOKEN}", ${at(block)}) {
         supply ${TOTALS.join(' ')} lastSnapshot { snapshotId } ${POOLS} }
       all: ${list('')} { totalCount }
       people: ${list('isContract: { _eq: false }')} { totalCount } }`,
  );
  return { token, holders: all.totalCount, holdersWithoutContracts: people.totalCount };
}

/** How often each step is of kept days, and how often not. */
const SERIES: readonly [interval: string, moment: () => string][] = [
  ['DAY', () => ''],
  ['WEEK', () => ''],
  ['DAY', () => `at: { block: ${someBlock()} }`],
  ['HOUR', () => hoursBefore(someBlock())],
];

let newest = 0;
const someBlock = () => 2_000 + random(newest - 2_000);

function hoursBefore(block: number): string {
  const to = timeOf(block);
  const from = new Date(to.getTime() - 30 * 3_600_000);
  const [gte, lte] = [from, to].map((time) => time.toISOString());
  return `at: { block: ${block} }, timestamp: { gte: "${gte}", lte: "${lte}" }`;
}

test.each([0, 1])(
  `each figure of a series is that of its block, days %s (seed ${SEED})`,
  async (rest) => {
    if (rest === 1) {
      await life.live(12);
      await keepDays();
      // Others are contracts now, and what was asked before was answered by the ones of then.
      await query(url, `DELETE FROM account_code WHERE address = '\\x${CONTRACTS[0]?.slice(2)}'`);
      await addContract(ACCOUNTS[1] ?? TOKEN);
      known.clear();
    }
    const { tokens } = await askData(api, '{ tokens { nodes { asOf { block } } } }');
    newest = tokens.nodes[0].asOf.block;
    for (const [interval, moment] of SERIES) {
      const of = `${OF}, interval: ${interval}, ${moment()}`;
      await compareToken(of);
      for (const account of [0, 4].map((index) => ACCOUNTS[index] ?? TOKEN)) {
        await compareHolder(of, account);
      }
      await comparePerson(of, ACCOUNTS.slice(0, 3));
    }
  },
);

async function compareToken(of: string): Promise<void> {
  const figures = `block ${TOTALS.join(' ')} snapshots supply holders ${POOLS}`;
  // What is read depends on what is selected.
  const { all, counts, parts } = await askData(
    api,
    `{ all: tokenSeries(${of}) { from ${figures} holdersWithoutContracts }
       counts: tokenSeries(${of}) { block holders }
       parts: tokenSeries(${of}) { ... on TokenStep { supply snapshots } } }`,
  );
  let before = await tokenAt(null);
  let first = true;
  for (const [index, step] of all.entries()) {
    const now = step.block === before?.token?.block ? before : await tokenAt(step.block);
    const { from: _, block, holders, holdersWithoutContracts, ...rest } = step;
    expect([block, holders, holdersWithoutContracts]).toEqual([
      block,
      now?.holders ?? 0,
      now?.holdersWithoutContracts ?? 0,
    ]);
    expect(counts[index]).toEqual({ block, holders });
    expect(parts[index]).toEqual({ supply: step.supply, snapshots: step.snapshots });
    const nothing = { newRevenueWei: '0', claimableWei: '0', redeemableWei: '0' };
    const { supply, balanceWei, pools } = now?.token ?? {
      supply: '0',
      balanceWei: '0',
      pools: nothing,
    };
    expect(rest).toMatchObject({ supply, balanceWei, pools });
    if (!first) {
      const flow = (name: (typeof TOTALS)[number]) =>
        String(BigInt(now?.token[name] ?? 0) - BigInt(before?.token[name] ?? 0));
      expect(rest).toMatchObject(Object.fromEntries(TOTALS.map((name) => [name, flow(name)])));
      const last = (one: typeof now) => one?.token.lastSnapshot?.snapshotId ?? 0;
      expect(step.snapshots).toBe(last(now) - last(before));
    }
    first = false;
    before = now;
  }
}

async function compareHolder(of: string, account: Address): Promise<void> {
  const figures = 'claimableWei accruingWei redeemableWei expiredWei';
  const { all, balances } = await askData(
    api,
    `{ all: holderSeries(${of}, holder: "${account}") {
         block balance rank ${figures} claimedWei redeemedWei }
       balances: holderSeries(${of}, holder: "${account}") { balance rank } }`,
  );
  let paid: { claimedWei: string; redeemedWei: string } | null = null;
  for (const [index, step] of all.entries()) {
    const { block, balance, rank, claimedWei, redeemedWei, ...owed } = step;
    expect(balances[index]).toEqual({ balance, rank });
    const now = block === null ? NO_POSITION : await positionAt(account, block);
    const { totalClaimableWei, accruingWei, redeemableWei, expiredWei } = now.entitlement;
    expect({ balance, ...owed }).toEqual({
      balance: now.balance,
      claimableWei: totalClaimableWei,
      accruingWei,
      redeemableWei,
      expiredWei,
    });
    expect(rank).toBe(await rankAt(account, block));
    if (paid !== null) {
      const more = (name: 'claimedWei' | 'redeemedWei') =>
        String(BigInt(now.entitlement[name]) - BigInt(paid?.[name] ?? 0));
      expect([claimedWei, redeemedWei]).toEqual([more('claimedWei'), more('redeemedWei')]);
    }
    paid = now.entitlement;
  }
}

const positionAt = (account: Address, block: number) =>
  once(account, block, () => positionOf(account, block));

/** By its place in the list. */
async function rankAt(account: Address, block: number | null): Promise<number | null> {
  if (block === null) return null;
  const holders = await once('holders', block, async () => {
    const answer = await askData(
      api,
      `{ holders(${OF}, ${at(block)}, where: { balance: { _gt: "0" } }) { nodes { address } } }`,
    );
    return answer.holders.nodes as readonly { readonly address: string }[];
  });
  const place = holders.findIndex(({ address }) => address.toLowerCase() === account);
  return place < 0 ? null : place + 1;
}

async function comparePerson(of: string, accounts: readonly Address[]): Promise<void> {
  const { personSeries } = await askData(
    api,
    `{ personSeries(${of}, holders: ${JSON.stringify(accounts)}) {
       block balance claimableWei accruingWei redeemableWei expiredWei } }`,
  );
  const step = personSeries[random(personSeries.length)];
  if (step === undefined || step.block === null) return;
  const owned: (typeof NO_POSITION)[] = [];
  for (const account of accounts) owned.push(await positionAt(account, step.block));
  const sum = (of: (one: typeof NO_POSITION) => string) =>
    String(owned.reduce((all, one) => all + BigInt(of(one)), 0n));
  const { block: _, ...figures } = step;
  expect(figures).toEqual({
    balance: sum(({ balance }) => balance),
    claimableWei: sum(({ entitlement }) => String(entitlement.totalClaimableWei)),
    accruingWei: sum(({ entitlement }) => String(entitlement.accruingWei)),
    redeemableWei: sum(({ entitlement }) => String(entitlement.redeemableWei)),
    expiredWei: sum(({ entitlement }) => String(entitlement.expiredWei)),
  });
}
