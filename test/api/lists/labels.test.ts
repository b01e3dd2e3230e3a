import { expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import { exportRows } from '../../export/support.js';
import { ALICE, BOB, CAROL, openScenario, PAYER, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { OracleScene } from '../../support/scenes/oracleScene.js';
import { askData, startTestApi } from '../support.js';

/** Turns text round, and is a formula in a spreadsheet. */
const HOSTILE = '=cmd|"\u202e\'; DROP TABLE label; --';

async function label(url: string, chainId: number, names: Readonly<Record<string, string>>) {
  for (const [address, name] of Object.entries(names)) {
    await query(
      url,
      `INSERT INTO label (chain_id, address, name)
       VALUES (${chainId}, '\\x${address.slice(2)}', '${name.replaceAll("'", "''")}')`,
    );
  }
}

test('lists of a token and their totals name payers, both sides of transfers, and holders', async () => {
  const url = await freshDatabase();
  const books = await openScenario(url);
  await label(url, 1, { [PAYER]: HOSTILE, [ALICE]: 'Alice', [BOB]: 'Bob' });
  // Of other books: chain 2 has names of its own.
  await label(url, 2, { [PAYER]: 'other payer' });
  const api = await startTestApi(url);
  try {
    const token = `filter: { token: "${WINDOWED}", chainId: 1 }`;
    const data = await askData(
      api,
      `query ($name: String!) {
        receipts(${token}, direction: ASC, first: 1) { nodes { payerLabel sourceLabel amountWei } }
        others: receipts(filter: { chainId: 2 }) { nodes { payerLabel } }
        named: receipts(${token}, where: { payerLabel: { _eq: $name } }) { totalCount }
        unnamed: receipts(${token}, where: { payerLabel: { _isNull: true } }) { totalCount }
        transfers(${token}, where: { block: { _eq: 22 } }) { nodes { fromLabel toLabel } }
        fromBob: transfers(${token}, where: { toLabel: { _in: ["Bob"] } }) { nodes { amount } }
        claims(${token}, direction: ASC) { nodes { holder holderLabel } }
        redemptions(${token}) { nodes { holderLabel } }
        receiptTotals(${token}, groupBy: [PAYER]) { payer payerLabel amountWei { sum } }
        all: receiptTotals(${token}) { payerLabel count }
        transferTotals(${token}, groupBy: [RECIPIENT]) { recipientLabel amount { sum } }
        claimTotals(${token}, groupBy: [HOLDER, TOKEN]) {
          holderLabel tokenSymbol tokenDecimals assetSymbol assetDecimals amountWei { sum } }
        paid: receipts(${token}, direction: ASC) { nodes { assetSymbol assetDecimals } }
        revenue(chainId: 1, token: "${WINDOWED}", groupBy: PAYER) { payerLabel assetSymbol }
      }`,
      { name: HOSTILE },
    );
    expect(data.receipts.nodes).toEqual([
      { payerLabel: HOSTILE, sourceLabel: null, amountWei: '1000' },
    ]);
    expect(data.others.nodes).toEqual([{ payerLabel: 'other payer' }]);
    expect([data.named.totalCount, data.unnamed.totalCount]).toEqual([4, 0]);
    expect(data.transfers.nodes).toEqual([{ fromLabel: 'Alice', toLabel: null }]);
    expect(data.fromBob.nodes).toEqual([{ amount: '40' }]);
    expect(data.claims.nodes.map((one: { holderLabel: string }) => one.holderLabel)).toEqual([
      'Bob',
      null,
    ]);
    expect(data.redemptions.nodes).toEqual([{ holderLabel: 'Alice' }]);
    expect(data.receiptTotals).toMatchObject([{ payerLabel: HOSTILE, amountWei: { sum: '1651' } }]);
    expect(data.all).toEqual([{ payerLabel: null, count: 4 }]);
    const byName = (rows: readonly { recipientLabel: string | null; amount: object }[]) =>
      Object.fromEntries(rows.map((row) => [String(row.recipientLabel), row.amount]));
    expect(byName(data.transferTotals)).toMatchObject({ Alice: { sum: '60' }, Bob: { sum: '40' } });
    const units = { tokenSymbol: 'WIN', tokenDecimals: 18, assetSymbol: 'ETH', assetDecimals: 18 };
    expect(data.claimTotals).toContainEqual({
      holderLabel: 'Bob',
      ...units,
      amountWei: { sum: '240' },
    });
    expect(data.claimTotals).toContainEqual({
      holderLabel: null,
      ...units,
      amountWei: { sum: '30' },
    });
    expect(data.paid.nodes[0]).toEqual({ assetSymbol: 'ETH', assetDecimals: 18 });
    expect(data.revenue).toEqual([{ payerLabel: HOSTILE, assetSymbol: 'ETH' }]);
    expect(data.claims.nodes[1].holder.toLowerCase()).toBe(CAROL);
  } finally {
    await api.close();
    await books.close();
  }
});

test('holders are filtered by their labels, in the newest state and at an earlier block', async () => {
  const url = await freshDatabase();
  const books = await openScenario(url);
  await label(url, 1, { [ALICE]: 'Alice', [BOB]: 'Bob' });
  await label(url, 2, { [CAROL]: 'of another chain' });
  const api = await startTestApi(url);
  const named = async (where: string, args: string) => {
    const { holders } = await askData(
      api,
      `{ holders(chainId: 1, token: "${WINDOWED}", where: ${where}, ${args}) {
        totalCount nodes { address label } } }`,
    );
    expect(holders.totalCount).toBe(holders.nodes.length);
    return holders.nodes.map((one: { address: string; label: string | null }) => {
      return one.label ?? one.address.toLowerCase();
    });
  };
  try {
    // The newest state is read from its cache, by claimable revenue and at other blocks in memory.
    for (const args of ['orderBy: BALANCE', 'orderBy: CLAIMABLE', 'at: { block: 45 }']) {
      expect(await named('{ label: { _eq: "Bob" } }', args), args).toEqual(['Bob']);
      expect(await named('{ label: { _in: ["Alice", "of another chain"] } }', args)).toEqual([
        'Alice',
      ]);
      expect(await named('{ label: { _isNull: true } }', args)).toEqual([CAROL]);
      expect(await named('{ label: { _neq: "Bob" } }', args)).toEqual(['Alice', CAROL]);
      expect((await named('{ label: { _isNull: false } }', args)).toSorted()).toEqual([
        'Alice',
        'Bob',
      ]);
      expect(
        await named('{ _or: [{ label: { _eq: "Bob" } }, { balance: { _lt: "11" } }] }', args),
      ).toEqual(['Bob', CAROL]);
    }
  } finally {
    await api.close();
    await books.close();
  }
});

test('requests to a model and what it paid name who asked, who signed and who was paid', async () => {
  const scene = await OracleScene.start();
  const { chain, token, oracle } = scene;
  await scene.upload({ modelId: 11n, receiver: token.address });
  await scene.ask({ modelId: 11n }, 1000n);
  await scene.call(oracle, 'claimModelRevenue', [11n]);
  const url = await scene.index();
  await label(url, chain.chainId, {
    [scene.client]: 'Client',
    [token.address]: HOSTILE,
    [oracle.address]: 'the oracle',
  });
  await query(url, `UPDATE token SET symbol = '+A1', decimals = 6`);
  const api = await startTestApi(url);
  try {
    const data = await askData(
      api,
      `query ($name: String!) { requests { nodes { accountLabel payerLabel callbackContractLabel fee
          payment { symbol decimals } model { receiverLabel } } }
        requestTotals(groupBy: [ACCOUNT, ORACLE]) {
          accountLabel oracleLabel payment { symbol } fee { sum } }
        paying: models(where: { receiverLabel: { _eq: $name } }) { totalCount nodes {
          receiverLabel changes { nodes { terms { receiverLabel payment { symbol decimals } } } } } }
        others: models(where: { receiverLabel: { _isNull: true } }) { totalCount }
        receipts { nodes { path pathLabels } }
        journal(filter: { kind: PAYOUT }) { nodes {
          contractLabel assetSymbol postings { assetDecimals } } }
        contract: journal(where: { contractLabel: { _eq: "the oracle" } }) {
          nodes { contractKind } }
        byName: requests(where: { accountLabel: { _eq: "Client" } }) { totalCount }
        models { nodes { payouts { nodes { receiverLabel amount } }
          none: payouts(where: { receiverLabel: { _isNull: true } }) { totalCount } } } }`,
      { name: HOSTILE },
    );
    const payment = { symbol: 'ETH', decimals: 18 };
    expect(data.requests.nodes).toEqual([
      {
        accountLabel: 'Client',
        payerLabel: 'Client',
        callbackContractLabel: null,
        fee: '1000',
        payment,
        model: { receiverLabel: HOSTILE },
      },
    ]);
    expect(data.requestTotals).toEqual([
      {
        accountLabel: 'Client',
        oracleLabel: 'the oracle',
        payment: { symbol: 'ETH' },
        fee: { sum: '1000' },
      },
    ]);
    const changes = { nodes: [{ terms: { receiverLabel: HOSTILE, payment } }] };
    expect(data.paying).toEqual({
      totalCount: 1,
      nodes: [{ receiverLabel: HOSTILE, changes }],
    });
    expect(data.others.totalCount).toBe(0);
    const inEth = { assetSymbol: 'ETH', postings: [{ assetDecimals: 18 }, { assetDecimals: 18 }] };
    expect(data.journal.nodes).toEqual([{ contractLabel: 'the oracle', ...inEth }]);
    const [{ path, pathLabels }] = data.receipts.nodes;
    const names = new Map([
      [oracle.address, 'the oracle'],
      [scene.client, 'Client'],
    ]);
    expect(pathLabels).toContain('the oracle');
    expect(pathLabels).toEqual(path.map((one: Address) => names.get(one.toLowerCase()) ?? null));
    expect(data.contract.nodes.length).toBeGreaterThan(0);
    for (const { contractKind } of data.contract.nodes) expect(contractKind).toBe('ORACLE');
    expect(data.byName.totalCount).toBe(1);
    expect(data.models.nodes).toEqual([
      { payouts: { nodes: [{ receiverLabel: HOSTILE, amount: '700' }] }, none: { totalCount: 0 } },
    ]);
    const units = { asset_symbol: 'ETH', asset_decimals: 18 };
    const ofToken = { token_symbol: '+A1', token_decimals: 6 };
    expect(await exportRows(url, 'oracle-requests')).toMatchObject([
      {
        account_label: 'Client',
        payer_label: 'Client',
        receiver_label: HOSTILE,
        ...units,
        ...ofToken,
      },
    ]);
    expect(await exportRows(url, 'model-payouts')).toMatchObject([
      { receiver_label: HOSTILE, caller_label: null, amount: '700', ...units, ...ofToken },
    ]);
    const journal = await exportRows(url, 'journal');
    expect(journal.find(({ kind }) => kind === 'payout')).toMatchObject({
      holder_label: HOSTILE,
      token_symbol: null,
      ...units,
    });
    expect(journal.find(({ contract_kind: kind }) => kind === 'token')).toMatchObject({
      contract_label: HOSTILE,
      ...ofToken,
      ...units,
    });
  } finally {
    await api.close();
  }
});
