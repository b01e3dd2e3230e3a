import { beforeAll, describe, expect, it } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import {
  execute,
  getBalance,
  mineBlock,
  sendTransaction,
  setAutomine,
} from '../../../devnet/chain.js';
import { type DeployedContract, encodeCall, readContract } from '../../../devnet/deploy.js';
import { deployFlatOracle, deployOracleUser, modelAsk } from '../../../devnet/oracleContracts.js';
import { auditHere } from '../../audit/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { type Anvil, startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';

const REQUESTS = `SELECT model_id::text AS model, request_id::text AS request, fee::text,
    receiver_part::text AS receiver, protocol_part::text AS protocol, value_wei::text AS value,
    gas_part_wei::text AS gas, overpayment_wei::text AS overpaid
  FROM oracle_request ORDER BY id`;
const CHARGED = `SELECT fee::text, overpayment_wei::text AS overpaid
  FROM oracle_request ORDER BY id`;
const FEES = `SELECT model_id::text AS model, block_number AS block, fee::text, accrued::text,
    is_opening FROM model_version ORDER BY block_number, model_id`;

let chain: Anvil;
let server: string;
let client: string;
let user: DeployedContract;

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  [server = '', client = ''] = await defaultAccounts(chain);
  user = await deployOracleUser(chain, { from: server });
});

const ask = (oracle: DeployedContract, modelId: bigint, valueWei: bigint, gasLimit = 0n) => {
  const callbackContract = gasLimit === 0n ? undefined : user.address;
  const data = modelAsk(oracle, {
    modelId,
    input: '0x1234',
    gasLimit,
    ...(callbackContract === undefined ? {} : { callbackContract }),
  });
  return { from: client, to: oracle.address, data, valueWei };
};
const set = (oracle: DeployedContract, name: string, fee: bigint) => ({
  from: server,
  to: oracle.address,
  data: encodeCall(oracle, name, [fee]),
});

async function inOneBlock(transactions: readonly Parameters<typeof sendTransaction>[1][]) {
  await setAutomine(chain, false);
  for (const transaction of transactions) await sendTransaction(chain, transaction);
  await mineBlock(chain);
  await setAutomine(chain, true);
}

function index(oracle: DeployedContract, databaseUrl: string, startBlock?: number) {
  const oracles = [
    { address: oracle.address, ...(startBlock === undefined ? {} : { startBlock }) },
  ];
  return indexTo({ chain, databaseUrl, tokens: [], oracles });
}

describe('an oracle with one flat fee for all models', () => {
  it('charges each request the fee in force, of which nothing accrues to a receiver', async () => {
    const oracle = await deployFlatOracle(chain, { from: server, fee: 300n });
    await execute(chain, ask(oracle, 11n, 301n, 200_000n));
    // A result sets no price of gas here: later callbacks stay free.
    const answer = encodeCall(oracle, 'invokeCallback', [1n, '0xaa']);
    await execute(chain, { from: server, to: oracle.address, data: answer, priorityFeeWei: 5n });
    await inOneBlock([
      ask(oracle, 50n, 300n),
      set(oracle, 'setFee', 7n),
      ask(oracle, 50n, 10n, 100_000n),
      set(oracle, 'setFee', 900n),
    ]);
    const changed = Number(await chain.rpc.call<string>('eth_blockNumber'));
    await execute(chain, ask(oracle, 2n ** 160n, 900n));
    const databaseUrl = await freshDatabase();
    const head = await index(oracle, databaseUrl);
    const none = { receiver: '0', gas: '0' };
    expect(await query(databaseUrl, REQUESTS)).toEqual([
      {
        ...none,
        model: '11',
        request: '1',
        fee: '300',
        protocol: '300',
        value: '301',
        overpaid: '1',
      },
      {
        ...none,
        model: '50',
        request: '2',
        fee: '300',
        protocol: '300',
        value: '300',
        overpaid: '0',
      },
      { ...none, model: '50', request: '3', fee: '7', protocol: '7', value: '10', overpaid: '3' },
      {
        ...none,
        model: String(2n ** 160n),
        request: '4',
        fee: '900',
        protocol: '900',
        value: '900',
        overpaid: '0',
      },
    ]);
    const flat = { accrued: '0', is_opening: false };
    expect(await query(databaseUrl, FEES)).toEqual([
      { ...flat, model: '11', block: changed - 2, fee: '300' },
      { ...flat, model: '11', block: changed, fee: '900' },
      { ...flat, model: '50', block: changed, fee: '900' },
      { ...flat, model: String(2n ** 160n), block: head, fee: '900' },
    ]);
    expect(await readContract(chain, oracle, 'fee', [])).toBe(900n);
    const [kept] = await query(
      databaseUrl,
      'SELECT sum(value_wei)::text AS wei FROM oracle_request',
    );
    expect(kept).toEqual({ wei: String(await getBalance(chain, oracle.address)) });
    expect(
      await query(
        databaseUrl,
        `SELECT fee::text, kind, model_id::text AS model
        FROM model_change ORDER BY id`,
      ),
    ).toEqual([
      { kind: 'fee', model: '11', fee: '7' },
      { kind: 'fee', model: '50', fee: '7' },
      { kind: 'fee', model: '11', fee: '900' },
      { kind: 'fee', model: '50', fee: '900' },
    ]);
    expect(
      await query(databaseUrl, 'SELECT request_id::text AS request FROM oracle_result'),
    ).toEqual([{ request: '1' }]);
    const audit = await auditHere({ chain, databaseUrl });
    expect(audit).toMatchObject({ mismatchCount: 0 });
    expect(audit.figures).toBeGreaterThanOrEqual(6);
  });

  it('is indexed from a block after its deployment, and continues from the database', async () => {
    const oracle = await deployFlatOracle(chain, { from: server, fee: 300n });
    await execute(chain, ask(oracle, 11n, 300n));
    await execute(chain, set(oracle, 'setFee', 40n));
    const databaseUrl = await freshDatabase();
    const startBlock = 1 + Number(await chain.rpc.call<string>('eth_blockNumber'));
    await execute(chain, ask(oracle, 11n, 40n));
    await index(oracle, databaseUrl, startBlock);
    await execute(chain, set(oracle, 'setFee', 50n));
    await execute(chain, ask(oracle, 11n, 51n));
    await execute(chain, ask(oracle, 12n, 52n));
    await index(oracle, databaseUrl, startBlock);
    expect(
      await query(
        databaseUrl,
        `SELECT model_id::text AS model, fee::text, overpayment_wei::text AS overpaid
        FROM oracle_request ORDER BY id`,
      ),
    ).toEqual([
      { model: '11', fee: '40', overpaid: '0' },
      { model: '11', fee: '50', overpaid: '1' },
      { model: '12', fee: '50', overpaid: '2' },
    ]);
    expect(await auditHere({ chain, databaseUrl })).toMatchObject({ mismatchCount: 0 });
  });

  it('charges each request the fee that a function set that is not known', async () => {
    const oracle = await deployFlatOracle(chain, { from: server, fee: 300n });
    await execute(chain, ask(oracle, 11n, 300n));
    await execute(chain, set(oracle, 'changeTariff', 400n));
    await execute(chain, ask(oracle, 11n, 1000n));
    await inOneBlock([
      ask(oracle, 11n, 401n),
      set(oracle, 'changeTariff', 500n),
      ask(oracle, 12n, 503n),
    ]);
    const databaseUrl = await freshDatabase();
    const head = await index(oracle, databaseUrl);
    expect(await query(databaseUrl, CHARGED)).toEqual([
      { fee: '300', overpaid: '0' },
      { fee: '400', overpaid: '600' },
      { fee: '400', overpaid: '1' },
      { fee: '500', overpaid: '3' },
    ]);
    const flat = { accrued: '0', is_opening: false };
    expect(await query(databaseUrl, FEES)).toEqual([
      { ...flat, model: '11', block: head - 3, fee: '300' },
      { ...flat, model: '11', block: head - 2, fee: '400' },
      { ...flat, model: '11', block: head, fee: '500' },
      { ...flat, model: '12', block: head, fee: '500' },
    ]);
    expect(await auditHere({ chain, databaseUrl })).toMatchObject({ mismatchCount: 0 });
  });

  it('is held before a block whose end does not prove what a request was charged', async () => {
    const oracle = await deployFlatOracle(chain, { from: server, fee: 300n });
    await execute(chain, ask(oracle, 11n, 300n));
    await inOneBlock([
      set(oracle, 'changeTariff', 5n),
      ask(oracle, 11n, 1000n),
      set(oracle, 'changeTariff', 300n),
    ]);
    const databaseUrl = await freshDatabase();
    await expect(index(oracle, databaseUrl)).rejects.toMatchObject({ code: 'ORACLE_FEE_UNKNOWN' });
    expect(await query(databaseUrl, CHARGED)).toEqual([{ fee: '300', overpaid: '0' }]);
  });
});
