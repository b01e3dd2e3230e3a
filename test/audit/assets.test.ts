import { expect, test } from 'vitest';
import { query } from '../support/databases/postgres.js';
import { AssetScene } from '../support/scenes/assetScene.js';
import { AuditScene } from '../support/scenes/auditScene.js';

/** Supply, ETH, three terms, sum of balances, and the token's balance of two assets. */
const TOTALS = 8;
/** Balance; then in ETH and each of two assets: redeemable, claimable of two snapshots. */
const PER_HOLDER = 1 + 3 * 3;

test('a token that shares ERC-20 assets agrees in each of them', async () => {
  const scene = await AssetScene.start();
  await scene.liveThrough();
  const desk = await AuditScene.open(scene.chain, [scene.token.address]);
  expect(await desk.verdict()).toMatchObject({
    exitCode: 0,
    accounts: 2,
    figures: TOTALS + 2 * PER_HOLDER,
    mismatches: 0,
    notCompared: [expect.stringContaining('no storage layout of policy alt-revenue is known')],
  });

  await query(
    desk.databaseUrl,
    `UPDATE pool_version SET balance_wei = balance_wei + 3 WHERE token_number =
      (SELECT number FROM revenue_asset WHERE asset = $1)`,
    [Buffer.from(scene.dollar.address.slice(2), 'hex')],
  );
  const { exitCode, details } = await desk.verdict();
  expect(exitCode).toBe(1);
  const balance = details.find(
    ({ figure }) => figure === `balance of asset ${scene.dollar.address}`,
  );
  expect(BigInt(balance?.ours ?? 0)).toBe(BigInt(balance?.contract ?? 0) + 3n);
});
