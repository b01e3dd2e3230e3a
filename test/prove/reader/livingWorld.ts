import type { Chain } from '../../../devnet/anvil.js';
import type { SeededRandom } from '../../../devnet/random.js';
import type { ImoConfig } from '../../../src/config/types.js';
import type { WorldFeed } from './world.js';

/** A chain that lives on while it is indexed and followed. */
export interface LivingWorld {
  readonly name: string;
  readonly chain: Chain;
  readonly folder: string;
  readonly configPath: string;
  readonly config: ImoConfig;
  readonly feeds: readonly WorldFeed[];
  readonly random: SeededRandom;
  /** Continues, with reorgs if the world has any; `index` follows to its head. */
  live(index: () => Promise<void>): Promise<void>;
  /** Pays a token, then mines until all of that is final. @returns the block of the payment */
  payLast(token: string): Promise<number>;
  stop(): Promise<void>;
}
