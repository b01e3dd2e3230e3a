import { assetUnit } from '../objects/units/unitResolver.js';
import { HolderStepType } from './holderStep.js';
import { PersonStepType } from './personSeries.js';
import type { SeriesStepType } from './seriesStep.js';
import type { ValuedStep } from './stepMoment.js';
import { TokenStepType } from './tokenStep.js';

type Step = ValuedStep & Pick<SeriesStepType, 'asset'>;

/** What the amounts of the steps of series are in. */
export const STEP_UNITS = [TokenStepType, HolderStepType, PersonStepType].map((Row) =>
  assetUnit<Step>(Row, ({ series, asset }) => ({ chainId: series.chainId, asset })),
);
