import { z } from 'zod';
import { CONTRACT_KINDS } from '../../store/read/tokens/holds.js';
import { SYMBOL_TEXT } from '../values/symbolTexts.js';
import { addressValue, amountValue, chainIdValue } from './fields.js';

const asset = z
  .object({
    asset: z
      .union([z.literal('native'), addressValue])
      .meta({ description: '"native" for the chain\'s own coin, else an ERC-20.' }),
    symbol: z.string().nullable().meta({ description: SYMBOL_TEXT }),
    decimals: z.int().nullable().meta({ description: 'How many decimals amounts are shown with.' }),
  })
  .meta({ id: 'ClaimAsset' });

const payment = asset.extend({ amount: amountValue }).meta({ id: 'ClaimPayment' });

export const tokenSchema = z
  .object({
    chainId: chainIdValue,
    address: addressValue,
    name: z.string().nullable(),
    symbol: z.string().nullable().meta({ description: SYMBOL_TEXT }),
    decimals: z.int().nullable(),
  })
  .meta({ id: 'ClaimToken', description: 'A revenue token (ERC-7641).' });

const nextSnapshot = z
  .object({
    block: z.int().nullable().meta({ description: 'First block in which it can be taken.' }),
    timestamp: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'First block time at which it can be taken.' }),
  })
  .meta({ id: 'EarliestSnapshot', description: 'One of the two is null.' });

const expiry = z
  .object({
    snapshotsLeft: z
      .int()
      .nullable()
      .meta({ description: 'It expires with this snapshot from now, 1: the next; null: never.' }),
    isDue: z.boolean().meta({ description: 'The next block can have that snapshot.' }),
    earliest: nextSnapshot
      .nullable()
      .meta({ description: 'When that snapshot can be taken; null: never, or not known.' }),
  })
  .meta({ id: 'ClaimExpiry', description: 'Until when something can be claimed.' });

const transaction = z
  .object({
    chainId: chainIdValue,
    from: addressValue.meta({ description: 'Who has to send it.' }),
    to: addressValue,
    method: z.enum(['claim', 'claimBatch']),
    data: z.string().regex(/^0x([0-9a-f]{2})*$/),
    value: amountValue,
    gas: amountValue
      .nullable()
      .meta({ description: "Estimated by the chain's node; null: gasUnavailable says why." }),
    gasUnavailable: z.string().nullable(),
  })
  .meta({ id: 'ClaimTransaction', description: 'A transaction ready to be signed.' });

const claim = z
  .object({
    snapshotId: z.int(),
    pays: z.array(payment),
    expiry,
    link: z.string().meta({
      description: 'EIP-681: opens a wallet with this claim alone.',
      example: 'ethereum:0xe5018913F2fdf33971864804dDB5fcA25C539032@1/claim?uint256=3',
    }),
  })
  .meta({ id: 'Claim', description: 'A claim of one snapshot.' });

const step = z
  .object({
    token: tokenSchema,
    claims: z.array(claim),
    pays: z.array(payment),
    expiry,
    transaction,
  })
  .meta({ id: 'ClaimStep', description: 'One transaction, and what it pays.' });

const remainder = z
  .object({
    token: tokenSchema,
    assets: z.array(
      asset.extend({
        claimable: amountValue,
        accruing: amountValue.meta({
          description: "The holder's part of what a snapshot taken then would assign.",
        }),
        redeemable: amountValue.meta({ description: 'What burning all of it would pay.' }),
      }),
    ),
    roundedToNothing: z
      .array(z.int())
      .meta({ description: 'Open snapshots whose share rounds down to nothing.' }),
    nextSnapshot: nextSnapshot.nullable(),
  })
  .meta({ id: 'ClaimRemainder', description: 'What is left of a token once all is claimed.' });

/** A pool on a way through pools. */
export const poolSchema = z.object({
  address: addressValue,
  kind: z.string(),
  label: z.string().nullable(),
});

const through = z
  .object({
    token: tokenSchema,
    path: z.array(poolSchema).meta({ description: 'The pool that has to claim first.' }),
    claims: z.array(z.object({ snapshotId: z.int(), pays: z.array(payment), expiry })),
    message: z.string(),
  })
  .meta({ id: 'ClaimThrough', description: 'What a pool has to claim for its depositor.' });

const warning = z
  .object({
    code: z.enum(['EXPIRES_WITH_NEXT_SNAPSHOT', 'CLAIMS_PAUSED', 'BOOKS_ARCHIVED']),
    message: z.string(),
    token: tokenSchema,
    snapshotId: z.int(),
    loses: z.array(payment),
  })
  .meta({ id: 'ClaimWarning', description: 'What a snapshot that is due would take away.' });

const disagreement = z
  .object({
    token: addressValue,
    chainId: chainIdValue,
    figure: z.string(),
    account: addressValue.nullable(),
    ours: z.string(),
    contract: z.string().nullable(),
    block: z.int(),
  })
  .meta({
    id: 'Disagreement',
    description: 'A figure of a token in this answer that its contract says otherwise.',
  });

const held = z
  .object({
    chainId: chainIdValue,
    address: addressValue,
    kind: z.enum(CONTRACT_KINDS),
    lastBlock: z.int(),
    code: z.string(),
    reason: z.string(),
  })
  .meta({
    id: 'Hold',
    description:
      'A contract whose books have ended: figures in this answer stay those of lastBlock.',
  });

export const asOfSchema = z
  .object({
    chainId: chainIdValue,
    block: z.int(),
    hash: z.string().nullable(),
    timestamp: z.iso.datetime().nullable(),
  })
  .meta({ id: 'AsOf', description: 'The block of a chain that the answer holds for.' });

/** What an answer has to be read with: the same marks as `extensions` of GraphQL. */
export const marksShape = {
  disagreements: z.array(disagreement),
  held: z.array(held),
  archived: z
    .array(
      z.object({
        chainId: chainIdValue,
        address: addressValue,
        kind: z.enum(['token', 'oracle', 'collection', 'sale', 'pool']),
        lastBlock: z.int(),
      }),
    )
    .meta({
      description:
        'Contracts that the config no longer names: figures in this answer stay those of lastBlock.',
    }),
  unaudited: z
    .array(z.object({ chainId: chainIdValue, token: addressValue }))
    .meta({ description: 'Tokens whose figures were not compared with their contracts yet.' }),
  paused: z
    .array(z.object({ chainId: chainIdValue, token: addressValue, block: z.int() }))
    .meta({ description: 'Tokens whose contracts say that claims are paused.' }),
  provisional: z
    .array(z.object({ chainId: chainIdValue, token: addressValue, fromBlock: z.int() }))
    .meta({
      description:
        'Tokens with money that no call frame shows in blocks that are not final: figures from fromBlock on may be taken back.',
    }),
};

const planShape = {
  address: addressValue,
  asOf: z.array(asOfSchema),
  steps: z.array(step).meta({ description: 'What expires first comes first.' }),
  remains: z.array(remainder),
  through: z.array(through).meta({
    description: "What pools have to claim: the account's part of it.",
  }),
  warnings: z.array(warning),
};

/** What a holder can claim now. */
export const claimableSchema = z
  .object({ ...planShape, ...marksShape })
  .meta({ id: 'Claimable', description: 'What a holder can claim now, over all tokens.' });

/** What all accounts of a person can claim now. */
export const personClaimableSchema = z
  .object({
    plans: z.array(z.object(planShape)).meta({
      description: 'Of the accounts that have something to claim; each sends its own transactions.',
    }),
    ...marksShape,
  })
  .meta({ id: 'PersonClaimable', description: 'What all accounts of a person can claim now.' });

export type Claimable = z.input<typeof claimableSchema>;
