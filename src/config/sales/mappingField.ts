import type { EventFragment, ParamType } from 'ethers';
import { closest } from '../file/closest.js';
import type { MappingKey, MappingProblem } from './mappingKinds.js';

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
    return { reason: 'is missing', hint: `Name the field of ${described(event)} that holds it.` };
  }
  if (!isNeeded && field !== 'caller') {
    return {
      reason: `a ${key} has no ${field}`,
      hint: `Leave it out; a ${key} is made of: ${NEEDED[key].join(', ') || 'the event alone'}.`,
    };
  }
  const input = event.inputs.find((one) => one.name === name);
  if (input === undefined) {
    const names = event.inputs.map((one) => one.name);
    const similar = closest(name, names);
    return {
      reason: `${described(event)} has no field "${name}"`,
      hint: `${similar === null ? '' : `Did you mean "${similar}"? `}Its fields: ${names.join(', ')}.`,
    };
  }
  const wanted = field === 'participant' || field === 'caller' ? 'address' : 'uint';
  if (isOf(input, wanted)) return null;
  return {
    reason: `the field "${name}" of ${described(event)} is of type ${input.type}`,
    hint: wanted === 'address' ? 'Name a field of type address.' : 'Name a field of type uint….',
  };
}

function isOf({ type }: ParamType, wanted: 'address' | 'uint'): boolean {
  return wanted === 'address' ? type === 'address' : /^uint\d*$/.test(type);
}

function described(event: EventFragment): string {
  return `the event ${event.format('full').replace(/^event /, '')}`;
}
