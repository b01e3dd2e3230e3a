import { id } from 'ethers';
import type { Chain } from '../../devnet/anvil.js';
import { RpcError, toQuantity } from '../../devnet/rpc.js';
import type { BuiltChain } from './buildChain.js';
import type { JsonRpcRequest, JsonRpcResponse } from './jsonRpc.js';

/** What the token answers at every block as it does now: its terms, and switches that it does not have. */
const CONSTANT = new Set(
  [
    'percentClaimable()',
    'SNAPSHOT_CLAIMABLE_NUMBER()',
    'snapshotInterval()',
    'paused()',
    'claimPaused()',
    'claimsPaused()',
    'claimEnabled()',
    'claimsEnabled()',
  ].map((signature) => id(signature).slice(0, 10)),
);

/** The first two parameters of eth_getBalance, eth_getCode and eth_call. */
type StateParams = readonly [subject: unknown, block: unknown];

/** What was noted of the token's old state: its ETH, its code and its views at the deployment. */
export class OldState {
  readonly #numbers = new Map<string, number>();

  constructor(
    private readonly node: Chain,
    private readonly chain: BuiltChain,
  ) {}

  /** Answers one call; from the notes if it is about an old block, else by the node. */
  async answer({ id: answerId, method, params }: JsonRpcRequest): Promise<JsonRpcResponse> {
    try {
      const [subject, tag] = params as StateParams;
      const block = await this.#numberOf(tag);
      const result =
        block === null || block >= this.chain.headBlock
          ? await this.node.rpc.call(method, params)
          : await this.#remembered(method, subject, block);
      return { jsonrpc: '2.0', id: answerId, result };
    } catch (error) {
      const code = error instanceof RpcError ? error.rpcCode : -32000;
      const message = error instanceof Error ? error.message : String(error);
      return { jsonrpc: '2.0', id: answerId, error: { code, message } };
    }
  }

  async #remembered(method: string, subject: unknown, block: number): Promise<unknown> {
    const { token, deploymentBlock, viewsAtDeployment } = this.chain;
    const { to = subject, data = '' } = subject as { to?: unknown; data?: string };
    if (String(to).toLowerCase() !== token) throw new Error(`nothing is noted of ${to}`);
    switch (method) {
      case 'eth_getBalance':
        return toQuantity(this.#balanceAt(block));
      case 'eth_getCode':
        return block < deploymentBlock ? '0x' : this.node.rpc.call(method, [token, 'latest']);
      default: {
        const known = viewsAtDeployment[data];
        if (block >= deploymentBlock && CONSTANT.has(data)) {
          return this.node.rpc.call(method, [{ to: token, data }, 'latest']);
        }
        if (block === deploymentBlock && known !== undefined) return known;
        throw new Error(`execution of ${data} at block ${block}: its state is pruned`);
      }
    }
  }

  /** The token's ETH at the end of a block, in wei. */
  #balanceAt(block: number): bigint {
    const since = this.chain.balanceHistory.findLast(([first]) => first <= block);
    return BigInt(since?.[1] ?? 0);
  }

  /** `null` for tags such as `latest`. */
  async #numberOf(tag: unknown): Promise<number | null> {
    if (typeof tag === 'object' && tag !== null && 'blockHash' in tag) {
      return this.#numberOfHash(String(tag.blockHash));
    }
    return typeof tag === 'string' && tag.startsWith('0x') ? Number(tag) : null;
  }

  async #numberOfHash(hash: string): Promise<number> {
    const known = this.#numbers.get(hash);
    if (known !== undefined) return known;
    const block = await this.node.rpc.call<{ number: string } | null>('eth_getBlockByHash', [
      hash,
      false,
    ]);
    if (block === null) throw new Error(`there is no block ${hash}`);
    this.#numbers.set(hash, Number(block.number));
    return Number(block.number);
  }
}
