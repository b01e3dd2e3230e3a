import { readFileSync } from 'node:fs';
import { type OperationDefinitionNode, parse } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { execute } from '../../devnet/chain.js';
import { deployContract, encodeCall } from '../../devnet/deploy.js';
import { type Address, checksummed, ZERO_ADDRESS } from '../../src/address.js';
import type { RunningApi } from '../../src/api/server.js';
import type { PriceFeedConfig } from '../../src/config/contracts/prices.js';
import { decimalFraction, sumOfDecimals } from '../../src/ledger/price.js';
import { runIndexer } from '../../src/processor/run.js';
import { type Answer, askData, startTestApi } from '../api/support.js';
import { createOffering, liveOffering, offeringConfig } from '../prove/bookLife.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { lookAtAccounts } from '../support/programs/lookAtAccounts.js';

const OPERATIONS = 240;

type Data = NonNullable<Answer['data']>;

/** The queries of the document, by name. */
const QUERIES = new Map(
  [...readFileSync('docs/api.md', 'utf8').matchAll(/```graphql\n([\s\S]*?)```/g)].map(
    ([, text = '']) => {
      const [operation] = parse(text).definitions as OperationDefinitionNode[];
      return [operation?.name?.value ?? text, { text, operation }] as const;
    },
  ),
);

let databaseUrl: string;
let api: RunningApi;
let variables: Record<string, unknown>;

beforeAll(async () => {
  const chain = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 6_000 });
  const offering = await createOffering(chain, 4);
  const prices = await euroFeeds(chain);
  await liveOffering(offering, OPERATIONS, () => undefined);
  const toBlock = Number(await chain.rpc.call<string>('eth_blockNumber'));
  databaseUrl = await freshDatabase();
  await runIndexer({
    chain: { ...offeringConfig(offering), prices },
    databaseUrl,
    toBlock,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  expect(await lookAtAccounts(chain, databaseUrl)).toEqual([]);
  api = await startTestApi(databaseUrl);
  const one = async (sql: string) => (await query<{ value: string }>(databaseUrl, sql))[0]?.value;
  const busiest = (table: string, column: string) =>
    one(`SELECT ${column} AS value FROM ${table} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`);
  const hex = (column: string) => `'0x' || encode(${column}, 'hex')`;
  variables = {
    chainId: chain.chainId,
    token: await busiest('claim JOIN token t ON t.number = token_number', hex('t.address')),
    holder: await busiest('claim', hex('holder')),
    payer: await busiest('receipt', hex('payer')),
    oracle: await busiest(
      'oracle_request r JOIN contract c ON c.number = r.contract_number',
      hex('c.address'),
    ),
    collection: await busiest(
      'aigc_token a JOIN contract c ON c.number = a.collection_number',
      hex('c.address'),
    ),
    nobody: ZERO_ADDRESS,
    text: await busiest('claim JOIN token t ON t.number = token_number', hex('t.address')),
    least: '1000',
    from: '2025-06-15T00:00:00Z',
    block: toBlock - 100,
    to: await timeAt(databaseUrl, toBlock),
    moment: await timeAt(databaseUrl, toBlock - 100),
    after: null,
  };
  const other = await one(
    `SELECT ${hex('account')} AS value FROM holder
     WHERE ${hex('account')} <> '${variables.holder}' ORDER BY balance DESC LIMIT 1`,
  );
  variables.holders = [variables.holder, other];
});

/** ETH and euros in dollars, each with a round: ETH in euros needs both. */
async function euroFeeds(chain: Anvil): Promise<PriceFeedConfig[]> {
  const [from = ''] = await defaultAccounts(chain);
  const feed = async (asset: string, answer: bigint): Promise<PriceFeedConfig> => {
    const aggregator = await deployContract(chain, 'PriceAggregator', [8, asset], { from });
    const data = encodeCall(aggregator, 'submit', [answer]);
    await execute(chain, { from, to: aggregator.address, data });
    const address = aggregator.address as Address;
    return {
      asset,
      currency: 'USD',
      aggregator: address,
      startBlock: null,
      staleAfterSeconds: null,
    };
  };
  return [await feed('native', 241_237_654_321n), await feed('EUR', 108_765_437n)];
}

/** A sum in euros by plain SQL, each row at the newest rounds before it: as text, and rows without a price. */
async function euros(table: string, where: string): Promise<{ sum: string; missing: string }> {
  const answer = (asset: string) => `(SELECT p.answer FROM price_round p
    JOIN price_feed f ON f.number = p.feed_number AND f.asset = '${asset}'
    WHERE (p.block_number, p.transaction_index) < (o.block_number, coalesce(o.transaction_index, 2147483647))
    ORDER BY p.id DESC LIMIT 1)`;
  const [row] = await query<{ sum: string; missing: string }>(
    databaseUrl,
    `SELECT coalesce(trim_scale(sum(amount_wei * div(2 * eth * 1e18 + eur, 2 * eur) * 1e-36)), 0)::text AS sum,
       count(*) FILTER (WHERE eth IS NULL OR eur IS NULL)::text AS missing
     FROM (SELECT o.amount_wei, ${answer('native')} AS eth, ${answer('EUR')} AS eur
       FROM ${table} o WHERE o.amount_wei > 0 AND ${where}) priced`,
  );
  return row ?? { sum: '', missing: '' };
}

/** Adds up the known values of a series; the basis is part of each. */
function knownSum(rows: readonly Data[]): { sum: string; missing: string } {
  const values = rows.map(({ amountWei: { value } }) => value);
  expect(new Set(values.map(({ basis }: Data) => basis))).toEqual(new Set(['AT_EACH_ENTRY']));
  return {
    sum: sumOfDecimals(values.map(({ known }: Data) => known ?? '0')),
    missing: String(values.reduce((all: number, one: Data) => all + one.missingAmounts, 0)),
  };
}

/** The time of the newest booked block up to one. */
async function timeAt(url: string, block: number): Promise<string> {
  const [row] = await query<{ at: Date }>(
    url,
    `SELECT max("timestamp") AS at FROM block WHERE number <= ${block}`,
  );
  return row?.at.toISOString() ?? '';
}

/** A figure of the tables, by plain SQL. */
async function sum(expression: string, from: string): Promise<string> {
  const sql = `SELECT coalesce(${expression}, 0)::text AS value FROM ${from}`;
  return (await query<{ value: string }>(databaseUrl, sql))[0]?.value ?? '';
}

const bytes = (name: string) => `'\\x${String(variables[name]).slice(2)}'`;
const ofToken = () =>
  `JOIN token t ON t.number = token_number AND t.address = ${bytes('token')}::bytea`;
const ofHolder = () => `holder = ${bytes('holder')}::bytea`;
const ofPerson = (column: string) =>
  `${column} IN (${(variables.holders as string[]).map((one) => `'\\x${one.slice(2)}'::bytea`).join(', ')})`;
/** ETH books of tokens: others are numbered too. */
const IN_ETH = 'token_number IN (SELECT number FROM token)';

const total = (rows: readonly Data[], field: (row: Data) => string) =>
  String(rows.reduce((all, row) => all + BigInt(field(row)), 0n));
const amounts = (rows: readonly Data[]) => total(rows, ({ amountWei }) => amountWei.sum);
const inTime = () => `"timestamp" BETWEEN '${variables.from}' AND '${variables.to}'`;
const isSorted = (values: readonly string[]) =>
  values.every((value, at) => at === 0 || BigInt(values[at - 1] ?? 0) >= BigInt(value));

/** What each answer must be, by plain SQL over the tables or by what the query promises. */
const CHECKS: Record<string, (data: Data) => Promise<void> | void> = {
  async Tokens({ tokens }) {
    expect(String(tokens.nodes.length)).toBe(await sum('count(*)', 'token'));
    expect(isSorted(tokens.nodes.map(({ receivedWei }: Data) => receivedWei))).toBe(true);
  },
  async Revenue({ receiptTotals: [row] }) {
    expect(row.amountWei.sum).toBe(await sum('sum(amount_wei)', `receipt WHERE ${IN_ETH}`));
    expect(row.amountWei.max).toBe(await sum('max(amount_wei)', `receipt WHERE ${IN_ETH}`));
  },
  async RevenueByDay({ receiptTotals }) {
    expect(amounts(receiptTotals)).toBe(await sum('sum(amount_wei)', `receipt ${ofToken()}`));
    for (const [at, { from }] of receiptTotals.entries()) {
      if (at > 0) expect(from).toBe(receiptTotals[at - 1].to);
    }
  },
  async RevenueCurve({ receiptTotals }) {
    expect(receiptTotals.length).toBeGreaterThan(1);
    const last = receiptTotals.at(-1);
    expect(last.amountWei.sum).toBe(await sum('sum(amount_wei)', `receipt ${ofToken()}`));
  },
  async RevenueBySource({ receiptTotals }) {
    expect(amounts(receiptTotals)).toBe(await sum('sum(amount_wei)', `receipt ${ofToken()}`));
  },
  async RevenueByToken({ receiptTotals }) {
    expect(amounts(receiptTotals)).toBe(await sum('sum(amount_wei)', `receipt WHERE ${IN_ETH}`));
  },
  async LargestReceipts({ receipts: { nodes } }) {
    const found = nodes.map(({ amountWei }: Data) => amountWei);
    expect(found).toHaveLength(10);
    expect(isSorted(found)).toBe(true);
    const others = `receipt WHERE ${IN_ETH} AND payer IS DISTINCT FROM ${bytes('payer')}::bytea`;
    expect(found[0]).toBe(await sum('max(amount_wei)', others));
  },
  async ClaimsBySnapshot({ claimTotals }) {
    expect(amounts(claimTotals)).toBe(await sum('sum(amount_wei)', `claim ${ofToken()}`));
    expect(total(claimTotals, ({ count }) => count)).toBe(
      await sum('count(*)', `claim ${ofToken()}`),
    );
  },
  async RedemptionsByWeek({ redemptionTotals }) {
    const from = `redemption ${ofToken()}`;
    expect(amounts(redemptionTotals)).toBe(await sum('sum(amount_wei)', from));
    expect(total(redemptionTotals, ({ burned }) => burned.sum)).toBe(
      await sum('sum(burned)', from),
    );
  },
  async Snapshots({ snapshots: { nodes } }) {
    expect(String(nodes.length)).toBe(
      await sum('count(*)', `snapshot ${ofToken()} AND claimable_wei > 0`),
    );
    expect(isSorted(nodes.map(({ claimableWei }: Data) => claimableWei))).toBe(true);
  },
  async FeesByModel({ requestTotals }) {
    const from = `oracle_request r JOIN contract c ON c.number = r.contract_number
      AND c.address = ${bytes('oracle')}::bytea`;
    expect(total(requestTotals, ({ fee }) => fee.sum)).toBe(await sum('sum(fee)', from));
    for (const { fee, receiverPart, protocolPart } of requestTotals) {
      expect(BigInt(receiverPart.sum) + BigInt(protocolPart.sum)).toBe(BigInt(fee.sum));
    }
  },
  async RequestsByHour({ requestTotals }) {
    const from = `oracle_request r JOIN contract c ON c.number = r.contract_number
      AND c.address = ${bytes('oracle')}::bytea`;
    expect(total(requestTotals, ({ count }) => count)).toBe(await sum('count(*)', from));
  },
  BusyModels({ models: { nodes } }) {
    const requests = nodes.map(({ totals }: Data) => total(totals, (row) => row.requests));
    expect(requests.length).toBeGreaterThan(0);
    expect(isSorted(requests)).toBe(true);
  },
  async MintsByCollection({ mintTotals }) {
    expect(total(mintTotals, ({ paidWei }) => paidWei.sum)).toBe(
      await sum('sum(paid_wei)', 'mint_payment'),
    );
    expect(total(mintTotals, ({ revenueWei }) => revenueWei.sum)).toBe(
      await sum('sum(amount_wei)', 'mint_revenue WHERE is_inside AND payment_id IS NOT NULL'),
    );
  },
  async Sales({ sales: { nodes } }) {
    expect(String(nodes.length)).toBe(await sum('count(*)', 'sale'));
    expect(isSorted(nodes.map((sale: Data) => String(sale.participantCount)))).toBe(true);
  },
  async Status({ status: [chain] }) {
    expect(String(chain.indexed.block)).toBe(await sum('max(height)', 'chain_cursor'));
  },
  async Owed({ holder }) {
    expect(String(holder.positions.length)).toBe(
      await sum('count(*)', `holder WHERE account = ${bytes('holder')}::bytea`),
    );
  },
  async Person({ person: { positions } }) {
    expect(total(positions, ({ balance }) => balance)).toBe(
      await sum('sum(balance)', `holder WHERE ${ofPerson('account')}`),
    );
    const inEth = positions.map(({ entitlements: [first] }: Data) => first);
    expect(total(inEth, ({ claimedWei }) => claimedWei)).toBe(
      await sum('sum(amount_wei)', `claim WHERE ${ofPerson('holder')} AND ${IN_ETH}`),
    );
  },
  async EarnedByMonth({ personSeries }) {
    const claimed = await sum('sum(amount_wei)', `claim ${ofToken()} AND ${ofPerson('holder')}`);
    expect(total(personSeries, ({ claimedWei }) => claimedWei)).toBe(claimed);
    expect(BigInt(total(personSeries, ({ assignedWei }) => assignedWei))).toBeGreaterThanOrEqual(
      BigInt(claimed),
    );
  },
  ClaimsOfPerson({ claimPlans }) {
    const own = (variables.holders as Address[]).map(checksummed);
    for (const { address, steps } of claimPlans) {
      expect(own).toContain(address);
      for (const { transaction } of steps) expect(transaction.from).toBe(address);
    }
  },
  async ClaimsOf({ claims: { nodes } }) {
    expect(total(nodes, ({ amountWei }) => amountWei)).toBe(
      await sum('sum(amount_wei)', `claim WHERE ${ofHolder()} AND ${IN_ETH}`),
    );
  },
  async PaidTo({ claimTotals, redemptionTotals }) {
    expect(amounts(claimTotals)).toBe(
      await sum('sum(amount_wei)', `claim WHERE ${ofHolder()} AND ${IN_ETH}`),
    );
    expect(amounts(redemptionTotals)).toBe(
      await sum('sum(amount_wei)', `redemption WHERE ${ofHolder()} AND ${IN_ETH}`),
    );
  },
  TransfersOf({ transfers: { nodes } }) {
    expect(nodes.length).toBeGreaterThan(0);
    const holder = checksummed(variables.holder as Address);
    for (const { from, to } of nodes) {
      expect([from, to]).toContain(holder);
      expect([from, to]).not.toContain(ZERO_ADDRESS);
    }
  },
  async ParticipationsOf({ participations: { nodes } }) {
    const of = `sale_entry WHERE participant = ${bytes('holder')}::bytea`;
    expect(String(nodes.length)).toBe(await sum('count(DISTINCT sale_number)', of));
  },
  async LargestHolders({ holders: { nodes } }) {
    expect(nodes[0].balance).toBe(await sum('max(balance)', `holder ${ofToken()}`));
    expect(isSorted(nodes.map(({ balance }: Data) => balance))).toBe(true);
  },
  async LargestWallets({ holders: { nodes } }) {
    expect(nodes.map(({ kind }: Data) => kind)).toContain('WALLET');
    const kinds = nodes.map(({ isContract, kind }: Data) => `${isContract} ${kind}`);
    expect([...new Set(kinds)]).toEqual(['false WALLET']);
  },
  async NamedHolders({ holders: { nodes, totalCount } }) {
    const named = `SELECT address FROM label UNION SELECT address FROM contract WHERE label IS NOT NULL`;
    expect(String(totalCount)).toBe(
      await sum('count(*)', `holder ${ofToken()} AND account IN (${named})`),
    );
    for (const { label, entitlement } of nodes) {
      expect(label).not.toBeNull();
      expect(entitlement).toMatchObject({ assetSymbol: 'ETH', assetDecimals: 18 });
    }
  },
  LargestClaimable({ holders: { nodes, totalCount } }) {
    expect(nodes).toHaveLength(totalCount);
    const claimable = nodes.map(({ entitlement }: Data) => entitlement.totalClaimableWei);
    expect(isSorted(claimable)).toBe(true);
    expect(claimable).not.toContain('0');
  },
  async HoldersAt({ holders: { nodes, asOf } }) {
    expect(asOf).toEqual([{ block: variables.block }]);
    const supply = `pool_version ${ofToken()} AND block_number <= ${variables.block}
      ORDER BY pool_version.id DESC LIMIT 1`;
    expect(total(nodes, ({ balance }) => balance)).toBe(await sum('supply', supply));
  },
  async AllTransfers({ transfers: { nodes, pageInfo } }) {
    expect(String(nodes.length)).toBe(await sum('count(*)', `transfer ${ofToken()}`));
    expect(pageInfo.hasNextPage).toBe(false);
  },
  TrialBalance({ trialBalance: { heldWei, balanceWei } }) {
    expect(heldWei).toBe(balanceWei);
  },
  async TransferDays({ transferTotals }) {
    const supplied = (wanted: string) =>
      BigInt(
        total(
          transferTotals.filter(({ kind }: Data) => kind === wanted),
          ({ amount }) => amount.sum,
        ),
      );
    const [state] = await query<{ supply: string }>(
      databaseUrl,
      `SELECT v.supply FROM (SELECT * FROM pool_version) v ${ofToken()} ORDER BY v.id DESC LIMIT 1`,
    );
    expect(String(supplied('MINT') - supplied('BURN'))).toBe(state?.supply);
    const moved = await sum('count(*)', `transfer ${ofToken()}`);
    expect(String(transferTotals.reduce((all: number, { count }: Data) => all + count, 0))).toBe(
      moved,
    );
  },
  async TokenMonths({ tokenSeries }) {
    const received = await sum('sum(amount_wei)', `receipt ${ofToken()}`);
    expect(total(tokenSeries, ({ receivedWei }) => receivedWei)).toBe(received);
    const holders = await sum('count(*)', `holder ${ofToken()} WHERE balance > 0`);
    expect(String(tokenSeries.at(-1).holders)).toBe(holders);
  },
  Find({ search: { hits, searchedAs } }) {
    expect(searchedAs).toBe('ADDRESS');
    expect(hits).toMatchObject([{ kind: 'TOKEN', chainId: variables.chainId, lists: ['token'] }]);
  },
  async WalletMonths({ tokenSeries }) {
    const contracts = await sum(
      'count(*)',
      `holder ${ofToken()} JOIN account_code a ON a.address = account AND a.code = 'contract'
       WHERE balance > 0`,
    );
    const { holders, holdersWithoutContracts } = tokenSeries.at(-1);
    expect(String(holders - holdersWithoutContracts)).toBe(contracts);
  },
  async RankWeeks({ holderSeries }) {
    const own = `(SELECT balance FROM holder ${ofToken()} WHERE account = ${bytes('holder')}::bytea)`;
    const before = await sum(
      'count(*) + 1',
      `holder ${ofToken()} WHERE balance > ${own}
         OR (balance = ${own} AND account < ${bytes('holder')}::bytea)`,
    );
    expect(String(holderSeries.at(-1).rank)).toBe(before);
  },
  async HolderDays({ holderSeries }) {
    const claimed = await sum('sum(amount_wei)', `claim ${ofToken()} AND ${ofHolder()}`);
    expect(total(holderSeries, ({ claimedWei }) => claimedWei)).toBe(claimed);
    const held = await sum(
      'sum(balance)',
      `holder ${ofToken()} WHERE account = ${bytes('holder')}::bytea`,
    );
    expect(holderSeries.at(-1).balance).toBe(held);
  },
  OracleAccounts({ accounts: { nodes } }) {
    expect(nodes.length).toBeGreaterThan(0);
    expect(isSorted(nodes.map((account: Data) => account.balanceWei))).toBe(true);
  },
  Payments({ journal: { nodes } }) {
    expect(nodes.length).toBeGreaterThan(0);
    for (const { kind, postings } of nodes) {
      expect(['CLAIM', 'REDEMPTION']).toContain(kind);
      expect(total(postings, ({ amountWei }) => amountWei)).toBe('0');
    }
  },
  UnusualRequests({ requests: { nodes } }) {
    expect(nodes.length).toBeGreaterThan(0);
    for (const { callbackContract, overpaymentWei } of nodes) {
      expect(callbackContract !== ZERO_ADDRESS || BigInt(overpaymentWei ?? 0) > 0n).toBe(true);
    }
  },
  async Answers({ results: { nodes } }) {
    const from = `oracle_result r JOIN contract c ON c.number = r.contract_number
      AND c.address = ${bytes('oracle')}::bytea AND is_update IS NOT TRUE`;
    expect(String(nodes.length)).toBe(await sum('least(count(*), 20)', from));
  },
  async Histories({ aigcTokens: { nodes } }) {
    const later = nodes.map(({ ownerHistory }: Data) => ownerHistory.totalCount);
    const works = `(SELECT a.collection_number, a.token_id FROM aigc_token a
      JOIN contract c ON c.number = a.collection_number
        AND c.address = ${bytes('collection')}::bytea ORDER BY a.id LIMIT 20) w`;
    const from = `aigc_transfer t JOIN ${works} USING (collection_number, token_id)
      WHERE t."from" <> ${bytes('nobody')}::bytea`;
    expect(String(later.reduce((sum: number, count: number) => sum + count, 0))).toBe(
      await sum('count(*)', from),
    );
    for (const { dataHistory } of nodes) {
      for (const { modelId } of dataHistory.nodes) expect(modelId).not.toBeNull();
    }
  },
  LowPrices({ prices: { nodes } }) {
    // Of the two feeds, only that of the euro is below 2,000 dollars.
    expect(nodes.map(({ feed, price }: Data) => [feed.asset, price])).toEqual([
      ['EUR', '1.08765437'],
    ]);
  },
  Works({ aigcTokens: { nodes, totalCount } }) {
    expect(totalCount).toBeGreaterThan(0);
    expect(nodes).toHaveLength(Math.min(20, totalCount));
  },
  OwedThrough({ holder: { through } }) {
    expect(through, 'the offering has no pools').toEqual([]);
  },
  Pools({ depositPools: { nodes } }) {
    expect(nodes, 'the offering has no pools').toEqual([]);
  },
  async DearestMints({ mints: { nodes } }) {
    expect(nodes[0].paidWei).toBe(await sum('max(paid_wei)', 'mint_payment'));
    for (const { revenueWei, revenue, collection } of nodes) {
      expect(collection.address).toMatch(/^0x/);
      expect(BigInt(total(revenue, ({ amountWei }) => amountWei))).toBeGreaterThanOrEqual(
        BigInt(revenueWei),
      );
    }
  },
  async Payers({ payers, all, named }) {
    const received = await sum('sum(amount_wei)', `receipt ${ofToken()}`);
    expect(amounts(all)).toBe(received);
    expect(amounts(payers)).toBe(received);
    const largest = payers.reduce((most: bigint, { amountWei }: Data) => {
      const own = BigInt(amountWei.sum);
      return own > most ? own : most;
    }, 0n);
    const byPayer = `(SELECT sum(amount_wei) AS paid FROM receipt ${ofToken()} GROUP BY payer) p`;
    expect(String(largest)).toBe(await sum('max(paid)', byPayer));
    for (const { payer, payerLabel } of [...payers, ...named.nodes]) {
      const address = `'\\x${String(payer ?? ZERO_ADDRESS).slice(2)}'::bytea`;
      const [name] = await query<{ name: string }>(
        databaseUrl,
        `SELECT name FROM label WHERE address = ${address}
         UNION SELECT label FROM contract WHERE address = ${address} AND label IS NOT NULL`,
      );
      expect(payerLabel).toBe(name?.name ?? null);
    }
  },
  async IncomeByDay({ claimTotals, redemptionTotals }) {
    const claims = `claim WHERE ${ofPerson('holder')} AND ${IN_ETH}`;
    const days = `count(DISTINCT date_trunc('day', "timestamp" AT TIME ZONE 'UTC'))`;
    expect(amounts(claimTotals)).toBe(await sum('sum(amount_wei)', claims));
    expect(String(claimTotals.length)).toBe(await sum(days, claims));
    expect(amounts(redemptionTotals)).toBe(
      await sum('sum(amount_wei)', `redemption WHERE ${ofPerson('holder')} AND ${IN_ETH}`),
    );
  },
  async EuroDays({ receiptTotals }) {
    const own = `token_number = (SELECT number FROM token WHERE address = ${bytes('token')}::bytea) AND ${inTime()}`;
    const wanted = await euros('receipt', own);
    expect(wanted.sum).toMatch(/^\d+\.\d{20,36}$/);
    expect(knownSum(receiptTotals)).toEqual(wanted);
  },
  async ClaimsNow({ person: asked }) {
    expect(asked.values.totalClaimableWei.basis).toBe('AT_MOMENT');
    // Those who claim most often have nothing left: the same of those who have most to claim.
    const { holders } = await askData(
      api,
      `query ($chainId: SafeInt!, $token: Address!) {
         holders(chainId: $chainId, token: $token, orderBy: CLAIMABLE, first: 2) { nodes { address } } }`,
      { chainId: variables.chainId, token: variables.token },
    );
    const accounts = holders.nodes.map(({ address }: Data) => address);
    const answer = await askData(api, QUERIES.get('ClaimsNow')?.text ?? '', { holders: accounts });
    const { values, positions } = answer.person;
    const { totalClaimableWei: all } = values;
    const entitlements = positions.flatMap((one: Data) => one.entitlements);
    const inEth = entitlements.filter(({ asset }: Data) => asset === 'native');
    // The only rounds there are: a quotient with 18 digits, half up.
    const price = (2n * 241_237_654_321n * 10n ** 18n + 108_765_437n) / (2n * 108_765_437n);
    const wei = total(inEth, ({ totalClaimableWei }) => totalClaimableWei);
    expect(BigInt(wei)).toBeGreaterThan(0n);
    expect(all.known).toBe(decimalFraction(BigInt(wei) * price, 36));
    for (const { values: own } of inEth) {
      expect(own.totalClaimableWei.price).toBe(decimalFraction(price, 18));
    }
    // ERC-20s have no feed here: they are named, and not zero.
    const others = entitlements.filter(
      ({ asset, totalClaimableWei }: Data) => asset !== 'native' && totalClaimableWei !== '0',
    );
    expect(all.missing.every(({ reason }: Data) => reason === 'NO_FEED')).toBe(true);
    expect(all.amount === null).toBe(others.length > 0);
    expect(all.basis).toBe('AT_MOMENT');
  },
  async IncomeDaysInEuros({ claimTotals, redemptionTotals }) {
    const own = `${ofPerson('holder')} AND ${IN_ETH} AND ${inTime()}`;
    const claimed = await euros('claim', own);
    expect(Number(claimed.sum)).toBeGreaterThan(0);
    expect(knownSum(claimTotals)).toEqual(claimed);
    expect(knownSum(redemptionTotals)).toEqual(await euros('redemption', own));
  },
  async YearOfPerson({ claimTotals, redemptionTotals }) {
    const own = `${ofPerson('holder')} AND ${IN_ETH} AND ${inTime()}`;
    expect(claimTotals.length).toBeGreaterThan(0);
    expect(amounts(claimTotals)).toBe(await sum('sum(amount_wei)', `claim WHERE ${own}`));
    expect(amounts(redemptionTotals)).toBe(await sum('sum(amount_wei)', `redemption WHERE ${own}`));
  },
  async NeverClaimed({ holders: { totalCount } }) {
    expect(String(totalCount)).toBe(
      await sum(
        'count(*)',
        `holder ${ofToken()} WHERE balance > 0 AND NOT EXISTS (SELECT FROM claim c
          WHERE c.token_number = t.number AND c.holder = account AND c.amount_wei > 0)`,
      ),
    );
  },
  async Unclaimed({ snapshots: { nodes } }) {
    expect(nodes.length).toBeGreaterThan(0);
    for (const { snapshotId, claimableWei, claimedWei, unclaimedWei } of nodes) {
      const claimed = `claim ${ofToken()} AND snapshot_id = ${snapshotId}`;
      expect(claimedWei).toBe(await sum('sum(amount_wei)', claimed));
      expect(BigInt(unclaimedWei)).toBe(BigInt(claimableWei) - BigInt(claimedWei));
    }
  },
  async OwedByOracles({ models: { nodes } }) {
    expect(nodes.length).toBeGreaterThan(0);
    const newest = `(SELECT DISTINCT ON (contract_number, model_id) accrued FROM model_version
      ORDER BY contract_number, model_id, id DESC) v`;
    expect(total(nodes, ({ accrued }) => accrued)).toBe(await sum('sum(accrued)', newest));
  },
  async YieldBySnapshot({ snapshots: { nodes } }) {
    expect(nodes.length).toBeGreaterThan(0);
    for (const { snapshotId, perWholeToken } of nodes) {
      const exact = `snapshot ${ofToken()} AND snapshot_id = ${snapshotId}`;
      const numerator = await sum(
        `max(div(claimable_wei * 10 ^ t.decimals::numeric, supply))`,
        exact,
      );
      expect(perWholeToken.decimal.split('.')[0]).toBe(numerator.split('.')[0]);
    }
  },
  async Burners({ redemptionTotals }) {
    const burns = `redemption ${ofToken()}`;
    expect(total(redemptionTotals, ({ burned }) => burned.sum)).toBe(
      await sum('sum(burned)', burns),
    );
    expect(String(redemptionTotals.length)).toBe(await sum('count(DISTINCT holder)', burns));
  },
  async LargestTransfers({ transfers: { nodes } }) {
    const others = `transfer ${ofToken()} AND "from" <> ${bytes('nobody')}::bytea
      AND "to" <> ${bytes('nobody')}::bytea`;
    expect(nodes[0].amount).toBe(await sum('max(amount)', others));
    expect(isSorted(nodes.map(({ amount }: Data) => amount))).toBe(true);
  },
  async HolderWeeks({ tokenSeries }) {
    const holders = await sum('count(*)', `holder ${ofToken()} WHERE balance > 0`);
    expect(String(tokenSeries.at(-1).holders)).toBe(holders);
    for (const [at, { from }] of tokenSeries.entries()) {
      if (at > 0) expect(from).toBe(tokenSeries[at - 1].to);
    }
  },
  async AtMoment({ holder }) {
    const held = `(SELECT DISTINCT ON (token_number) balance FROM balance_checkpoint b
      JOIN token t ON t.number = token_number
      JOIN block k ON k.chain_id = t.chain_id AND k.number = b.block_number
      WHERE account = ${bytes('holder')}::bytea AND k."timestamp" <= '${variables.moment}'
      ORDER BY token_number, b.block_number DESC, b."interval" DESC) h`;
    expect(total(holder.positions, ({ balance }) => balance)).toBe(await sum('sum(balance)', held));
    const claimed = `claim WHERE ${ofHolder()} AND ${IN_ETH} AND "timestamp" <= '${variables.moment}'`;
    expect(total(holder.positions, ({ entitlement }) => entitlement.claimedWei)).toBe(
      await sum('sum(amount_wei)', claimed),
    );
  },
  SaleHistory({ saleEntries: { nodes } }) {
    expect(nodes.length).toBeGreaterThan(0);
    const times = nodes.map(({ timestamp }: Data) => timestamp);
    expect(times).toEqual([...times].sort().reverse());
  },
};

describe('the queries of docs/api.md', () => {
  test('are many, and each has a check here', () => {
    expect([...QUERIES.keys()].sort()).toEqual(Object.keys(CHECKS).sort());
    expect(QUERIES.size).toBeGreaterThanOrEqual(20);
  });

  test.each([...QUERIES])('%s', async (name, { text, operation }) => {
    const names = (operation?.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    const given = Object.fromEntries(names.map((name) => [name, variables[name]]));
    expect(Object.values(given)).not.toContain(undefined);
    await CHECKS[name]?.(await askData(api, text, given));
  });
});
