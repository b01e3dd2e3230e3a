import { loadConfig } from '../../config/load.js';
import type { ImoConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { failureText } from '../check.js';
import { type Finding, type FindingKinds, makersOf } from '../finding.js';

export const CONFIG_KINDS = {
  CONFIG_UNUSABLE: {
    severity: 'error',
    means: 'the config is missing or has mistakes',
    remedy: 'Correct the config; chains and books are checked when it is right.',
  },
} as const satisfies FindingKinds;

const found = makersOf(CONFIG_KINDS);

/** Reads the config. What is wrong with it is a finding, so that other checks are made all the same. */
export async function readConfig(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly config: ImoConfig | null; readonly findings: readonly Finding[] }> {
  try {
    return { config: await loadConfig(path, env), findings: [] };
  } catch (error) {
    if (!(error instanceof ImoError)) throw error;
    const findings = [
      found.CONFIG_UNUSABLE(path, `${error.code}: ${failureText(error)}`, error.hint),
    ];
    return { config: null, findings };
  }
}
