import { expect, test } from 'vitest';
import { mineBlocks } from '../../devnet/chain.js';
import { eventually } from '../support/eventually.js';
import { hidesMoney } from '../support/frameDialects.js';
import { follow, indexTo } from '../support/indexer.js';
import { freshDatabase, query } from '../support/postgres.js';
import { Scene } from '../support/scene.js';
import { dumpTables } from '../support/tables.js';
import { oddNode } from '../support/testNode.js';

const HELD = 'SELECT is_confirmed, is_compared FROM contract_hold';

test('a token that was held because its node lost a payment continues when the node shows it again', async () => {
  const scene = await Scene.start();
  await scene.pay(1000n);
  await scene.snapshot();
  await scene.call(scene.founder, 'claim', [1n]);
  await mineBlocks(scene.chain, 3);
  let isBroken = true;
  const node = await oddNode(scene.chain.url, (call, ask) =>
    isBroken ? hidesMoney(call, ask) : ask(call),
  );
  const databaseUrl = await freshDatabase();
  const request = { chain: scene.chain, tokens: [scene.token.address], finality: 1 };
  let hours = 0;
  const follower = follow({
    ...request,
    chain: { ...scene.chain, url: node.url },
    databaseUrl,
    now: () => hours * 3_600_000,
  });
  await eventually(async () => {
    expect(await query(databaseUrl, HELD)).toEqual([{ is_confirmed: true, is_compared: true }]);
  });
  // It is looked at once in a while only: commits make it look.
  await eventually(async () => {
    isBroken = false;
    hours++;
    await mineBlocks(scene.chain, 1);
    expect(await query(databaseUrl, HELD)).toEqual([]);
  });
  await follower.caughtUp();
  await follower.stop();
  const clean = await freshDatabase();
  await indexTo({ ...request, databaseUrl: clean });
  const rowsOf = async (url: string) => (await dumpTables(url)).claim;
  const claims = await rowsOf(databaseUrl);
  expect(claims).toHaveLength(1);
  expect(claims).toEqual(await rowsOf(clean));
});
