import type { CallOptions } from '@subsquid/rpc-client';

interface Foreseen {
  readonly answer: Promise<unknown>;
  readonly validateError: CallOptions['validateError'];
}

/** Questions that nobody came for are forgotten with the next ones. */
const REMEMBERED_AT_MOST = 5_000;

/**
 * Questions to a node that were asked before the code that needs the answers came to them: of a far node, each round of
 * questions costs its way. Each answer serves one question. Who asks again wants another answer.
 */
export class ForeseenAnswers {
  private readonly answers = new Map<string, Foreseen>();

  /** @param asked what the questions will be answered with, in their order */
  add(
    method: string,
    questions: readonly (readonly unknown[])[],
    options: CallOptions | undefined,
    asked: Promise<readonly unknown[]>,
  ): void {
    if (this.answers.size > REMEMBERED_AT_MOST) this.answers.clear();
    for (const [index, params] of questions.entries()) {
      const answer = asked.then((answers) => answers[index]);
      // Then the code that needs it asks by itself.
      answer.catch(() => undefined);
      this.answers.set(keyOf(method, params), { answer, validateError: options?.validateError });
    }
  }

  /** Nobody comes any more for what is left: the same block number may be that of another block soon. */
  forget(): void {
    this.answers.clear();
  }

  /**
   * Answers in the order of the questions.
   *
   * @param ask asks those that were not foreseen, or not answered
   */
  async take<Params extends readonly unknown[]>(
    method: string,
    questions: readonly Params[],
    options: CallOptions | undefined,
    ask: (questions: readonly Params[]) => Promise<readonly unknown[]>,
  ): Promise<readonly unknown[]> {
    if (this.answers.size === 0) return ask(questions);
    const foreseen = questions.map((params) => this.takeOne(method, params, options));
    const rest = questions.filter((_, index) => foreseen[index] === undefined);
    if (rest.length === questions.length) return ask(questions);
    const asking = rest.length === 0 ? [] : ask(rest);
    try {
      const [others, ...known] = await Promise.all([asking, ...foreseen]);
      let next = 0;
      return foreseen.map((one, index) => (one === undefined ? others[next++] : known[index]));
    } catch {
      return ask(questions);
    }
  }

  private takeOne(
    method: string,
    params: readonly unknown[],
    options: CallOptions | undefined,
  ): Promise<unknown> | undefined {
    const key = keyOf(method, params);
    const found = this.answers.get(key);
    if (found === undefined || found.validateError !== options?.validateError) return undefined;
    this.answers.delete(key);
    return found.answer;
  }
}

function keyOf(method: string, params: readonly unknown[]): string {
  return `${method} ${JSON.stringify(params)}`;
}
