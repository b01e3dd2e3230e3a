/**
 * Loaded into every contender with `node --import`: says at its end what it has used. So the
 * contenders need not know that they are measured.
 */
import { writeFileSync } from 'node:fs';

/** What a contender used until its end. */
export interface ProcessUsage {
  /** User and system time of all its threads. */
  readonly cpuSeconds: number;
  /** Most resident memory at any time. */
  readonly peakMegabytes: number;
}

const file = process.env.BENCH_USAGE_FILE;
if (file !== undefined) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage: ProcessUsage = {
      cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
      peakMegabytes: maxRSS / 1024,
    };
    writeFileSync(file, JSON.stringify(usage));
  });
}
