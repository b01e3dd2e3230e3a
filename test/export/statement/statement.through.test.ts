import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import type { DeployedContract } from '../../../devnet/deploy.js';
import { type Address, checksummed } from '../../../src/address.js';
import { momentOf } from '../../../src/export/statement/read/period.js';
import { readStatement } from '../../../src/export/statement/read/readStatement.js';
import { writeCsv } from '../../../src/export/statement/write/writeCsv.js';
import { writeJson } from '../../../src/export/statement/write/writeJson.js';
import { writePdf } from '../../../src/export/statement/write/writePdf.js';
import { writeText } from '../../../src/export/statement/write/writeText.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { pdfPages } from '../../support/pdfText.js';
import { indexTo } from '../../support/programs/indexer.js';
import { PoolScene } from '../../support/scenes/poolScene.js';

let scene: PoolScene;
let vault: DeployedContract;
let ann: Address;
let ben: Address;
let pool: pg.Pool;
let firstBlock = 0;

/** Ann and Ben have 101 and 300 of the 401 units of a vault; the vault can claim 320 wei, then 401 more. */
beforeAll(async () => {
  scene = await PoolScene.start(1_000_000n);
  const accounts = await defaultAccounts(scene.chain);
  [, , ann, ben] = accounts as [string, string, Address, Address];
  vault = await scene.add('RevenueVault', 'erc4626');
  await scene.fund(100_000n, [vault]);
  await scene.route([
    [vault, 'deposit', [101n, ann]],
    [vault, 'deposit', [300n, ben]],
  ]);
  firstBlock = Number((await scene.share(1_000_000n)).blockNumber);
  await scene.share(1_250_000n);
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl));
  pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
}, 60_000);
afterAll(async () => {
  await pool.end();
  await scene.chain.stop();
});

function stated(accounts: readonly Address[], to: string | null = null) {
  const whole = { tokens: [], chainId: null, from: null };
  const end = to === null ? null : momentOf(to, 'to');
  return readStatement(pool, { ...whole, accounts, to: end });
}

/** The parts of what the vault can claim, each rounded down, of the first snapshots. */
async function owed(snapshots: readonly number[], units: readonly bigint[]): Promise<bigint> {
  let sum = 0n;
  for (const id of snapshots) {
    const amount = await scene.view<bigint>(scene.token, 'claimableRevenue', [vault.address, id]);
    for (const own of units) sum += (amount * own) / 401n;
  }
  return sum;
}

describe('a statement of depositors', () => {
  it('has what the pool is owed for them, as the token says, at the closing and for all accounts', async () => {
    const both = await stated([ann, ben]);
    expect(both.tokens).toEqual([]);
    expect(both.through).toMatchObject([
      { shares: 401n, totalShares: 401n, claimable: await owed([1, 2], [101n, 300n]), claimed: 0n },
    ]);
    const one = await stated([ann]);
    expect(one.through).toMatchObject([{ shares: 101n, claimable: await owed([1, 2], [101n]) }]);
    const earlier = await stated([ann], `block:${firstBlock}`);
    expect(earlier.through).toMatchObject([{ claimable: await owed([1], [101n]) }]);
    // The vault is one of the accounts: all that it is owed is in its position.
    const whole = await stated([ann, ben, vault.address.toLowerCase() as Address]);
    expect(whole.through).toEqual([]);
    expect(whole.tokens[0]?.revenue[0]?.closing.claimable).toBe(await owed([1, 2], [401n]));
  });

  it('has it in every format, apart from the positions, and nothing of it where there is no pool', async () => {
    const both = await stated([ann, ben]);
    const address = checksummed(vault.address.toLowerCase() as Address);
    const claimable = await owed([1, 2], [101n, 300n]);
    expect(JSON.parse(writeJson(both))).toMatchObject({
      tokens: [],
      through: [{ asset: 'native', path: [address], claimable: String(claimable), expired: '0' }],
    });
    const csv: Record<string, string>[] = parse(writeCsv(both), { columns: true });
    const amount = `0.${String(claimable).padStart(18, '0').replace(/0+$/, '')}`;
    expect(csv).toMatchObject([
      { part: 'through', line: 'closing', through: address, claimable: amount, tokens: '' },
    ]);
    const text = writeText(both);
    expect(text).toContain('Through pools');
    expect(text).toMatch(new RegExp(`${address}.*${amount}`));
    expect((await pdfPages(await writePdf(both))).join('')).toMatch(/Through\s+pools/);

    const founder = await stated([scene.founder as Address]);
    expect(founder.through).toEqual([]);
    for (const shown of [writeJson(founder), writeCsv(founder), writeText(founder)]) {
      expect(shown).not.toMatch(/through/i);
    }
  });
});
