import { expect, test } from 'vitest';
import { freshDatabase } from '../support/databases/postgres.js';
import { proveLive } from './live/proveLive.js';

test('no receipt that the chain does not have is ever final at a live head', async () => {
  const report = await proveLive({
    blocks: 60,
    blockMs: 0,
    seed: 7641,
    wrongEvery: 15,
    freshDatabase,
    say: () => undefined,
  });
  expect(report).toMatchObject({ payments: 180, falseReceipts: [], differences: [] });
  expect(report.untraced).toBeGreaterThan(0);
});
