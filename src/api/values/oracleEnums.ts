import { registerEnumType } from 'type-graphql';

export const ModelChangeKind = {
  UPLOAD: 'upload',
  UPDATE: 'update',
  FEE: 'fee',
  RECEIVER: 'receiver',
  PERCENTAGE: 'percentage',
  REMOVAL: 'removal',
} as const;
export type ModelChangeKind = (typeof ModelChangeKind)[keyof typeof ModelChangeKind];
registerEnumType(ModelChangeKind, {
  name: 'ModelChangeKind',
  description: "How a model's terms were changed.",
  valuesConfig: {
    UPLOAD: { description: 'It was uploaded, for the first time or after a removal.' },
    UPDATE: { description: 'All of its terms were set again.' },
    FEE: { description: 'Only the fee.' },
    RECEIVER: { description: 'Only who is paid.' },
    PERCENTAGE: { description: "Only the receiver's percentage." },
    REMOVAL: { description: 'It was removed: the oracle does not serve it any more.' },
  },
});

export const PayoutCause = { CLAIM: 'claim', REMOVAL: 'removal' } as const;
export type PayoutCause = (typeof PayoutCause)[keyof typeof PayoutCause];
registerEnumType(PayoutCause, {
  name: 'PayoutCause',
  description: "Why a model's revenue was paid out.",
  valuesConfig: {
    CLAIM: { description: 'Somebody claimed it for the receiver.' },
    REMOVAL: { description: 'The model was removed.' },
  },
});
