import { type Anvil, startAnvil } from '../../../devnet/anvil.js';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { SeededRandom } from '../../../devnet/random.js';
import { JUMP_BLOCKS, type RunOptions, runOperations } from '../../../devnet/randomOperations.js';
import { TokenBook } from '../../../devnet/tokenBook.js';
import { createOffering, type LivingOffering, liveSome } from '../bookLife.js';
import { rememberActors } from './actorMemory.js';
import { deployHostiles, type HostileToken, type Hostility } from './hostiles.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
/** After so many operations the reference token has had its first jump of blocks. */
const OPERATIONS_BEFORE = 60;
const RARELY_JUMPING: RunOptions = { operationsPerJump: 1_000_000_000 };
const HISTORY_BLOCKS = 30_000;
/** How far below the finalised block a deep fork begins at most. */
const DEEP_BLOCKS = 25;

/** How the chain begins. */
export interface ChainBeginning {
  readonly operationsBefore?: number;
  /**
   * Blocks of the first jump; default: more than 1000, as the reference token wants. With fewer, so many are mined before
   * there are contracts, so that no index reads them: each is as empty as the next, and one by one they take longer
   * than all others.
   */
  readonly quietBlocks?: number;
}

interface Point {
  readonly block: number;
  readonly snapshot: string;
  readonly restoreActors: () => void;
}

/**
 * A chain with a whole offering on it (revenue tokens of all kinds, oracles, collections, sales)
 * under random operations, whose newest blocks are replaced at times.
 */
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
    readonly offering: LivingOffering,
    seed: number,
    private readonly finality: number,
    /** Tokens whose books have to end. */
    readonly hostiles: readonly HostileToken[],
    private readonly jumps: RunOptions,
    /** Of the first contract. */
    readonly firstBlock: number,
  ) {
    this.random = new SeededRandom(`forks ${seed}`);
  }

  static async start(
    seed: number,
    finality: number,
    hostilities: readonly Hostility[],
    { operationsBefore = OPERATIONS_BEFORE, quietBlocks = JUMP_BLOCKS }: ChainBeginning = {},
  ): Promise<ForkingChain> {
    const node = await startAnvil({
      genesisTimestamp: GENESIS_TIMESTAMP,
      historyBlocks: HISTORY_BLOCKS,
    });
    if (quietBlocks < JUMP_BLOCKS) await mineBlocks(node, JUMP_BLOCKS);
    const firstBlock = (await latestBlock(node)).number + 1;
    const offering = await createOffering(node, seed);
    const victims = offering.world.tokens.map(({ contract }) => contract.address);
    const hostiles = await deployHostiles(node, victims, hostilities);
    const jumps = { ...RARELY_JUMPING, blocksPerJump: quietBlocks };
    const chain = new ForkingChain(node, offering, seed, finality, hostiles, jumps, firstBlock);
    await offering.world.blocks.catchUp();
    await runOperations(offering.world, operationsBefore, jumps);
    chain.operations += operationsBefore;
    await chain.remember();
    return chain;
  }

  /** Some blocks with random operations. */
  async grow(operations: number): Promise<void> {
    // A balance that is set shows in the block before until the next one is mined: no real node
    // shows such a state.
    this.gate = new Promise((resolve) => {
      this.openGate = resolve;
    });
    try {
      await liveSome(this.offering, operations, this.jumps);
    } finally {
      this.openGate();
    }
    this.operations += operations;
    await this.remember();
  }

  /**
   * Takes back some of the newest blocks; what comes next replaces them. No block that any node
   * has ever called final, unless `deep` and there is one to go back to.
   */
  async fork({ deep }: { deep: boolean }): Promise<void> {
    const { node, random, points, offering } = this;
    for (;;) {
      const head = (await latestBlock(node)).number;
      const final = this.highest - this.finality;
      const between = (from: number, to: number) =>
        points.filter(({ block }) => block >= from && block < to);
      const belowFinal = deep ? between(final - DEEP_BLOCKS, final) : [];
      const free = belowFinal.length > 0 ? belowFinal : between(final + 1, head);
      if (free.length === 0) {
        await this.grow(random.integer(1, 4));
        continue;
      }
      const { block, snapshot, restoreActors } = random.pick(free);
      points.splice(points.findIndex((other) => other.snapshot === snapshot));
      await node.rpc.call('evm_revert', [snapshot]);
      restoreActors();
      const { world } = offering;
      world.book = await TokenBook.open(
        node,
        world.tokens.map(({ contract }) => contract.address),
      );
      this.reorgs += 1;
      this.deepest = Math.max(this.deepest, head - block);
      // A node may call final what stands this far below the highest block of the new fork.
      if (block < final) this.highest = block + this.finality;
      return this.remember();
    }
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
    const restoreActors = rememberActors(this.offering);
    this.points.push({ block: number, snapshot, restoreActors });
  }
}
