import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { type Address, checksummed } from '../../../src/address.js';
import { momentOf } from '../../../src/export/statement/read/period.js';
import {
  readStatement,
  type StatementRequest,
} from '../../../src/export/statement/read/readStatement.js';
import type { Statement } from '../../../src/export/statement/read/statement.js';
import { writeCsv } from '../../../src/export/statement/write/writeCsv.js';
import { writeJson } from '../../../src/export/statement/write/writeJson.js';
import { writePdf } from '../../../src/export/statement/write/writePdf.js';
import { writeText } from '../../../src/export/statement/write/writeText.js';
import { REVENUE_ACCOUNTS } from '../../../src/ledger/statement.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { pdfPages } from '../../support/pdfText.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

let scene: Scene;
let databaseUrl: string;
let pool: pg.Pool;
/** The block after each step of the story. */
const blocks: Record<string, number> = {};

/**
 * The friend gets 400 of 1000 tokens, is assigned 320 of 1000 wei, claims them, gets nothing of
 * the next 500 wei in time, burns 100 tokens and gives 50 away.
 */
beforeAll(async () => {
  scene = await Scene.start();
  const { founder, friend } = scene;
  const mark = async (name: string) => {
    blocks[name] = (await latestBlock(scene.chain)).number;
  };
  await scene.call(founder, 'transfer', [friend, 400n]);
  await mark('transfer');
  await scene.pay(1_000n);
  await mark('receipt');
  await scene.snapshot();
  await mark('first');
  await scene.wait();
  await scene.call(friend, 'claim', [1n]);
  await mark('claim');
  await scene.wait();
  await scene.pay(500n);
  await scene.snapshot();
  await scene.call(friend, 'burn', [100n]);
  await mark('burn');
  await scene.snapshot();
  await mark('third');
  await scene.snapshot();
  await mark('fourth');
  await scene.call(friend, 'transfer', [founder, 50n]);
  await scene.call(friend, 'transfer', [friend, 7n]);
  await scene.pay(300n);
  await mark('end');
  databaseUrl = await freshDatabase();
  await indexTo({ chain: scene.chain, databaseUrl, tokens: [scene.token.address] });
  pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
});
afterAll(() => pool.end());

function stated(options: Partial<StatementRequest> = {}): Promise<Statement> {
  const account = scene.friend as Address;
  const all = { accounts: [account], tokens: [], chainId: null, from: null, to: null };
  return readStatement(pool, { ...all, ...options });
}

/** Kind, snapshot and changes of each line, with the name of the block it is in. */
function lines(statement: Statement) {
  const [token] = statement.tokens;
  const [revenue] = token?.revenue ?? [];
  const nameOf = new Map(Object.entries(blocks).map(([name, block]) => [block, name]));
  return {
    tokens: token?.movements.map(({ kind, change }) => [kind, change]),
    revenue: revenue?.movements.map(({ kind, snapshotId, changes, place }) => [
      kind,
      snapshotId,
      changes,
      place === null ? null : (nameOf.get(place.block) ?? ''),
    ]),
  };
}

describe('a statement of a whole life', () => {
  it('has every line, and opening and lines make the closing', async () => {
    const statement = await stated();
    const [token] = statement.tokens;
    expect([token?.opening, token?.closing]).toEqual([0n, 250n]);
    expect(token?.revenue).toHaveLength(1);
    expect(token?.revenue[0]?.opening).toEqual({
      accruing: 0n,
      claimable: 0n,
      claimed: 0n,
      redeemed: 0n,
      expired: 0n,
    });
    expect(lines(statement)).toEqual({
      tokens: [
        ['received', 400n],
        ['burned', -100n],
        ['sent', -50n],
        ['kept', 0n],
      ],
      revenue: [
        ['accrual', null, { accruing: 320n }, 'first'],
        ['assignment', 1, { accruing: -320n, claimable: 320n }, 'first'],
        ['claim', 1, { claimable: -320n, claimed: 320n }, 'claim'],
        ['accrual', null, { accruing: 160n }, ''],
        ['assignment', 2, { accruing: -160n, claimable: 160n }, ''],
        // 100 of 1000 tokens of the 300 wei that burning pays from
        ['redemption', null, { redeemed: 30n }, 'burn'],
        // 300 of 900 tokens of the 480 wei that others left of snapshot 1
        ['accrual', null, { accruing: 160n }, 'third'],
        ['assignment', 3, { accruing: -160n, claimable: 160n }, 'third'],
        // of the 400 wei of snapshot 2 that nobody claimed
        ['accrual', null, { accruing: 133n }, 'fourth'],
        ['assignment', 4, { accruing: -133n, claimable: 133n }, 'fourth'],
        ['expiry', 2, { claimable: -160n, expired: 160n }, 'fourth'],
        // 250 of 900 tokens of 240 fresh and 480 unclaimed wei
        ['accrual', null, { accruing: 200n }, null],
      ],
    });
    expect(token?.revenue[0]?.closing).toEqual({
      accruing: 200n,
      claimable: 293n,
      claimed: 320n,
      redeemed: 30n,
      expired: 160n,
    });
  });

  it('names transactions, blocks and times as the chain does', async () => {
    const [token] = (await stated()).tokens;
    for (const { place } of [
      ...(token?.movements ?? []),
      ...(token?.revenue[0]?.movements ?? []),
    ]) {
      if (place === null) continue;
      const receipt = await scene.chain.rpc.call<{ blockNumber: string }>(
        'eth_getTransactionReceipt',
        [place.transactionHash],
      );
      expect(Number(receipt.blockNumber)).toBe(place.block);
      const block = await scene.chain.rpc.call<{ timestamp: string }>('eth_getBlockByNumber', [
        receipt.blockNumber,
        false,
      ]);
      expect(Number(block.timestamp) * 1000).toBe(place.timestamp.getTime());
    }
  });
});

describe('a period', () => {
  it('opens where another one closed', async () => {
    const { claim = 0 } = blocks;
    const before = await stated({ to: momentOf(String(claim), 'to') });
    const after = await stated({ from: momentOf(String(claim + 1), 'from') });
    expect(after.tokens[0]?.opening).toBe(before.tokens[0]?.closing);
    expect(after.tokens[0]?.revenue[0]?.opening).toEqual(before.tokens[0]?.revenue[0]?.closing);
    expect(lines(before).revenue).toHaveLength(3);
    expect(lines(after).revenue).toHaveLength(9);
    const hash = expect.stringMatching(/^0x[0-9a-f]{64}$/);
    expect(after.periods).toMatchObject([
      { openingBlock: claim, closingBlock: blocks.end, booked: { hash } },
    ]);
  });

  it('a period of one block has what happened in it', async () => {
    const block = String(blocks.burn);
    const statement = await stated({ from: momentOf(block, 'from'), to: momentOf(block, 'to') });
    expect(lines(statement).tokens).toEqual([['burned', -100n]]);
    const kinds = lines(statement).revenue?.map(([kind]) => kind);
    expect(kinds).toContain('redemption');
  });

  it('takes dates as whole days in UTC, and times with their zone', () => {
    const day = { timestamp: new Date('2026-01-31T23:59:59.999Z') };
    expect(momentOf('2026-01-31', 'to')).toEqual(day);
    expect(momentOf('2026-02-01', 'from')).toEqual(day);
    expect(momentOf('2026-01-31T12:00:00+02:00', 'to').timestamp?.toISOString()).toBe(
      '2026-01-31T10:00:00.000Z',
    );
    expect(momentOf('7', 'from')).toEqual({ block: 6 });
    expect(momentOf('7', 'to')).toEqual({ block: 7 });
  });

  it.each([
    '2026-02-30',
    '2026-1-1',
    'yesterday',
    '2026-01-31T12:00:00',
    '2026-02-30T00:00:00Z',
    '-5',
    '1e9',
  ])('%s is refused', (text) => {
    expect(() => momentOf(text, 'from')).toThrow(
      expect.objectContaining({
        code: 'STATEMENT_BAD_PERIOD',
        message: expect.stringContaining(text),
      }),
    );
  });

  it('a period between two times has the blocks between them', async () => {
    const { claim = 0 } = blocks;
    const [{ timestamp } = { timestamp: new Date(0) }] = await query<{ timestamp: Date }>(
      databaseUrl,
      'SELECT "timestamp" FROM block WHERE number = $1',
      [claim],
    );
    const at = timestamp.toISOString();
    const statement = await stated({ from: momentOf(at, 'from'), to: momentOf(at, 'to') });
    expect(lines(statement).revenue).toEqual([
      ['claim', 1, { claimable: -320n, claimed: 320n }, 'claim'],
    ]);
  });

  it('a period from a block to a time after it is empty where nothing happened in between', async () => {
    const { claim = 0 } = blocks;
    // As if nothing had happened in the block of the claim, so that it is not kept.
    const [block] = await query<{ number: number; timestamp: Date }>(
      databaseUrl,
      'DELETE FROM block WHERE number = $1 RETURNING id, chain_id, number, hash, "timestamp"',
      [claim],
    );
    if (block === undefined) throw new Error('no block of the claim');
    const period = {
      from: momentOf(String(claim + 1), 'from'),
      to: { timestamp: block.timestamp },
    };
    try {
      expect(lines(await stated(period)).revenue).toEqual([]);
    } finally {
      const { id, chain_id, number, hash, timestamp } = block as Record<string, unknown>;
      await query(databaseUrl, 'INSERT INTO block VALUES ($1, $2, $3, $4, $5)', [
        id,
        chain_id,
        number,
        hash,
        timestamp,
      ]);
    }
  });

  it('a period that ends before it starts, or is not indexed, is refused', async () => {
    await expect(
      stated({ from: momentOf('9', 'from'), to: momentOf('5', 'to') }),
    ).rejects.toMatchObject({ code: 'STATEMENT_EMPTY_PERIOD' });
    await expect(stated({ to: momentOf('99999', 'to') })).rejects.toMatchObject({
      code: 'BLOCK_NOT_INDEXED',
    });
    await expect(stated({ chainId: 5 })).rejects.toMatchObject({ code: 'UNKNOWN_CHAIN' });
    await expect(stated({ tokens: [scene.router.address as Address] })).rejects.toMatchObject({
      code: 'UNKNOWN_TOKEN',
    });
  });
});

describe('with whom tokens moved', () => {
  /** Labels of the founder, as the config would have them. */
  const labelled = async (name: string) => {
    await query(databaseUrl, 'DELETE FROM label');
    const values = [scene.chain.chainId, Buffer.from(scene.founder.slice(2), 'hex'), name];
    await query(
      databaseUrl,
      'INSERT INTO label (chain_id, address, name) VALUES ($1, $2, $3)',
      values,
    );
    return stated();
  };
  afterAll(() => query(databaseUrl, 'DELETE FROM label'));

  it('has its label in every format, next to the address', async () => {
    const statement = await labelled('The first founder');
    const address = checksummed(scene.founder as Address);
    const text = writeText(statement);
    expect(text).toContain(`${address} The first founder`);
    expect(
      pdfPages(await writePdf(statement))
        .join('')
        .replaceAll(/\s/g, ''),
    ).toContain('Thefirstfounder');
    const rows: Record<string, string>[] = parse(writeCsv(statement), { columns: true });
    const moved = rows.filter(({ counterparty }) => counterparty === address);
    expect(moved.map(({ kind, counterparty_label }) => [kind, counterparty_label])).toEqual([
      ['received', 'The first founder'],
      ['sent', 'The first founder'],
    ]);
    const { tokens } = JSON.parse(writeJson(statement));
    const others = tokens[0].movements.map(
      (one: { counterparty: string; counterpartyLabel: string | null }) => [
        one.counterparty === address,
        one.counterpartyLabel,
      ],
    );
    expect(others.filter(([isFounder]: [boolean]) => isFounder)).toEqual([
      [true, 'The first founder'],
      [true, 'The first founder'],
    ]);
    expect(others.filter(([isFounder]: [boolean]) => !isFounder)).toEqual([
      [false, null],
      [false, null],
    ]);
  });

  it('has a hostile label that does nothing, and leaves room for the address', async () => {
    const statement = await labelled(`=HYPERLINK("x")\u202e${'long '.repeat(40)}`);
    const [line = ''] = writeText(statement)
      .split('\n')
      .filter((one) => one.includes('HYPERLINK'));
    expect(line).toContain(checksummed(scene.founder as Address));
    expect(line).toContain('\\u{202e}');
    expect(line.length).toBeLessThan(300);
    const rows: Record<string, string>[] = parse(writeCsv(statement), { columns: true });
    const [first] = rows.filter(({ counterparty_label }) => counterparty_label !== '');
    expect(first?.counterparty_label).toMatch(/^'=HYPERLINK/);
  });
});

describe('a statement of two accounts of one person', () => {
  const both = () => [scene.friend as Address, scene.founder as Address];

  it('nets what moves between them, and has the rest of both', async () => {
    const person = await stated({ accounts: [...both(), ...both()] });
    const [one, other] = await Promise.all(
      both().map((account) => stated({ accounts: [account] })),
    );
    const token = person.tokens[0];
    const parts = [one?.tokens[0], other?.tokens[0]];
    expect(person.accounts).toEqual(both());
    expect(token?.movements.map(({ kind, change, account }) => [kind, change, account])).toEqual([
      ['minted', 1_000n, scene.founder],
      ['kept', 0n, scene.founder],
      ['burned', -100n, scene.friend],
      ['kept', 0n, scene.friend],
      ['kept', 0n, scene.friend],
    ]);
    expect(token?.closing).toBe(900n);
    expect(token?.closing).toBe((parts[0]?.closing ?? 0n) + (parts[1]?.closing ?? 0n));
    const [revenue] = token?.revenue ?? [];
    const closings = parts.map((part) => part?.revenue[0]?.closing);
    for (const name of REVENUE_ACCOUNTS) {
      expect([name, revenue?.closing[name]]).toEqual([
        name,
        (closings[0]?.[name] ?? 0n) + (closings[1]?.[name] ?? 0n),
      ]);
    }
    expect(
      revenue?.movements
        .filter(({ kind }) => kind !== 'accrual')
        .map(({ kind, snapshotId, changes, account }) => [kind, snapshotId, changes, account]),
    ).toEqual([
      ['assignment', 1, { accruing: -800n, claimable: 800n }, null],
      ['claim', 1, { claimable: -320n, claimed: 320n }, scene.friend],
      ['assignment', 2, { accruing: -400n, claimable: 400n }, null],
      ['redemption', null, { redeemed: 30n }, scene.friend],
      ['assignment', 3, { accruing: -480n, claimable: 480n }, null],
      ['expiry', 1, { claimable: -480n, expired: 480n }, scene.founder],
      // 300 * 400 // 900 + 600 * 400 // 900: the contract rounds each of the two.
      ['assignment', 4, { accruing: -399n, claimable: 399n }, null],
      ['expiry', 2, { claimable: -400n, expired: 400n }, null],
    ]);
  });

  it('names them in every format, and whose each line is', async () => {
    const person = await stated({ accounts: both() });
    const names = both().map(checksummed);
    const text = writeText(person);
    expect(text).toMatch(/^Statement of 2 accounts of one person\n/);
    expect(text).toContain(`\nAccount 1: ${names[0]}\nAccount 2: ${names[1]}\n`);
    expect(JSON.parse(writeJson(person))).toMatchObject({
      accounts: names,
      tokens: [{ movements: [{ account: names[1] }, { account: names[1] }, {}, {}, {}] }],
    });
    const csv: Record<string, string>[] = parse(writeCsv(person), { columns: true });
    const moved = csv.filter(({ part, line }) => part === 'tokens' && line === 'movement');
    expect(moved.map(({ kind, account }) => [kind, account])).toEqual([
      ['minted', names[1]],
      ['kept', names[1]],
      ['burned', names[0]],
      ['kept', names[0]],
      ['kept', names[0]],
    ]);
    const [page = ''] = await pdfPages(await writePdf(person));
    for (const name of names) expect(page).toContain(name);
  });

  it('has at most 100 accounts', async () => {
    const accounts = Array.from({ length: 101 }, (_, index): Address => {
      return `0x${String(index).padStart(40, '0')}`;
    });
    await expect(stated({ accounts })).rejects.toMatchObject({ code: 'BAD_PERSON' });
    await expect(stated({ accounts: [] })).rejects.toMatchObject({ code: 'BAD_PERSON' });
  });
});

it('an account that never had a token has an empty statement', async () => {
  expect(await stated({ accounts: [scene.payer as Address] })).toMatchObject({
    tokens: [],
    sales: [],
  });
});

describe('a statement that does not add up is refused, with its figures', () => {
  async function broken(change: string): Promise<unknown> {
    const copy = await freshDatabase();
    await indexTo({ chain: scene.chain, databaseUrl: copy, tokens: [scene.token.address] });
    await query(copy, change);
    const altered = new pg.Pool({ connectionString: copy, max: 1 });
    const request = { tokens: [], chainId: null, from: null, to: null };
    const failure = await readStatement(altered, {
      ...request,
      accounts: [scene.friend as Address],
    }).then(
      () => null,
      (reason: unknown) => reason,
    );
    await altered.end();
    return failure;
  }

  it('if a transfer is lost', async () => {
    expect(await broken('DELETE FROM transfer WHERE amount = 50')).toMatchObject({
      code: 'LEDGER_STATEMENT_SUM',
      message: expect.stringMatching(/^balance of .* make 300, but the closing is 250$/),
    });
  });

  it('if a claim is more than the share', async () => {
    expect(await broken('UPDATE claim SET amount_wei = 321')).toMatchObject({
      code: 'LEDGER_STATEMENT_SUM',
      message: expect.stringMatching(
        /^claimable in the native coin of .* make 292, but the closing is 293$/,
      ),
    });
  });
});
