import { RpcClient, RpcError } from '@subsquid/rpc-client';
import { z } from 'zod';
import { functions } from '../abi/erc7641.js';
import type { Address } from '../address.js';

/** A transaction that nobody has sent. */
export interface UnsentTransaction {
  readonly from: Address;
  readonly to: Address;
  readonly data: string;
  /** In wei. */
  readonly valueWei: bigint;
}

/** What a node thinks of a transaction: the gas it takes, or why it would fail. */
export type GasEstimate =
  | { readonly gas: bigint; readonly unavailable: null }
  | { readonly gas: null; readonly unavailable: string };

const quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]+$/)
  .transform(BigInt);

const REVERTED = /revert|invalid opcode|out of gas|execution|evm error|exceeds allowance/i;
/** No snapshot has this id: whatever looks at the ids of a claimBatch refuses it. */
const IMPOSSIBLE_ID = 2n ** 256n - 1n;
const REASON_CHARACTERS = 160;

/**
 * Asks a node what transactions would do at its head. Patience is short: somebody waits for the
 * answer, and can do without. Nothing that it throws or returns contains the URL of the node.
 */
export class DryRun {
  private readonly client: RpcClient;

  constructor(rpcUrl: string, timeoutMs: number) {
    this.client = new RpcClient({
      url: rpcUrl,
      capacity: 2,
      maxBatchCallSize: 100,
      requestTimeout: timeoutMs,
      retryAttempts: 0,
      log: null,
    });
  }

  /**
   * Gas of each transaction by itself, in the order given (`eth_estimateGas`).
   *
   * @throws Error if the node does not answer
   */
  async estimateGas(transactions: readonly UnsentTransaction[]): Promise<GasEstimate[]> {
    const answers: unknown[] = await this.client.batchCall(
      transactions.map(({ from, to, data, valueWei }) => ({
        method: 'eth_estimateGas',
        params: [{ from, to, data, value: `0x${valueWei.toString(16)}` }],
      })),
      { validateError: refusalOf },
    );
    return answers.map((answer): GasEstimate => {
      if (answer instanceof Refusal) return { gas: null, unavailable: answer.reason };
      const parsed = quantity.safeParse(answer);
      return parsed.success
        ? { gas: parsed.data, unavailable: null }
        : { gas: null, unavailable: 'the node did not answer with an amount of gas' };
    });
  }

  /**
   * Whether a token has `claimBatch(uint256[])`: it lets an empty list pass and refuses an
   * impossible id. A fallback function would treat both alike.
   *
   * @throws Error if the node does not answer
   */
  async hasClaimBatch(token: Address): Promise<boolean> {
    const batchOf = (snapshotIds: bigint[]) => ({
      method: 'eth_call',
      params: [{ to: token, data: functions.claimBatch.encode({ snapshotIds }) }, 'latest'],
    });
    const [empty, impossible]: unknown[] = await this.client.batchCall(
      [batchOf([]), batchOf([IMPOSSIBLE_ID])],
      { validateError: refusalOf },
    );
    return !(empty instanceof Refusal) && impossible instanceof Refusal;
  }

  close(): void {
    this.client.close();
  }
}

/** The node ran the call, and it failed. */
class Refusal {
  constructor(readonly reason: string) {}
}

/** A revert is an answer; a node that gave up on the call has not answered. */
function refusalOf(error: ConstructorParameters<typeof RpcError>[0]): Refusal {
  const { message } = error;
  if (!REVERTED.test(message) || /time.?out|timed out|abort/i.test(message)) {
    throw new RpcError(error);
  }
  // What a contract says may be anything, URLs included.
  const reason = message.replace(/\S+:\/\/\S+/g, '…').replace(/[^\x20-\x7e]+/g, ' ');
  return new Refusal(`it would fail: ${reason.slice(0, REASON_CHARACTERS)}`);
}
