import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DemoWorld } from './demo/demoWorld.js';
import { describeLive } from './demo/describeLive.js';
import { describePieces } from './demo/describePieces.js';
import { describeReading } from './demo/describeReading.js';
import { describeViews } from './demo/describeViews.js';
import { describeWallet } from './demo/describeWallet.js';

/** Each test takes holders of its own: none depends on what another did to its holder. */
const PERSONS = 21;

let world: DemoWorld;
/** Of the test, in the middle of what the console is expected to say. */
const expected: RegExp[] = [];

beforeAll(async () => {
  const other = createServer();
  // If another program has the usual port already, that serves as well.
  const isTaken = new Promise<void>((resolve) => {
    other.once('listening', resolve).once('error', () => resolve());
  });
  other.listen(4350, '127.0.0.1');
  await isTaken;
  world = await DemoWorld.start(PERSONS);
  other.close();
});
// The demo ends with code 0, and leaves nothing.
afterAll(() => world?.stop());

beforeEach(async () => {
  expected.splice(0);
  await world.open();
});
afterEach(() => world.close(expected));

const ofDemo = () => world;

test('demo follows the living chain, at a free port if the usual one is taken', async () => {
  const { demo, storyBlock } = world;
  expect(demo.output()).toContain('port 4350 is in use');
  expect(demo.output()).toMatch(/^ {2}http:\/\/127\.0\.0\.1:\d+\/holders\/0x[\da-fA-F]{40}$/m);
  expect(storyBlock).toBeGreaterThan(1_000);
  await demo.waitFor(/block [\d,]+ indexed, \d+ new entries/);
});

describeReading(ofDemo);
describeWallet(ofDemo);
describeLive(ofDemo, expected);
describeViews(ofDemo);
describePieces(ofDemo, expected);
