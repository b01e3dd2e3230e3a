import { keccak256 } from 'ethers';
import { getBalance } from '../../devnet/chain.js';
import type { CollectionWorld, DevnetCollection } from '../../devnet/collectionWorld.js';
import { encodeCall } from '../../devnet/deploy.js';
import { type Address, addressBytes } from '../../src/address.js';
import type { AuditComparison, Mismatch } from '../../src/audit/questions/question.js';
import type { Queryable } from '../../src/store/read/query/queryable.js';
import { callViews } from './viewsAt.js';

/**
 * Compares the books of a collection at the end of a block with the chain: owners
 * with `ownerOf`, contents with the hashes they are kept under, payments with the balance.
 */
export async function compareCollection(
  db: Queryable,
  { chain, actors }: CollectionWorld,
  { contract, shape, payeePercent, payee }: DevnetCollection,
  block: number,
): Promise<AuditComparison> {
  const mismatches: Mismatch[] = [];
  let figures = 0;
  const token = contract.address as Address;
  const check = (figure: string, ours: bigint, theirs: bigint) => {
    figures++;
    if (ours === theirs) return;
    mismatches.push({ figure, token, account: null, block, ours, contract: theirs });
  };

  const owners = await db.query<{ token_id: string; owner: string }>({
    text: `SELECT DISTINCT ON (t.token_id) t.token_id, encode(t."to", 'hex') AS owner
      FROM aigc_transfer t JOIN contract c ON c.number = t.collection_number
      WHERE c.address = $1 AND t.block_number <= $2 ORDER BY t.token_id, t.id DESC`,
    values: [addressBytes(token), block],
  });
  const answers = await callViews(
    chain,
    block,
    owners.rows.map(({ token_id }) => ({
      to: token,
      data: encodeCall(contract, 'ownerOf', [BigInt(token_id)]),
    })),
  );
  owners.rows.forEach(({ token_id, owner }, index) => {
    check(`ownerOf(${token_id})`, BigInt(`0x${owner}`), answers[index] ?? 0n);
  });

  const held = (account: string) =>
    owners.rows.filter(({ owner }) => `0x${owner}` === account).length;
  const counts = await callViews(
    chain,
    block,
    actors.map((actor) => ({ to: token, data: encodeCall(contract, 'balanceOf', [actor]) })),
  );
  actors.forEach((actor, index) => {
    check(`balanceOf(${actor})`, BigInt(held(actor)), counts[index] ?? 0n);
  });

  const contents = await db.query<{ hash: Buffer; content: Buffer }>({
    text: `SELECT hash, content FROM aigc_content x JOIN contract c ON c.number = x.collection_number
      WHERE c.address = $1 AND x.block_number <= $2`,
    values: [addressBytes(token), block],
  });
  for (const { hash, content } of contents.rows) {
    check('keccak256(content)', BigInt(`0x${hash.toString('hex')}`), BigInt(keccak256(content)));
  }

  const payments = await db.query<{ paid_wei: string; revenue_wei: string }>({
    text: `SELECT paid_wei, (SELECT coalesce(sum(amount_wei), 0) FROM mint_revenue
        WHERE payment_id = p.id AND is_inside) AS revenue_wei
      FROM mint_payment p JOIN contract c ON c.number = p.collection_number
      WHERE c.address = $1 AND p.block_number <= $2`,
    values: [addressBytes(token), block],
  });
  let keptWei = 0n;
  for (const payment of payments.rows) {
    const paidWei = BigInt(payment.paid_wei);
    const feeWei = shape === 'opml' ? paidWei / 10n : 0n;
    const outWei = ((paidWei - feeWei) * payeePercent) / 100n;
    const toToken = { token: outWei, splitter: outWei - outWei / 2n, stranger: 0n }[payee];
    check('revenue of a mint', BigInt(payment.revenue_wei), toToken);
    keptWei += paidWei - feeWei - outWei;
  }
  check('balance', keptWei, await getBalance(chain, token, block));
  return { figures, mismatches };
}
