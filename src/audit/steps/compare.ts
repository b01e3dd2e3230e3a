import type { ChainViews } from '../questions/chainViews.js';
import type { AuditComparison, Question } from '../questions/question.js';

/**
 * Compares figures of the books with the chain. It asks again for each difference, call by call
 * and without Multicall3: one odd answer is not a mismatch.
 */
export async function compare(
  views: ChainViews,
  questions: readonly Question[],
): Promise<AuditComparison> {
  const differing = await findDiffering(views, questions);
  const confirmed =
    differing.length === 0
      ? []
      : await findDiffering(
          views.directly(),
          differing.map(({ question }) => question),
        );
  return {
    figures: questions.length,
    mismatches: confirmed.map(({ question, contract }) => {
      const { figure, token, account, ours } = question;
      return { figure, token, account, block: views.block.number, ours, contract };
    }),
  };
}

interface Difference {
  readonly question: Question;
  readonly contract: bigint | null;
}

async function findDiffering(
  views: ChainViews,
  questions: readonly Question[],
): Promise<Difference[]> {
  const answers = await views.read(questions.map(({ lookup }) => lookup));
  return questions.flatMap((question, index) => {
    const contract = answers[index] ?? null;
    return agrees(question, contract) ? [] : [{ question, contract }];
  });
}

/** A view that reverts where it should says 0. */
function agrees({ ours, mayRevert }: Question, contract: bigint | null): boolean {
  return contract === null ? mayRevert && ours === 0n : contract === ours;
}
