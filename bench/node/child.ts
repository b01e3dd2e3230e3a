/** Generates a chain and serves it, until its parent ends it or is gone. */
import { z } from 'zod';
import { generate } from './generate.js';
import { GeneratingNode, type Pace } from './server.js';
import type { ChainTruth } from './truth.js';

const count = z.int().min(0);
const spec = z.object({
  seed: count,
  tokens: count,
  operations: count,
  holders: count,
  mix: z.object({
    transfer: z.number(),
    receipt: z.number(),
    snapshot: z.number(),
    claim: z.number(),
    burn: z.number(),
    request: z.number(),
    mint: z.number(),
    purchase: z.number(),
    settlement: z.number(),
  }),
  transfersPerCall: z.int().min(1),
  transactionsPerBlock: z.int().min(1),
  gap: count,
  endsWithSnapshot: z.boolean(),
});

/** What is known of a served chain; amounts as decimal numbers. */
export interface ServedChain {
  readonly url: string;
  readonly factory: string;
  readonly tokens: readonly string[];
  /** The other contracts of the first token's offering; `null`: the mix has nothing for them. */
  readonly offering: {
    readonly oracle: string;
    readonly collection: string;
    readonly sale: string;
  } | null;
  readonly truth: ChainTruth;
  /** The last block with operations. */
  readonly lastBlock: number;
  readonly generatedInSeconds: number;
}

const startedAt = performance.now();
const { chain, factory, tokens, offering, truth, lastBlock } = generate(
  spec.parse(JSON.parse(process.argv[2] ?? '')),
);
const generatedInSeconds = (performance.now() - startedAt) / 1000;
const node = await GeneratingNode.start(chain);
const served: ServedChain = {
  url: node.url,
  factory: factory.address,
  tokens: tokens.map(({ address }) => address),
  offering:
    offering === null
      ? null
      : {
          oracle: offering.oracle.address,
          collection: offering.collection.address,
          sale: offering.sale.address,
        },
  truth,
  lastBlock,
  generatedInSeconds,
};
process.on('message', (pace: Pace | null) => {
  if (pace !== null) node.pace = pace;
  process.send?.(node.takeTraffic());
});
process.on('disconnect', () => process.exit(0));
process.send?.(served);
