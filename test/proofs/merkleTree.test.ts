import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LeafList } from '../../src/proofs/entitlementLeaf.js';
import { entitlementTree } from '../../src/proofs/entitlementTree.js';
import { loadKeccak256 } from '../../src/proofs/keccak.js';
import { entitlementLeaf, rootOfProof } from '../../src/proofs/leaf.js';
import { MerkleTree } from '../../src/proofs/merkleTree.js';

const ENCODING = ['address', 'uint256'];
type Entry = [holder: string, amount: string];

const bytesOf = (hex: string) => Buffer.from(hex.slice(2), 'hex');

async function treeOf(entries: readonly Entry[]): Promise<MerkleTree> {
  const keccak256 = await loadKeccak256();
  const leaves = new LeafList();
  for (const [holder, amount] of entries) {
    leaves.add(entitlementLeaf(keccak256, bytesOf(holder), BigInt(amount)));
  }
  return MerkleTree.build(keccak256, leaves.toBytes());
}

const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
const amount = fc.bigInt({ min: 1n, max: 2n ** 256n - 1n }).map(String);
const books = fc.uniqueArray(fc.tuple(address, amount), {
  minLength: 1,
  maxLength: 40,
  selector: ([holder]) => holder,
});

test('the root of three shares equals an independently computed one', async () => {
  const entries: Entry[] = [
    ['0x1111111111111111111111111111111111111111', '600'],
    ['0x2222222222222222222222222222222222222222', '400'],
    ['0x3333333333333333333333333333333333333333', '1'],
  ];
  const tree = await treeOf(entries);
  expect(tree.root).toBe('0x7af3c0e086b035483b019cb6cdcbf3c51b3530e9301f9aff1642773ccffd2e80');
  expect(StandardMerkleTree.of(entries, ENCODING).root).toBe(tree.root);
});

test('root and proofs are those of OpenZeppelin’s library, whatever the order of the holders', async () => {
  await fc.assert(
    fc.asyncProperty(books, async (entries) => {
      const keccak256 = await loadKeccak256();
      const tree = await treeOf(entries);
      const reference = StandardMerkleTree.of(entries, ENCODING);
      expect(tree.root).toBe(reference.root);
      expect((await treeOf(entries.toReversed())).root).toBe(tree.root);
      for (const [index, [holder, share]] of entries.entries()) {
        const proof = tree.proofOf(entitlementLeaf(keccak256, bytesOf(holder), BigInt(share)));
        expect(proof).toEqual(reference.getProof(index));
      }
    }),
    { numRuns: 40 },
  );
});

test('a proof holds for its holder and its amount only', async () => {
  await fc.assert(
    fc.asyncProperty(books, fc.nat(), address, async (entries, pick, stranger) => {
      const keccak256 = await loadKeccak256();
      const tree = await treeOf(entries);
      const [holder, share] = entries[pick % entries.length] ?? ['', ''];
      const leaf = entitlementLeaf(keccak256, bytesOf(holder), BigInt(share));
      const proof = tree.proofOf(leaf) ?? [];
      const verify = (who: string, what: string, siblings = proof) =>
        StandardMerkleTree.verify(tree.root, ENCODING, [who, what], siblings);
      expect(verify(holder, share)).toBe(true);
      expect(verify(holder, String(BigInt(share) - 1n))).toBe(false);
      if (!entries.some(([known]) => known === stranger)) {
        expect(verify(stranger, share)).toBe(false);
        const other = entitlementLeaf(keccak256, bytesOf(stranger), BigInt(share));
        expect(tree.proofOf(other)).toBeNull();
      }
      const rootBy = (from: Uint8Array, siblings: readonly string[]) =>
        `0x${Buffer.from(rootOfProof(keccak256, from, siblings.map(bytesOf))).toString('hex')}`;
      expect(rootBy(leaf, proof)).toBe(tree.root);
      for (const [index, sibling] of proof.entries()) {
        const flipped = sibling.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
        expect(
          rootBy(
            leaf,
            proof.map((one, at) => (at === index ? flipped : one)),
          ),
        ).not.toBe(tree.root);
      }
      const less = entitlementLeaf(keccak256, bytesOf(holder), BigInt(share) - 1n);
      expect(rootBy(less, proof)).not.toBe(tree.root);
      if (proof.length > 1) expect(verify(holder, share, proof.toReversed())).toBe(false);
      if (proof.length > 0) expect(verify(holder, share, proof.slice(1))).toBe(false);
    }),
    { numRuns: 40 },
  );
});

test('nobody has a share: there is no tree', async () => {
  async function* nobody() {
    yield [];
  }
  expect(await entitlementTree(nobody())).toBeNull();
});

test('a tree gives way while it is built', async () => {
  const keccak256 = await loadKeccak256();
  const leaves = new LeafList();
  const holder = Buffer.alloc(20);
  for (let index = 0; index < 50_000; index++) {
    holder.writeUInt32BE(index);
    leaves.add(entitlementLeaf(keccak256, holder, 1n));
  }
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const tree = await MerkleTree.build(keccak256, leaves.toBytes());
  clearInterval(timer);
  expect(tree.size).toBe((2 * 50_000 - 1) * 32);
  expect(turns).toBeGreaterThan(2);
});
