import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActors } from '../../../devnet/actors.js';
import { type Anvil, startAnvil } from '../../../devnet/anvil.js';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../../devnet/deploy.js';
import { functions } from '../../../src/abi/erc7641.js';
import { type OddRules, PART, PLAIN_RULES, tupleOf } from '../../prove/odd/oddRules.js';
import { deployLogic, upgradeCall } from '../../prove/odd/oddWorld.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { type Dialect, startOddNode } from '../../support/nodes/oddNode.js';
import { indexTo } from '../../support/programs/indexer.js';

let chain: Anvil;
let founder: string;
let alice: string;

beforeAll(async () => {
  chain = await startAnvil();
  [founder = '', alice = ''] = await createActors(chain, 'held figures', 2);
}, 30_000);
afterAll(() => chain.stop());

const rulesOf = (rules: Partial<OddRules>) => tupleOf({ ...PLAIN_RULES, interval: 1n, ...rules });
const deploy = (rules: Partial<OddRules>) =>
  deployContract(chain, 'RevShareComposed', ['Held', 'HLD', 1000n, rulesOf(rules)], {
    from: founder,
  });
const run = async (token: DeployedContract, name: string, args: unknown[] = [], valueWei = 0n) => {
  const data = encodeCall(token, name, args);
  const { blockNumber } = await execute(chain, {
    from: founder,
    to: token.address,
    data,
    valueWei,
  });
  return Number(blockNumber);
};
const pay = async (token: DeployedContract, valueWei: bigint) =>
  Number((await execute(chain, { from: alice, to: token.address, valueWei })).blockNumber);

interface Hold {
  readonly last_block: number;
  readonly block_number: number;
  readonly code: string;
  readonly reason: string;
}

/** Indexes tokens from a node, and returns the holds. */
async function holdsOf(tokens: readonly DeployedContract[], databaseUrl: string, url = chain.url) {
  const addresses = tokens.map(({ address }) => address);
  await indexTo({ chain: { ...chain, url }, databaseUrl, tokens: addresses }).catch(
    () => undefined,
  );
  return query<Hold>(
    databaseUrl,
    'SELECT last_block::int, block_number::int, code, reason FROM contract_hold',
  );
}

describe('a token with a deposit into the burn pool that no rule knows', () => {
  let token: DeployedContract;
  let honest: DeployedContract;
  let deposited: number;
  let burned: number;

  beforeAll(async () => {
    token = await deploy({ parts: PART.claimedIsZero | PART.depositToPool });
    honest = await deploy({ parts: PART.claimedIsZero });
    await run(token, 'transfer', [alice, 317n]);
    await pay(token, 1000n);
    deposited = await run(token, 'deposit', ['0x01'], 777n);
    await pay(honest, 555n);
    await pay(token, 5n);
    await mineBlocks(chain, 3);
    burned = await run(token, 'burn', [100n]);
    await pay(honest, 55n);
    await mineBlocks(chain, 12);
  });

  it('is held at the last block that the contract confirms, not before the payment that differs', async () => {
    const databaseUrl = await freshDatabase();
    const [hold, ...others] = await holdsOf([token, honest], databaseUrl);
    expect(others).toEqual([]);
    expect(hold).toMatchObject({
      last_block: deposited - 1,
      block_number: burned,
      code: 'LEDGER_PAYMENT_DIFFERS',
      reason: expect.stringContaining(
        `differ from block ${deposited} on: redeemableOnBurn(totalSupply())`,
      ),
    });
    const receipts = await query(
      databaseUrl,
      'SELECT token_number AS token, amount_wei::text AS wei FROM receipt ORDER BY 1, block_number',
    );
    expect(receipts).toEqual([
      { token: 1, wei: '1000' },
      { token: 2, wei: '555' },
      { token: 2, wei: '55' },
    ]);
    const holders = await query(
      databaseUrl,
      'SELECT balance::int AS balance FROM holder WHERE token_number = 1 ORDER BY 1',
    );
    expect(holders).toEqual([{ balance: 317 }, { balance: 683 }]);
  });

  it('says which figures are unproven where the node keeps no old state', async () => {
    const databaseUrl = await freshDatabase();
    const pruned: Dialect = async (call, ask) =>
      JSON.stringify(call.params).includes(functions.balanceOf.selector.slice(2)) &&
      call.method === 'eth_call'
        ? { error: { code: -32000, message: 'missing trie node' } }
        : ask(call);
    const node = await startOddNode(chain.url, [pruned]);
    const [hold] = await holdsOf([token, honest], databaseUrl, node.url);
    await node.close();
    expect(hold).toMatchObject({ block_number: burned, last_block: burned - 1 });
    expect(hold?.reason).toContain(`Its figures up to block ${burned - 1} are unproven`);
  });
});

describe('new code behind a proxy', () => {
  it('new code that keeps every getter and rounds claims up is found before the next block', async () => {
    const logic = await deployLogic(chain, ['', '', 0n, rulesOf({})], founder);
    const supply = 1000n;
    const start = encodeCall(logic, 'initialize', [
      'Proxied',
      'PRX',
      supply,
      rulesOf({ parts: PART.claimedIsZero }),
    ]);
    const proxy = await deployContract(chain, 'UpgradeableProxy', [logic.address, start], {
      from: founder,
    });
    const token = { ...proxy, interface: logic.interface };
    await run(token, 'transfer', [alice, 317n]);
    await pay(token, 1000n);
    await mineBlocks(chain, 3);
    await run(token, 'snapshot');
    await run(token, 'claim', [1n]);
    await pay(token, 333n);
    const upgrade = async (parts: bigint) => {
      const call = encodeCall(token, 'reconfigure', [rulesOf({ parts })]);
      const data = upgradeCall(logic.address, call);
      const sent = await execute(chain, { from: founder, to: token.address, data });
      return Number(sent.blockNumber);
    };
    // The same rules again: the books continue.
    await upgrade(PART.claimedIsZero);
    await pay(token, 100n);
    const upgraded = await upgrade(PART.claimedIsZero | PART.claimRoundsUp);
    await mineBlocks(chain, 12);
    expect(await holdsOf([token], await freshDatabase())).toEqual([
      {
        last_block: upgraded - 1,
        block_number: upgraded,
        code: 'TOKEN_UPGRADED',
        reason: expect.stringContaining(`in a rehearsal on its state of that block`),
      },
    ]);
  });
});
