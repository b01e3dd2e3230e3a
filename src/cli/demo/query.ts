import { z } from 'zod';
import type { ChainConfig } from '../../config/types.js';

const whole = z.string().regex(/^\d+$/).transform(BigInt);

const token = z.object({
  address: z.string(),
  symbol: z.string(),
  name: z.string(),
  policy: z.object({ name: z.string(), percentClaimable: z.int() }),
  receivedWei: whole,
  claimedWei: whole,
  redeemedWei: whole,
  pools: z.object({ claimableWei: whole, newRevenueWei: whole }),
  lastSnapshot: z.object({ snapshotId: z.int() }).nullable(),
  holders: z.object({
    totalCount: z.int(),
    nodes: z.array(
      z.object({
        address: z.string(),
        entitlement: z.object({ totalClaimableWei: whole }),
      }),
    ),
  }),
});

const revenue = z.object({
  source: z.string(),
  sourceAddress: z.string().nullable(),
  modelId: whole.nullable(),
  amountWei: whole,
  receipts: z.int(),
});

const model = z.object({
  oracle: z.object({ address: z.string(), label: z.string().nullable() }),
  modelId: whole,
  fee: whole,
  receiver: z.string(),
  receiverPercentage: z.int(),
  accrued: whole,
  totals: z.array(z.object({ requests: whole, fees: whole, paidOut: whole })),
});

const sale = z.object({
  address: z.string(),
  kind: z.string(),
  label: z.string().nullable(),
  state: z.string(),
  tokenAddress: z.string(),
  raiseAsset: z.string().nullable(),
  target: whole.nullable(),
  raised: whole,
  participantCount: z.int(),
});

const collection = z.object({ address: z.string(), name: z.string().nullable() });

const answer = z.object({
  data: z
    .object({
      tokens: z.object({
        asOf: z.array(z.object({ block: z.int() })),
        nodes: z.array(token),
      }),
      models: z.object({ nodes: z.array(model) }),
      sales: z.object({ nodes: z.array(sale) }),
      collections: z.object({ nodes: z.array(collection) }),
    })
    .catchall(z.unknown()),
});

const refused = z.object({ errors: z.array(z.object({ message: z.string() })) });

export type DemoToken = z.infer<typeof token>;
export type DemoRevenue = z.infer<typeof revenue>;
export type DemoModel = z.infer<typeof model>;
export type DemoSale = z.infer<typeof sale>;

/** Everything that the closing report shows. */
export interface DemoAnswer {
  readonly block: number;
  readonly tokens: readonly (DemoToken & { readonly revenue: readonly DemoRevenue[] })[];
  readonly models: readonly DemoModel[];
  readonly sales: readonly DemoSale[];
  readonly collections: readonly z.infer<typeof collection>[];
}

/** The whole report is one query: all of its figures hold for one moment. */
function queryFor({ id, tokens }: ChainConfig): string {
  const revenues = tokens.map(
    ({
      address,
    }) => `${revenueOf(address)}: revenue(chainId: ${id}, token: "${address}", groupBy: MODEL) {
    source sourceAddress modelId amountWei receipts
  }`,
  );
  return `{
  tokens {
    asOf { block }
    nodes {
      address symbol name receivedWei claimedWei redeemedWei
      policy { name percentClaimable }
      pools { claimableWei newRevenueWei }
      lastSnapshot { snapshotId }
      holders(orderBy: CLAIMABLE, first: 1000) {
        totalCount
        nodes { address entitlement { totalClaimableWei } }
      }
    }
  }
  models {
    nodes {
      oracle { address label }
      modelId fee receiver receiverPercentage accrued
      totals { requests fees paidOut }
    }
  }
  sales {
    nodes { address kind label state tokenAddress raiseAsset target raised participantCount }
  }
  collections { nodes { address name } }
  ${revenues.join('\n  ')}
}`;
}

/** The field of the answer with the revenue of a token. */
function revenueOf(address: string): string {
  return `revenueOf${address.toLowerCase()}`;
}

/** Asks the API, as anybody would, for what the report shows of the chain. */
export async function askApi(url: string, chain: ChainConfig): Promise<DemoAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: queryFor(chain) }),
  });
  const body: unknown = await response.json();
  const refusal = refused.safeParse(body).data?.errors[0];
  if (refusal !== undefined) throw new Error(`the API refused the query: ${refusal.message}`);
  const { tokens, models, sales, collections, ...rest } = answer.parse(body).data;
  return {
    block: tokens.asOf[0]?.block ?? 0,
    tokens: tokens.nodes.map((node) => ({
      ...node,
      revenue: z.array(revenue).parse(rest[revenueOf(node.address)]),
    })),
    models: models.nodes,
    sales: sales.nodes,
    collections: collections.nodes,
  };
}
