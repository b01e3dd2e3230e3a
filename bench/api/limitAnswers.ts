import type { Address } from '../../src/address.js';
import { checksummedQuickly } from '../../src/api/values/checksums.js';
import { readChainHeads } from '../../src/store/read/chains/chainHeads.js';
import { readEntitlements } from '../../src/store/read/entitlements/entitlements.js';
import { readHolderPositions } from '../../src/store/read/holders/holderPositions.js';
import type { Queryable } from '../../src/store/read/query/queryable.js';
import { readTokens } from '../../src/store/read/tokens/tokens.js';
import { CHAIN_ID } from './datasetSql.js';

type Variables = Readonly<Record<string, never>>;
type Answer = (db: Queryable, variables: Variables) => Promise<unknown>;

/** What somebody would write who has these four questions to answer and nothing else. */
export const LIMIT_ANSWERS: Readonly<Record<string, Answer>> = {
  holder: holder,
  page: page,
  claimable: claimable,
  receipts: receipts,
};

/** The statements of the store that the answer needs, and the ledger's arithmetic. */
async function holder(db: Queryable, { address: asked }: Variables): Promise<unknown> {
  const address = String(asked);
  const account = address.toLowerCase() as Address;
  const [heads, tokens] = await Promise.all([readChainHeads(db), readTokens(db)]);
  const block = heads.get(CHAIN_ID)?.block ?? 0;
  const rows = await readHolderPositions(
    db,
    account,
    tokens.map(({ number }) => ({ tokenNumber: number, block })),
  );
  const held = rows.flatMap(({ tokenNumber, balance }) => {
    const token = tokens.find(({ number }) => number === tokenNumber);
    return token === undefined ? [] : [{ token, balance }];
  });
  const entitlements = await readEntitlements(
    db,
    held.map(({ token }) => ({ token, account, block })),
  );
  const positions = held.map(({ token, balance }, index) => {
    const of = entitlements[index];
    if (of === undefined) throw new RangeError('an entitlement is missing');
    return {
      token: { symbol: token.symbol },
      balance: String(balance),
      entitlement: {
        totalClaimableWei: String(of.totalClaimableWei),
        claimedWei: String(of.claimedWei),
        redeemedWei: String(of.redeemedWei),
        expiredWei: String(of.expiredWei),
        redeemableWei: String(of.redeemableWei),
        accruingWei: String(of.accruingWei),
        snapshots: of.snapshots.map(({ snapshotId, state, claimableWei }) => ({
          snapshotId,
          state,
          claimableWei: String(claimableWei),
        })),
      },
    };
  });
  return { holder: { address, positions } };
}

async function page(db: Queryable, { first, after }: Variables): Promise<unknown> {
  const [, value, account = ''] = Buffer.from(String(after), 'base64url').toString().split('|');
  const limit = Number(first);
  const { rows } = await db.query<{ readonly account: Buffer; readonly balance: string }>({
    name: 'page',
    text: `SELECT account, balance FROM (
        (SELECT account, balance FROM holder WHERE token_number = 1 AND balance = $1::numeric
          AND account > $2 ORDER BY account LIMIT $3)
        UNION ALL
        (SELECT account, balance FROM holder WHERE token_number = 1 AND balance < $1::numeric
          ORDER BY balance DESC, account LIMIT $3)
      ) part ORDER BY balance DESC, account LIMIT $3`,
    values: [value, Buffer.from(account.slice(2), 'hex'), limit + 1],
  });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const lastKey = last && `holders:1:balance|${last.balance}|0x${last.account.toString('hex')}`;
  return {
    holders: {
      nodes: shown.map((row) => ({
        address: checksummedQuickly(`0x${row.account.toString('hex')}`),
        balance: row.balance,
      })),
      pageInfo: {
        hasNextPage: rows.length > limit,
        endCursor: lastKey === undefined ? null : Buffer.from(lastKey).toString('base64url'),
      },
    },
  };
}

/** Over all holders, every time: no index has this order. */
async function claimable(db: Queryable, { first }: Variables): Promise<unknown> {
  const { rows } = await db.query<{
    readonly account: Buffer;
    readonly balance: string;
    readonly wei: string;
  }>({
    name: 'claimable',
    text: `SELECT h.account, h.balance, sum(div(c.balance * s.claimable_wei, s.supply)) AS wei
      FROM holder h
      JOIN snapshot s ON s.token_number = 1 AND s.snapshot_id > 2
      CROSS JOIN LATERAL (SELECT b.balance FROM balance_checkpoint b
        WHERE b.account = h.account AND b.token_number = 1
          AND b.block_number <= s.block_number AND b."interval" < s.snapshot_id
        ORDER BY b.block_number DESC LIMIT 1) c
      WHERE h.token_number = 1 AND NOT EXISTS (SELECT FROM claim
        WHERE holder = h.account AND token_number = 1 AND snapshot_id = s.snapshot_id)
      GROUP BY h.account, h.balance ORDER BY wei DESC, h.account LIMIT $1`,
    values: [first],
  });
  return {
    holders: {
      nodes: rows.map(({ account, balance, wei }) => ({
        address: checksummedQuickly(`0x${account.toString('hex')}`),
        balance,
        entitlement: { totalClaimableWei: wei },
      })),
    },
  };
}

async function receipts(db: Queryable, { from, to }: Variables): Promise<unknown> {
  const { rows } = await db.query<{
    readonly id: string;
    readonly block_number: number;
    readonly timestamp: Date;
    readonly transaction_hash: Buffer;
    readonly payer: Buffer;
    readonly amount_wei: string;
    readonly kind: string;
    readonly source: string;
  }>({
    name: 'receipts',
    text: `SELECT id, block_number, "timestamp", transaction_hash, payer, amount_wei, kind, source
      FROM receipt WHERE id >= '0001-' || lpad((
        SELECT number FROM block WHERE chain_id = 1 AND "timestamp" >= $1 ORDER BY "timestamp" LIMIT 1
      )::text, 10, '0') AND id <= '0001-' || lpad((
        SELECT number FROM block WHERE chain_id = 1 AND "timestamp" <= $2
        ORDER BY "timestamp" DESC LIMIT 1
      )::text, 10, '0') || '-999999' ORDER BY id LIMIT 1000`,
    values: [new Date(from ?? ''), new Date(to ?? '')],
  });
  return {
    receipts: {
      nodes: rows.map((row) => ({
        id: row.id,
        block: row.block_number,
        timestamp: row.timestamp.toISOString(),
        transactionHash: `0x${row.transaction_hash.toString('hex')}`,
        payer: checksummedQuickly(`0x${row.payer.toString('hex')}`),
        amountWei: row.amount_wei,
        kind: row.kind.toUpperCase(),
        source: row.source.toUpperCase(),
      })),
    },
  };
}
