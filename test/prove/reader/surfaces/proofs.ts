import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { ask, assetArgument } from '../answers.js';
import type { Draw } from '../draw.js';
import type { FigureSheet } from '../figures.js';
import { atBlock, ofShare } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';

const rootsIn = (asset: string) => `query ($chainId: SafeInt!, $token: Address!) {
  snapshots(chainId: $chainId, token: $token, first: 1000${assetArgument(asset)}) {
    nodes { snapshotId commitment { root } } } }`;
const proofIn = (
  asset: string,
) => `query ($chainId: SafeInt!, $token: Address!, $snapshotId: Int!, $holder: Address!) {
  entitlementProof(chainId: $chainId, token: $token, snapshotId: $snapshotId, holder: $holder${assetArgument(asset)}) {
    root proof shareWei } }`;

interface Proof {
  readonly root: string;
  readonly proof: string[];
  readonly shareWei: string;
}

/** Shares with a proof that OpenZeppelin's own tree accepts, against the committed root. */
export const proofs: Surface = {
  surface: 'proofs',
  names: ['share'],
  async read(world, draw, sheet) {
    for (const asset of draw.token.assets) await readAsset(world, draw, asset, sheet);
  },
};

async function readAsset(
  { url, chain: { chainId } }: ReaderWorld,
  draw: Draw,
  asset: string,
  sheet: FigureSheet,
): Promise<void> {
  const token = draw.token.address;
  const books = { chainId, token };
  const { snapshots } = await ask<{
    snapshots: {
      nodes: readonly { snapshotId: number; commitment: { root: string | null } | null }[];
    };
  }>(url, rootsIn(asset), books);
  const taken = draw.token.snapshotBlocks.filter((block) => block <= draw.until.block).length;
  for (const { snapshotId, commitment } of snapshots.nodes) {
    const root = commitment?.root ?? null;
    if (root === null || snapshotId > taken) continue;
    for (const holder of draw.holders) {
      const proof = await proofOf(url, proofIn(asset), { ...books, snapshotId, holder });
      const of = { ...ofShare(draw, holder, snapshotId, atBlock(draw.until.block)), asset };
      if (proof === null) {
        sheet.put({ ...of, name: 'share' }, 0n);
        continue;
      }
      if (proof.root !== root || !isProven(proof, holder)) {
        throw new Error(`no proof of the share of ${holder} in snapshot ${snapshotId} of ${token}`);
      }
      sheet.put({ ...of, name: 'share' }, proof.shareWei);
    }
  }
}

/** `null`: the holder has no share. */
async function proofOf(
  url: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<Proof | null> {
  try {
    const answer = await ask<{ entitlementProof: Proof }>(url, query, variables);
    return answer.entitlementProof;
  } catch (error) {
    if (error instanceof Error && /assigned nothing to/.test(error.message)) return null;
    throw error;
  }
}

function isProven({ root, proof, shareWei }: Proof, holder: string): boolean {
  const leaf = [holder, shareWei];
  return StandardMerkleTree.verify(root, ['address', 'uint256'], leaf, proof);
}
