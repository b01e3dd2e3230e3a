import {
  type Asset,
  type AssetTotals,
  type ModelState,
  UNKNOWN_MODEL,
} from '../../../ledger/oracles/oracle.js';
import { decodeModelTotal, type ModelTotalColumns } from '../../../model/tables/modelTotal.js';
import {
  decodeModelVersion,
  type ModelVersionColumns,
} from '../../../model/tables/modelVersion.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The state of an oracle at the end of a block. */
export interface OracleAsOf {
  readonly contractNumber: number;
  readonly block: number;
}

/** The state of a model of an oracle at the end of a block, as booked. */
export interface ModelRecord extends OracleAsOf {
  readonly modelId: bigint;
  readonly state: ModelState;
}

interface VersionRow extends ModelVersionColumns {
  readonly ordinal: number;
}

interface TotalRow extends ModelTotalColumns {
  readonly ordinal: number;
}

/**
 * Models and their newest version. Oracles have few models with many versions each, so the query
 * skips through the index from model to model.
 */
const VERSIONS = `
  WITH RECURSIVE k AS (
    SELECT * FROM unnest($1::integer[], $2::text[])
      WITH ORDINALITY AS k(contract_number, high, ordinal)
  ), m AS (
    SELECT k.*, n.model_id FROM k CROSS JOIN LATERAL (
      SELECT model_id FROM model_version WHERE contract_number = k.contract_number
      ORDER BY model_id LIMIT 1
    ) n
    UNION ALL
    SELECT m.contract_number, m.high, m.ordinal, n.model_id FROM m CROSS JOIN LATERAL (
      SELECT model_id FROM model_version
      WHERE contract_number = m.contract_number AND model_id > m.model_id
      ORDER BY model_id LIMIT 1
    ) n
  )
  SELECT m.ordinal, v.* FROM m CROSS JOIN LATERAL (
    (SELECT * FROM model_version
     WHERE contract_number = m.contract_number AND model_id = m.model_id AND id <= m.high
     ORDER BY id DESC LIMIT 1)
    UNION ALL
    (SELECT * FROM (
       SELECT * FROM model_version
       WHERE contract_number = m.contract_number AND model_id = m.model_id
       ORDER BY id LIMIT 1
     ) oldest WHERE is_opening AND id > m.high)
  ) v
  ORDER BY m.ordinal, m.model_id`;

/** The same for the totals, by model and asset. */
const TOTALS = `
  WITH RECURSIVE k AS (
    SELECT * FROM unnest($1::integer[], $2::text[])
      WITH ORDINALITY AS k(contract_number, high, ordinal)
  ), m AS (
    SELECT k.*, n.model_id, n.asset FROM k CROSS JOIN LATERAL (
      SELECT model_id, asset FROM model_total WHERE contract_number = k.contract_number
      ORDER BY model_id, asset LIMIT 1
    ) n
    UNION ALL
    SELECT m.contract_number, m.high, m.ordinal, n.model_id, n.asset FROM m CROSS JOIN LATERAL (
      SELECT model_id, asset FROM model_total
      WHERE contract_number = m.contract_number AND (model_id, asset) > (m.model_id, m.asset)
      ORDER BY model_id, asset LIMIT 1
    ) n
  )
  SELECT m.ordinal, t.* FROM m CROSS JOIN LATERAL (
    SELECT * FROM model_total
    WHERE contract_number = m.contract_number AND model_id = m.model_id AND asset = m.asset
      AND id <= m.high
    ORDER BY id DESC LIMIT 1
  ) t
  ORDER BY m.ordinal, m.model_id, m.asset`;

/**
 * Returns all models of each oracle at the end of its block, in the order of `oracles` and then of
 * the model ids. A model that existed before indexing started and is first seen after the block has
 * its opening state: any change in between would have been seen.
 */
export async function readModels(
  db: Queryable,
  oracles: readonly OracleAsOf[],
): Promise<ModelRecord[]> {
  const keys = [
    oracles.map(({ contractNumber }) => contractNumber),
    oracles.map(({ contractNumber, block }) => lastOperationId(contractNumber, block)),
  ];
  const [versions, totals] = await Promise.all([
    readRows<VersionRow>(db, 'model_versions', VERSIONS, keys),
    readRows<TotalRow>(db, 'model_totals', TOTALS, keys),
  ]);
  const totalsOf = new Map<string, Map<Asset, AssetTotals>>();
  for (const row of totals) {
    const key = `${row.ordinal} ${row.model_id}`;
    const ofModel = totalsOf.get(key) ?? new Map<Asset, AssetTotals>();
    totalsOf.set(key, ofModel.set(row.asset, decodeTotals(row)));
  }
  return versions.flatMap((row) => {
    const oracle = oracles[Number(row.ordinal) - 1];
    if (oracle === undefined) return [];
    const ofModel = totalsOf.get(`${row.ordinal} ${row.model_id}`) ?? UNKNOWN_MODEL.totals;
    return [{ ...oracle, modelId: BigInt(row.model_id), state: decodeState(row, ofModel) }];
  });
}

/** The opening state of each model that existed before indexing started, by model id. */
export async function readOpenings(
  db: Queryable,
  contractNumber: number,
): Promise<ReadonlyMap<bigint, ModelState>> {
  const rows = await readRows<VersionRow>(
    db,
    'model_openings',
    `SELECT 1 AS ordinal, v.* FROM model_version v
     WHERE v.contract_number = $1 AND v.is_opening`,
    [contractNumber],
  );
  return new Map(rows.map((row) => [BigInt(row.model_id), decodeState(row, UNKNOWN_MODEL.totals)]));
}

function decodeState(row: VersionRow, totals: ReadonlyMap<Asset, AssetTotals>): ModelState {
  const { exists, fee, receiver, receiverPercentage, asset, accrued } = decodeModelVersion(row);
  const percentage = BigInt(receiverPercentage);
  return {
    terms: { exists, fee, receiver, receiverPercentage: percentage, asset },
    accrued,
    totals,
  };
}

function decodeTotals(row: TotalRow): AssetTotals {
  const { modelId: _, asset: __, ...totals } = decodeModelTotal(row);
  return totals;
}
