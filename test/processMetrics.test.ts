import { expect, test } from 'vitest';
import { newRegistry } from '../src/processMetrics.js';

test('the metrics of the process are measured once, for every server that shows them', async () => {
  const [first, second] = [newRegistry(), newRegistry()];
  expect(second).not.toBe(first);
  const lag = 'nodejs_eventloop_lag_seconds';
  expect(await second.metrics()).toContain(`${lag} `);
  expect(second.getSingleMetric(lag)).toBe(first.getSingleMetric(lag));
});
