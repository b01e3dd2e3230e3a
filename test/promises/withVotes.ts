/** The line that a new dataset adds; its file is `votesDataset.ts`. */
import * as catalogue from '../../src/export/catalogue.js';
import { votes } from './votesDataset.js';

export const DATASETS = [...catalogue.DATASETS, votes];

export function datasetNamed(name: string) {
  return name === 'votes' ? votes : catalogue.datasetNamed(name);
}
