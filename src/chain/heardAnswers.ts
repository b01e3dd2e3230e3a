import { createHash } from 'node:crypto';

/** A question about the state of one block, and the hash of its answer. */
export interface HeardAnswer {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly hash: string;
}

interface Heard {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly answer: string;
}

/** Questions about the state of contracts. */
const STATE_METHODS = new Set(['eth_call', 'eth_getBalance', 'eth_getCode', 'eth_getStorageAt']);
const REMEMBERED_AT_MOST = 5_000;
/** Answers about one contract. */
const OF_ONE_AT_MOST = 200;
/** Longer questions are forgotten, and of longer answers the hash is kept, in characters. */
const LONG = 2_000;

/**
 * The newest answers of nodes about states. When the books of a contract end, they tell what ended them:
 * if nodes answer otherwise later, its blocks are worth reading again.
 */
export class HeardAnswers {
  private readonly heard: Heard[] = [];
  private next = 0;

  /** @param answers as the node gave them; anything that is not text counts as a revert */
  note(
    method: string,
    questions: readonly (readonly unknown[])[],
    answers: readonly unknown[],
  ): void {
    if (!STATE_METHODS.has(method)) return;
    for (const [index, params] of questions.entries()) {
      if (isLong(params)) continue;
      this.heard[this.next] = { method, params, answer: textOf(answers[index]) };
      this.next = (this.next + 1) % REMEMBERED_AT_MOST;
    }
  }

  /** The newest answers that concern an address, the newest first. */
  about(address: string): HeardAnswer[] {
    const name = address.slice(2).toLowerCase();
    const found = new Map<string, HeardAnswer>();
    const newestFirst = [...this.heard.slice(this.next), ...this.heard.slice(0, this.next)];
    for (const { method, params, answer } of newestFirst.reverse()) {
      const question = JSON.stringify([method, params]).toLowerCase();
      if (!question.includes(name) || question.includes('"latest"') || found.has(question))
        continue;
      found.set(question, { method, params, hash: hashOf(answer) });
      if (found.size === OF_ONE_AT_MOST) break;
    }
    return [...found.values()];
  }
}

/** SHA-256 of an answer as `HeardAnswers` notes it. */
export function answerHash(answer: unknown): string {
  return hashOf(textOf(answer));
}

function textOf(answer: unknown): string {
  const text = typeof answer === 'string' ? answer.toLowerCase() : 'reverted';
  return text.length > LONG ? hashOf(text) : text;
}

/** The hash of a long answer is its hash, however often it is taken. */
function hashOf(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? text : createHash('sha256').update(text).digest('hex');
}

function isLong(params: readonly unknown[]): boolean {
  const [call] = params;
  const data: unknown = typeof call === 'object' && call !== null && 'data' in call && call.data;
  return typeof data === 'string' && data.length > LONG;
}
