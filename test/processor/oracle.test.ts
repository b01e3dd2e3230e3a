import { describe, expect, it } from 'vitest';
import { getBalance } from '../../devnet/chain.js';
import { OracleScene, rowsOf } from '../support/oracleScene.js';

const REQUESTS = `SELECT model_id::text AS model, batch_size::text AS batch, asset, fee::text,
  receiver_part::text AS receiver, protocol_part::text AS protocol, value_wei::text AS value,
  gas_part_wei::text AS gas, overpayment_wei::text AS overpaid
  FROM oracle_request ORDER BY id`;

describe('requests', () => {
  it('are charged by the terms in force, internal ones too; reverted ones never happened', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n, fee: 999n, receiverPercentage: 70n });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.call(scene.oracle, 'setModelFee', [11n, 501n]);
    const ask = scene.askData({ modelId: 11n, batchSize: 3n });
    await scene.askInternally(
      [
        { data: ask, valueWei: 1503n },
        { data: ask, valueWei: 1503n, undone: true },
        { data: ask, valueWei: 1502n },
        { data: scene.askData({ modelId: 11n, withDataAvailability: true }), valueWei: 601n },
      ],
      10_000n,
    );
    const databaseUrl = await scene.index();
    const asset = 'native';
    expect(await rowsOf(databaseUrl, REQUESTS)).toEqual([
      {
        model: '11',
        batch: '1',
        asset,
        fee: '999',
        receiver: '699',
        protocol: '300',
        value: '1000',
        gas: '0',
        overpaid: '1',
      },
      {
        model: '11',
        batch: '3',
        asset,
        fee: '1503',
        receiver: '1052',
        protocol: '451',
        value: '1503',
        gas: '0',
        overpaid: '0',
      },
      {
        model: '11',
        batch: '1',
        asset,
        fee: '501',
        receiver: '350',
        protocol: '151',
        value: '601',
        gas: '0',
        overpaid: '100',
      },
    ]);
    expect(
      await rowsOf(
        databaseUrl,
        `SELECT encode(account, 'hex') AS account, encode(payer, 'hex') AS payer
         FROM oracle_request ORDER BY id DESC LIMIT 1`,
      ),
    ).toEqual([{ account: scene.user.address.slice(2), payer: scene.client.slice(2) }]);
  });

  it('a payout is the whole accrued sum, and what the receiver received', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.call(scene.oracle, 'claimModelRevenue', [11n], { from: scene.client });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.call(scene.oracle, 'removeModel', [11n]);
    const databaseUrl = await scene.index();
    expect(
      await rowsOf(databaseUrl, 'SELECT cause, amount::text, asset FROM model_payout ORDER BY id'),
    ).toEqual([
      { cause: 'claim', amount: '1400', asset: 'native' },
      { cause: 'removal', amount: '700', asset: 'native' },
    ]);
    expect(await getBalance(scene.chain, scene.receiver)).toBe(2100n);
  });
});
