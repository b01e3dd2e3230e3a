import type pg from 'pg';
import { JoinedRead } from '../../../src/api/reads/joinedRead.js';
import { checksummedQuickly } from '../../../src/api/values/checksums.js';
import { entitlementOf, type HolderRecord } from '../../../src/ledger/entitlement.js';
import { rulesAt } from '../../../src/ledger/terms.js';
import { HEAD_COLUMNS, HEAD_ROW, type HeadColumns, type NewestState } from './headState.js';

/** One holder at a block; `null`: at the head. */
interface Key {
  readonly account: string;
  readonly block: number | null;
}

interface Row extends HeadColumns {
  readonly ordinal: number;
  readonly token_number: number | null;
  readonly checkpoints: string;
  readonly claims: string | null;
  readonly redeemed_wei: string | null;
}

/** Everything about some holders in one statement: an account has few rows. */
const HOLDERS = `SELECT ${HEAD_COLUMNS}, k.ordinal, h.token_number, h.checkpoints,
    (SELECT string_agg(c.snapshot_id || ' ' || c.amount_wei, ',') FROM claim c
      WHERE c.holder = k.account AND c.token_number = h.token_number
        AND c.block_number <= coalesce(k.block_number, head.height)) AS claims,
    (SELECT sum(r.amount_wei) FROM redemption r
      WHERE r.holder = k.account AND r.token_number = h.token_number
        AND r.block_number <= coalesce(k.block_number, head.height)) AS redeemed_wei
  FROM ${HEAD_ROW}
  CROSS JOIN unnest($1::bytea[], $2::integer[]) WITH ORDINALITY AS k(account, block_number, ordinal)
  LEFT JOIN LATERAL (
    SELECT b.token_number, string_agg(b."interval" || ' ' || b.balance, ','
      ORDER BY b.block_number, b."interval") AS checkpoints
    FROM balance_checkpoint b
    WHERE b.account = k.account AND b.block_number <= coalesce(k.block_number, head.height)
    GROUP BY b.token_number
  ) h ON true
  ORDER BY k.ordinal, h.token_number`;

/** Holders with their positions; requests at the same time share a statement. */
export class LimitHolders {
  private readonly joined: JoinedRead<Key, object>;

  constructor(db: pg.Pool, newest: NewestState) {
    this.joined = new JoinedRead<Key, object>(
      (keys) => readHolders(db, newest, keys),
      ({ account, block }) => `${account} ${block}`,
      { atOnce: 2 },
    );
  }

  async answer(address: string, block: number | null): Promise<object> {
    const [positions] = await this.joined.read([{ account: address.toLowerCase(), block }]);
    return {
      holder: { address: checksummedQuickly(address.toLowerCase() as `0x${string}`), positions },
    };
  }
}

function readHolders(
  db: pg.Pool,
  newest: NewestState,
  keys: readonly Key[],
): Promise<readonly object[]> {
  const statement = {
    name: 'holders',
    text: HOLDERS,
    values: [
      keys.map(({ account }) => Buffer.from(account.slice(2), 'hex')),
      keys.map(({ block }) => block),
    ],
  };
  return newest.with(
    async () => (await db.query<Row>(statement)).rows,
    async (rows, state) => {
      const answers: object[][] = keys.map(() => []);
      for (const row of rows) {
        const index = Number(row.ordinal) - 1;
        const block = keys[index]?.block ?? state.block;
        const token = row.token_number === null ? undefined : state.tokens.get(row.token_number);
        if (token === undefined) continue;
        const pool = await state.poolOf(token.number, block);
        const record = recordOf(row);
        const of = entitlementOf(rulesAt(token.rules, block), pool, record);
        answers[index]?.push(positionOf(token.symbol, of));
      }
      return answers;
    },
  );
}

function recordOf({ checkpoints, claims, redeemed_wei }: Row): HolderRecord {
  const intervals = new Map<number, bigint>();
  for (const [interval, balance] of pairs(checkpoints)) intervals.set(interval, balance);
  return {
    checkpoints: [...intervals].map(([interval, balance]) => ({ interval, balance })),
    claims: new Map(claims === null ? [] : pairs(claims)),
    redeemedWei: BigInt(redeemed_wei ?? 0),
  };
}

function pairs(text: string): [number, bigint][] {
  return text.split(',').map((pair) => {
    const space = pair.indexOf(' ');
    return [Number(pair.slice(0, space)), BigInt(pair.slice(space + 1))];
  });
}

function positionOf(symbol: string | null, of: ReturnType<typeof entitlementOf>): object {
  return {
    token: { symbol },
    balance: String(of.balance),
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
}
