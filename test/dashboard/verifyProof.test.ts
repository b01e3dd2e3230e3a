import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { describe, expect, test } from 'vitest';
import { verifyProof } from '../../dashboard/src/views/books/verify.js';

const account = (digit: string) => `0x${digit.repeat(40)}`;
const shares: [string, string][] = [
  [account('1'), '600'],
  [account('2'), String(2n ** 200n + 7n)],
  [account('3'), '1'],
  [account('4'), '25'],
  [account('5'), '99'],
];
const tree = StandardMerkleTree.of(shares, ['address', 'uint256']);

function proofOf(index: number, changes: Record<string, unknown> = {}): string {
  const [holder, shareWei] = shares[index] ?? [];
  return JSON.stringify({ holder, shareWei, proof: tree.getProof(index), ...changes });
}

describe('a proof that the page checks', () => {
  test('holds for each share of a tree that OpenZeppelin made', () => {
    for (const [index, [holder, share]] of shares.entries()) {
      const verdict = verifyProof(proofOf(index), tree.root);
      expect(verdict).toEqual({ kind: 'proved', holder, share: BigInt(share) });
    }
  });

  test.each([
    ['another share', { shareWei: '601' }],
    ['another holder', { holder: account('9') }],
    ['a sibling too few', { proof: tree.getProof(0).slice(1) }],
    ['a changed sibling', { proof: tree.getProof(0).with(0, `0x${'0'.repeat(64)}`) }],
    ['the root that it claims itself', { shareWei: '601', root: tree.root, leaf: tree.root }],
  ])('leads to another root with %s', (_, changes) => {
    expect(verifyProof(proofOf(0, changes), tree.root).kind).toBe('wrong');
  });

  test.each([
    ['no JSON', '{', 'JSON'],
    ['no object', '"0x"', 'JSON'],
    ['a holder of 19 bytes', proofOf(0, { holder: '0x11' }), 'holder'],
    ['a share with a point', proofOf(0, { shareWei: '1.5' }), 'shareWei'],
    ['a share that is a number', proofOf(0, { shareWei: 600 }), 'shareWei'],
    ['a share beyond 256 bits', proofOf(0, { shareWei: String(2n ** 256n) }), 'shareWei'],
    ['a sibling of one byte', proofOf(0, { proof: ['0x12'] }), 'proof'],
    ['more siblings than any tree has', proofOf(0, { proof: Array(65).fill(tree.root) }), 'proof'],
  ])('is called unreadable with %s', (_, text, field) => {
    expect(verifyProof(text, tree.root)).toEqual({ kind: 'unreadable', field });
  });
});
