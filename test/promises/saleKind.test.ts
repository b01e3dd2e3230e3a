import './saleKindToy.js';
import { beforeAll, expect, test } from 'vitest';
import { latestBlock } from '../../devnet/chain.js';
import { deployOverflow } from '../../devnet/saleContracts.js';
import { type Address, checksummed } from '../../src/address.js';
import { parseConfig } from '../../src/config/load.js';
import { renderDictionary } from '../../src/export/dictionary.js';
import { askData, startTestApi } from '../api/support.js';
import { auditHere } from '../audit/support.js';
import { exportRows } from '../export/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { KIND_TABLES } from '../support/docs/kindTables.js';
import { indexTo } from '../support/programs/indexer.js';
import { SaleScene } from '../support/scenes/saleScene.js';

let scene: SaleScene;
let databaseUrl: string;

beforeAll(async () => {
  scene = await SaleScene.start();
  const { chain, founder, friend, token } = scene.scene;
  scene.endTime = (await latestBlock(chain)).timestamp + 10_000;
  const contract = await deployOverflow(chain, {
    from: founder,
    token: token.address,
    raiseAsset: scene.dollar.address,
    target: 100n,
    tokensForSale: 700n,
    endTime: scene.endTime,
  });
  const config = parseConfig(
    'imo.yaml',
    `chains:
  - id: ${chain.chainId}
    rpc: ${chain.url}
    tokens: [{address: "${token.address}"}]
    sales: [{address: "${contract.address}", kind: overflow, token: "${token.address}"}]
`,
    {},
  );
  scene.sales.push(...(config.chains[0]?.sales ?? []));
  await scene.scene.call(founder, 'transfer', [contract.address, 700n]);
  await scene.lend(friend, contract, 150n);
  await scene.lend(founder, contract, 50n);
  await scene.call(friend, contract, 'deposit', [150n]);
  await scene.call(founder, contract, 'deposit', [50n]);
  await scene.blockAtEnd();
  await scene.call(friend, contract, 'harvest');
  databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl));
});

test('a sale of a new kind is booked, and the API lists it by its own value', async () => {
  const api = await startTestApi(databaseUrl);
  const data = await askData(
    api,
    `{ __type(name: "SaleKind") { enumValues { name description } }
       sales(where: {kind: {_eq: OVERFLOW}}) { nodes { kind raiseAsset } }
       saleEntries(where: {saleKind: {_eq: OVERFLOW}}) { nodes {
         kind raiseAmount tokenAmount
       } } }`,
  );
  await api.close();
  expect(data.__type.enumValues).toContainEqual({
    name: 'OVERFLOW',
    description: 'Deposits, then a harvest of tokens and of what was too much.',
  });
  expect(data.sales.nodes).toEqual([
    { kind: 'OVERFLOW', raiseAsset: checksummed(scene.dollar.address as Address) },
  ]);
  expect(data.saleEntries.nodes).toEqual([
    { kind: 'DEPOSIT', raiseAmount: '150', tokenAmount: '0' },
    { kind: 'DEPOSIT', raiseAmount: '50', tokenAmount: '0' },
    // 150 of 200 deposited: 525 of 700 tokens, and the half of the money that is not kept.
    { kind: 'ALLOCATION', raiseAmount: '0', tokenAmount: '525' },
    { kind: 'TOKEN_CLAIM', raiseAmount: '0', tokenAmount: '525' },
    { kind: 'REFUND', raiseAmount: '75', tokenAmount: '0' },
  ]);
});

test('the audit compares a sale of a new kind with the views that its file names', async () => {
  const { mismatches, notCompared, figures } = await auditHere({
    chain: scene.scene.chain,
    databaseUrl,
  });
  expect(mismatches).toEqual([]);
  expect(notCompared.filter((line) => line.includes('sale'))).toEqual([]);
  // One figure of the sale, and three of each participant.
  expect(figures).toBeGreaterThanOrEqual(1 + 3 * 2);
});

test('exports and docs name a new kind of sale', async () => {
  const rows = await exportRows(databaseUrl, 'sale-entries');
  expect(rows.map(({ sale_kind: kind }) => kind)).toEqual(new Array(5).fill('overflow'));
  expect(renderDictionary()).toContain(
    '`launchpad`, `fixed-price`, `lbp`, `custom` or `overflow`.',
  );
  const table = KIND_TABLES.find(({ name }) => name === 'kinds of sales');
  expect(table?.rows.at(-1)).toEqual([
    '`overflow`',
    '`Deposit`, `Harvest`',
    "the contract's `offeringToken()` and `lpToken()`",
  ]);
});
