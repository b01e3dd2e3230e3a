import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { deployReference } from '../../../devnet/deploy.js';
import { createOracleWorld, liveOracles } from '../../../devnet/oracleLife.js';
import type { AuditComparison } from '../../../src/audit/questions/question.js';
import { readContracts } from '../../../src/store/registry/contracts.js';
import { compareModels, comparePayouts } from '../../prove/compareOracles.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';

const SEED = Number(process.env.SEED ?? 503);
const OPERATIONS = Number(process.env.OPS ?? 400);

/** Indexes a random life, from the beginning and from the middle of it. */
describe(`the random life of the newest and the first oracle, seed ${SEED}`, () => {
  it('has the terms and accruals that getModel has, and the payouts that receivers got', async () => {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const [founder = ''] = await chain.rpc.call<string[]>('eth_accounts');
    const names = { from: founder, name: 'Model', symbol: 'MDL', supply: 1000n };
    const token = await deployReference(chain, { ...names, percentClaimable: 80 });
    const world = await createOracleWorld(chain, { seed: SEED, revenueTokens: [token.address] });
    const { firstBlock, lastBlock, succeeded } = await liveOracles(world, OPERATIONS);
    expect(succeeded).toBeGreaterThan(OPERATIONS / 3);

    const middle = Math.floor((firstBlock + lastBlock) / 2);
    for (const startBlock of [undefined, middle]) {
      const databaseUrl = await freshDatabase();
      const oracles = world.oracles.map(({ contract }) => ({
        address: contract.address,
        startBlock,
      }));
      await indexTo({ chain, databaseUrl, tokens: [token.address], oracles });
      const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
      const contracts = await readContracts(pool, chain.chainId, 'oracle');
      const comparisons: AuditComparison[] = [await comparePayouts(pool, world, lastBlock)];
      for (let block = startBlock ?? firstBlock; block <= lastBlock; block += 10) {
        comparisons.push(await compareModels(pool, world, contracts, block));
      }
      comparisons.push(await compareModels(pool, world, contracts, lastBlock));
      await pool.end();
      expect(comparisons.flatMap(({ mismatches }) => mismatches)).toEqual([]);
      const figures = comparisons.reduce((sum, comparison) => sum + comparison.figures, 0);
      expect(figures).toBeGreaterThan(OPERATIONS);
      await expectConservation(databaseUrl);
      await expectAttribution(databaseUrl, token.address, startBlock ?? 0);
    }
  });
});

/** What accrued and was not paid is what is owed; an opening brought the rest. */
async function expectConservation(databaseUrl: string): Promise<void> {
  const differing = await query(
    databaseUrl,
    `SELECT contract_number, model_id FROM (
       SELECT DISTINCT ON (contract_number, model_id) * FROM model_version
       ORDER BY contract_number, model_id, id DESC
     ) v
     WHERE accrued <>
       coalesce((SELECT o.accrued FROM model_version o WHERE o.is_opening
         AND o.contract_number = v.contract_number AND o.model_id = v.model_id), 0)
       + coalesce((SELECT sum(receiver_part) FROM oracle_request r
         WHERE r.contract_number = v.contract_number AND r.model_id = v.model_id), 0)
       - coalesce((SELECT sum(amount) FROM model_payout p
         WHERE p.contract_number = v.contract_number AND p.model_id = v.model_id), 0)`,
  );
  expect(differing).toEqual([]);
}

/** What a model paid the revenue token is a receipt of the token from that model. */
async function expectAttribution(databaseUrl: string, token: string, from: number): Promise<void> {
  const grouped = 'GROUP BY 1, 2 ORDER BY 1, 2';
  const receipts = await query(
    databaseUrl,
    `SELECT block_number, model_id::text, sum(amount_wei)::text AS amount FROM receipt
     WHERE source = 'oracle' AND block_number >= $1 ${grouped}`,
    [from],
  );
  const payouts = await query(
    databaseUrl,
    `SELECT block_number, model_id::text, sum(amount)::text AS amount FROM model_payout
     WHERE receiver = decode($1, 'hex') AND asset = 'native' ${grouped}`,
    [token.slice(2)],
  );
  expect(receipts).toEqual(payouts);
  expect(payouts.length).toBeGreaterThan(0);
}
