import { beforeAll, expect, test } from 'vitest';
import type { AuditState } from '../../src/audit/state.js';
import { runIndexer } from '../../src/processor/run.js';
import {
  createOffering,
  type LivingOffering,
  liveOffering,
  offeringConfig,
} from '../prove/bookLife.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { startAnvil } from '../support/nodes/anvil.js';
import { placeMulticall } from '../support/scenes/auditScene.js';
import { auditHere } from './support.js';

const OPERATIONS = 300;

let offering: LivingOffering;
let databaseUrl: string;

beforeAll(async () => {
  const anvil = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 6_000 });
  offering = await createOffering(anvil, 7007);
  await liveOffering(offering, OPERATIONS, () => undefined);
  await placeMulticall(anvil, offering.tokens[0] ?? '');
  const { number } = await head();
  databaseUrl = await freshDatabase();
  await runIndexer({
    chain: offeringConfig(offering),
    databaseUrl,
    toBlock: number,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
});

async function head(): Promise<{ number: number }> {
  return { number: Number(await offering.chain.rpc.call<string>('eth_blockNumber')) };
}

function verdict(state: AuditState) {
  const { accounts, figures, mismatchCount, notCompared } = state;
  return { accounts, figures, mismatchCount, notCompared };
}

test('the books of a whole offering agree, by both ways of asking', async () => {
  const many = await auditHere({ chain: offering.chain, databaseUrl });
  const single = await auditHere({ chain: offering.chain, databaseUrl, multicall: false });
  expect(many.mismatches).toEqual([]);
  expect(verdict(many)).toEqual(verdict(single));
  expect(many.figures).toBeGreaterThan(500);
});

test('the audit names what cannot be compared, with the reason', async () => {
  const { notCompared } = await auditHere({ chain: offering.chain, databaseUrl });
  expect(notCompared.map((line) => line.replace(/0x\w{40}/, '…')).sort()).toEqual([
    '… private pools: its storage is not laid out as windowed with permit: slot 12 holds 0, not 2',
    '… private pools: no storage layout of policy alt-revenue is known',
    '… private pools: no storage layout of policy alt-revenue is known',
    '… sale: no views are known of kind custom',
    '… sale: no views are known of kind custom',
  ]);
});

test('a term of a model that is wrong in the books is found', async () => {
  await query(databaseUrl, 'UPDATE model_version SET fee = fee + 1');
  const { mismatches } = await auditHere({ chain: offering.chain, databaseUrl });
  expect(mismatches.length).toBeGreaterThan(0);
  for (const { figure, ours, contract } of mismatches) {
    expect(figure).toMatch(/^fee of model \d+$/);
    expect(ours).toBe((contract ?? 0n) + 1n);
  }
  await query(databaseUrl, 'UPDATE model_version SET fee = fee - 1');
});

test('revenue of a model that is wrong in the books is found, with what happened since', async () => {
  const [newest] = await query<{ id: string; block: number; model: string }>(
    databaseUrl,
    `SELECT v.id, v.block_number AS block, v.model_id::text AS model FROM model_version v
     WHERE NOT v.is_opening AND v."exists" AND v.id = (SELECT max(id) FROM model_version
       WHERE contract_number = v.contract_number AND model_id = v.model_id)
     AND EXISTS (SELECT FROM oracle_request r WHERE r.block_number = v.block_number
       AND r.contract_number = v.contract_number AND r.model_id = v.model_id)
     ORDER BY id LIMIT 1`,
  );
  if (newest === undefined) throw new Error('no model was asked anything');
  const { id, block, model } = newest;
  await query(databaseUrl, 'UPDATE model_version SET accrued = accrued + 1 WHERE id = $1', [id]);
  const { mismatches } = await auditHere({ chain: offering.chain, databaseUrl });
  const revenue = mismatches.find(({ figure }) => figure === `accumulateRevenue of model ${model}`);
  expect(revenue?.ours).toBe((revenue?.contract ?? 0n) + 1n);
  expect(revenue?.lastAgreement).toBe(block - 1);
  const happened = revenue?.operations.filter((operation) => operation.block === block) ?? [];
  expect(happened.map(({ kind }) => kind)).toContain('request');
  await query(databaseUrl, 'UPDATE model_version SET accrued = accrued - 1 WHERE id = $1', [id]);
});

test('a deposit that is wrong in the books is found, with what the participant did', async () => {
  // The newest entry of an account in a launchpad has what it deposited in all. It is not the first.
  const wrong = `WHERE id = (SELECT newest.id FROM (
      SELECT DISTINCT ON (sale_number, participant) id, sale_number, participant, block_number
      FROM sale_entry
      WHERE participant IS NOT NULL ORDER BY sale_number, participant, id DESC
    ) AS newest JOIN sale s ON s.number = newest.sale_number
    WHERE s.kind = 'launchpad' AND EXISTS (SELECT FROM sale_entry before
      WHERE before.sale_number = newest.sale_number AND before.participant = newest.participant
        AND before.block_number < newest.block_number)
    ORDER BY newest.id LIMIT 1)`;
  await query(databaseUrl, `UPDATE sale_entry SET deposited = deposited + 1 ${wrong}`);
  const { mismatches } = await auditHere({ chain: offering.chain, databaseUrl });
  const deposit = mismatches.find(({ figure }) => figure.startsWith('launchpad depositOf(0x'));
  expect(deposit?.ours).toBe((deposit?.contract ?? 0n) + 1n);
  const [newest] = await query<{ block: number }>(
    databaseUrl,
    `SELECT block_number AS block FROM sale_entry ${wrong}`,
  );
  // It excludes what the participant did before they last agreed.
  expect(deposit?.lastAgreement).toBe((newest?.block ?? 0) - 1);
  expect(new Set(deposit?.operations.map(({ block }) => block))).toEqual(new Set([newest?.block]));
  await query(databaseUrl, `UPDATE sale_entry SET deposited = deposited - 1 ${wrong}`);
});
