import { expect, test } from 'vitest';
import { runFuzz } from '../../prove/fuzz/runFuzz.js';
import { openScenario } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { askData, loggerInto, startTestApi } from '../support.js';

/** Every seed that once found something, and one. */
const SEEDS = [1, 7];

test.each(SEEDS)('nothing that clients send breaks the server, seed %i', async (seed) => {
  const url = await freshDatabase();
  const books = await openScenario(url);
  const api = await startTestApi(url, { logger: loggerInto([]) });
  const { violations, statuses } = await runFuzz(api, { requests: 250, seed });
  expect(violations).toEqual([]);
  // A few hostile requests are valid: without them, only the refusals would be tried.
  expect(statuses.get('200')).toBeGreaterThan(10);
  expect(await askData(api, '{ tokens { totalCount } }')).toEqual({ tokens: { totalCount: 3 } });
  await api.close();
  await books.close();
});
