import type { EventFragment } from 'ethers';
import { describedEvent, eventFieldProblem, type MappingProblem } from '../mapping/abi.js';
import type { MappingKey } from './mappingKinds.js';

/** The values of a canonical entry that fields of an event can hold. */
export type FieldKey = 'participant' | 'caller' | 'raiseAmount' | 'tokenAmount';

/** Fields that an entry of a kind cannot do without; `caller` may always be given. */
const NEEDED: Readonly<Record<MappingKey, readonly FieldKey[]>> = {
  deposit: ['participant', 'raiseAmount'],
  purchase: ['participant', 'raiseAmount', 'tokenAmount'],
  allocation: ['participant', 'tokenAmount'],
  tokenClaim: ['participant', 'tokenAmount'],
  refund: ['participant', 'raiseAmount'],
  sell: ['participant', 'raiseAmount', 'tokenAmount'],
  finalisation: [],
};

/** What is wrong with the name that stands for a value of an entry, or `null`. */
export function fieldProblem(
  event: EventFragment,
  key: MappingKey,
  field: FieldKey,
  name: string | null,
): Omit<MappingProblem, 'path'> | null {
  const isNeeded = NEEDED[key].includes(field);
  if (name === null) {
    if (!isNeeded) return null;
    return {
      reason: 'is missing',
      hint: `Name the field of ${describedEvent(event)} that holds it.`,
    };
  }
  if (!isNeeded && field !== 'caller') {
    return {
      reason: `a ${key} has no ${field}`,
      hint: `Leave it out; a ${key} is made of: ${NEEDED[key].join(', ') || 'the event alone'}.`,
    };
  }
  const wanted = field === 'participant' || field === 'caller' ? 'address' : 'uint';
  return eventFieldProblem(event, name, wanted);
}
