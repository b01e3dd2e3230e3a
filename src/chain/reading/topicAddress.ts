import { type Address, ZERO_ADDRESS } from '../../address.js';

/** Addresses kept before all are forgotten. */
const MOST_KNOWN = 1 << 16;

const known = new Map<string, Address>();

/**
 * The address in an indexed topic: its last 20 bytes. The same string each time, as far as
 * it is remembered: looking up a string that was looked up before is much faster.
 */
export function topicAddress(topic: string | undefined): Address {
  if (topic === undefined) return ZERO_ADDRESS;
  const before = known.get(topic);
  if (before !== undefined) return before;
  const address: Address = `0x${topic.slice(26)}`;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(topic, address);
  return address;
}
