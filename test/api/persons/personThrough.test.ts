import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import type { DeployedContract } from '../../../devnet/deploy.js';
import { type Address, checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { PoolScene } from '../../support/scenes/poolScene.js';
import { askData, startTestApi } from '../support.js';

const THROUGH = `query ($holders: [Address!]!, $at: AtInput) { person(holders: $holders, at: $at) {
  positions { balance entitlements { totalClaimableWei } }
  through { token { decimals } asset path { address } shares totalShares
    totalClaimableWei claimedWei expiredWei accruingWei unknownSnapshots } } }`;

let scene: PoolScene;
let api: RunningApi;
let vault: DeployedContract;
let stake: DeployedContract;
let ann = '';
let ben = '';

beforeAll(async () => {
  scene = await PoolScene.start(1_000_000n);
  [, , ann = '', ben = ''] = await defaultAccounts(scene.chain);
  vault = await scene.add('RevenueVault', 'erc4626');
  stake = await scene.add('StakePool', 'shares', vault);
  await scene.fund(100_000n, [vault]);
  await scene.route([
    [vault, 'deposit', [101n, ann]],
    [vault, 'deposit', [301n, ben]],
  ]);
  await scene.call(ann, vault, 'approve', [stake.address, 50n]);
  await scene.call(ann, stake, 'stake', [50n]);
  await scene.share(1_000_003n);
  await scene.call(ben, vault, 'claim', [1n]);
  await scene.share(5_000_007n);
  // Own accounts move shares between them: together they have what they had.
  await scene.call(ben, vault, 'transfer', [ann, 100n]);
  await scene.share(1_000_009n);
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl));
  api = await startTestApi(databaseUrl);
}, 60_000);
afterAll(async () => {
  await api.close();
  await scene.chain.stop();
});

const addressOf = ({ address }: DeployedContract) => checksummed(address.toLowerCase() as Address);

async function personOf(...holders: string[]) {
  return (await askData(api, THROUGH, { holders })).person;
}

/** What the vault can claim of a snapshot, by the token itself. */
const claimable = (snapshotId: number) =>
  scene.view<bigint>(scene.token, 'claimableRevenue', [vault.address, snapshotId]);

/** The rounded part of each account at its shares, added. */
const parts = (amount: bigint, shares: readonly bigint[], total: bigint) =>
  shares.reduce((sum, own) => sum + (amount * own) / total, 0n);

describe('what a person is owed through pools', () => {
  it('is the sum of what each account is, which the views of token and pool confirm to the wei', async () => {
    const { through, positions } = await personOf(ann, ben);
    expect(positions).toEqual([]);
    const total = await scene.view<bigint>(vault, 'totalSupply');
    const own = (account: string) => scene.view<bigint>(vault, 'balanceOf', [account]);
    const [ofAnn, ofBen] = [await own(ann), await own(ben)];
    // The transfer came between the second snapshot and the third.
    const owed =
      parts(await claimable(2), [ofAnn - 100n, ofBen + 100n], total) +
      parts(await claimable(3), [ofAnn, ofBen], total);
    expect(owed).toBeGreaterThan(0n);
    expect(through[0]).toEqual({
      token: { decimals: 18 },
      asset: 'native',
      path: [{ address: addressOf(vault) }],
      shares: String(ofAnn + ofBen),
      totalShares: String(total),
      totalClaimableWei: String(owed),
      claimedWei: expect.stringMatching(/^[1-9]\d*$/),
      expiredWei: '0',
      accruingWei: expect.any(String),
      unknownSnapshots: [],
    });
    const alone = await Promise.all([personOf(ann), personOf(ben)]);
    for (const name of ['shares', 'totalClaimableWei', 'claimedWei', 'accruingWei']) {
      const sum = alone.reduce((all, person) => all + BigInt(person.through[0][name]), 0n);
      expect(through[0][name], name).toBe(String(sum));
    }
  });

  it('leaves out what one of its accounts is owed already, as a pool or as a depositor', async () => {
    const whole = await personOf(ann, ben, vault.address);
    expect(whole.through).toEqual([]);
    const owed = (await claimable(2)) + (await claimable(3));
    expect(whole.positions[0].entitlements).toEqual([{ totalClaimableWei: String(owed) }]);

    const [alone, both, pool] = await Promise.all([
      personOf(ann),
      personOf(ann, stake.address),
      personOf(stake.address),
    ]);
    const namesOf = ({ through }: typeof alone) =>
      through.map(({ path }: { path: { address: string }[] }) =>
        path.map(({ address }) => address),
      );
    const [first, second] = [addressOf(vault), addressOf(stake)];
    expect(namesOf(alone)).toEqual([[first], [first, second]]);
    expect(namesOf(both)).toEqual([[first]]);
    expect(BigInt(both.through[0].totalClaimableWei)).toBe(
      BigInt(alone.through[0].totalClaimableWei) + BigInt(pool.through[0].totalClaimableWei),
    );
  });

  it('is the same over REST, and as of an earlier block that of then', async () => {
    const query = new URLSearchParams([
      ['holder', ann],
      ['holder', ben],
    ]);
    const response = await fetch(new URL(`/v1/person?${query}`, api.url));
    const rest = (await response.json()) as { through: Record<string, unknown>[] };
    const { through } = await personOf(ann, ben);
    expect(rest.through).toEqual(
      through.map((one: Record<string, string>) => ({
        token: expect.objectContaining({ decimals: 18 }),
        asset: 'native',
        path: (one.path as unknown as object[]).map((pool) => expect.objectContaining(pool)),
        shares: one.shares,
        totalShares: one.totalShares,
        claimable: one.totalClaimableWei,
        claimed: one.claimedWei,
        expired: one.expiredWei,
        accruing: one.accruingWei,
        unknownSnapshots: [],
      })),
    );
    const { person } = await askData(api, THROUGH, { holders: [ann, ben], at: { block: 2 } });
    expect(person.through).toEqual([]);
  });
});
