import { HolderRanksResolver } from './holderRanks.js';
import { HolderSeriesResolver } from './holderSeries.js';
import { PersonSeriesResolver } from './personSeries.js';
import { PersonSourcesResolver } from './personSources.js';
import { TokenSeriesResolver } from './tokenSeries.js';
import { WithoutContractsResolver } from './withoutContracts.js';

/** Every series, and the fields of its steps that have resolvers of their own. */
export const SERIES_RESOLVERS = [
  TokenSeriesResolver,
  WithoutContractsResolver,
  HolderSeriesResolver,
  HolderRanksResolver,
  PersonSeriesResolver,
  PersonSourcesResolver,
] as const;
