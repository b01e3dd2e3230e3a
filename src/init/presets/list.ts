import { olm } from './olm.js';
import { ora } from './ora.js';
import type { Preset } from './preset.js';

/** Every known deployment, a file and a line each. */
export const PRESETS: readonly Preset[] = [olm, ora];
