import { beforeAll, describe, expect, test } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { deployOtherToken, encodeCall } from '../../../devnet/deploy.js';
import type { FactoryConfig } from '../../../src/config/factories/factories.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { dumpTables } from '../../support/databases/tables.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { FactoryScene } from '../../support/scenes/factoryScene.js';

interface CreatedRow {
  readonly address: Buffer;
  readonly block_number: number;
  readonly start_block: number | null;
  readonly refused_code: string | null;
}

function createdIn(databaseUrl: string) {
  return query<CreatedRow>(
    databaseUrl,
    'SELECT address, block_number, start_block, refused_code FROM factory_contract ORDER BY block_number, log_index',
  );
}

const buffer = (address: string) => Buffer.from(address.slice(2), 'hex');

describe('what a factory created', () => {
  let scene: FactoryScene;

  beforeAll(async () => {
    scene = await FactoryScene.start();
    const { founder, payer } = scene;
    const token = await scene.createToken(1, 77n);
    await scene.pay(token, 1_000n);
    const collection = await scene.createCollection();
    const sale = await scene.createSale(token);
    await scene.send(founder, token, encodeCall(token, 'transfer', [sale.address, 500n]));
    await scene.send(payer, sale, encodeCall(sale, 'buyTokens(address)', [payer]), 30n);
    await scene.send(payer, collection, encodeCall(collection, 'mint', [payer, '0x1234']), 10n);
    // Two in one transaction, and one that nobody pays.
    await scene.createTokens(7, 2);
    await mineBlocks(scene.chain, 12, 1);
  });

  test('is indexed from its creation on, as a config that names each contract has it', async () => {
    const byFactory = await freshDatabase();
    await indexTo(scene.request(byFactory));
    const created = await createdIn(byFactory);
    expect(created).toHaveLength(5);
    expect(created.every((row) => row.refused_code === null)).toBe(true);
    expect(created.every((row) => row.start_block === row.block_number)).toBe(true);

    const named = await freshDatabase();
    const [first, collection, sale, ...others] = created.map(
      ({ address }) => `0x${address.toString('hex')}` as const,
    );
    await indexTo({
      chain: scene.chain,
      databaseUrl: named,
      tokens: [first ?? '', ...others],
      collections: [collection ?? ''],
      sales: [
        {
          address: sale ?? '0x',
          kind: 'fixed-price',
          token: first ?? '0x',
          raiseAsset: null,
          startBlock: null,
          label: null,
          custom: null,
        },
      ],
    });
    const dump = await dumpTables(byFactory);
    expect(dump).toEqual(await dumpTables(named));
    expect(dump.sale_entry).toHaveLength(1);
    expect(dump.aigc_token).toHaveLength(1);
    expect(dump.receipt?.length).toBe(2);
  });

  test('is found by a second run without a search of the blocks before', async () => {
    const databaseUrl = await freshDatabase();
    const head = await indexTo(scene.request(databaseUrl), 5);
    await indexTo(scene.request(databaseUrl));
    expect(await createdIn(databaseUrl)).toHaveLength(5);
    const [factory] = await query<{ searched_to: number }>(
      databaseUrl,
      'SELECT max(searched_to) AS searched_to FROM factory',
    );
    expect(factory?.searched_to).toBeGreaterThan(head);
  });

  test('and is named by events with other indexed fields is refused with the signature', async () => {
    const factories = changed(scene, 'event TokenCreated(address token, address creator)');
    const databaseUrl = await freshDatabase();
    await expect(indexTo(scene.request(databaseUrl, { more: { factories } }))).rejects.toThrow(
      expect.objectContaining({ code: 'FACTORY_EVENT_UNREADABLE' }),
    );
    expect(await query(databaseUrl, 'SELECT FROM factory')).toEqual([]);
  });

  test('in blocks that are indexed without the factory joins the live books', async () => {
    const databaseUrl = await freshDatabase();
    const [token = ''] = (await createdTokens(scene)).slice(0, 1);
    const head = await indexTo({ chain: scene.chain, databaseUrl, tokens: [token] });
    await indexTo(scene.request(databaseUrl), head);
    const fresh = await freshDatabase();
    await indexTo(scene.request(fresh), head);
    for (const url of [databaseUrl, fresh]) {
      await proveFinalBlocks(url, scene.chain.chainId, new AbortController().signal);
    }
    expect(await booksByAddress(databaseUrl)).toEqual(await booksByAddress(fresh));
    expect(await createdIn(databaseUrl)).toEqual(await createdIn(fresh));
  });
});

describe('a factory', () => {
  test('without code is refused', async () => {
    const scene = await FactoryScene.start();
    const factory = `0x${'ab'.repeat(20)}` as const;
    const factories = scene.factories.map((one) => ({ ...one, factory }));
    const databaseUrl = await freshDatabase();
    await expect(indexTo(scene.request(databaseUrl, { more: { factories } }))).rejects.toThrow(
      expect.objectContaining({ code: 'FACTORY_NOT_A_CONTRACT' }),
    );
  });

  test('whose field never names a contract is refused; one wrong name among others is marked', async () => {
    const scene = await FactoryScene.start();
    await scene.announce(scene.payer);
    await mineBlocks(scene.chain, 12, 1);
    const databaseUrl = await freshDatabase();
    await expect(indexTo(scene.request(databaseUrl))).rejects.toThrow(
      expect.objectContaining({ code: 'FACTORY_NAMES_NO_CONTRACT' }),
    );
    expect(await query(databaseUrl, 'SELECT FROM factory')).toEqual([]);

    const plain = await deployOtherToken(scene.chain, 'PlainToken', {
      from: scene.founder,
      name: 'Plain',
      symbol: 'PLN',
      supply: 5n,
    });
    await scene.announce(plain.address);
    const token = await scene.createToken();
    await scene.pay(token, 9n);
    await mineBlocks(scene.chain, 12, 1);
    await indexTo(scene.request(databaseUrl));
    expect(await createdIn(databaseUrl)).toMatchObject([
      { address: buffer(scene.payer), refused_code: 'FACTORY_NAMES_NO_CONTRACT' },
      { address: buffer(plain.address), refused_code: 'TOKEN_NO_POLICY' },
      { address: buffer(token.address), refused_code: null },
    ]);
    expect((await dumpTables(databaseUrl)).receipt).toHaveLength(1);
  });
});

describe('at the head', () => {
  test('a creation is indexed from its block on, and a reorg takes it back or moves it', async () => {
    const scene = await FactoryScene.start();
    const { chain } = scene;
    await scene.createToken(1);
    await mineBlocks(chain, 15, 1);
    const databaseUrl = await freshDatabase();
    const follower = follow(scene.request(databaseUrl));
    await follower.caughtUp();

    const fork = await chain.rpc.call<string>('evm_snapshot');
    const first = await scene.createToken(2);
    await scene.pay(first, 5n);
    await scene.createSale(first);
    await follower.caughtUp();
    const head = (await latestBlock(chain)).number;
    expect(await startOf(databaseUrl, first.address)).toBe(first.deploymentBlock);

    await chain.rpc.call('evm_revert', [fork]);
    await mineBlocks(chain, head + 1 - (await latestBlock(chain)).number, 1);
    await follower.caughtUp();
    expect(await startOf(databaseUrl, first.address)).toBeNull();
    expect(await createdIn(databaseUrl)).toHaveLength(1);

    // The same address again, in another block, with money from the start.
    const again = await scene.createToken(2, 3n);
    expect(again.address).toBe(first.address);
    await scene.pay(again, 6n);
    await follower.caughtUp();
    await follower.stop();
    expect(await startOf(databaseUrl, again.address)).toBe(again.deploymentBlock);

    const fresh = await freshDatabase();
    await indexTo(scene.request(fresh));
    expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
  });

  test('the indexer does not wait for a creation that a fork took back, and forgets one below a deep fork', async () => {
    const scene = await FactoryScene.start();
    const { chain } = scene;
    await scene.createToken(1);
    await mineBlocks(chain, 15, 1);
    const databaseUrl = await freshDatabase();
    const lines: string[] = [];
    let seeNext: () => void = () => undefined;
    const seen = new Promise<void>((resolve) => {
      seeNext = resolve;
    });
    const request = {
      ...scene.request(databaseUrl),
      onWarning: (line: string) => {
        lines.push(line);
        if (line.includes('indexing them too')) seeNext();
      },
    };
    let follower = follow(request);
    await follower.caughtUp();
    const fork = await chain.rpc.call<string>('evm_snapshot');
    await mineBlocks(chain, 2, 1);
    const token = await scene.createToken(2);
    await seen;
    await follower.stop();
    expect(await createdIn(databaseUrl)).toMatchObject([{}, { start_block: null }]);

    await chain.rpc.call('evm_revert', [fork]);
    // An empty block at the same second would be the one of before.
    await chain.rpc.call('evm_increaseTime', [60]);
    await mineBlocks(chain, 1);
    lines.length = 0;
    follower = follow(request);
    await follower.caughtUp();
    expect(lines).toEqual([]);

    // The same contract is created again, in another block.
    const deepFork = await chain.rpc.call<string>('evm_snapshot');
    const again = await scene.createToken(2);
    expect(again.address).toBe(token.address);
    await scene.pay(again, 5n);
    await follower.caughtUp();
    expect(await startOf(databaseUrl, again.address)).toBe(again.deploymentBlock);

    // A fork below the final block takes it back.
    await mineBlocks(chain, 12, 1);
    await follower.caughtUp();
    await chain.rpc.call('evm_revert', [deepFork]);
    await mineBlocks(chain, 16, 7);
    await follower.caughtUp();
    await follower.stop();
    expect(lines).toContainEqual(expect.stringContaining('DEEP REORG'));
    const fresh = await freshDatabase();
    await indexTo(scene.request(fresh));
    expect(await createdIn(databaseUrl)).toEqual(await createdIn(fresh));
    expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
  });
});

async function startOf(databaseUrl: string, address: string): Promise<number | null> {
  const [row] = await query<{ start_block: number }>(
    databaseUrl,
    'SELECT start_block FROM token WHERE address = $1',
    [buffer(address)],
  );
  return row?.start_block ?? null;
}

function changed(scene: FactoryScene, fragment: string): FactoryConfig[] {
  const [token] = scene.factories;
  if (token === undefined) throw new Error('the scene has no factory');
  return [{ ...token, event: { ...token.event, fragment } }];
}

async function createdTokens(scene: FactoryScene): Promise<string[]> {
  const logs = await scene.chain.rpc.call<{ topics: string[] }[]>('eth_getLogs', [
    { address: scene.factory.address, fromBlock: '0x0', topics: [scene.factories[0]?.event.topic] },
  ]);
  return logs.map(({ topics }) => `0x${topics[1]?.slice(26)}`);
}
