import { ImoError } from '../../errors.js';
import type { TransactionRecord } from '../reading/tree/frames.js';
import type { SaleContract } from './adapter.js';

/** A log as the generated codecs take it. */
export interface SaleLog {
  readonly topics: string[];
  readonly data: string;
}

/**
 * The logs of the sale with one of the topics, in order.
 *
 * @param topicCounts how many topics a log with that first topic may have: a different number
 *   of indexed fields is another event of the same name.
 * @throws ImoError `SALE_EVENT_SHAPE` for such another event: skipping it would leave its
 *   money out.
 */
export function logsOf(
  record: TransactionRecord,
  sale: SaleContract,
  topicCounts: ReadonlyMap<string, readonly number[]>,
): SaleLog[] {
  const found: SaleLog[] = [];
  for (const { address, topics, data } of record.logs) {
    const expected = topicCounts.get(topics[0] ?? '');
    if (address !== sale.address || expected === undefined) continue;
    if (!expected.includes(topics.length)) {
      throw new ImoError(
        'SALE_EVENT_SHAPE',
        `sale ${sale.address} logged ${topics[0]} with ${topics.length} topics in place of ` +
          `${expected.join(' or ')} (transaction ${record.transactionHash})`,
        'Its event has other indexed fields: describe the sale as `kind: custom` with its ABI.',
      );
    }
    found.push({ topics: [...topics], data });
  }
  return found;
}

/**
 * What a log says.
 *
 * @throws ImoError `SALE_EVENT_SHAPE` if its fields are not those of the ABI.
 */
export function decodeLog<Fields>(
  record: TransactionRecord,
  sale: SaleContract,
  log: SaleLog,
  decode: (log: SaleLog) => Fields,
): Fields {
  try {
    return decode(log);
  } catch (cause) {
    throw new ImoError(
      'SALE_EVENT_SHAPE',
      `a log ${log.topics[0]} of sale ${sale.address} cannot be decoded (transaction ${record.transactionHash})`,
      'Its event has other fields: describe the sale as `kind: custom` with its ABI.',
      { cause },
    );
  }
}
