import { createHash } from 'node:crypto';
import { z } from 'zod';

const HOLDERS =
  'holders(chainId: $chain, token: $token, at: $at, first: 1000) { nodes { address balance } }';

/** All holders of a token at the newest block of one answer, and that block. */
export const NEWEST = `query Newest($chain: SafeInt!, $token: Address!, $at: AtInput) {
  status { chainId indexed { block } finalizedBlock }
  token(chainId: $chain, address: $token) { supply }
  ${HOLDERS}
}`;

/** The same at a final block, by GET: caches keep it. */
export const FINAL = `query Final($chain: SafeInt!, $token: Address!, $at: AtInput!) { ${HOLDERS} }`;
export const FINAL_HASH = createHash('sha256').update(FINAL).digest('hex');

const holders = z.object({
  nodes: z.array(z.object({ address: z.string(), balance: z.string() })),
});

export const newestAnswer = z.object({
  status: z.array(
    z.object({
      chainId: z.number(),
      indexed: z.object({ block: z.number() }).nullable(),
      finalizedBlock: z.number().nullable(),
    }),
  ),
  token: z.object({ supply: z.string() }),
  holders,
});

export const finalAnswer = z.object({ holders });

/** Balances at a block that some client was given. */
export interface GivenBalances {
  readonly chainId: number;
  readonly token: string;
  readonly block: number;
  readonly balances: ReadonlyMap<string, bigint>;
  /** `null`: not asked. */
  readonly supply: bigint | null;
}

export function balancesOf({ nodes }: z.infer<typeof holders>): Map<string, bigint> {
  return new Map(
    nodes
      .map(({ address, balance }) => [address.toLowerCase(), BigInt(balance)] as const)
      .filter(([, balance]) => balance > 0n),
  );
}
