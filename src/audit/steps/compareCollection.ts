import * as erc7007 from '../../abi/erc7007.js';
import type { Address } from '../../address.js';
import {
  encodeVerify,
  hashOfPrompt,
  MAX_VERIFIED_BYTES,
  truthOf,
} from '../../chain/collection/askContract.js';
import type { ChainNode } from '../../chain/node.js';
import { lastOperationId } from '../../store/ids.js';
import { readContents, readProofs } from '../../store/read/collections/aigcData.js';
import { readAigcTokenPage } from '../../store/read/collections/aigcTokenPage.js';
import { type AigcTokenRecord } from '../../store/read/collections/aigcTokens.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { AuditedBlock } from '../questions/chainViews.js';
import type { AuditComparison, Mismatch } from '../questions/question.js';

/** A collection that is indexed. */
export interface AuditedCollection {
  readonly number: number;
  readonly address: Address;
}

/** Tokens of one part of an audit. */
const TOKENS_PER_PART = 100;

/** A figure of a token, and where the collection says it. */
interface TokenQuestion {
  readonly figure: string;
  readonly ours: bigint;
  readonly data: string;
  /** Where it is asked: the audited block, or that in which the books say that it was so. */
  readonly block: number;
  /** What the contract's answer comes to; `null`: it has none. */
  read(answer: string | null): bigint | null;
  /** Without an answer there is nothing to compare: the view is optional. */
  readonly isOptional: boolean;
}

/** The tokens of a part, in the order of their first mint, and where the next part begins. */
export interface AuditedPart {
  readonly comparison: AuditComparison;
  /** Names of the figures compared. */
  readonly asked: readonly string[];
  readonly tokens: number;
  /** Row id of the last token; `null`: there are no more. */
  readonly next: string | null;
}

/**
 * Compares tokens of a collection at the end of a block with the contract: the owner with
 * `ownerOf`, which must revert or be nobody for a burned token; the prompt that belongs to it with
 * `prompt(id)`, where the contract has that view; and, at the block of its write, a content whose
 * proof the books call accepted with `verify`.
 *
 * @param of tokens after a row id, or one token by its id
 */
export async function compareCollection(
  db: Queryable,
  node: ChainNode,
  collection: AuditedCollection,
  block: AuditedBlock,
  of: { readonly after: string | null; readonly tokenId?: bigint },
): Promise<AuditedPart> {
  const { number: collectionNumber, address } = collection;
  const { after, tokenId = null } = of;
  const page = await readAigcTokenPage(
    db,
    {
      windows: [{ collectionNumber, block: block.number }],
      filter: { tokenId },
      orderBy: 'MINTED',
    },
    'ASC',
    {
      limit: TOKENS_PER_PART,
      isBackward: false,
      after: after === null ? null : { id: after, tokenId: 0n },
      before: null,
    },
  );
  const questions = await questionsAbout(db, page.rows, block);
  const differing = await findDiffering(node, address, questions);
  // Asks again for each difference: one odd answer is not a mismatch.
  const confirmed = await findDiffering(
    node,
    address,
    differing.map(({ question }) => question),
  );
  const last = page.rows.at(-1);
  return {
    comparison: {
      figures: questions.length,
      mismatches: confirmed.map(({ question, contract }): Mismatch => {
        const { figure, ours } = question;
        return { figure, token: address, account: null, block: block.number, ours, contract };
      }),
    },
    asked: questions.map(({ figure }) => figure),
    tokens: page.rows.length,
    next: page.hasNextPage && last !== undefined ? last.id : null,
  };
}

/** The token that a figure of a collection is about. */
export function tokenOf(figure: string): bigint | null {
  const [, tokenId] = /\((?:token )?(\d+)\)$/.exec(figure) ?? [];
  return tokenId === undefined ? null : BigInt(tokenId);
}

async function questionsAbout(
  db: Queryable,
  tokens: readonly AigcTokenRecord[],
  { number: block }: AuditedBlock,
): Promise<TokenQuestion[]> {
  const questions = tokens.flatMap((token) => [
    ownerQuestion(token, block),
    ...promptQuestion(token, block),
  ]);
  return [...questions, ...(await verifyQuestions(db, tokens, block))];
}

function ownerQuestion({ tokenId, owner }: AigcTokenRecord, block: number): TokenQuestion {
  return {
    figure: `ownerOf(${tokenId})`,
    ours: BigInt(owner ?? 0),
    data: erc7007.functions.ownerOf.encode({ tokenId }),
    block,
    // Nobody owns a burned token: most contracts revert.
    read: (answer) => (answer === null ? (owner === null ? 0n : null) : BigInt(answer)),
    isOptional: false,
  };
}

function promptQuestion(token: AigcTokenRecord, block: number): TokenQuestion[] {
  const { tokenId, owner, promptHash } = token;
  // The books claim nothing where they know no prompt.
  if (owner === null || promptHash === null) return [];
  return [
    {
      figure: `hash of prompt(${tokenId})`,
      ours: BigInt(promptHash),
      data: erc7007.functions.prompt.encode({ tokenId }),
      block,
      read(answer) {
        const hash = hashOfPrompt(answer);
        return hash === null ? null : BigInt(hash);
      },
      isOptional: true,
    },
  ];
}

async function verifyQuestions(
  db: Queryable,
  tokens: readonly AigcTokenRecord[],
  upToBlock: number,
): Promise<TokenQuestion[]> {
  const limitBytes = MAX_VERIFIED_BYTES;
  const verified = tokens.flatMap(({ tokenId, collectionNumber, data }) =>
    data?.contentVerdict === 'verified' ? [{ tokenId, collectionNumber, data }] : [],
  );
  const contents = await readContents(
    db,
    verified.flatMap(({ collectionNumber, data }) =>
      [data.promptHash, data.contentHash].map((hash) => {
        const upTo = lastOperationId(collectionNumber, upToBlock);
        return { collectionNumber, hash, upTo, limitBytes };
      }),
    ),
  );
  const proofs = await readProofs(
    db,
    verified.map(({ data: { id } }) => ({ id, limitBytes })),
  );
  return verified.flatMap(({ tokenId, data }, index): TokenQuestion[] => {
    const shown = [contents[2 * index], contents[2 * index + 1], proofs[index]];
    const [prompt, aigcData, proof] = shown.map((found) =>
      found == null || found.bytes.length < found.byteLength
        ? null
        : `0x${found.bytes.toString('hex')}`,
    );
    if (prompt == null || aigcData == null || proof == null) return [];
    const call = encodeVerify(prompt, aigcData, proof);
    if (call === null) return [];
    return [
      {
        figure: `verify(token ${tokenId})`,
        ours: 1n,
        data: call,
        block: data.block,
        read(answer) {
          const truth = truthOf(answer);
          return truth === null ? null : BigInt(truth);
        },
        isOptional: false,
      },
    ];
  });
}

interface Difference {
  readonly question: TokenQuestion;
  readonly contract: bigint | null;
}

async function findDiffering(
  node: ChainNode,
  address: Address,
  questions: readonly TokenQuestion[],
): Promise<Difference[]> {
  const blocks = new Map<number, TokenQuestion[]>();
  for (const question of questions) {
    blocks.set(question.block, [...(blocks.get(question.block) ?? []), question]);
  }
  const found: Difference[] = [];
  for (const [block, ofBlock] of blocks) {
    const calls = ofBlock.map(({ data }) => ({ to: address, data }));
    const answers = await node.views(calls, block);
    ofBlock.forEach((question, index) => {
      const contract = question.read(answers[index] ?? null);
      if (contract === question.ours || (contract === null && question.isOptional)) return;
      found.push({ question, contract });
    });
  }
  return found;
}
