import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApiSchema } from '../../../src/api/schema.js';
import type { RunningApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';
import { askHonestly } from '../../prove/attack/honest.js';
import { runAttack } from '../../prove/attack/runAttack.js';
import type { Books } from '../../store/read/books.js';
import { ALICE, BOB, openScenario, REFERENCE, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { loggerInto, startTestApi } from '../support.js';

const QUESTIONS = 12;
const SEED = 7;

let books: Books;
let api: RunningApi;

beforeAll(async () => {
  const url = await freshDatabase();
  books = await openScenario(url);
  const serving = servingField('.').parse({ trustedProxies: ['loopback'] });
  api = await startTestApi(url, { serving, logger: loggerInto([]) });
});
afterAll(async () => {
  await api.close();
  await books.close();
});

test('an honest client gets all of its answers while others attack the server', async () => {
  const accounts = [ALICE, BOB];
  let isOver = false;
  const asked = askHonestly({ url: api.url, accounts, questions: QUESTIONS, seed: SEED });
  const attacked = runAttack({
    url: api.url,
    schema: buildApiSchema(),
    books: { chainId: 1, tokens: [WINDOWED, REFERENCE], accounts, headBlock: 55 },
    isOver: () => isOver,
    seed: SEED,
    attackers: 2,
  });
  const honest = await asked;
  isOver = true;
  const { outcomes, attacks } = await attacked;
  expect(honest.refused).toEqual([]);
  expect(honest.requests).toBe(QUESTIONS);
  expect(attacks).toBeGreaterThan(0);
  // Refusals say why, and nothing fails inside.
  for (const outcome of outcomes.keys()) expect(outcome).not.toMatch(/^5|INTERNAL/);
});
