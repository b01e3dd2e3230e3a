/** Stands before a node. */
export interface Front {
  readonly url: string;
  stop(): Promise<void>;
}
