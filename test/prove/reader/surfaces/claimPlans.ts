import { ask } from '../answers.js';
import type { Draw } from '../draw.js';
import { type FigureSheet, NATIVE } from '../figures.js';
import { atBlock, ofHolder, ofShare, Sums } from '../subjects.js';
import type { Surface } from '../surface.js';

/** A payment of a claim; `asset` has no address, or `native`, for the chain's own coin. */
interface Payment {
  readonly asset: string;
  readonly amount: string;
}

/** What a plan shows of one token. */
interface PlannedToken {
  readonly claims: readonly { readonly snapshotId: number; readonly pays: readonly Payment[] }[];
  /** What transactions pay: the claims of each. */
  readonly pays: readonly Payment[];
  readonly remains: readonly { readonly asset: string; readonly redeemable: string }[];
}

const PAYMENT = 'asset { address } amount';
const QUERY = `query ($address: Address!, $chainId: SafeInt) { claimPlan(address: $address, chainId: $chainId) {
  steps { token { address } pays { ${PAYMENT} } claims { snapshotId pays { ${PAYMENT} } } }
  remains { token { address } assets { asset { address } redeemable } }
} }`;

interface GraphqlPayment {
  readonly asset: { readonly address: string | null };
  readonly amount: string;
}

interface GraphqlPlan {
  readonly claimPlan: {
    readonly steps: readonly {
      readonly token: { readonly address: string };
      readonly pays: readonly GraphqlPayment[];
      readonly claims: readonly {
        readonly snapshotId: number;
        readonly pays: readonly GraphqlPayment[];
      }[];
    }[];
    readonly remains: readonly {
      readonly token: { readonly address: string };
      readonly assets: readonly {
        readonly asset: { readonly address: string | null };
        readonly redeemable: string;
      }[];
    }[];
  };
}

interface RestPlan {
  readonly steps: readonly {
    readonly token: { readonly address: string };
    readonly pays: readonly Payment[];
    readonly claims: readonly { readonly snapshotId: number; readonly pays: readonly Payment[] }[];
  }[];
  readonly remains: readonly {
    readonly token: { readonly address: string };
    readonly assets: readonly { readonly asset: string; readonly redeemable: string }[];
  }[];
}

/** What a plan says. */
export const PLAN_FIGURES = ['claimable', 'snapshot claimable', 'redeemable'] as const;

/** The plan of each holder, by the API. It speaks of now only. */
export const claimPlans: Surface = {
  surface: 'claim plan',
  names: PLAN_FIGURES,
  async read({ url, chain: { chainId } }, draw, sheet) {
    if (draw.until.kind !== 'head') return;
    for (const address of draw.holders) {
      const { claimPlan } = await ask<GraphqlPlan>(url, QUERY, { address, chainId });
      const payments = (all: readonly GraphqlPayment[]) =>
        all.map(({ asset, amount }) => ({ asset: asset.address ?? NATIVE, amount }));
      const plan: RestPlan = {
        steps: claimPlan.steps.map(({ token, pays, claims }) => ({
          token,
          pays: payments(pays),
          claims: claims.map((one) => ({ ...one, pays: payments(one.pays) })),
        })),
        remains: claimPlan.remains.map(({ token, assets }) => ({
          token,
          assets: assets.map(({ asset, redeemable }) => ({
            asset: asset.address ?? NATIVE,
            redeemable,
          })),
        })),
      };
      putPlan(sheet, draw, address, plan);
    }
  },
};

/** The same plan for wallets. */
export async function putRestPlan(origin: string, draw: Draw, sheet: FigureSheet): Promise<void> {
  if (draw.until.kind !== 'head') return;
  for (const address of draw.holders) {
    const response = await fetch(`${origin}/v1/holders/${address}/claimable`);
    if (!response.ok) throw new Error(await response.text());
    putPlan(sheet, draw, address, (await response.json()) as RestPlan);
  }
}

function putPlan(sheet: FigureSheet, draw: Draw, holder: string, plan: RestPlan): void {
  const { claims, pays, remains } = planOf(plan, draw.token.address);
  const moment = atBlock(draw.until.block);
  const of = ofHolder(draw, holder, moment);
  const [sums, paid] = [new Sums(draw.token.assets), new Sums(draw.token.assets)];
  for (const { asset, amount } of pays) paid.add(asset.toLowerCase(), amount);
  for (const claim of claims) {
    for (const { asset, amount } of claim.pays) {
      sums.add(asset.toLowerCase(), amount);
      const at = ofShare(draw, holder, claim.snapshotId, moment);
      sheet.put({ ...at, asset: asset.toLowerCase(), name: 'snapshot claimable' }, amount);
    }
  }
  for (const [asset, sum] of sums.entries()) sheet.put({ ...of, asset, name: 'claimable' }, sum);
  for (const [asset, sum] of paid.entries()) sheet.put({ ...of, asset, name: 'claimable' }, sum);
  for (const { asset, redeemable } of remains) {
    sheet.put({ ...of, asset: asset.toLowerCase(), name: 'redeemable' }, redeemable);
  }
}

function planOf({ steps, remains }: RestPlan, address: string): PlannedToken {
  const isOwn = ({ token }: { readonly token: { readonly address: string } }) =>
    token.address.toLowerCase() === address;
  return {
    claims: steps.filter(isOwn).flatMap(({ claims }) => claims),
    pays: steps.filter(isOwn).flatMap(({ pays }) => pays),
    remains: remains.filter(isOwn).flatMap(({ assets }) => assets),
  };
}
