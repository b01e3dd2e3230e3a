import { setTimeout as delay } from 'node:timers/promises';
import type { RequestRun } from '../limits/turns/requestRun.js';
import type { MinBlocks } from './minBlocks.js';
import type { ReadServers } from './readServers.js';

/** Pauses before the second and the third attempt. */
const PAUSES_MS = [20, 200];

/** Codes of errors that another server, or the same one a moment later, may not have. */
const PASSING = new Set(['DATABASE_UNAVAILABLE', 'DATABASE_MOVED']);
/** The same, of a replica that is behind. */
const BEHIND = new Set(['BLOCK_NOT_INDEXED', 'MIN_BLOCK_NOT_REACHED', 'NOTHING_INDEXED']);

/**
 * Answers a request from one server after the other, until one has the whole answer. Reads change
 * nothing, so each attempt starts from the beginning.
 *
 * @param answer one attempt; it returns its errors, or throws them
 * @param codesOf the codes of the errors of an answer, or of what was thrown
 * @throws ImoError `MIN_BLOCK_NOT_REACHED`, and what the last attempt throws
 */
export async function inAttempts<Answer>(
  servers: ReadServers,
  run: RequestRun,
  wanted: MinBlocks,
  answer: () => Promise<Answer>,
  codesOf: (result: { readonly value: Answer } | { readonly error: unknown }) => readonly string[],
): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    await servers.place(run, wanted, attempt > 0);
    const result = await answer().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const codes = codesOf(result);
    const isPassing = codes.some((code) => PASSING.has(code));
    const isBehind = servers.hasOthers(run) && codes.some((code) => BEHIND.has(code));
    const pause = PAUSES_MS[attempt];
    if (pause === undefined || run.isStopped || !(isPassing || isBehind)) {
      if ('value' in result) return result.value;
      throw result.error;
    }
    await delay(pause);
  }
}
