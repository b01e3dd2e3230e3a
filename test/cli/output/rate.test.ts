import { describe, expect, test } from 'vitest';
import { RateMeter } from '../../../src/cli/output/rate.js';

type Sample = readonly [ms: number, block: number];

/** How far runs of bench:sparse were after so many milliseconds: 1,500,490 blocks, 100 ms a request. */
const RANGES = recorded(`
  0:499 538:500 954:560 1490:1560 1517:2560 1823:3560 1826:4560 2111:64500 2372:384560
  2623:444500 2771:634560 2935:814500 3043:834560 3162:894500 3335:1074500 3493:1254500
  3604:1314500 3730:1434560 4365:1500989 4502:1500989
`);
const STATE = recorded(`
  0:499 541:500 958:560 1489:1560 2518:2560 2773:3560 2889:20560 2996:36560 3838:52560
  3988:68560 4120:184560 4245:284560 4357:334560 5163:384560 5295:484560 5415:584560
  5563:734560 6394:784560 6531:834560 6649:934560 6789:1084560 6906:1134560 7573:1184560
  7697:1234560 7866:1284560 8002:1384560 8648:1500989 8781:1500989
`);

/** From pairs of milliseconds and blocks. */
function recorded(text: string): Sample[] {
  return [...text.matchAll(/(\d+):(\d+)/g)].map(([, ms, block]) => [Number(ms), Number(block)]);
}

interface Said {
  readonly atMs: number;
  readonly saidMs: number;
  readonly trueMs: number;
}

/** What was said of the time left while a run was under way, and what was true. */
function saidDuring(samples: readonly Sample[]): Said[] {
  const [end = [0, 0]] = samples.slice(-1);
  const meter = new RateMeter();
  return samples.flatMap(([ms, block]) => {
    meter.add(block, 1_000_000 + ms);
    const seconds = meter.secondsFor(end[1] - block);
    if (!Number.isFinite(seconds) || block === end[1]) return [];
    return [{ atMs: ms, saidMs: seconds * 1_000, trueMs: end[0] - ms }];
  });
}

/** `blocks` a second, reported every 100 ms, after a slow start of some seconds. */
function steadyRun(seconds: number, blocks: number, slowSeconds = 0): Sample[] {
  const samples: Sample[] = [];
  let block = 0;
  for (let ms = 0; ms <= seconds * 1_000; ms += 100) {
    samples.push([ms, Math.round(block)]);
    block += (ms < slowSeconds * 1_000 ? 0.01 : 1) * (blocks / 10);
  }
  return samples;
}

describe('the time that is left', () => {
  test.each([
    ['ranges', RANGES],
    ['state', STATE],
  ])('is right within a half or two seconds whenever it is said: blocks by %s', (_, samples) => {
    for (const { saidMs, trueMs } of saidDuring(samples)) {
      expect(Math.abs(saidMs - trueMs)).toBeLessThan(Math.max(2_000, 0.5 * trueMs));
    }
  });

  test('is said from the fifth second on, although the start was slow', () => {
    expect(saidDuring(STATE)[0]?.atMs).toBeLessThan(6_000);
    for (const slowSeconds of [0, 2]) {
      const [first] = saidDuring(steadyRun(600, 5_000, slowSeconds));
      expect(first?.atMs).toBe(4_000);
      expect(first?.saidMs).toBeCloseTo(first?.trueMs ?? 0, -3);
    }
  });

  test('follows a rate that falls', () => {
    const fast = steadyRun(60, 5_000);
    const [, reached = 0] = fast.at(-1) ?? [];
    const slow = steadyRun(60, 500).map(([ms, block]): Sample => [60_000 + ms, reached + block]);
    const late = saidDuring([...fast, ...slow.slice(1)]).filter(({ atMs }) => atMs > 75_000);
    for (const { saidMs, trueMs } of late) {
      expect(Math.abs(saidMs - trueMs)).toBeLessThan(1_000);
    }
  });

  test('is nothing at the end, and unknown where nothing moves', () => {
    const meter = new RateMeter();
    for (let ms = 0; ms <= 20_000; ms += 1_000) meter.add(7, ms);
    expect(meter.secondsFor(0)).toBe(0);
    expect(meter.secondsFor(3)).toBe(Number.POSITIVE_INFINITY);
  });
});
