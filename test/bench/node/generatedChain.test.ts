import { beforeAll, describe, expect, test } from 'vitest';
import { generate } from '../../../bench/node/generate.js';
import { addressWord } from '../../../bench/node/hex.js';
import { GeneratingNode } from '../../../bench/node/server.js';
import { BLOCK_SECONDS, CHAIN_ID, DEFAULT_SPEC, GENESIS_TIME } from '../../../bench/node/spec.js';
import { benchHolder } from '../../../bench/node/token/benchCalls.js';
import type { Chain } from '../../../devnet/anvil.js';
import { mineBlock, mineBlocks, sendTransaction, setAutomine } from '../../../devnet/chain.js';
import { RpcClient } from '../../../devnet/rpc.js';
import { functions as aiOracle } from '../../../src/abi/aiOracle.js';
import { functions as erc20 } from '../../../src/abi/erc20.js';
import { functions } from '../../../src/abi/erc7641.js';
import { functions as multicall } from '../../../src/abi/multicall3.js';
import { BATCH_CONTRACT_CODE } from '../../../src/audit/questions/batchContract.js';
import { MULTICALL_ADDRESS } from '../../../src/audit/questions/chainViews.js';
import { mappingSlot } from '../../../src/audit/questions/mappingSlot.js';
import { ChainNode } from '../../../src/chain/node.js';
import { rehearse } from '../../../src/chain/rehearsal/rehearse.js';
import { compareHeader } from '../../../src/chain/source/proofs/headerHash.js';
import { auditHere } from '../../audit/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { atEndOfFile } from '../../support/endOfFile.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';

const SPEC = {
  ...DEFAULT_SPEC,
  tokens: 2,
  operations: 400,
  holders: 12,
  mix: {
    ...{ transfer: 40, receipt: 20, snapshot: 8, claim: 20, burn: 10 },
    ...{ request: 20, mint: 10, purchase: 10, settlement: 6 },
  },
  transfersPerCall: 4,
  gap: 3,
};
const { chain, factory, tokens, offering, lastBlock } = generate(SPEC);
const [token] = tokens;
if (token === undefined || offering === null) throw new Error('no offering was generated');
const sale = { weiRaised: '0x4042b66f', paidFor: '0xdb0b4dcc' };
let node: Chain;

beforeAll(async () => {
  const served = await GeneratingNode.start(chain);
  atEndOfFile(() => served.stop());
  node = { url: served.url, chainId: CHAIN_ID, rpc: new RpcClient(served.url) };
});

test('a generated chain is indexed with every proof, and the audit finds no difference', async () => {
  const databaseUrl = await freshDatabase();
  const warnings: string[] = [];
  const source = { finders: ['ranges'] as const, blocksAtLeast: 1 };
  const factories = [
    {
      makes: 'token' as const,
      factory: factory.address,
      event: {
        fragment: 'event TokenCreated(address indexed token, address creator)',
        topic: chain.block(2).transactions[0]?.receipt.logs.at(-1)?.topics[0] ?? '',
      },
      field: 'token',
      startBlock: null,
      policy: 'auto' as const,
      assets: [],
    },
  ];
  const more = { source, factories };
  const contracts = {
    oracles: [offering.oracle],
    collections: [offering.collection.address],
    sales: [
      {
        ...{ address: offering.sale.address, kind: 'fixed-price' as const, token: token.address },
        ...{ raiseAsset: null, startBlock: null, label: null, custom: null },
      },
    ],
  };
  const onWarning = (line: string) => warnings.push(line);
  await indexTo({ chain: node, databaseUrl, tokens: [], more, onWarning, ...contracts }, lastBlock);

  const [counts] = await query(
    databaseUrl,
    `SELECT (SELECT count(*)::int FROM token) AS tokens, (SELECT count(*)::int FROM snapshot) AS snapshots,
       (SELECT count(*)::int FROM claim) AS claims, (SELECT count(*)::int FROM redemption) AS burns,
       (SELECT count(*)::int FROM oracle_request) AS requests, (SELECT count(*)::int FROM aigc_token) AS mints,
       (SELECT count(*)::int FROM sale_entry) AS purchases,
       (SELECT count(*)::int FROM snapshot) - (SELECT count(*)::int FROM snapshot_proof) AS unproven,
       (SELECT array_agg(proof || ' ' || from_block ORDER BY from_block) FROM source_range) AS proofs`,
  );
  expect(warnings.filter((line) => !line.includes('traces by filter: yes'))).toEqual([]);
  expect(counts).toEqual({
    tokens: 2,
    snapshots: 35,
    claims: 34,
    burns: 23,
    requests: 48,
    mints: 18,
    purchases: 17,
    unproven: 0,
    // Blocks 2 and 3 create the contracts: they are read as a whole.
    proofs: ['state 1', 'blocks 2', 'state 4'],
  });
  const { mismatchCount, figures } = await auditHere({ chain: node, databaseUrl });
  expect({ mismatchCount, areMany: figures > 50 }).toEqual({ mismatchCount: 0, areMany: true });
});

test('every header of a generated chain has the hash of its fields', async () => {
  const heights = Array.from({ length: chain.head + 1 }, (_, height) => height);
  const blocks = await node.rpc.batch(
    heights.map((height) => ({
      method: 'eth_getBlockByNumber',
      params: [`0x${height.toString(16)}`, false],
    })),
  );
  const verdicts = blocks.map((block) => compareHeader(block as object));
  expect(new Set(verdicts)).toEqual(new Set(['equal']));
});

describe('the same transactions on a real node', () => {
  const filled = [...chain.filledIn(0, chain.head)];
  let anvil: Chain;

  beforeAll(async () => {
    anvil = await startAnvil({ genesisTimestamp: GENESIS_TIME });
    await setAutomine(anvil, false);
    for (const height of filled) {
      const { number } = { number: Number(await anvil.rpc.call<string>('eth_blockNumber')) };
      if (height - number > 1) await mineBlocks(anvil, height - number - 1, BLOCK_SECONDS);
      for (const { frame } of chain.block(height).transactions) {
        const { from, to, input: data, valueWei, type } = frame;
        await anvil.rpc.call('anvil_setBalance', [from, `0x${(10n ** 24n).toString(16)}`]);
        const request = { from, data, valueWei, gas: 90_000_000n };
        await sendTransaction(anvil, type === 'CREATE' ? request : { ...request, to });
      }
      await mineBlock(anvil, chain.block(height).time);
    }
  });

  const both = async (method: string, params: unknown[]) =>
    Promise.all([node, anvil].map((one) => one.rpc.call(method, params).catch(() => 'reverted')));
  const hex = (value: number) => `0x${value.toString(16)}`;

  test('leave the same logs and call frames', async () => {
    for (const height of filled) {
      const [ours, theirs] = (await both('eth_getBlockReceipts', [hex(height)])) as Receipt[][];
      expect(ours?.map(essence), `logs of block ${height}`).toEqual(theirs?.map(essence));
      const [our, their] = (await both('trace_block', [hex(height)])) as Trace[][];
      const frames = (list: Trace[] = []) =>
        list.map((trace) => frameOf(trace, trace.type === 'create'));
      expect(frames(our), `frames of block ${height}`).toEqual(frames(their));
    }
  });

  test('make views, balances and storage answer the same at every block', async () => {
    const to = token.address;
    const accounts = [0, 1, 5].map(benchHolder);
    const views = [
      functions.totalSupply.encode({}),
      functions.lastSnapshotTimestamp.encode({}),
      functions.redeemableOnBurn.encode({ amount: 10n ** 24n }),
      ...accounts.flatMap((account) => [
        erc20.balanceOf.encode({ account }),
        ...[0n, 1n, 2n, 5n, 9n].map((snapshotId) =>
          functions.claimableRevenue.encode({ account, snapshotId }),
        ),
      ]),
    ];
    const others = [
      { to: offering.oracle.address, data: aiOracle.getModel.encode({ modelId: 11n }) },
      { to: offering.oracle.address, data: aiOracle.gasPrice.selector },
      { to: offering.sale.address, data: sale.weiRaised },
      ...accounts.map((account) => ({
        to: offering.sale.address,
        data: sale.paidFor + addressWord(account).slice(2),
      })),
    ];
    const batch = {
      to: MULTICALL_ADDRESS,
      data: multicall.aggregate3.encode({
        calls: [...views.map((data) => ({ to, data })), ...others].map(({ to: target, data }) => {
          return { target, allowFailure: true, callData: data };
        }),
      }),
    };
    const override = { [MULTICALL_ADDRESS]: { code: BATCH_CONTRACT_CODE } };
    const slots = [2n, 12n, 13n, 17n, 18n, mappingSlot(14n, 2), mappingSlot(15n, 2)];
    for (let height = token.createdIn; height <= lastBlock; height += 19) {
      const answers = await Promise.all([
        both('eth_getBalance', [to, hex(height)]),
        ...views.map((data) => both('eth_call', [{ to, data }, hex(height)])),
        ...(height < offering.oracle.createdIn ? [] : others).map((call) =>
          both('eth_call', [call, hex(height)]),
        ),
        both('eth_call', [batch, hex(height), override]),
        both('eth_getBalance', [offering.oracle.address, hex(height)]),
        ...slots.map((slot) =>
          both('eth_getStorageAt', [to, `0x${slot.toString(16)}`, hex(height)]),
        ),
      ]);
      const ours = answers.map(([answer]) => answer);
      expect(ours, `state at ${height}`).toEqual(answers.map(([, answer]) => answer));
    }
  });

  test('answer a rehearsal of the contract the same', async () => {
    const rehearsals = await Promise.all(
      [node, anvil].map(({ url }) => rehearse(new ChainNode(url), token.address, token.createdIn)),
    );
    expect(rehearsals[0]).not.toBeNull();
    expect(rehearsals[0]).toEqual(rehearsals[1]);
  });
});

interface Receipt {
  readonly from: string;
  readonly status: string;
  readonly logs: readonly {
    readonly address: string;
    readonly topics: string[];
    readonly data: string;
  }[];
}

interface Trace {
  readonly type: string;
  readonly action: Record<string, string>;
  readonly result: Record<string, string>;
  readonly traceAddress: readonly number[];
  readonly subtraces: number;
}

function essence({ from, status, logs }: Receipt) {
  return {
    from,
    status,
    logs: logs.map(({ address, topics, data }) => ({ address, topics, data })),
  };
}

/** @param isCreation immutables are 0 in the code that the model knows */
function frameOf({ type, action, result, traceAddress, subtraces }: Trace, isCreation: boolean) {
  const { from, to, value, input, init, callType } = action;
  const { output, address, code } = result;
  const length = isCreation ? code?.length : undefined;
  return {
    type,
    traceAddress,
    subtraces,
    from,
    to,
    value,
    input,
    init,
    callType,
    output,
    address,
    length,
  };
}
