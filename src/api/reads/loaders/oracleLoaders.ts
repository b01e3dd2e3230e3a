import DataLoader from 'dataloader';
import {
  type ModelRecord,
  type OracleAsOf,
  readModels,
} from '../../../store/read/oracles/modelStates.js';
import type { Queryable } from '../../../store/read/query/queryable.js';

/** Reads about AI oracles for many rows at once. */
export interface OracleLoaders {
  /** All models of an oracle at a block. */
  readonly models: DataLoader<OracleAsOf, ModelRecord[], string>;
}

export function createOracleLoaders(db: Queryable): OracleLoaders {
  return {
    models: new DataLoader(
      async (oracles) => {
        const models = await readModels(db, oracles);
        return oracles.map(({ contractNumber, block }) =>
          models.filter(
            (model) => model.contractNumber === contractNumber && model.block === block,
          ),
        );
      },
      { cacheKeyFn: ({ contractNumber, block }) => `${contractNumber} ${block}` },
    ),
  };
}
