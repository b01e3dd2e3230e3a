import type { ChainConfig, ImoConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';

/** The options of a verb that select chains. */
export interface ChainChoice {
  /** Path of the config, for messages. */
  readonly config: string;
  /** Only the chain with this id. */
  readonly chain?: number | undefined;
  /** An option whose value means something on one chain only, e.g. `--to-block 7`. */
  readonly needsOne?: string | null;
}

/** @throws ImoError `CHAIN_NOT_CHOSEN` or `CHAIN_NOT_CONFIGURED`, with the ids that there are. */
export function chooseChains(
  { chains }: ImoConfig,
  { config, chain: id, needsOne = null }: ChainChoice,
): readonly ChainConfig[] {
  const ids = chains.map((chain) => chain.id).join(', ');
  if (id === undefined) {
    if (needsOne === null || chains.length === 1) return chains;
    throw new ImoError(
      'CHAIN_NOT_CHOSEN',
      `${needsOne} needs one chain, but ${config} has ${ids}`,
      'Name the chain with --chain.',
    );
  }
  const chosen = chains.filter((chain) => chain.id === id);
  if (chosen.length > 0) return chosen;
  throw new ImoError(
    'CHAIN_NOT_CONFIGURED',
    `there is no chain ${id} in ${config}, which has ${ids}`,
    'Add it to the config, or choose one of these with --chain.',
  );
}
