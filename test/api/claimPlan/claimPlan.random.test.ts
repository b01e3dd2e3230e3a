import { afterEach, describe, expect, it } from 'vitest';
import type { Chain } from '../../../devnet/anvil.js';
import { createAssetWorld, liveAssets } from '../../../devnet/assetLife.js';
import type { DeployedContract } from '../../../devnet/deploy.js';
import { createWorld, runOperations } from '../../../devnet/randomOperations.js';
import type { RunningApi } from '../../../src/api/server.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';
import { type OfferedTransaction, paidBy } from '../../support/scenes/sendClaims.js';
import { askData, startTestApi } from '../support.js';

const SEED = Number(process.env.SEED ?? 681);
const OPERATIONS = Number(process.env.OPS ?? 250);

interface Step {
  readonly claims: readonly { readonly snapshotId: number }[];
  readonly pays: readonly {
    readonly asset: { readonly address: string | null };
    readonly amount: string;
  }[];
  readonly expiry: { readonly snapshotsLeft: number | null; readonly isDue: boolean };
  readonly transaction: OfferedTransaction & { readonly method: string };
}

const PLAN = `query ($address: Address!) { claimPlan(address: $address) {
  steps {
    claims { snapshotId }
    pays { asset { address } amount }
    expiry { snapshotsLeft isDue }
    transaction { chainId from to method data valueWei gas gasUnavailable }
  }
} }`;

let api: RunningApi | null = null;
afterEach(() => api?.close());

async function serve(chain: Chain, tokens: readonly string[]): Promise<RunningApi> {
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens });
  return startTestApi(databaseUrl, {
    chains: [{ id: chain.chainId, name: 'devnet', rpcUrl: chain.url }],
  });
}

/** Sends every plan of the accounts in their order. @returns what was claimed, by method */
async function sendAll(
  api: RunningApi,
  chain: Chain,
  accounts: readonly string[],
  assets: readonly DeployedContract[],
): Promise<Record<string, number>> {
  const claimed: Record<string, number> = { CLAIM: 0, CLAIM_BATCH: 0 };
  for (const address of accounts) {
    const { claimPlan } = await askData(api, PLAN, { address });
    const steps: Step[] = claimPlan.steps;
    const rank = ({ expiry }: Step) => (expiry.isDue ? 0 : expiry.snapshotsLeft === null ? 2 : 1);
    expect(steps.map(rank)).toEqual(steps.map(rank).sort());
    for (const { claims, pays, transaction } of steps) {
      const planned = new Map(
        pays.map(({ asset, amount }) => [asset.address?.toLowerCase() ?? null, BigInt(amount)]),
      );
      const paid = await paidBy(chain, transaction, assets);
      for (const [asset, amount] of paid) {
        expect({ address, claims, asset, amount }).toEqual({
          address,
          claims,
          asset,
          amount: planned.get(asset) ?? 0n,
        });
      }
      claimed[transaction.method] = (claimed[transaction.method] ?? 0) + claims.length;
    }
  }
  return claimed;
}

describe(`plans after a random life, seed ${SEED}, pay to the wei what they say`, () => {
  it('plans of tokens of every policy and clock pay what they say', async () => {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 12_000 });
    const world = await createWorld(chain, { seed: SEED });
    await runOperations(world, OPERATIONS);
    api = await serve(
      chain,
      world.tokens.map(({ contract }) => contract.address),
    );
    const claimed = await sendAll(api, chain, world.accounts, []);
    expect(claimed.CLAIM).toBeGreaterThan(5);
    expect(claimed.CLAIM_BATCH).toBeGreaterThan(20);
  });

  it('plans of tokens that share ERC-20 assets pay what they say', async () => {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const world = await createAssetWorld(chain, { seed: SEED });
    await liveAssets(world, OPERATIONS);
    api = await serve(
      chain,
      world.tokens.map(({ contract }) => contract.address),
    );
    const accounts = world.holders.flatMap(({ kind, address }) =>
      kind === 'account' ? [address] : [],
    );
    const claimed = await sendAll(api, chain, accounts, world.assets);
    expect(claimed.CLAIM).toBeGreaterThan(5);
    expect(claimed.CLAIM_BATCH).toBe(0);
  });
});
