import type { Address } from '../../../src/address.js';
import {
  type Action,
  accountOf,
  claim,
  mint,
  receipt,
  redeem,
  snapshot,
  transfer,
} from './actions.js';
import { Books, type TokenTerms } from './books.js';

export const ALICE = accountOf(0xa11ce);
export const BOB = accountOf(0xb0b);
export const CAROL = accountOf(0xca201);
export const DAVE = accountOf(0xda7e);
export const ERIN = accountOf(0xe214);
export const PAYER = accountOf(0xfee);

/** The same address on both chains. */
export const WINDOWED: Address = '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed';
export const REFERENCE: Address = '0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359';

const windowedTerms: TokenTerms = {
  chainId: 1,
  address: WINDOWED,
  symbol: 'WIN',
  policy: 'windowed',
  percent: 60n,
  window: 2,
  interval: 100n,
  intervalUnit: 'seconds',
  startBlock: 10,
  initialLastSnapshot: 1_700_000_000n,
};

/**
 * Small books, computed on paper.
 *
 * Chain 1, WIN (60 %, W = 2), supply 100: alice 60, bob 40.
 *
 *     block 10  1000 wei come in
 *     block 20  snapshot 1: CA = 600, the redeem pool gets 400
 *     block 21  bob claims 240 = 40 * 600 / 100
 *     block 22  alice gives carol 10
 *     block 30  500 wei, then snapshot 2: CA = 300, redeem pool 600
 *     block 31  carol claims 30 = 10 * 300 / 100
 *     block 40  101 wei, then snapshot 3: CA = 60 + 360 left of snapshot 1; redeem pool 641
 *     block 41  50 wei
 *     block 50  alice burns 10: 10 * 20 / 100 + 10 * 641 / 100 = 2 + 64 wei
 *
 * Chain 1, REF (reference, 50 %), supply 10: dave 7, erin 3.
 *
 *     block 12  100 wei come in
 *     block 25  snapshot 1: CA = 50        block 35  11 wei, snapshot 2: CA = 5
 *     block 45  snapshot 3: CA = 0         block 46  erin claims 15 of snapshot 1
 *
 * Chain 2, WIN again, supply 5: alice 5; 70 wei in block 15.
 */
export async function openScenario(url: string): Promise<Books> {
  const books = Books.open(url);
  const win = await books.addToken(windowedTerms);
  const ref = await books.addToken({
    ...windowedTerms,
    address: REFERENCE,
    symbol: 'REF',
    policy: 'reference',
    percent: 50n,
    window: null,
    interval: 1000n,
    intervalUnit: 'blocks',
    startBlock: 12,
    initialLastSnapshot: null,
  });
  const other = await books.addToken({
    ...windowedTerms,
    chainId: 2,
    symbol: 'WIN2',
    startBlock: 15,
  });
  const of = (token: number, ...actions: Action[]) => new Map([[token, actions]]);
  const commit = books.commit.bind(books);

  await commit(1, 10, of(win, mint(ALICE, 60n), mint(BOB, 40n), receipt(PAYER, 1000n)));
  await commit(1, 12, of(ref, mint(DAVE, 7n), mint(ERIN, 3n), receipt(PAYER, 100n)));
  await commit(1, 20, of(win, snapshot()));
  await commit(1, 21, of(win, claim(BOB, 1, 240n)));
  await commit(1, 22, of(win, transfer(ALICE, CAROL, 10n)));
  await commit(1, 25, of(ref, snapshot()));
  await commit(1, 30, of(win, receipt(PAYER, 500n), snapshot()));
  await commit(1, 31, of(win, claim(CAROL, 2, 30n)));
  await commit(1, 35, of(ref, receipt(PAYER, 11n), snapshot()));
  await commit(1, 40, of(win, receipt(PAYER, 101n), snapshot()));
  await commit(1, 41, of(win, receipt(PAYER, 50n)));
  await commit(1, 45, of(ref, snapshot()));
  await commit(1, 46, of(ref, claim(ERIN, 1, 15n)));
  await commit(1, 50, of(win, ...redeem(ALICE, 10n, 66n)));
  await commit(1, 55, new Map(), 45);

  await commit(2, 15, of(other, mint(ALICE, 5n), receipt(PAYER, 70n)));
  await commit(2, 60, new Map());
  return books;
}
