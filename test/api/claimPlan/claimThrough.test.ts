import { expect, it } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { PoolScene } from '../../support/scenes/poolScene.js';
import { askData, startTestApi } from '../support.js';

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
  } finally {
    await api.close();
  }
}, 60_000);
