/** An error of JSON-RPC. */
export class RpcFault extends Error {
  override readonly name = 'RpcFault';

  constructor(
    readonly code: number,
    message: string,
    readonly data?: string,
  ) {
    super(message);
  }
}

export const INVALID_PARAMS = -32_602;
export const SERVER_ERROR = -32_000;
