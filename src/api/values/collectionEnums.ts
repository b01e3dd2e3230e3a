import type { DataEvent } from '../../chain/collection/collectionLogs.js';
import type { ContentSeen } from '../../chain/collection/operation.js';
import type {
  ContentVerdict,
  Finality,
  PromptVerdict,
  ProofType,
  Recognition,
} from '../../ledger/collection.js';
import { kindEnum } from './kindEnum.js';

export const AigcProofType = kindEnum<ProofType>(
  'AigcProofType',
  'How the content of a collection is proved, by what its contract says (ERC-165).',
  {
    validity: 'Checked at once (zkML): ERC-7007 without the updatable extension.',
    fraud: 'Optimistic (opML): a challenge can replace it; ERC-7007 with the extension.',
  },
);
export type AigcProofType = ProofType;

export const AigcFinality = kindEnum<Finality>(
  'AigcFinality',
  'Whether the content of a token can still change.',
  {
    final: 'Proved by a validity proof.',
    provisional: 'Optimistic and not replaced so far; no event says that a challenge has ended.',
    updated: 'A later result has replaced an earlier one.',
  },
);
export type AigcFinality = Finality;

export const AigcEvent = kindEnum<DataEvent>(
  'AigcEvent',
  'The event by which a content was written.',
  {
    AigcData: 'AigcData of ERC-7007.',
    Update: 'Update of its updatable extension.',
    Mint: 'Mint of its older drafts.',
  },
);
export type AigcEvent = DataEvent;

export const AigcPromptVerdict = kindEnum<PromptVerdict>(
  'AigcPromptVerdict',
  'Why a prompt belongs to a token, the strongest reason first.',
  {
    id: 'Its keccak-256 is the id of the token.',
    view: "The contract's prompt(id) said it at the end of the block.",
    oracle: 'An oracle that the collection itself had asked wrote it.',
    mint: 'The call that minted the token wrote it.',
    none: 'Nothing proves it: anybody may have written it.',
    other: "It does not belong to it: the contract's prompt(id) says another.",
  },
);
export type AigcPromptVerdict = PromptVerdict;

export const AigcContentVerdict = kindEnum<ContentVerdict>(
  'AigcContentVerdict',
  'How a content was confirmed when it was written, the strongest first.',
  {
    oracle: 'An oracle that the collection itself had asked wrote it.',
    verified: 'verify of the contract accepted prompt, content and proof.',
    none: 'verify was not asked (no proof, unknown or too many bytes), or has no answer.',
    unproven: 'verify did not accept it; optimistic results are accepted later, if at all.',
  },
);
export type AigcContentVerdict = ContentVerdict;

export const CollectionRecognition = kindEnum<Recognition>(
  'CollectionRecognition',
  'What shows that a contract is an ERC-7007 collection.',
  {
    interface: 'It reports the interface id by ERC-165.',
    behaviour: 'Its views, its past events or how it takes calls.',
  },
);
export type CollectionRecognition = Recognition;

export const ContentSource = kindEnum<ContentSeen['seenIn'] | 'oracle'>(
  'ContentSource',
  'Where bytes were first seen. Always checked against their keccak-256.',
  {
    log: 'In a log of the collection, which holds them itself.',
    call: 'In the call data of a transaction.',
    request: 'In what an AI oracle was asked.',
    oracle: "In the call by which an AI oracle delivered a request's result.",
  },
);
export type ContentSource = ContentSeen['seenIn'] | 'oracle';
