import type { RevenuePayout } from '../../chain/oracle/operation.js';
import type { TermsOfModelChange } from '../../ledger/oracles/oracle.js';
import { kindEnum } from './kindEnum.js';

export const ModelChangeKind = kindEnum<TermsOfModelChange['kind']>(
  'ModelChangeKind',
  "How a model's terms were changed.",
  {
    upload: 'It was uploaded, for the first time or after a removal.',
    update: 'All of its terms were set again.',
    fee: 'Only the fee.',
    receiver: 'Only who is paid.',
    percentage: "Only the receiver's percentage.",
    removal: 'It was removed: the oracle does not serve it any more.',
  },
);
export type ModelChangeKind = TermsOfModelChange['kind'];

export const PayoutCause = kindEnum<RevenuePayout['cause']>(
  'PayoutCause',
  "Why a model's revenue was paid out.",
  { claim: 'Somebody claimed it for the receiver.', removal: 'The model was removed.' },
);
export type PayoutCause = RevenuePayout['cause'];

/** @throws RangeError if an enum has no such value */
export function oracleEnumValue<Value extends string>(
  values: Readonly<Record<string, Value>>,
  text: string,
): Value {
  const value = Object.values(values).find((candidate) => candidate === text);
  if (value === undefined) throw new RangeError(`a row has the unknown kind "${text}"`);
  return value;
}
