// SPDX-License-Identifier: GPL-3.0-or-later
import { postJson } from './postJson.js';

/** One JSON-RPC call, as it goes into a batch. */
export interface RpcCall {
  method: string;
  params?: readonly unknown[];
}

interface RpcResponse {
  id: number;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** The node understood the request and refused it. */
export class RpcError extends Error {
  readonly code = 'DEVNET_RPC_REFUSED';

  constructor(
    readonly method: string,
    readonly rpcCode: number,
    readonly rpcMessage: string,
    readonly data: unknown,
  ) {
    super(`${method} was refused by the node: ${rpcMessage} (JSON-RPC code ${rpcCode})`);
    this.name = 'RpcError';
  }
}

/** The node could not be reached, or its answer was not JSON-RPC. */
export class RpcTransportError extends Error {
  readonly code = 'DEVNET_RPC_UNREACHABLE';
  readonly hint = 'Is the node still running at this URL?';

  constructor(
    readonly url: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`no JSON-RPC answer from ${url}: ${reason}`, options);
    this.name = 'RpcTransportError';
  }
}

/** A minimal JSON-RPC client over HTTP for the devnet. It does not retry: the node is ours. */
export class RpcClient {
  #lastId = 0;

  constructor(readonly url: string) {}

  /**
   * Makes one call.
   * @returns The `result` member, unchecked: the caller names the type that the method has.
   * @throws RpcError when the node refuses, RpcTransportError when there is no answer.
   */
  async call<Result = unknown>(method: string, params: readonly unknown[] = []): Promise<Result> {
    const [result] = await this.batch([{ method, params }]);
    return result as Result;
  }

  /**
   * Makes several calls in one HTTP request. The node may run them concurrently.
   * @returns The results in the order of the calls.
   * @throws RpcError for the first refused call, RpcTransportError when there is no answer.
   */
  async batch(calls: readonly RpcCall[]): Promise<unknown[]> {
    if (calls.length === 0) return [];
    const requests = calls.map(({ method, params = [] }) => {
      this.#lastId += 1;
      return { jsonrpc: '2.0', id: this.#lastId, method, params };
    });
    const answer = await this.#post(requests.length === 1 ? requests[0] : requests);
    const responses = new Map<number, RpcResponse>(
      (Array.isArray(answer) ? answer : [answer]).map((response) => [response.id, response]),
    );
    return requests.map(({ id, method }) => {
      const response = responses.get(id);
      if (response === undefined) {
        throw new RpcTransportError(this.url, `the answer to ${method} (id ${id}) is missing`);
      }
      if (response.error !== undefined) {
        const { code, message, data } = response.error;
        throw new RpcError(method, code, message, data);
      }
      return response.result;
    });
  }

  async #post(body: unknown): Promise<RpcResponse | RpcResponse[]> {
    try {
      return (await postJson(this.url, body)) as RpcResponse | RpcResponse[];
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new RpcTransportError(this.url, reason, { cause });
    }
  }
}

/** A number as JSON-RPC wants it: hexadecimal without leading zeros. */
export function toQuantity(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
