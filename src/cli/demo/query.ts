import { z } from 'zod';

const wei = z.string().regex(/^\d+$/).transform(BigInt);

const answer = z.object({
  data: z.object({
    tokens: z.object({
      asOf: z.array(z.object({ block: z.int() })),
      nodes: z.array(
        z.object({
          symbol: z.string(),
          name: z.string(),
          policy: z.object({ name: z.string(), percentClaimable: z.int() }),
          receivedWei: wei,
          claimedWei: wei,
          redeemedWei: wei,
          pools: z.object({ claimableWei: wei, newRevenueWei: wei }),
          lastSnapshot: z.object({ snapshotId: z.int() }).nullable(),
          holders: z.object({
            totalCount: z.int(),
            nodes: z.array(
              z.object({
                address: z.string(),
                entitlement: z.object({ totalClaimableWei: wei }),
              }),
            ),
          }),
        }),
      ),
    }),
  }),
});

const refused = z.object({ errors: z.array(z.object({ message: z.string() })) });

export type DemoAnswer = z.infer<typeof answer>['data']['tokens'];

const QUERY = `{
  tokens {
    asOf { block }
    nodes {
      symbol name receivedWei claimedWei redeemedWei
      policy { name percentClaimable }
      pools { claimableWei newRevenueWei }
      lastSnapshot { snapshotId }
      holders(orderBy: CLAIMABLE, first: 1000) {
        totalCount
        nodes { address entitlement { totalClaimableWei } }
      }
    }
  }
}`;

/** Asks the API, as anybody would, for the tokens and what their holders can claim. */
export async function askApi(url: string): Promise<DemoAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  });
  const body: unknown = await response.json();
  const refusal = refused.safeParse(body).data?.errors[0];
  if (refusal !== undefined) throw new Error(`the API refused the query: ${refusal.message}`);
  return answer.parse(body).data.tokens;
}
