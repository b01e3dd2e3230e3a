import { expect } from 'vitest';

/** Often enough for what a page shows: each look costs the browser and the test. */
const EVERY_MS = 100;

/** Waits until the page shows what is expected. */
export const expectShown: typeof expect.poll = (look, options) =>
  expect.poll(look, { interval: EVERY_MS, ...options });
