import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { readGasPrice } from '../../chain/oracle/modelView.js';
import type { ModelRequest, OracleOperation } from '../../chain/oracle/operation.js';

/** What one block did to an oracle. */
export interface OracleBlock {
  readonly height: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly operations: readonly OracleOperation[];
}

/**
 * Knows the gas price of an oracle. No log and no argument carries it: a result sets it to the
 * gas price of its own transaction. So it is read with `gasPrice()` at the end of a block, and
 * what a request was charged is exact unless it lies between two calls of one block that can
 * have changed it, or inside one.
 */
export class OracleGas {
  /** The price at the end of the last block seen, once somebody asked for it. */
  private current: Promise<bigint | null> | null = null;

  constructor(
    private readonly node: ChainNode,
    private readonly oracle: Address,
  ) {}

  /** `gasPrice*gasLimit` of each request in wei; `null` where the price is not known. */
  async gasParts(blocks: readonly OracleBlock[]): Promise<Map<ModelRequest, bigint | null>> {
    const parts = blocks.flatMap((block) => this.partsOfBlock(block));
    return new Map(await Promise.all(parts));
  }

  private partsOfBlock(block: OracleBlock): Promise<[ModelRequest, bigint | null]>[] {
    const calls = block.operations.filter(isGasPriceCall);
    const total = calls.length / 2;
    let entered = 0;
    let left = 0;
    let before = this.current;
    let after: Promise<bigint | null> | null = null;
    const parts = block.operations.flatMap((operation) => {
      if (operation.kind === 'gasPriceCall') {
        if (operation.phase === 'entered') entered++;
        else left++;
      }
      if (operation.kind !== 'request') return [];
      if (operation.gasLimit === 0n) return [partOf(operation, Promise.resolve(0n))];
      if (entered === 0) {
        before ??= this.read(block.parentHash);
        return [partOf(operation, before)];
      }
      if (left < total) return [partOf(operation, Promise.resolve(null))];
      after ??= this.read(block.hash);
      return [partOf(operation, after)];
    });
    this.current = total === 0 ? before : after;
    return parts;
  }

  private read(hash: string): Promise<bigint | null> {
    return readGasPrice(this.node, this.oracle, { hash });
  }
}

async function partOf(
  request: ModelRequest,
  price: Promise<bigint | null>,
): Promise<[ModelRequest, bigint | null]> {
  const gasPrice = await price;
  return [request, gasPrice === null ? null : gasPrice * request.gasLimit];
}

function isGasPriceCall({ kind }: OracleOperation): boolean {
  return kind === 'gasPriceCall';
}
