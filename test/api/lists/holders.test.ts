import { describe, expect, test } from 'vitest';
import { checksummed } from '../../../src/address.js';
import { accountOf, timeOf } from '../../store/read/actions.js';
import { ALICE, BOB, CAROL, DAVE, REFERENCE, WINDOWED } from '../../store/read/scenario.js';
import { serveScenario } from '../servedScenario.js';
import { askData } from '../support.js';

const { api } = await serveScenario();

describe('a holder', () => {
  const queryIn = (chain: string) => `query ($address: Address!, $at: AtInput) {
    holder(address: $address, at: $at ${chain}) {
      address
      positions {
        balance
        token { chainId symbol supply }
        asOf { block }
        entitlement {
          totalClaimableWei claimedWei redeemedWei expiredWei redeemableWei accruingWei
          snapshots { snapshotId balanceAt shareWei claimableWei claimedWei state }
        }
      }
    }
  }`;
  const QUERY = queryIn('');

  test('is owed something by each token it held, on every chain', async () => {
    const { holder } = await askData(api, QUERY, { address: ALICE });
    expect(holder).toEqual({
      address: checksummed(ALICE),
      positions: [
        {
          balance: '40',
          token: { chainId: 1, symbol: 'WIN', supply: '90' },
          asOf: { block: 55 },
          entitlement: {
            totalClaimableWei: '360',
            claimedWei: '0',
            redeemedWei: '66',
            expiredWei: '360',
            redeemableWei: '264',
            accruingWei: '133',
            snapshots: [
              {
                snapshotId: 1,
                balanceAt: '60',
                shareWei: '360',
                claimableWei: '0',
                claimedWei: '0',
                state: 'EXPIRED',
              },
              {
                snapshotId: 2,
                balanceAt: '50',
                shareWei: '150',
                claimableWei: '150',
                claimedWei: '0',
                state: 'OPEN',
              },
              {
                snapshotId: 3,
                balanceAt: '50',
                shareWei: '210',
                claimableWei: '210',
                claimedWei: '0',
                state: 'OPEN',
              },
            ],
          },
        },
        {
          balance: '5',
          token: { chainId: 2, symbol: 'WIN2', supply: '5' },
          asOf: { block: 60 },
          entitlement: {
            totalClaimableWei: '0',
            claimedWei: '0',
            redeemedWei: '0',
            expiredWei: '0',
            // 70 new wei: 28 for burning everything, 42 for a snapshot.
            redeemableWei: '28',
            accruingWei: '42',
            snapshots: [],
          },
        },
      ],
    });
  });

  test('has the entitlements of an earlier block of one chain', async () => {
    const { holder } = await askData(api, queryIn('chainId: 1'), {
      address: CAROL,
      at: { block: 30 },
    });
    expect(holder.positions).toMatchObject([
      { balance: '10', entitlement: { totalClaimableWei: '30', claimedWei: '0' } },
    ]);
  });

  test('as of a time has only what it held by then, on all chains', async () => {
    const { holder } = await askData(api, QUERY, {
      address: ALICE,
      at: { timestamp: timeOf(14).toISOString() },
    });
    expect(holder.positions).toMatchObject([{ balance: '60', token: { symbol: 'WIN' } }]);
  });

  test('who is unknown holds nothing', async () => {
    const { holder } = await askData(api, QUERY, { address: accountOf(0x123) });
    expect(holder.positions).toEqual([]);
  });
});

describe('holders of a token', () => {
  const page = async (args: string, token: string = WINDOWED) => {
    const { holders } = await askData(
      api,
      `{ holders(chainId: 1, token: "${token}", ${args}) {
        totalCount
        nodes { address balance entitlement { totalClaimableWei claimedWei redeemedWei } }
        pageInfo { hasNextPage endCursor startCursor }
      } }`,
    );
    return holders;
  };
  const order = async (args: string) =>
    (await page(args)).nodes.map(({ address }: { address: string }) => address);
  const [alice, bob, carol] = [ALICE, BOB, CAROL].map(checksummed);

  test('are ordered by balance, claimable, claimed or redeemed revenue', async () => {
    expect(await order('orderBy: BALANCE')).toEqual([bob, alice, carol]);
    // 360, 288 and 42 wei
    expect(await order('orderBy: CLAIMABLE')).toEqual([alice, bob, carol]);
    expect(await order('orderBy: CLAIMABLE, direction: ASC')).toEqual([carol, bob, alice]);
    expect(await order('orderBy: CLAIMED')).toEqual([bob, carol, alice]);
    expect((await order('orderBy: REDEEMED'))[0]).toBe(alice);
  });

  test('as of an earlier block have the order of that block', async () => {
    expect(await order('orderBy: BALANCE, at: { block: 45 }')).toEqual([alice, bob, carol]);
    // 150 for alice, 120 for bob; carol has claimed her 30.
    const holders = await page('orderBy: CLAIMABLE, at: { block: 31 }');
    expect(holders.nodes).toMatchObject([
      { address: alice, entitlement: { totalClaimableWei: '510' } },
      { address: bob, entitlement: { totalClaimableWei: '120', claimedWei: '240' } },
      { address: carol, entitlement: { totalClaimableWei: '0', claimedWei: '30' } },
    ]);
    expect((await page('at: { block: 21 }')).totalCount).toBe(2);
    expect(await order('orderBy: CLAIMED, at: { block: 21 }')).toEqual([bob, alice]);
  });

  test('as of an earlier block are paged by payments from both ends', async () => {
    // Claimed until block 31: bob 240 wei, carol 30, alice nothing.
    const at = 'orderBy: CLAIMED, at: { block: 31 }';
    expect(await order(at)).toEqual([bob, carol, alice]);
    expect(await order(`${at}, direction: ASC`)).toEqual([alice, carol, bob]);
    expect(await order(`${at}, last: 2`)).toEqual([carol, alice]);
    const first = await page(`${at}, first: 1`);
    const rest = await page(`${at}, first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(rest).toMatchObject({
      nodes: [{ address: carol }, { address: alice }],
      totalCount: 3,
      pageInfo: { hasNextPage: false },
    });
    expect(await order(`${at}, last: 1, before: "${rest.pageInfo.startCursor}"`)).toEqual([bob]);
    expect(await order(`${at}, last: 1, before: "${rest.pageInfo.endCursor}"`)).toEqual([carol]);
  });

  test('as of an earlier block are counted as their list goes', async () => {
    const holding = 'at: { block: 45 }, filter: { minBalance: "1" }';
    expect((await page(holding)).totalCount).toBe((await order(holding)).length);
    const paid =
      'at: { block: 31 }, filter: { minClaimedWei: "1" }, where: { balance: { _gte: "1" } }';
    expect((await page(paid)).totalCount).toBe((await order(paid)).length);
    expect(await order(`${paid}, orderBy: CLAIMED`)).toEqual([bob, carol]);
  });

  test('are paged by claimable revenue from both ends', async () => {
    const first = await page('orderBy: CLAIMABLE, first: 2');
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest = await page(`orderBy: CLAIMABLE, first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(rest.nodes).toMatchObject([{ address: carol }]);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect(await order('orderBy: CLAIMABLE, last: 2')).toEqual([bob, carol]);
    expect(
      await order(`orderBy: CLAIMABLE, last: 1, before: "${rest.pageInfo.startCursor}"`),
    ).toEqual([bob]);
  });

  test('are filtered in every order and at every moment', async () => {
    expect(await order('filter: { minBalance: "40" }')).toEqual([bob, alice]);
    expect(await order('filter: { minClaimableWei: "100" }')).toEqual([bob, alice]);
    expect(await order('filter: { minClaimedWei: "31" }, at: { block: 45 }')).toEqual([bob]);
    expect(await order('filter: { maxBalance: "10", minBalance: "1" }')).toEqual([carol]);
    const filtered = await page('first: 1, filter: { minClaimableWei: "100" }');
    expect(filtered.totalCount).toBe(2);
  });

  test('can be read as a field of their token', async () => {
    const { token } = await askData(
      api,
      `{ token(chainId: 1, address: "${REFERENCE}", at: { block: 40 }) {
        holders(first: 1, orderBy: CLAIMABLE) {
          nodes { address entitlement { totalClaimableWei } token { symbol } }
        }
      } }`,
    );
    expect(token.holders.nodes).toEqual([
      {
        address: checksummed(DAVE),
        entitlement: { totalClaimableWei: '38' },
        token: { symbol: 'REF' },
      },
    ]);
  });

  test('have entitlements that can be filtered by open snapshots', async () => {
    const { holders } = await askData(
      api,
      `{ holders(chainId: 1, token: "${WINDOWED}", first: 1, orderBy: CLAIMABLE) {
        nodes { entitlement { snapshots(states: [OPEN]) { snapshotId } } }
      } }`,
    );
    expect(holders.nodes[0].entitlement.snapshots).toEqual([{ snapshotId: 2 }, { snapshotId: 3 }]);
  });
});

describe('the snapshots of a holder', () => {
  const list = async (args: string) => {
    const { holder } = await askData(
      api,
      `{ holder(address: "${ALICE}", chainId: 1) { positions { token { symbol } entitlement {
        snapshotsConnection(${args}) { totalCount nodes { snapshotId shareWei state }
          asOf { block } pageInfo { hasNextPage endCursor } } } } } }`,
    );
    const [windowed] = holder.positions;
    expect(windowed.token.symbol).toBe('WIN');
    return windowed.entitlement.snapshotsConnection;
  };
  const ids = ({ nodes }: { nodes: { snapshotId: number }[] }) =>
    nodes.map(({ snapshotId }) => snapshotId);

  test('can be filtered by all of their fields', async () => {
    expect(ids(await list('direction: ASC'))).toEqual([1, 2, 3]);
    expect(ids(await list('where: { state: { _eq: EXPIRED } }'))).toEqual([1]);
    expect(ids(await list('where: { _not: { state: { _in: [EXPIRED] } } }'))).toEqual([2, 3]);
    expect(
      ids(
        await list(
          'where: { _or: [{ snapshotId: { _gt: 2 } }, { shareWei: { _eq: "360" }, state: { _eq: EXPIRED } }] }',
        ),
      ),
    ).toEqual([1, 3]);
    expect((await list('where: { claimableWei: { _gt: "0" } }')).totalCount).toBe(2);
    expect((await list('first: 1')).asOf).toEqual([{ block: 55 }]);
  });

  test('are ordered by the amount assigned, and paged', async () => {
    const { nodes } = await list('orderBy: SHARE, direction: DESC');
    const shares = nodes.map(({ shareWei }: { shareWei: string }) => BigInt(shareWei));
    expect(shares).toEqual(
      shares.toSorted((left: bigint, right: bigint) => (left < right ? 1 : -1)),
    );
    const first = await list('orderBy: SHARE, direction: DESC, first: 2');
    expect(first.pageInfo.hasNextPage).toBe(true);
    const after = `after: "${first.pageInfo.endCursor}"`;
    const second = await list(`orderBy: SHARE, direction: DESC, first: 2, ${after}`);
    expect([...ids(first), ...ids(second)]).toEqual(ids({ nodes }));
  });
});

test('a claim plan covers all chains, or one', async () => {
  const plan = async (args: string) => {
    const { claimPlan } = await askData(
      api,
      `{ claimPlan(${args}) {
        asOf { chainId block }
        steps { token { chainId symbol } pays { amount } transaction { method gasUnavailable } }
        remains { token { symbol } assets { claimable accruing } }
      } }`,
    );
    return claimPlan;
  };
  const win = { chainId: 1, symbol: 'WIN' };
  const gasUnavailable = 'the server was given no RPC URL for this chain';
  const claim = { method: 'CLAIM', gasUnavailable };
  expect(await plan(`address: "${ALICE}"`)).toEqual({
    asOf: [
      { chainId: 1, block: 55 },
      { chainId: 2, block: 60 },
    ],
    steps: [
      { token: win, pays: [{ amount: '150' }], transaction: claim },
      { token: win, pays: [{ amount: '210' }], transaction: claim },
    ],
    remains: [
      // 133 before: what alice claims of snapshot 2 does not come back to the holders.
      { token: { symbol: 'WIN' }, assets: [{ claimable: '0', accruing: '66' }] },
      { token: { symbol: 'WIN2' }, assets: [{ claimable: '0', accruing: '42' }] },
    ],
  });
  expect(await plan(`address: "${ALICE}", chainId: 2`)).toMatchObject({ steps: [] });
});
