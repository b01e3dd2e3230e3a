import {
  ADDRESS,
  AIGC_CONTENT_VERDICT,
  AIGC_EVENT,
  AIGC_PROMPT_VERDICT,
  AMOUNT,
  BLOCK,
  HASH,
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
export const AigcPromptVerdictComparison = AIGC_PROMPT_VERDICT.comparison;
export const AigcContentVerdictComparison = AIGC_CONTENT_VERDICT.comparison;
export const AigcEventComparison = AIGC_EVENT.comparison;
export const SaleKindComparison = SALE_KIND.comparison;
