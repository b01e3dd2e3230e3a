import type { Dataset } from './columns/dataset.js';
import { aigcContents } from './datasets/aigcContents.js';
import { claims } from './datasets/claims.js';
import { entitlements } from './datasets/entitlements.js';
import { fees } from './datasets/fees.js';
import { holders } from './datasets/holders.js';
import { journal } from './datasets/journal.js';
import { mints } from './datasets/mints.js';
import { modelPayouts } from './datasets/modelPayouts.js';
import { oracleRequests } from './datasets/oracleRequests.js';
import { participations } from './datasets/participations.js';
import { receipts } from './datasets/receipts.js';
import { redemptions } from './datasets/redemptions.js';
import { saleEntries } from './datasets/saleEntries.js';
import { snapshots } from './datasets/snapshots.js';
import { through } from './datasets/through.js';
import { transfers } from './datasets/transfers.js';
import { unknownDataset } from './exportErrors.js';
import { bittytax } from './tax/bittytax.js';
import { rotkiEvents, rotkiTrades } from './tax/rotki.js';
import { cointracking, koinly } from './tax/taxLayouts.js';

/** Everything that can be exported, in the order of the data dictionary. */
export const DATASETS: readonly Dataset[] = [
  holders,
  entitlements,
  snapshots,
  through,
  transfers,
  receipts,
  claims,
  redemptions,
  journal,
  oracleRequests,
  modelPayouts,
  mints,
  aigcContents,
  saleEntries,
  participations,
  fees,
  koinly,
  cointracking,
  bittytax,
  rotkiTrades,
  rotkiEvents,
];

const DATASET_NAMES: readonly string[] = DATASETS.map(({ name }) => name);

/** @throws ImoError `EXPORT_UNKNOWN_DATASET`, naming the closest one */
export function datasetNamed(name: string): Dataset {
  const dataset = DATASETS.find((candidate) => candidate.name === name);
  if (dataset === undefined) throw unknownDataset(name, DATASET_NAMES);
  return dataset;
}
