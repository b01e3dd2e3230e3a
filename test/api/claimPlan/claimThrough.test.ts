import { expect, it } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { PoolScene } from '../../support/scenes/poolScene.js';
import { askData, askError, startTestApi } from '../support.js';

it('a depositor sees what its pool has to claim for it, in the plan, over REST and at its account', async () => {
  const scene = await PoolScene.start(1_000_000n);
  const { chain } = scene;
  const [, , ann = ''] = await defaultAccounts(chain);
  const vault = await scene.add('RevenueVault', 'erc4626');
  await scene.fund(100_000n, [vault]);
  await scene.route([
    [vault, 'deposit', [100n, ann]],
    [vault, 'deposit', [300n, scene.founder]],
  ]);
  const stake = await scene.add('StakePool', 'shares', vault);
  await scene.call(scene.founder, vault, 'approve', [stake.address, 1n]);
  await scene.call(scene.founder, stake, 'stake', [1n]);
  await scene.share(1_000_000n);
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl));
  const api = await startTestApi(databaseUrl);
  try {
    const data = await askData(
      api,
      `query ($a: Address!, $vault: Address!) {
        holder(address: $a) { positions { balance } through { ...owed } }
        claimPlan(address: $a) {
          steps { pays { amount } }
          through { message token { decimals } path { address } claims { snapshotId pays { amount } } }
        }
        direct: holder(address: $vault) { positions { entitlement { totalClaimableWei through { shares } } } }
      }
      fragment owed on ThroughEntitlement {
        token { decimals } path { address kind } shares totalShares
        totalClaimableWei claimedWei expiredWei unknownSnapshots
      }`,
      { a: ann, vault: vault.address },
    );
    // 0.8 wei for each of the 400 units of the vault, of which a quarter is Ann's.
    const path = [{ address: vault.address }];
    expect(data.holder.positions).toEqual([]);
    expect(data.holder.through).toEqual([
      {
        token: { decimals: 18 },
        path: [{ address: expect.stringMatching(new RegExp(vault.address, 'i')), kind: 'ERC4626' }],
        shares: '100',
        totalShares: '400',
        totalClaimableWei: '80',
        claimedWei: '0',
        expiredWei: '0',
        unknownSnapshots: [],
      },
    ]);
    expect(data.direct.positions[0].entitlement).toEqual({ totalClaimableWei: '320', through: [] });
    expect(data.claimPlan.steps).toEqual([]);
    expect(data.claimPlan.through).toEqual([
      {
        message: expect.stringMatching(/^Your pool \(0x.*\) has to claim this: only it can\.$/),
        token: { decimals: 18 },
        path: path.map(({ address }) => ({
          address: expect.stringMatching(new RegExp(address, 'i')),
        })),
        claims: [{ snapshotId: 1, pays: [{ amount: '80' }] }],
      },
    ]);
    const rest = await fetch(new URL(`/v1/holders/${ann}/claimable`, api.url));
    const claimable = (await rest.json()) as { steps: unknown; through: { claims: unknown }[] };
    expect(claimable.steps).toEqual([]);
    expect(claimable.through[0]?.claims).toMatchObject([
      { snapshotId: 1, pays: [{ amount: '80' }] },
    ]);

    // Of the 400 units, 1 is Ben's, through the pool over the vault: 0.8 wei and so nothing, which is its dust.
    const lists = await askData(
      api,
      `query ($a: Address!, $vault: Address!, $stake: Address!) {
        depositPools(orderBy: TOTAL_SHARES, direction: DESC) { totalCount nodes {
          address kind tokenAddress holds label totalShares depositorCount archivedBlock token { decimals }
          snapshots { nodes { snapshotId shareWei claimableWei claimedWei state dustWei } }
          depositors(first: 1, orderBy: SHARES, direction: DESC) { totalCount nodes { depositor shares } }
        } }
        ofPools: poolShares(filter: { pool: $vault }, orderBy: SHARES, first: 2) {
          totalCount pageInfo { endCursor }
          nodes { depositor shares totalShares pool { address } through { totalClaimableWei path { address } } }
        }
        ofAnn: poolShares(where: { depositor: { _eq: $a } }) { nodes { shares pool { kind } } }
        earlier: poolShares(at: { block: 6 }, orderBy: SHARES) { nodes { shares } }
        large: poolShares(where: { shares: { _gt: "99" }, pool: { _eq: $vault } }) { totalCount }
        small: depositPools(where: { totalShares: { _lt: "400" } }) { nodes { address } }
        ofStake: poolShares(filter: { pool: $stake }) {
          nodes { shares totalShares through { totalClaimableWei path { kind } } }
        }
      }`,
      { a: ann, vault: vault.address, stake: stake.address },
    );
    const same = (address: string) => expect.stringMatching(new RegExp(address, 'i'));
    expect(lists.depositPools).toEqual({
      totalCount: 2,
      nodes: [
        {
          ...{ address: same(vault.address), kind: 'ERC4626', label: null, archivedBlock: null },
          ...{ tokenAddress: same(scene.token.address), holds: same(scene.token.address) },
          ...{ totalShares: '400', depositorCount: 3, token: { decimals: 18 } },
          // 320 wei: 80, 239 and 0 of them have owners.
          snapshots: {
            nodes: [
              {
                ...{ snapshotId: 1, shareWei: '320', claimableWei: '320', claimedWei: '0' },
                ...{ state: 'OPEN', dustWei: '1' },
              },
            ],
          },
          depositors: { totalCount: 3, nodes: [{ depositor: same(scene.founder), shares: '299' }] },
        },
        {
          ...{ address: same(stake.address), kind: 'SHARES', label: null, archivedBlock: null },
          ...{ tokenAddress: same(scene.token.address), holds: same(vault.address) },
          ...{ totalShares: '3', depositorCount: 1, token: { decimals: 18 } },
          snapshots: {
            nodes: [
              {
                ...{ snapshotId: 1, shareWei: '0', claimableWei: '0', claimedWei: '0' },
                ...{ state: 'NOTHING', dustWei: '0' },
              },
            ],
          },
          depositors: { totalCount: 1, nodes: [{ depositor: same(scene.founder), shares: '3' }] },
        },
      ],
    });
    expect(lists.ofPools.totalCount).toBe(3);
    expect(lists.ofPools.nodes).toEqual([
      {
        ...{ depositor: same(stake.address), shares: '1', totalShares: '400' },
        pool: { address: same(vault.address) },
        through: { totalClaimableWei: '0', path: [{ address: same(vault.address) }] },
      },
      {
        ...{ depositor: same(ann), shares: '100', totalShares: '400' },
        pool: { address: same(vault.address) },
        through: { totalClaimableWei: '80', path: [{ address: same(vault.address) }] },
      },
    ]);
    expect(lists.ofAnn.nodes).toEqual([{ shares: '100', pool: { kind: 'ERC4626' } }]);
    expect(lists.earlier.nodes).toEqual([{ shares: '100' }, { shares: '300' }]);
    expect(lists.large.totalCount).toBe(2);
    expect(lists.small.nodes).toEqual([{ address: same(stake.address) }]);
    expect(lists.ofStake.nodes).toEqual([
      {
        ...{ shares: '3', totalShares: '3' },
        through: { totalClaimableWei: '0', path: [{ kind: 'ERC4626' }, { kind: 'SHARES' }] },
      },
    ]);
    const { endCursor } = lists.ofPools.pageInfo;
    const next = await askData(
      api,
      `{ poolShares(filter: { pool: "${vault.address}" }, orderBy: SHARES, after: "${endCursor}") {
        nodes { shares } } }`,
    );
    expect(next.poolShares.nodes).toEqual([{ shares: '299' }]);
    for (const [query, code] of [
      [`poolShares(filter: { pool: "${ann}" }) { totalCount }`, 'UNKNOWN_POOL'],
      [`poolShares(where: { pool: { _eq: "${ann}" } }) { totalCount }`, 'UNKNOWN_CONTRACT'],
      [`depositPools(filter: { token: "${ann}" }) { totalCount }`, 'UNKNOWN_CONTRACT'],
    ] as const) {
      expect((await askError(api, `{ ${query} }`)).code).toBe(code);
    }
  } finally {
    await api.close();
  }
}, 60_000);
