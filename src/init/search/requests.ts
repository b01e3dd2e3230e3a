import type { Address } from '../../address.js';
import { REQUEST_TOPICS, readRequestLog } from '../../chain/collection/requestLogs.js';
import type { Subject } from '../node/subject.js';
import { searchLogs } from './logs.js';

/** Models that were asked, by oracle. */
export type AskedModels = ReadonlyMap<Address, ReadonlySet<bigint>>;

const ENOUGH_REQUESTS = 20_000;

/**
 * Finds contracts that logged requests like an AI oracle, with the models that were asked.
 *
 * @param oracle only this one; `null`: any
 */
export async function findRequests(
  subject: Subject,
  oracle: Address | null,
  from: number,
): Promise<AskedModels> {
  const { head, progress, note } = subject;
  progress(`${oracle ?? 'AI oracles'}: requests to models`);
  const filter = { ...(oracle === null ? {} : { address: oracle }), topics: [REQUEST_TOPICS] };
  const { items, to, isWhole } = await searchLogs(
    subject,
    filter,
    { from, to: head },
    ENOUGH_REQUESTS,
  );
  if (!isWhole) note(`requests to AI oracles were searched up to block ${to} only`);
  const asked = new Map<Address, Set<bigint>>();
  for (const { address, topics, data } of items) {
    const request = readRequestLog({ address, topics, data, logIndex: 0 });
    if (request === null) continue;
    asked.set(address, (asked.get(address) ?? new Set()).add(request.modelId));
  }
  return asked;
}
