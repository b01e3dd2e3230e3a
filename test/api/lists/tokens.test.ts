import { describe, expect, test } from 'vitest';
import { timeOf } from '../../store/read/actions.js';
import { REFERENCE, WINDOWED } from '../../store/read/scenario.js';
import { serveScenario } from '../servedScenario.js';
import { askData } from '../support.js';

const { api } = await serveScenario();

const FIGURES = `
  supply balanceWei receivedWei claimedWei redeemedWei
  pools { newRevenueWei claimableWei redeemableWei redeemedFromNewWei }
  lastSnapshot { snapshotId }
  earliestNextSnapshot { block timestamp }
  asOf { chainId block timestamp }
`;

function token(at: string, address: string = WINDOWED) {
  return askData(api, `{ token(chainId: 1, address: "${address}", at: ${at}) { ${FIGURES} } }`);
}

describe('token', () => {
  test('has its address with checksum, its name and its policy', async () => {
    const { token } = await askData(
      api,
      `query ($address: Address!) { token(chainId: 1, address: $address) {
        chainId address name symbol decimals startBlock
        policy { name percentClaimable window interval intervalUnit }
      } }`,
      { address: WINDOWED.toUpperCase().replace('0X', '0x') },
    );
    expect(token).toEqual({
      chainId: 1,
      address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      name: 'Token WIN',
      symbol: 'WIN',
      decimals: 18,
      startBlock: 10,
      policy: {
        name: 'windowed',
        percentClaimable: 60,
        window: 2,
        interval: '100',
        intervalUnit: 'SECONDS',
      },
    });
  });

  test('has the figures of the newest block', async () => {
    expect(await token('null')).toEqual({
      token: {
        supply: '90',
        balanceWei: '1315',
        receivedWei: '1651',
        claimedWei: '270',
        redeemedWei: '66',
        pools: {
          newRevenueWei: '50',
          claimableWei: '690',
          redeemableWei: '577',
          redeemedFromNewWei: '2',
        },
        lastSnapshot: { snapshotId: 3 },
        // Strictly more than 100 seconds after block 40.
        earliestNextSnapshot: {
          block: null,
          timestamp: new Date(timeOf(40).getTime() + 101_000).toISOString(),
        },
        asOf: { chainId: 1, block: 55, timestamp: timeOf(55).toISOString() },
      },
    });
  });

  test('has the figures of any earlier block or time', async () => {
    const balances: [number, string][] = [
      [10, '1000'],
      [20, '1000'],
      [21, '760'],
      [30, '1260'],
      [31, '1230'],
      [40, '1331'],
      [41, '1381'],
      [49, '1381'],
      [50, '1315'],
    ];
    for (const [block, balanceWei] of balances) {
      expect((await token(`{ block: ${block} }`)).token).toMatchObject({ balanceWei });
      const timestamp = timeOf(block).toISOString();
      expect((await token(`{ timestamp: "${timestamp}" }`)).token).toMatchObject({ balanceWei });
    }
  });

  test('is due for its first snapshot one interval after the start that the contract returns', async () => {
    expect((await token('{ block: 15 }')).token).toMatchObject({
      lastSnapshot: null,
      earliestNextSnapshot: { timestamp: new Date((1_700_000_000 + 101) * 1000).toISOString() },
    });
  });

  test('of the reference policy counts blocks, and has no due block before its first snapshot', async () => {
    expect((await token('{ block: 24 }', REFERENCE)).token.earliestNextSnapshot).toBeNull();
    expect((await token('{ block: 30 }', REFERENCE)).token.earliestNextSnapshot).toEqual({
      block: 25 + 1000 + 1,
      timestamp: null,
    });
  });
});

describe('tokens', () => {
  const symbols = async (args: string): Promise<string[]> => {
    const { tokens } = await askData(api, `{ tokens${args} { nodes { symbol } } }`);
    return tokens.nodes.map(({ symbol }: { symbol: string }) => symbol);
  };

  test('come in the order of indexing, or by a figure', async () => {
    expect(await symbols('')).toEqual(['WIN', 'REF', 'WIN2']);
    expect(await symbols('(orderBy: RECEIVED, direction: DESC)')).toEqual(['WIN', 'REF', 'WIN2']);
    expect(await symbols('(orderBy: BALANCE)')).toEqual(['WIN2', 'REF', 'WIN']);
  });

  test('are filtered by chain, policy and symbol', async () => {
    expect(await symbols('(filter: { chainId: 1 })')).toEqual(['WIN', 'REF']);
    expect(await symbols('(filter: { policy: "reference" })')).toEqual(['REF']);
    expect(await symbols('(filter: { symbol: "WIN2" })')).toEqual(['WIN2']);
  });

  test('are only those that were deployed at the moment', async () => {
    expect(await symbols('(filter: { chainId: 1 }, at: { block: 11 })')).toEqual(['WIN']);
    const between = timeOf(14).toISOString();
    expect(await symbols(`(at: { timestamp: "${between}" })`)).toEqual(['WIN', 'REF']);
  });

  test('are paged in both directions', async () => {
    const first = await askData(
      api,
      '{ tokens(first: 2) { totalCount nodes { symbol } pageInfo { hasNextPage endCursor } } }',
    );
    expect(first.tokens).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const { endCursor } = first.tokens.pageInfo;
    expect(await symbols(`(first: 2, after: "${endCursor}")`)).toEqual(['WIN2']);
    expect(await symbols('(last: 2)')).toEqual(['REF', 'WIN2']);
  });
});

describe('snapshots', () => {
  const QUERY = `query ($at: AtInput, $token: Address!, $direction: OrderDirection! = ASC) {
    snapshots(chainId: 1, token: $token, at: $at, direction: $direction) {
      totalCount
      nodes {
        snapshotId block timestamp newRevenueWei claimableWei freshWei rolledOverWei
        redeemableAddedWei claimedWei unclaimedWei supply state token { symbol }
      }
    }
  }`;

  test('show what each assigned, what was claimed, and what rolled over', async () => {
    const { snapshots } = await askData(api, QUERY, { token: WINDOWED });
    expect(snapshots).toMatchObject({
      totalCount: 3,
      nodes: [
        {
          snapshotId: 1,
          block: 20,
          timestamp: timeOf(20).toISOString(),
          newRevenueWei: '1000',
          claimableWei: '600',
          freshWei: '600',
          rolledOverWei: '0',
          redeemableAddedWei: '400',
          claimedWei: '240',
          unclaimedWei: '360',
          supply: '100',
          state: 'EXPIRED',
          token: { symbol: 'WIN' },
        },
        { snapshotId: 2, claimableWei: '300', claimedWei: '30', state: 'OPEN' },
        { snapshotId: 3, claimableWei: '420', freshWei: '60', rolledOverWei: '360', state: 'OPEN' },
      ],
    });
  });

  test('are those of an earlier block if requested', async () => {
    const { snapshots } = await askData(api, QUERY, {
      token: WINDOWED,
      at: { block: 30 },
      direction: 'DESC',
    });
    expect(snapshots).toMatchObject({
      totalCount: 2,
      nodes: [
        { snapshotId: 2, claimedWei: '0', state: 'OPEN' },
        { snapshotId: 1, claimedWei: '240', state: 'OPEN' },
      ],
    });
  });

  test('of a reference token stay open forever', async () => {
    const { snapshots } = await askData(api, QUERY, { token: REFERENCE });
    expect(snapshots.nodes.map(({ state }: { state: string }) => state)).toEqual([
      'OPEN',
      'OPEN',
      'OPEN',
    ]);
  });

  test('page in both directions', async () => {
    const page = (args: string) =>
      askData(
        api,
        `{ token(chainId: 1, address: "${WINDOWED}") { snapshots(${args}) {
          nodes { snapshotId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } } }`,
      ).then(({ token }) => token.snapshots);
    const first = await page('first: 2');
    expect(first).toMatchObject({
      nodes: [{ snapshotId: 3 }, { snapshotId: 2 }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(second).toMatchObject({
      nodes: [{ snapshotId: 1 }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
    const back = await page(`last: 1, before: "${second.pageInfo.startCursor}"`);
    expect(back).toMatchObject({
      nodes: [{ snapshotId: 2 }],
      pageInfo: { hasNextPage: true, hasPreviousPage: true },
    });
  });
});
