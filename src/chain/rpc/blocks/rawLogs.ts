import type { Address } from '../../../address.js';
import { type Word, wordOf } from '../connection/words.js';
import { LogBloom } from './bloom.js';

const HEX = /^0x[0-9a-fA-F]*$/;
const LOWER_HEX = /^0x[0-9a-f]*$/;

/** A log as nodes write it, as far as it is read; all hex in lower case once it is. */
export interface RawLog {
  address: string;
  topics: string[];
  data: string;
  logIndex: string;
  transactionIndex: string;
  transactionHash: string;
  /** What each topic holds if it is an address. */
  topicAddresses: Address[];
}

/**
 * Reads the logs of a block as a node sent them, and adds addresses and topics to `bloom`. It
 * puts each of these into lower case and replaces it by its one shared string.
 *
 * @throws TypeError that names the value that is not a log, or the field that is not valid.
 */
export function readRawLogs(logs: readonly object[], bloom: LogBloom): asserts logs is RawLog[] {
  let before: RawLog | null = null;
  // Neighbours often have the contract, the event and the transaction in common: these are
  // read once.
  let address: Word | null = null;
  let event: Word | null = null;
  for (const log of logs) {
    assertShape(log);
    if (address === null || log.address !== address.text) {
      address = known(log.address, 'address');
      bloom.add(address);
    }
    log.address = address.text;
    const { topics } = log;
    const topicAddresses: Address[] = [];
    for (let index = 0; index < topics.length; index++) {
      const topic = topics[index];
      if (index === 0 && event !== null && topic === event.text) {
        topics[0] = event.text;
        topicAddresses.push(event.address);
        continue;
      }
      const word = known(topic, 'topics');
      if (index === 0) event = word;
      bloom.add(word);
      topics[index] = word.text;
      topicAddresses.push(word.address);
    }
    log.topicAddresses = topicAddresses;
    log.transactionHash =
      log.transactionHash === before?.transactionHash
        ? before.transactionHash
        : lowerHex(log.transactionHash, 'transactionHash');
    log.data = lowerHex(log.data, 'data');
    assertPlace(log.logIndex, 'logIndex');
    assertPlace(log.transactionIndex, 'transactionIndex');
    before = log;
  }
}

function assertShape(log: object): asserts log is RawLog {
  if (log === null || typeof log !== 'object') throw new TypeError('something that is not a log');
  const { address, topics, data, transactionHash } = log as Partial<RawLog>;
  if (typeof address !== 'string') throw noLog('address', address);
  if (!Array.isArray(topics)) throw noLog('topics', topics);
  if (typeof data !== 'string') throw noLog('data', data);
  if (typeof transactionHash !== 'string') throw noLog('transactionHash', transactionHash);
}

function known(written: unknown, field: string): Word {
  const word = typeof written === 'string' ? wordOf(written) : null;
  if (word === null) throw noLog(field, written);
  return word;
}

/** Nearly all nodes write lower case: then nothing is copied. */
function lowerHex(written: string, field: string): string {
  if (LOWER_HEX.test(written)) return written;
  if (HEX.test(written)) return written.toLowerCase();
  throw noLog(field, written);
}

/** A place in the block: a whole number in hex. */
function assertPlace(written: unknown, field: string): void {
  if (typeof written === 'string' && HEX.test(written) && Number.isSafeInteger(Number(written))) {
    return;
  }
  throw noLog(field, written);
}

function noLog(field: string, value: unknown): TypeError {
  return new TypeError(`a log whose ${field} is ${JSON.stringify(value) ?? 'missing'}`);
}
