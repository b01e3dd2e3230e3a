import { expect, test } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { eventually } from '../../support/eventually.js';
import { hidesMoney } from '../../support/nodes/frameDialects.js';
import type { Dialect } from '../../support/nodes/oddNode.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

/** Selector of `claimableRevenue(address,uint256)`. */
const CLAIMABLE_REVENUE = '0x2be2bb11';
const HELD = 'SELECT is_confirmed, is_compared FROM contract_hold';

/** A node that answers questions that contain a text with other amounts, unless they are 0. */
function misstates(method: string, text: string, byWei: bigint): Dialect {
  return async (call, ask) => {
    const reply = await ask(call);
    const isMeant = call.method === method && JSON.stringify(call.params).includes(text);
    const amount = isMeant && reply.result !== undefined ? BigInt(String(reply.result)) : 0n;
    if (amount === 0n) return reply;
    const digits = (amount + byWei).toString(16);
    return { ...reply, result: `0x${method === 'eth_call' ? digits.padStart(64, '0') : digits}` };
  };
}

const FAULTS: Readonly<Record<string, (token: string) => Dialect>> = {
  'lost a payment': () => hidesMoney,
  'answered a view wrongly': () => misstates('eth_call', CLAIMABLE_REVENUE, 1n),
  'answered with another balance': (token) => misstates('eth_getBalance', token, -1n),
};

test.each(Object.entries(FAULTS))(
  'a token that was held because its node %s continues when the node is repaired',
  async (_, faultOf) => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.call(scene.founder, 'claim', [1n]);
    await mineBlocks(scene.chain, 3);
    let isBroken = true;
    const fault = faultOf(scene.token.address.toLowerCase());
    const node = await oddNode(scene.chain.url, (call, ask) =>
      isBroken ? fault(call, ask) : ask(call),
    );
    const databaseUrl = await freshDatabase();
    // What the broken node said is kept on the disk too.
    const cache = { folder: await temporaryFolder(), maxBytes: 1e9 };
    const request = {
      chain: scene.chain,
      tokens: [scene.token.address],
      finality: 1,
      more: { cache },
    };
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
    // The indexer checks only occasionally: commits trigger a check.
    await eventually(async () => {
      isBroken = false;
      hours++;
      await mineBlocks(scene.chain, 1);
      expect(await query(databaseUrl, HELD)).toEqual([]);
    });
    await follower.caughtUp();
    await follower.stop();
    const clean = await freshDatabase();
    await indexTo({ ...request, databaseUrl: clean, more: { cache: null } });
    const rowsOf = async (url: string) => (await dumpTables(url)).claim;
    const claims = await rowsOf(databaseUrl);
    expect(claims).toHaveLength(1);
    expect(claims).toEqual(await rowsOf(clean));
  },
);
