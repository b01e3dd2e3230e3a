import { describe, expect, it } from 'vitest';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import { deployReentrantHolder, deploySelfDestructor, encodeCall } from '../../../devnet/deploy.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { bookedEntries, short } from '../../support/scenes/saleEntries.js';
import { SaleScene } from '../../support/scenes/saleScene.js';

describe('a launchpad logs nothing: its entries are call frames', () => {
  it('deposits come in any number of transactions, from contracts, for others', async () => {
    const scene = await SaleScene.start();
    const { founder, friend, router } = scene.scene;
    const sale = await scene.launchpad({ target: 100n, tokensForSale: 500n });
    await scene.call(friend, sale, 'deposit()', [], 10n);
    await execute(scene.scene.chain, { from: friend, to: sale.address, valueWei: 5n });
    await scene.call(founder, sale, 'depositFor(address)', [friend], 3n);
    const inner = encodeCall(router, 'execute', [
      [
        { target: sale.address, value: 40n, data: '0x', mayFail: false },
        {
          target: router.address,
          value: 0n,
          data: encodeCall(router, 'alwaysRevert'),
          mayFail: false,
        },
      ],
    ]);
    // What the inner bundle deposited is undone; a deposit of nothing fails by itself.
    await scene.scene.route(
      [
        { target: sale.address, valueWei: 7n },
        { target: router.address, valueWei: 40n, data: inner, mayFail: true },
        { target: sale.address, data: encodeCall(sale, 'deposit()'), mayFail: true },
        { target: sale.address, valueWei: 2n, data: encodeCall(sale, 'deposit()') },
      ],
      49n,
    );
    const [me, other, bundle] = [short(friend), short(founder), short(router.address)];
    expect(await bookedEntries(scene)).toEqual([
      ['deposit', me, me, '10', '0'],
      ['deposit', me, me, '5', '0'],
      ['deposit', me, other, '3', '0'],
      ['deposit', bundle, bundle, '7', '0'],
      ['deposit', bundle, bundle, '2', '0'],
    ]);
  });

  it('an oversubscribed sale pays tokens and excess to the participant, for any caller', async () => {
    const scene = await SaleScene.start();
    const { founder, friend, payer } = scene.scene;
    const sale = await scene.launchpad({ target: 100n, tokensForSale: 500n });
    await scene.call(friend, sale, 'deposit()', [], 150n);
    await scene.call(payer, sale, 'deposit()', [], 50n);
    await scene.blockAtEnd();
    await scene.call(founder, sale, 'claimFor', [friend]);
    await scene.call(friend, sale, 'refund');
    await scene.call(founder, sale, 'finalize');
    await scene.call(payer, sale, 'claim');
    await scene.call(founder, sale, 'refundFor', [payer]);
    const [me, other, third] = [short(friend), short(founder), short(payer)];
    expect((await bookedEntries(scene)).slice(2)).toEqual([
      ['token-claim', me, other, '0', '375'],
      ['refund', me, me, '75', '0'],
      // The sale keeps 100 less a unit of rounding for each of two participants.
      ['finalisation', null, other, '98', '0'],
      ['token-claim', third, third, '0', '125'],
      ['refund', third, other, '25', '0'],
    ]);
  });

  it('a failed sale in an ERC-20 refunds every deposit in full', async () => {
    const scene = await SaleScene.start();
    const { friend, founder } = scene.scene;
    const sale = await scene.launchpad({ target: 101n, tokensForSale: 500n, inDollars: true });
    await scene.lend(friend, sale, 100n);
    await scene.call(friend, sale, 'deposit(uint256)', [60n]);
    await scene.call(friend, sale, 'depositFor(address,uint256)', [founder, 40n]);
    await scene.blockAtEnd();
    await scene.call(founder, sale, 'finalize');
    await scene.call(friend, sale, 'refund');
    await scene.call(friend, sale, 'refundFor', [founder]);
    const [me, other] = [short(friend), short(founder)];
    expect(await bookedEntries(scene)).toEqual([
      ['deposit', me, me, '60', '0'],
      ['deposit', other, me, '40', '0'],
      ['finalisation', null, other, '0', '500'],
      ['refund', me, me, '60', '0'],
      ['refund', other, me, '40', '0'],
    ]);
  });

  it('a payee that claims from inside its refund is booked after the refund', async () => {
    const scene = await SaleScene.start();
    const { chain, founder } = scene.scene;
    const sale = await scene.launchpad({ target: 10n, tokensForSale: 500n });
    const payee = await deployReentrantHolder(chain, { from: founder });
    await scene.call(
      founder,
      payee,
      'run',
      [sale.address, 20n, encodeCall(sale, 'deposit()')],
      20n,
    );
    await scene.blockAtEnd();
    const claim = encodeCall(sale, 'claim');
    const step = { target: sale.address, value: 0n, data: claim, propagate: true, pause: false };
    await scene.call(founder, payee, 'program', [sale.address, [step]]);
    await scene.call(founder, payee, 'run', [sale.address, 0n, encodeCall(sale, 'refund')]);
    const who = short(payee.address);
    expect((await bookedEntries(scene)).slice(1)).toEqual([
      ['refund', who, who, '10', '0'],
      ['token-claim', who, who, '0', '500'],
    ]);
  });

  it('money from a self-destruct is nobody’s deposit', async () => {
    const scene = await SaleScene.start();
    const { chain, friend } = scene.scene;
    const sale = await scene.launchpad({ target: 10n, tokensForSale: 500n });
    const bomb = await deploySelfDestructor(chain, { from: friend });
    await scene.call(friend, bomb, 'destroy', [sale.address], 77n);
    await scene.call(friend, sale, 'deposit()', [], 1n);
    expect(await bookedEntries(scene)).toEqual([
      ['deposit', short(friend), short(friend), '1', '0'],
    ]);
  });
});

describe('the end of a sale is a matter of time, not of transactions', () => {
  it('holds from the first block that is not earlier, also where nothing happens in it', async () => {
    const scene = await SaleScene.start();
    const { chain, friend } = scene.scene;
    const sale = await scene.launchpad({ target: 10n, tokensForSale: 500n });
    await scene.call(friend, sale, 'deposit()', [], 9n);
    await mineBlocks(chain, 3, 1);
    await scene.blockAtEnd(-1);
    const end = await scene.blockAtEnd();
    await mineBlocks(chain, 15, 1);
    const databaseUrl = await freshDatabase();
    await indexTo(scene.request(databaseUrl));
    const versions = await query(
      databaseUrl,
      `SELECT v.block_number, v.has_ended, encode(b.hash, 'hex') AS hash
       FROM sale_version v JOIN block b ON b.number = v.block_number ORDER BY v.id`,
    );
    const header = await chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
      `0x${end.toString(16)}`,
      false,
    ]);
    expect(versions).toMatchObject([
      { has_ended: false },
      { block_number: end, has_ended: true, hash: header.hash.slice(2) },
    ]);
  });
});
