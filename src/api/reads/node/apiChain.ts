/** A configured chain. */
export interface ApiChain {
  /** EIP-155 chain id. */
  readonly id: number;
  readonly name: string;
  /** May contain a key: never shown, never logged. */
  readonly rpcUrl: string;
  /** More endpoints, for when the first one does not answer; secret like it. */
  readonly fallbackRpcUrls?: readonly string[];
  /** URL of a block explorer, for links; `null` or left out: none. */
  readonly explorer?: string | null;
}
