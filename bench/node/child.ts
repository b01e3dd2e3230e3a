/** Generates a chain and serves it, until its parent ends it or is gone. */
import { z } from 'zod';
import { generate } from './generate.js';
import { GeneratingNode } from './server.js';

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
  }),
  transfersPerCall: z.int().min(1),
  transactionsPerBlock: z.int().min(1),
  gap: count,
});

/** What is known of a served chain. */
export interface ServedChain {
  readonly url: string;
  readonly factory: string;
  readonly tokens: readonly string[];
  /** The last block with operations. */
  readonly lastBlock: number;
  readonly generatedInSeconds: number;
}

const startedAt = performance.now();
const { chain, factory, tokens, lastBlock } = generate(
  spec.parse(JSON.parse(process.argv[2] ?? '')),
);
const generatedInSeconds = (performance.now() - startedAt) / 1000;
const node = await GeneratingNode.start(chain);
const served: ServedChain = {
  url: node.url,
  factory: factory.address,
  tokens: tokens.map(({ address }) => address),
  lastBlock,
  generatedInSeconds,
};
process.on('message', () => process.send?.(node.takeTraffic()));
process.on('disconnect', () => process.exit(0));
process.send?.(served);
