import type { BlockRange } from '../endpoints/rangeLimit.js';
import type { RpcAnswer, RpcCall } from './answers.js';

/** What is asked of an endpoint although it is remembered; what it says is remembered from then on. */
export type Fresh = 'nothing' | 'headers' | 'everything';

/** Remembers what nodes answered about blocks that do not change any more. */
export interface AnswerStore {
  /** `null`: a node has to be asked. */
  get(call: RpcCall): Promise<RpcAnswer | null>;
  /** Takes note of an answer that a node has just given. */
  put(call: RpcCall, answer: RpcAnswer): void;
  /** What was answered to a method lately may be wrong. */
  distrust(method: string): void;
  /** What was answered about blocks may be wrong. */
  distrustBlocks(range: BlockRange): void;
}
