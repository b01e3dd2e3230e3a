import type { Column, Dataset } from '../export/columns/dataset.js';
import { aigcContents } from '../export/datasets/aigcContents.js';
import { claims } from '../export/datasets/claims.js';
import { journal } from '../export/datasets/journal.js';
import { mints } from '../export/datasets/mints.js';
import { modelPayouts } from '../export/datasets/modelPayouts.js';
import { oracleRequests } from '../export/datasets/oracleRequests.js';
import { receipts } from '../export/datasets/receipts.js';
import { redemptions } from '../export/datasets/redemptions.js';
import { saleEntries } from '../export/datasets/saleEntries.js';
import { snapshots } from '../export/datasets/snapshots.js';
import { transfers } from '../export/datasets/transfers.js';

/** A table of the lake. */
export interface LakeTable {
  /** The dataset of the exports, without the columns that later events or the config change. */
  readonly dataset: Dataset;
  /** The table of the database: each of its rows is a row of the dataset. */
  readonly stored: string;
}

/**
 * Columns whose values change although no block does: names that the config gives, symbols and decimals
 * (the manifest has them once, in `units`), and marks that later blocks set.
 */
const CHANGING = /_label$|_symbol$|_decimals$|^is_current$|^is_provisional$/;

/** They are in the path of a file, not in it. */
export const PARTITION_COLUMNS: readonly string[] = ['chain_id', 'token'];

/** Every dataset whose rows are operations of a block. The others show one moment. */
export const LAKE_TABLES: readonly LakeTable[] = [
  table(transfers, 'transfer'),
  table(receipts, 'receipt'),
  table(snapshots, 'snapshot'),
  table(claims, 'claim'),
  table(redemptions, 'redemption'),
  table(journal, 'posting'),
  table(oracleRequests, 'oracle_request'),
  table(modelPayouts, 'model_payout'),
  table(mints, 'mint_payment'),
  table(aigcContents, 'aigc_data'),
  table(saleEntries, 'sale_entry'),
];

/** The columns of all tables, as a manifest keeps them. */
export function lakeColumns(): Record<string, Pick<Column, 'name' | 'type'>[]> {
  return Object.fromEntries(
    LAKE_TABLES.map(({ dataset }) => [
      dataset.name,
      dataset.columns.map(({ name, type }) => ({ name, type })),
    ]),
  );
}

function table(dataset: Dataset, stored: string): LakeTable {
  const columns = dataset.columns.filter(({ name }) => !CHANGING.test(name));
  return { dataset: { ...dataset, columns }, stored };
}
