import { describe, expect, it } from 'vitest';
import { execute, getBalance } from '../../../devnet/chain.js';
import { deployContract, encodeCall, readContract } from '../../../devnet/deploy.js';
import { deployReentrantPaymentToken } from '../../../devnet/oracleContracts.js';
import { OracleScene, rowsOf } from '../../support/scenes/oracleScene.js';

const REQUESTS = `SELECT model_id::text AS model, batch_size::text AS batch, asset,
  fee::text AS fee, receiver_part::text AS receiver, protocol_part::text AS protocol,
  value_wei::text AS value, gas_part_wei::text AS gas, overpayment_wei::text AS overpaid
  FROM oracle_request ORDER BY id`;
const PAYOUTS = 'SELECT cause, asset, amount::text FROM model_payout ORDER BY id';
const ACCRUED = `SELECT accrued::text FROM model_version WHERE NOT is_opening
  ORDER BY id DESC LIMIT 1`;
const RESULTS = `SELECT request_id::text, is_update, encode(account, 'hex') AS account,
  encode(invoker, 'hex') AS invoker, encode(output, 'hex') AS output FROM oracle_result ORDER BY id`;

it('a block in which only the gas price of an oracle changes is not kept', async () => {
  const scene = await OracleScene.start();
  await scene.upload({ modelId: 11n, fee: 999n, receiverPercentage: 70n });
  const { blockNumber } = await scene.call(scene.oracle, 'resetGasPrice', []);
  await scene.ask({ modelId: 11n }, 1000n);
  const databaseUrl = await scene.index();
  const kept = (await rowsOf(databaseUrl, 'SELECT number FROM block')).map(({ number }) => number);
  expect(kept).not.toContain(Number(blockNumber));
  expect(kept.length).toBeGreaterThan(1);
});

describe('requests', () => {
  it('are charged by the terms in force, internal ones too; undone ones never happened', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n, fee: 999n, receiverPercentage: 70n });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.call(scene.oracle, 'setModelFee', [11n, 501n]);
    const data = scene.askData({ modelId: 11n, batchSize: 3n });
    await scene.askInternally(
      [
        { data, valueWei: 1503n },
        { data, valueWei: 1503n, undone: true },
        { data, valueWei: 1502n },
        { data: scene.askData({ modelId: 11n, withDataAvailability: true }), valueWei: 601n },
      ],
      10_000n,
    );
    const databaseUrl = await scene.index();
    const common = { model: '11', asset: 'native', gas: '0' };
    expect(await rowsOf(databaseUrl, REQUESTS)).toEqual([
      {
        ...common,
        batch: '1',
        fee: '999',
        receiver: '699',
        protocol: '300',
        value: '1000',
        overpaid: '1',
      },
      {
        ...common,
        batch: '3',
        fee: '1503',
        receiver: '1052',
        protocol: '451',
        value: '1503',
        overpaid: '0',
      },
      {
        ...common,
        batch: '1',
        fee: '501',
        receiver: '350',
        protocol: '151',
        value: '601',
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

  it('requests in an ERC-20 cost the fee there, and only gas in ETH', async () => {
    const scene = await OracleScene.start();
    const { money, oracle, client } = scene;
    await scene.upload({ modelId: 2n ** 160n - 1n, fee: 501n, token: money.address });
    await scene.call(money, 'transfer', [client, 10_000n]);
    await scene.call(money, 'approve', [oracle.address, 10_000n], { from: client });
    await scene.ask({ modelId: 2n ** 160n - 1n, batchSize: 3n }, 7n);
    await scene.call(oracle, 'claimModelRevenue', [2n ** 160n - 1n]);
    const databaseUrl = await scene.index();
    const asset = money.address;
    expect(await rowsOf(databaseUrl, REQUESTS)).toEqual([
      {
        model: '1461501637330902918203684832716283019655932542975',
        batch: '3',
        asset,
        fee: '1503',
        receiver: '1052',
        protocol: '451',
        value: '7',
        gas: '0',
        overpaid: '7',
      },
    ]);
    expect(await rowsOf(databaseUrl, PAYOUTS)).toEqual([{ cause: 'claim', asset, amount: '1052' }]);
    expect(await readContract(scene.chain, money, 'balanceOf', [scene.receiver])).toBe(1052n);
  });

  it('requests with the same id in one block have separate rows', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 5n, unverifiable: true });
    const data = scene.askData({ modelId: 5n });
    const { client: from, oracle } = scene;
    const transaction = { from, to: oracle.address, data };
    await scene.inOneBlock([
      { ...transaction, valueWei: 1000n },
      { ...transaction, valueWei: 1200n },
    ]);
    const databaseUrl = await scene.index();
    expect(
      await rowsOf(
        databaseUrl,
        `SELECT count(*)::int AS requests, count(DISTINCT request_id)::int AS ids,
           sum(overpayment_wei)::text AS overpaid FROM oracle_request`,
      ),
    ).toEqual([{ requests: 2, ids: 1, overpaid: '200' }]);
  });

  it('pay gas by the price of the newest result; between two results of a block it is unknown', async () => {
    const scene = await OracleScene.start();
    const { chain, oracle, owner, client, user } = scene;
    await scene.upload({ modelId: 5n });
    await scene.ask({ modelId: 5n }, 1000n);
    const called = { modelId: 5n, callbackContract: user.address, gasLimit: 200_000n };
    const result = encodeCall(oracle, 'invokeCallback', [1n, '0xaa']);
    const to = oracle.address;
    await execute(chain, { from: owner, to, data: result, priorityFeeWei: 3n });
    await scene.ask(called, 601_001n);
    const ask = { from: client, to, data: scene.askData(called), valueWei: 2_000_000n };
    await scene.inOneBlock([
      ask,
      { from: owner, to, data: result, priorityFeeWei: 2n },
      ask,
      { from: owner, to, data: result, priorityFeeWei: 4n },
      ask,
    ]);
    await execute(chain, ask);
    const databaseUrl = await scene.index();
    expect(
      (await rowsOf(databaseUrl, REQUESTS)).map(({ gas, overpaid }) => ({ gas, overpaid })),
    ).toEqual([
      { gas: '0', overpaid: '0' },
      { gas: '600000', overpaid: '1' },
      { gas: '600000', overpaid: '1399000' },
      { gas: null, overpaid: null },
      { gas: '800000', overpaid: '1199000' },
      { gas: '800000', overpaid: '1199000' },
    ]);
  });
});

describe('payouts', () => {
  it('are the whole accrued sum, and what the receiver received', async () => {
    const scene = await OracleScene.start();
    await scene.upload({ modelId: 11n });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.call(scene.oracle, 'claimModelRevenue', [11n], { from: scene.client });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.call(scene.oracle, 'removeModel', [11n]);
    const databaseUrl = await scene.index();
    expect(await rowsOf(databaseUrl, PAYOUTS)).toEqual([
      { cause: 'claim', asset: 'native', amount: '1400' },
      { cause: 'removal', asset: 'native', amount: '700' },
    ]);
    expect(await getBalance(scene.chain, scene.receiver)).toBe(2100n);
  });

  it('go in the token and to the receiver of the moment, whatever it accrued in', async () => {
    const scene = await OracleScene.start();
    const { money, oracle } = scene;
    const other = `0x${'0e'.repeat(20)}`;
    await scene.upload({ modelId: 11n });
    await scene.ask({ modelId: 11n }, 1000n);
    await scene.update({ modelId: 11n, token: money.address, receiver: other });
    await scene.call(money, 'transfer', [oracle.address, 700n]);
    await scene.call(oracle, 'claimModelRevenue', [11n]);
    const databaseUrl = await scene.index();
    expect(await rowsOf(databaseUrl, PAYOUTS)).toEqual([
      { cause: 'claim', asset: money.address, amount: '700' },
    ]);
    expect(
      await rowsOf(
        databaseUrl,
        `SELECT DISTINCT ON (asset) asset, fees::text, paid_out::text AS paid FROM model_total
         ORDER BY asset DESC, id DESC`,
      ),
    ).toEqual([
      { asset: 'native', fees: '1000', paid: '0' },
      { asset: money.address, fees: '0', paid: '700' },
    ]);
  });

  it('a payout that a removal does not make waits for the next upload', async () => {
    const scene = await OracleScene.start({ paysOnRemoval: false });
    const { first } = scene;
    await scene.upload({ modelId: 11n }, first);
    await scene.ask({ modelId: 11n }, 1000n, first);
    await scene.call(first, 'removeModel', [11n]);
    const removed = await scene.call(first, 'removeModel', [12n]).catch(() => null);
    expect(removed).toBeNull();
    await scene.upload({ modelId: 11n }, first);
    const { blockNumber } = await scene.call(first, 'claimModelRevenue', [11n]);
    const expected = [{ cause: 'claim', asset: 'native', amount: '700' }];
    expect(await rowsOf(await scene.index(), PAYOUTS)).toEqual(expected);
    // Also where the removal was before the indexing, and no view shows the revenue.
    const startBlock = Number(blockNumber) - 1;
    expect(await rowsOf(await scene.index({ startBlock }), PAYOUTS)).toEqual(expected);
  });

  it('payouts inside the transfer of a fee come before the fee accrues', async () => {
    const scene = await OracleScene.start();
    const { chain, owner, oracle, client } = scene;
    const token = await deployReentrantPaymentToken(chain, { from: owner, supply: 10n ** 18n });
    await scene.upload({ modelId: 11n, token: token.address });
    await scene.call(token, 'transfer', [client, 5000n]);
    await scene.call(token, 'approve', [oracle.address, 5000n], { from: client });
    await scene.ask({ modelId: 11n }, 0n);
    const claim = encodeCall(oracle, 'claimModelRevenue', [11n]);
    await scene.call(token, 'program', [oracle.address, claim]);
    await scene.ask({ modelId: 11n }, 0n);
    const databaseUrl = await scene.index();
    expect(await rowsOf(databaseUrl, PAYOUTS)).toEqual([
      { cause: 'claim', asset: token.address, amount: '700' },
    ]);
    expect(await rowsOf(databaseUrl, ACCRUED)).toEqual([{ accrued: '700' }]);
  });

  it('the request of a receiver that asks again during its payout accrues again', async () => {
    const scene = await OracleScene.start();
    const { chain, owner, oracle } = scene;
    const payee = await deployContract(chain, 'ReentrantHolder', [], { from: owner });
    await execute(chain, { from: owner, to: payee.address, valueWei: 10_000n });
    await scene.upload({ modelId: 11n, receiver: payee.address });
    await scene.ask({ modelId: 11n }, 1000n);
    const data = scene.askData({ modelId: 11n });
    const step = { target: oracle.address, value: 1000n, data, propagate: true, pause: false };
    await scene.call(payee, 'program', [oracle.address, [step]]);
    await scene.call(oracle, 'claimModelRevenue', [11n]);
    const databaseUrl = await scene.index();
    expect(await rowsOf(databaseUrl, PAYOUTS)).toEqual([
      { cause: 'claim', asset: 'native', amount: '700' },
    ]);
    expect(await rowsOf(databaseUrl, ACCRUED)).toEqual([{ accrued: '700' }]);
  });
});

describe('all generations of logs', () => {
  it.each([{ indexesLogs: false }, { indexesLogs: true }])(
    'logs of the first oracle are read, indexed: $indexesLogs',
    async ({ indexesLogs }) => {
      const scene = await OracleScene.start({ indexesLogs });
      const { first, client } = scene;
      await scene.upload({ modelId: 13n }, first);
      await scene.ask({ modelId: 13n }, 1000n, first);
      await scene.call(first, 'invokeCallback', [1n, '0xbeef']);
      const databaseUrl = await scene.index();
      expect(await rowsOf(databaseUrl, 'SELECT request_id::text FROM oracle_request')).toEqual([
        { request_id: '1' },
      ]);
      expect(await rowsOf(databaseUrl, RESULTS)).toEqual([
        {
          request_id: '1',
          is_update: false,
          account: indexesLogs ? client.slice(2) : null,
          invoker: scene.owner.slice(2).toLowerCase(),
          output: 'beef',
        },
      ]);
    },
  );

  it('logs of the newest oracle are read, with results that are delivered again', async () => {
    const scene = await OracleScene.start();
    const { oracle, client, user, owner } = scene;
    await scene.upload({ modelId: 13n });
    await scene.ask(
      {
        modelId: 13n,
        callbackContract: user.address,
        gasLimit: 200_000n,
        withDataAvailability: true,
      },
      1000n,
    );
    await scene.call(oracle, 'invokeCallback', [1n, '0xbeef']);
    await scene.call(oracle, 'updateResult', [1n, '0xcafe'], { from: client });
    const databaseUrl = await scene.index();
    const account = client.slice(2);
    const common = { request_id: '1', account };
    expect(await rowsOf(databaseUrl, RESULTS)).toEqual([
      { ...common, is_update: false, invoker: owner.slice(2).toLowerCase(), output: 'beef' },
      { ...common, is_update: true, invoker: client.slice(2), output: 'cafe' },
    ]);
  });
});
