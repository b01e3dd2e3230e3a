/** The line that a new policy adds; its file is `capped.ts`. */
import { POLICY_RULES as KNOWN } from '../../src/ledger/policies/known/list.js';
import { capped } from './capped.js';

export const POLICY_RULES = [...KNOWN, capped];
