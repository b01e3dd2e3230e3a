import type { ClassType } from 'type-graphql';
import type { FieldComparison } from '../../../store/read/query/where.js';
import type { EntitlementState } from '../../values/enums.js';
import {
  ADDRESS,
  AIGC_CONTENT_VERDICT,
  AIGC_EVENT,
  AIGC_PROMPT_VERDICT,
  AMOUNT,
  BLOCK,
  ENTITLEMENT_STATE,
  HASH,
  MODEL_CHANGE_KIND,
  PAYOUT_CAUSE,
  SALE_KIND,
  TEXT,
  TIME,
  YES_NO,
} from './fieldKinds.js';

export const SafeIntComparison = BLOCK.comparison;
export const BigIntComparison = AMOUNT.comparison;
export const DateTimeComparison = TIME.comparison;
export const StringComparison = TEXT.comparison;
export const BooleanComparison = YES_NO.comparison;
export const AddressComparison = ADDRESS.comparison;
export const Bytes32Comparison = HASH.comparison;
export const ModelChangeKindComparison = MODEL_CHANGE_KIND.comparison;
export const PayoutCauseComparison = PAYOUT_CAUSE.comparison;
export const AigcPromptVerdictComparison = AIGC_PROMPT_VERDICT.comparison;
export const AigcContentVerdictComparison = AIGC_CONTENT_VERDICT.comparison;
export const AigcEventComparison = AIGC_EVENT.comparison;
export const EntitlementStateComparison = ENTITLEMENT_STATE.comparison as ClassType<
  FieldComparison<EntitlementState>
>;
export const SaleKindComparison = SALE_KIND.comparison;
