import { describe, expect, it } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { query } from '../../support/databases/postgres.js';
import { balancesOf, sumOf } from '../../support/scenes/accounts.js';
import { OracleScene, rowsOf } from '../../support/scenes/oracleScene.js';

const ENTRIES = `SELECT kind, asset, amount_wei::text AS amount,
  '0x' || encode(holder, 'hex') AS holder FROM journal_entry ORDER BY id`;

describe('the journal of an oracle', () => {
  it('accrues what requests bring and pays it out; every asset sums to zero', async () => {
    const scene = await OracleScene.start();
    const { oracle, receiver } = scene;
    await scene.upload({ modelId: 11n, fee: 999n, receiverPercentage: 70n });
    await scene.upload({ modelId: 13n, fee: 10n, receiverPercentage: 100n });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.ask({ modelId: 13n }, 10n);
    await scene.call(oracle, 'claimModelRevenue', [11n]);
    await scene.ask({ modelId: 11n, batchSize: 2n }, 1998n);
    await scene.call(oracle, 'removeModel', [13n]);
    const databaseUrl = await scene.index();
    const balances = await balancesOf(databaseUrl, oracle.address);
    expect(balances).toEqual({
      native: {
        'income/requests': '-3007',
        protocol: '900',
        'upstream/11': '1398',
        'paid-out/11': '699',
        'upstream/13': '0',
        'paid-out/13': '10',
      },
    });
    expect(sumOf(balances)).toBe(0n);
    const common = { asset: 'native', holder: null };
    expect(await rowsOf(databaseUrl, ENTRIES)).toEqual([
      { ...common, kind: 'accrual', amount: '999' },
      { ...common, kind: 'accrual', amount: '10' },
      { ...common, kind: 'payout', amount: '699', holder: receiver },
      { ...common, kind: 'accrual', amount: '1998' },
      { ...common, kind: 'payout', amount: '10', holder: receiver },
    ]);
  });

  it('owes the same number in another asset when the token of a model changes', async () => {
    const scene = await OracleScene.start();
    const { oracle, money } = scene;
    await scene.upload({ modelId: 11n, fee: 1000n, receiverPercentage: 70n });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.update({ modelId: 11n, fee: 1000n, receiverPercentage: 70n, token: money.address });
    await scene.call(money, 'transfer', [oracle.address, 700n]);
    await scene.call(oracle, 'claimModelRevenue', [11n]);
    const balances = await balancesOf(await scene.index(), oracle.address);
    expect(balances).toEqual({
      native: {
        'income/requests': '-1000',
        protocol: '300',
        'upstream/11': '0',
        'token-change/11': '700',
      },
      [money.address]: { 'upstream/11': '0', 'token-change/11': '-700', 'paid-out/11': '700' },
    });
    expect(sumOf(balances)).toBe(0n);
    expect(sumOf(balances, money.address)).toBe(0n);
  });

  it('opens after the deployment with what was accrued, from the start of indexing on', async () => {
    const scene = await OracleScene.start();
    const { chain, oracle } = scene;
    await scene.upload({ modelId: 11n, fee: 1000n, receiverPercentage: 70n });
    await scene.ask({ modelId: 11n }, 1000n);
    const startBlock = (await latestBlock(chain)).number + 1;
    await scene.upload({ modelId: 13n });
    await scene.ask({ modelId: 11n }, 1000n);
    const databaseUrl = await scene.index({ startBlock });
    const opened = { opening: '-700', 'upstream/11': '700' };
    expect(await balancesOf(databaseUrl, oracle.address, startBlock)).toEqual({ native: opened });
    expect(await balancesOf(databaseUrl, oracle.address)).toEqual({
      native: { ...opened, 'income/requests': '-1000', protocol: '300', 'upstream/11': '1400' },
    });
  });
});

describe('a database from before journals were kept', () => {
  it('is refused with a remedy', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n });
    await scene.ask({ modelId: 11n }, 1000n);
    const databaseUrl = await scene.index();
    await query(databaseUrl, 'DELETE FROM posting');
    await scene.ask({ modelId: 11n }, 1000n);
    await expect(scene.indexInto(databaseUrl)).rejects.toMatchObject({
      code: 'LEDGER_TRIAL_BALANCE',
      message: expect.stringContaining(
        'model 11, last commit: the journal says that 0 (native) is accrued',
      ),
      hint: expect.stringContaining('index into a new one'),
    });
  });
});
