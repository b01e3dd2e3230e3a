import { type Anvil, startAnvil } from '../../../devnet/anvil.js';
import { latestBlock } from '../../../devnet/chain.js';
import { SeededRandom } from '../../../devnet/random.js';
import { createWorld, runOperations, type World } from '../../../devnet/randomOperations.js';
import { TokenBook } from '../../../devnet/tokenBook.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
/** After so many operations the reference token has had its first jump of blocks. */
const OPERATIONS_BEFORE = 60;
const NO_MORE_JUMPS = 1_000_000_000;
const HISTORY_BLOCKS = 30_000;
/** How far below the finalised block a deep fork begins at most. */
const DEEP_BLOCKS = 25;

interface Point {
  readonly block: number;
  readonly snapshot: string;
}

/** A chain of random operations on revenue tokens whose newest blocks are replaced at times. */
export class ForkingChain {
  /** Settles when what nodes are asked may be answered. */
  gate: Promise<void> = Promise.resolve();
  private openGate: () => void = () => undefined;
  operations = 0;
  reorgs = 0;
  deepest = 0;
  private readonly random: SeededRandom;
  private readonly points: Point[] = [];
  private highest = 0;

  private constructor(
    readonly node: Anvil,
    readonly world: World,
    seed: number,
    private readonly finality: number,
  ) {
    this.random = new SeededRandom(`forks ${seed}`);
  }

  static async start(seed: number, finality: number): Promise<ForkingChain> {
    const node = await startAnvil({
      genesisTimestamp: GENESIS_TIMESTAMP,
      historyBlocks: HISTORY_BLOCKS,
    });
    const world = await createWorld(node, { seed });
    const chain = new ForkingChain(node, world, seed, finality);
    await chain.grow(OPERATIONS_BEFORE);
    return chain;
  }

  /** Some blocks with random operations. */
  async grow(operations: number): Promise<void> {
    const { world } = this;
    // A balance that is set shows in the block before until the next one is mined: no real node
    // shows such a state.
    this.gate = new Promise((resolve) => {
      this.openGate = resolve;
    });
    try {
      await runOperations(world, operations, { operationsPerJump: NO_MORE_JUMPS });
    } finally {
      this.openGate();
    }
    this.operations += operations;
    await this.remember();
  }

  /**
   * Takes back some of the newest blocks; what comes next replaces them. No block that any
   * node has ever called final, unless `deep`.
   */
  async fork({ deep }: { deep: boolean }): Promise<void> {
    const { node, world, random, points } = this;
    const head = (await latestBlock(node)).number;
    const final = this.highest - this.finality;
    const lowest = deep ? final - DEEP_BLOCKS : final + 1;
    const free = points.filter(({ block }) => block >= lowest && block < (deep ? final : head));
    if (free.length === 0) return;
    const { block, snapshot } = random.pick(free);
    points.splice(points.findIndex((other) => other.snapshot === snapshot));
    await node.rpc.call('evm_revert', [snapshot]);
    await world.blocks.catchUp();
    const addresses = world.tokens.map(({ contract }) => contract.address);
    world.book = await TokenBook.open(node, addresses);
    world.triedClaims.clear();
    this.reorgs += 1;
    this.deepest = Math.max(this.deepest, head - block);
    if (deep) this.highest = block + this.finality;
    await this.remember();
  }

  /** Grows until no node has seen a higher block, so that every node follows. */
  async settle(): Promise<number> {
    const before = this.highest;
    while ((await latestBlock(this.node)).number <= before) await this.grow(2);
    return (await latestBlock(this.node)).number;
  }

  private async remember(): Promise<void> {
    const { number } = await latestBlock(this.node);
    this.highest = Math.max(this.highest, number);
    if (this.points.at(-1)?.block === number) return;
    const snapshot = await this.node.rpc.call<string>('evm_snapshot');
    this.points.push({ block: number, snapshot });
  }
}
