import { expect, test } from 'vitest';
import type { Mismatch } from '../../src/audit/questions/question.js';
import { PartsAhead } from '../../src/audit/steps/partsAhead.js';

/** Steps with so many parts each, and the order in which they start and are compared. */
function pages(sizes: readonly number[]) {
  const events: string[] = [];
  const answers: ((mismatches?: readonly Mismatch[]) => void)[] = [];
  const start = async (step: number, after: string | null) => {
    const page = Number(after ?? 0) + 1;
    events.push(`start ${step}.${page}`);
    const comparison = new Promise<{ figures: number; mismatches: readonly Mismatch[] }>(
      (resolve) => {
        answers.push((mismatches = []) => resolve({ figures: page, mismatches }));
      },
    );
    const isLast = page >= (sizes[step] ?? 0);
    return { comparison, notCompared: [], accounts: 1, next: isLast ? null : String(page) };
  };
  return { events, answers, start, steps: sizes.map((_, index) => index) };
}

test('an audit has several pages under way, also of the next contract, and takes them in order', async () => {
  const { events, answers, start, steps } = pages([2, 1, 2]);
  const parts = new PartsAhead(3, steps, { step: 0, after: null }, start);
  const first = await parts.next();
  expect(events).toEqual(['start 0.1', 'start 0.2', 'start 1.1']);
  // The node answers about a later page first.
  for (const answer of answers.toReversed()) answer();
  expect([first?.step, (await first?.part.comparison)?.figures]).toEqual([0, 1]);
  const rest: [number, string | null][] = [];
  for (let part = await parts.next(); part !== null; part = await parts.next()) {
    rest.push([part.step, part.part.next]);
  }
  expect(rest).toEqual([
    [0, null],
    [1, null],
    [2, '1'],
    [2, null],
  ]);
});

test('an audit that resumes starts after the last page that was compared', async () => {
  const { events, start, steps } = pages([3, 1]);
  const parts = new PartsAhead(9, steps, { step: 0, after: '2' }, start);
  await parts.next();
  expect(events).toEqual(['start 0.3', 'start 1.1']);
});

test('the failure of a page that is under way is thrown when its turn comes', async () => {
  const parts = new PartsAhead(2, [0, 1], { step: 0, after: null }, async (step) => ({
    comparison:
      step === 0 ? { figures: 1, mismatches: [] } : Promise.reject(new Error('no such state')),
    ...{ notCompared: [], accounts: 1, next: null },
  }));
  const first = await parts.next();
  expect(await first?.part.comparison).toEqual({ figures: 1, mismatches: [] });
  const second = await parts.next();
  await expect(second?.part.comparison).rejects.toThrow('no such state');
});
