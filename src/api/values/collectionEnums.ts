import { registerEnumType } from 'type-graphql';

type ValueOf<Enum> = Enum[keyof Enum];

export const AigcProofType = { VALIDITY: 'validity', FRAUD: 'fraud' } as const;
export type AigcProofType = ValueOf<typeof AigcProofType>;
registerEnumType(AigcProofType, {
  name: 'AigcProofType',
  description: 'How the content of a collection is proved, by what its contract says (ERC-165).',
  valuesConfig: {
    VALIDITY: { description: 'Checked at once (zkML): ERC-7007 without the updatable extension.' },
    FRAUD: {
      description: 'Optimistic (opML): a challenge can replace it; ERC-7007 with the extension.',
    },
  },
});

export const AigcFinality = {
  FINAL: 'final',
  PROVISIONAL: 'provisional',
  UPDATED: 'updated',
} as const;
export type AigcFinality = ValueOf<typeof AigcFinality>;
registerEnumType(AigcFinality, {
  name: 'AigcFinality',
  description: 'Whether the content of a token can still change.',
  valuesConfig: {
    FINAL: { description: 'Proved by a validity proof.' },
    PROVISIONAL: {
      description: 'Optimistic and not replaced so far; no event says that a challenge has ended.',
    },
    UPDATED: { description: 'A later result has replaced an earlier one.' },
  },
});

export const AigcEvent = { AIGC_DATA: 'AigcData', UPDATE: 'Update', MINT: 'Mint' } as const;
export type AigcEvent = ValueOf<typeof AigcEvent>;
registerEnumType(AigcEvent, {
  name: 'AigcEvent',
  description: 'The event by which a content was written.',
  valuesConfig: {
    AIGC_DATA: { description: 'AigcData of ERC-7007.' },
    UPDATE: { description: 'Update of its updatable extension.' },
    MINT: { description: 'Mint of its older drafts.' },
  },
});

export const AigcPromptVerdict = {
  ID: 'id',
  VIEW: 'view',
  ORACLE: 'oracle',
  MINT: 'mint',
  NONE: 'none',
  OTHER: 'other',
} as const;
export type AigcPromptVerdict = ValueOf<typeof AigcPromptVerdict>;
registerEnumType(AigcPromptVerdict, {
  name: 'AigcPromptVerdict',
  description: 'Why a prompt belongs to a token, the strongest reason first.',
  valuesConfig: {
    ID: { description: 'Its keccak-256 is the id of the token.' },
    VIEW: { description: "The contract's prompt(id) said it at the end of the block." },
    ORACLE: { description: 'An oracle that the collection itself had asked wrote it.' },
    MINT: { description: 'The call that minted the token wrote it.' },
    NONE: { description: 'Nothing proves it: anybody may have written it.' },
    OTHER: { description: "It does not belong to it: the contract's prompt(id) says another." },
  },
});

export const AigcContentVerdict = {
  ORACLE: 'oracle',
  VERIFIED: 'verified',
  NONE: 'none',
  UNPROVEN: 'unproven',
} as const;
export type AigcContentVerdict = ValueOf<typeof AigcContentVerdict>;
registerEnumType(AigcContentVerdict, {
  name: 'AigcContentVerdict',
  description: 'How a content was confirmed when it was written, the strongest first.',
  valuesConfig: {
    ORACLE: { description: 'An oracle that the collection itself had asked wrote it.' },
    VERIFIED: { description: 'verify of the contract accepted prompt, content and proof.' },
    NONE: {
      description: 'verify was not asked (no proof, unknown or too many bytes), or has no answer.',
    },
    UNPROVEN: {
      description: 'verify did not accept it; optimistic results are accepted later, if at all.',
    },
  },
});

export const CollectionRecognition = { INTERFACE: 'interface', BEHAVIOUR: 'behaviour' } as const;
export type CollectionRecognition = ValueOf<typeof CollectionRecognition>;
registerEnumType(CollectionRecognition, {
  name: 'CollectionRecognition',
  description: 'What shows that a contract is an ERC-7007 collection.',
  valuesConfig: {
    INTERFACE: { description: 'It reports the interface id by ERC-165.' },
    BEHAVIOUR: { description: 'Its views, its past events or how it takes calls.' },
  },
});

export const ContentSource = {
  LOG: 'log',
  CALL: 'call',
  REQUEST: 'request',
  ORACLE: 'oracle',
} as const;
export type ContentSource = ValueOf<typeof ContentSource>;
registerEnumType(ContentSource, {
  name: 'ContentSource',
  description: 'Where bytes were first seen. Always checked against their keccak-256.',
  valuesConfig: {
    LOG: { description: 'In a log of the collection, which holds them itself.' },
    CALL: { description: 'In the call data of a transaction.' },
    REQUEST: { description: 'In what an AI oracle was asked.' },
    ORACLE: { description: "In the call by which an AI oracle delivered a request's result." },
  },
});
