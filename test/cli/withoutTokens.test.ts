import { beforeAll, describe, expect, it } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { execute } from '../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../devnet/deploy.js';
import { deployFirstOracle, modelAsk, modelUpload } from '../../devnet/oracleContracts.js';
import { deployFixedPrice } from '../../devnet/saleContracts.js';
import { loadConfig } from '../../src/config/load.js';
import { runIndexer } from '../../src/processor/run.js';
import { askData, startTestApi } from '../api/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';
import { text } from '../support/scenes/collectionScene.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

interface Manifest {
  readonly list: string;
  readonly dataset: string;
  /** A line that its export must have. */
  readonly row: RegExp;
  readonly query: string;
  readonly answer: unknown;
}

const MANIFESTS: readonly Manifest[] = [
  {
    list: 'oracles',
    dataset: 'oracle-requests',
    row: /,1000,/,
    query: '{ models { nodes { modelId accrued } } }',
    answer: { models: { nodes: [{ modelId: '11', accrued: '700' }] } },
  },
  {
    list: 'collections',
    dataset: 'mints',
    row: /,500,/,
    query: '{ aigcTokens { nodes { prompt { bytes { text } } mint { paidWei } } } }',
    answer: {
      aigcTokens: { nodes: [{ prompt: { bytes: { text: 'a cat' } }, mint: { paidWei: '500' } }] },
    },
  },
  {
    list: 'sales',
    dataset: 'participations',
    row: /,30,/,
    query: '{ sales { nodes { raised token { symbol } participations { totalCount } } } }',
    answer: {
      sales: { nodes: [{ raised: '30', token: null, participations: { totalCount: 1 } }] },
    },
  },
];

let chain: Anvil;
let buyer: string;
const entries = new Map<string, string>();

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  const [from = '', payer = ''] = await defaultAccounts(chain);
  buyer = payer;
  const send = (account: string, { address: to }: DeployedContract, data: string, valueWei = 0n) =>
    execute(chain, { from: account, to, data, valueWei });

  const oracle = await deployFirstOracle(chain, { from });
  const terms = { modelId: 11n, fee: 1000n, receiver: buyer, receiverPercentage: 70n };
  await send(from, oracle, modelUpload(oracle, 'uploadModel', terms));
  await send(buyer, oracle, modelAsk(oracle, { modelId: 11n, input: '0x12' }), 1000n);
  entries.set('oracles', `[{address: '${oracle.address}'}]`);

  const args = ['Cats', 'CAT', 4n, buyer, 0n];
  const collection = await deployContract(chain, 'AigcCollection', args, { from });
  await send(buyer, collection, encodeCall(collection, 'mint', [buyer, text('a cat')]), 500n);
  entries.set('collections', `[{address: '${collection.address}'}]`);

  const tokenArgs = ['Plain', 'PLN', 10n ** 9n];
  const token = await deployContract(chain, 'PlainToken', tokenArgs, { from });
  const sale = await deployFixedPrice(chain, {
    from,
    token: token.address,
    rate: 2n,
    wallet: from,
  });
  await send(from, token, encodeCall(token, 'transfer', [sale.address, 1000n]));
  await send(buyer, sale, encodeCall(sale, 'buyTokens(address)', [buyer]), 30n);
  entries.set(
    'sales',
    `[{address: '${sale.address}', kind: fixed-price, token: '${token.address}'}]`,
  );
});

describe.each(MANIFESTS)(
  'a manifest that has only $list',
  ({ list, dataset, row, query, answer }) => {
    it('is indexed, served, exported, audited and stated', async () => {
      const yaml = `chains: [{id: ${chain.chainId}, name: only, rpc: '${chain.url}', ${list}: ${entries.get(list)}}]`;
      const config = await writeConfig(yaml);
      const databaseUrl = await freshDatabase();
      const env = { DATABASE_URL: databaseUrl };
      const run = (...args: string[]) => runVerbHere([...args, '--config', config], env);
      const head = Number(await chain.rpc.call<string>('eth_blockNumber'));
      const { chains } = await loadConfig(config, {});
      await runIndexer({
        chain: chains[0] ?? raise(),
        databaseUrl,
        toBlock: head,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      });
      const status = await run('status', '--json');
      const audit = await run('audit', '--json', '--state', await temporaryFolder());
      const statement = await run('statement', buyer, '--format', 'json');
      const own = await runVerbHere(['export', dataset], env);
      expect(status.exitCode).toBe(0);
      expect(JSON.parse(status.stdout)).toMatchObject([{ indexedBlock: head, auditMismatches: 0 }]);
      expect({ ...audit, stdout: JSON.parse(audit.stdout || 'null') }).toMatchObject({
        exitCode: 0,
        stdout: [{ block: head, mismatches: 0 }],
      });
      expect(statement).toMatchObject({ exitCode: 0 });
      expect(JSON.parse(statement.stdout)).toMatchObject({ tokens: [] });
      expect(own.stdout.trim().split('\n')).toEqual([
        expect.any(String),
        expect.stringMatching(row),
      ]);
      const api = await startTestApi(databaseUrl);
      try {
        expect(await askData(api, query)).toEqual(answer);
        expect((await fetch(new URL('/ready', api.url))).status).toBe(200);
      } finally {
        await api.close();
      }
    });
  },
);

function raise(): never {
  throw new RangeError('the config has no chain');
}
