import { type Anvil, startAnvil } from '../../../devnet/anvil.js';
import { latestBlock } from '../../../devnet/chain.js';
import { createWorld, runOperations, type World } from '../../../devnet/randomOperations.js';
import type { Address } from '../../../src/address.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
const HISTORY_BLOCKS = 30_000;

/** A chain with six revenue tokens under random operations, by transactions alone: it is followed meanwhile. */
export class FollowedChain {
  operations = 0;
  /** Since its tokens are there. */
  grownBlocks = 0;

  private constructor(
    readonly node: Anvil,
    private readonly world: World,
    readonly tokens: readonly Address[],
  ) {}

  /**
   * @param operations before anybody follows it
   * @param indexed how many of its tokens are indexed
   */
  static async start(
    chainId: number,
    seed: number,
    { operations, indexed }: { readonly operations: number; readonly indexed: number },
  ): Promise<FollowedChain> {
    const node = await startAnvil({
      chainId,
      genesisTimestamp: GENESIS_TIMESTAMP,
      historyBlocks: HISTORY_BLOCKS,
    });
    const world = await createWorld(node, { seed: `${chainId} ${seed}` });
    const tokens = world.tokens.map(({ contract }) => contract.address.toLowerCase() as Address);
    const chain = new FollowedChain(node, world, tokens.slice(-indexed));
    await chain.grow(operations);
    return chain;
  }

  /** Everybody who ever held a token. */
  holdersOf(token: Address): readonly Address[] {
    return this.world.book.everHeld(token) as Address[];
  }

  async grow(operations: number): Promise<void> {
    const { firstBlock, lastBlock } = await runOperations(this.world, operations, {
      isTraced: true,
    });
    this.operations += operations;
    this.grownBlocks += lastBlock - firstBlock + 1;
  }

  async head(): Promise<number> {
    return (await latestBlock(this.node)).number;
  }
}
