import type { PolicyRules } from '../policyRules.js';
import { altRevenue } from './altRevenue.js';
import { oneAsset } from './oneAsset.js';
import { oneAssetWindowed } from './oneAssetWindowed.js';
import { reference } from './reference.js';
import { referenceInterval } from './referenceInterval.js';
import { referenceIntervalWindowed } from './referenceIntervalWindowed.js';
import { windowed } from './windowed.js';
import { windowedThree } from './windowedThree.js';
import { windowedThreeReference } from './windowedThreeReference.js';

/** Every known policy, a file and a line each. The order is the order in which `auto` tries them. */
export const POLICY_RULES: readonly PolicyRules[] = [
  altRevenue,
  windowed,
  reference,
  windowedThree,
  windowedThreeReference,
  referenceInterval,
  referenceIntervalWindowed,
  oneAsset,
  oneAssetWindowed,
];
