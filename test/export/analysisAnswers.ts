/** A question of docs/analysis.md, and the same figures by PostgreSQL over the tables. */
interface DatabaseAnswer {
  readonly question: number;
  /** The rows of the answer in its order, with some of its columns. */
  readonly sql: string;
}

const TOKEN = `'0x' || encode(t.address, 'hex') AS token`;

/** The wallets that the page names. */
const WALLETS = [
  '85478a68fa88e9d9fc78f9d3e861d24b22b06b10',
  'cd669ae5d57bd45293a35b065b75a3c0a28800ab',
  '75ed5999a09e6094f1b73ad3b92327bfe2ec62d9',
].map((digits) => `'\\x${digits}'::bytea`);

const TWO = WALLETS.slice(0, 2).join(', ');
const THREE = WALLETS.join(', ');

/** What can be asked of the tables directly; other questions have checks of their own. */
export const ANSWERS: readonly DatabaseAnswer[] = [
  {
    question: 2,
    sql: `SELECT ${TOKEN}, source, count(*) AS receipts, sum(amount_wei) AS received
      FROM receipt r JOIN token t ON t.number = r.token_number GROUP BY 1, 2 ORDER BY 1, 2`,
  },
  {
    question: 4,
    sql: `SELECT ${TOKEN}, s.snapshot_id AS id,
        (SELECT coalesce(sum(c.amount_wei), 0) FROM claim c
         WHERE c.token_number = s.token_number AND c.snapshot_id = s.snapshot_id) AS claimed
      FROM snapshot s JOIN token t ON t.number = s.token_number
      WHERE s.claimable_wei > 0 ORDER BY 1, 2`,
  },
  {
    question: 8,
    sql: `SELECT ${TOKEN}, count(*) AS burns, sum(burned) AS burned, sum(amount_wei) AS paid
      FROM redemption r JOIN token t ON t.number = r.token_number
      WHERE burned > 0 GROUP BY 1 ORDER BY 1`,
  },
  {
    question: 9,
    sql: `SELECT model_id, count(*) AS requests, sum(batch_size) AS inferences, sum(fee) AS fees
      FROM oracle_request WHERE asset = 'native' GROUP BY 1 ORDER BY sum(fee) DESC, 1`,
  },
  {
    question: 11,
    sql: `SELECT token, coalesce(name, payer) AS name, paid, trim_scale(round(100 * paid / received, 2)) AS percent
      FROM (SELECT ${TOKEN}, '0x' || encode(payer, 'hex') AS payer, sum(amount_wei) AS paid,
          row_number() OVER (PARTITION BY t.number ORDER BY sum(amount_wei) DESC, payer) AS rank,
          sum(sum(amount_wei)) OVER (PARTITION BY t.number) AS received,
          coalesce((SELECT l.name FROM label l WHERE l.address = payer),
            (SELECT c.label FROM contract c WHERE c.address = payer)) AS name
        FROM receipt r JOIN token t ON t.number = r.token_number GROUP BY t.address, t.number, payer) p
      WHERE rank = 1 ORDER BY token`,
  },
  {
    question: 12,
    sql: `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, sum(amount_wei) AS earned,
        count(*) AS payments
      FROM (SELECT "timestamp" AS at, amount_wei, holder, token_number FROM claim
        UNION ALL SELECT "timestamp", amount_wei, holder, token_number FROM redemption) p
      JOIN token t ON t.number = p.token_number
      WHERE holder IN (${TWO}) GROUP BY 1 ORDER BY 1`,
  },
  {
    question: 13,
    sql: `SELECT ${TOKEN},
        coalesce(sum(amount) FILTER (WHERE "to" IN (${THREE}) AND "from" NOT IN (${THREE})), 0) AS came,
        coalesce(sum(amount) FILTER (WHERE "from" IN (${THREE}) AND "to" NOT IN (${THREE})), 0) AS went
      FROM transfer r JOIN token t ON t.number = r.token_number GROUP BY 1 ORDER BY 1`,
  },
  {
    question: 14,
    sql: `SELECT ${TOKEN}, to_char(month, 'YYYY-MM-DD') AS month, count(*) AS holders
      FROM (SELECT DISTINCT token_number, date_trunc('month', "timestamp" AT TIME ZONE 'UTC') AS month
        FROM transfer) m
      JOIN token t ON t.number = m.token_number
      CROSS JOIN LATERAL (
        SELECT DISTINCT ON (b.account) b.balance FROM balance_checkpoint b
        JOIN block k ON k.chain_id = t.chain_id AND k.number = b.block_number
        WHERE b.token_number = t.number AND k."timestamp" AT TIME ZONE 'UTC' < month + interval '1 month'
        ORDER BY b.account, b.block_number DESC, b."interval" DESC) held
      WHERE held.balance > 0 GROUP BY 1, 2 ORDER BY 1, 2`,
  },
  {
    question: 15,
    sql: `SELECT ${TOKEN}, snapshot_id AS id, s.supply AS balances
      FROM snapshot s JOIN token t ON t.number = s.token_number ORDER BY 1, 2`,
  },
  {
    question: 16,
    sql: `SELECT token, count(*) AS payers, count(*) FILTER (WHERE weeks > 1) AS came_back,
        sum(paid) AS paid, coalesce(sum(paid) FILTER (WHERE weeks > 1), 0) AS paid_by_them
      FROM (SELECT ${TOKEN}, payer, sum(amount_wei) AS paid,
          count(DISTINCT date_trunc('week', "timestamp" AT TIME ZONE 'UTC')) AS weeks
        FROM receipt r JOIN token t ON t.number = r.token_number
        WHERE payer IS NOT NULL GROUP BY 1, 2) p GROUP BY 1 ORDER BY 1`,
  },
  {
    question: 17,
    sql: `SELECT ${TOKEN}, s.snapshot_id AS id, (SELECT coalesce(sum(c.amount_wei), 0) FROM claim c
         WHERE c.token_number = s.token_number AND c.snapshot_id = s.snapshot_id
           AND c."timestamp" < s."timestamp" + interval '7 days') AS in_a_week
      FROM snapshot s JOIN token t ON t.number = s.token_number
      WHERE s.claimable_wei > 0 ORDER BY 1, 2`,
  },
  {
    question: 19,
    sql: `SELECT ${TOKEN}, sum(earned) AS earned, sum(paid) AS paid
      FROM (SELECT receiver, 0 AS earned, amount AS paid FROM model_payout WHERE asset = 'native'
        UNION ALL SELECT m.receiver, q.receiver_part, 0 FROM oracle_request q
        CROSS JOIN LATERAL (SELECT receiver FROM model_change m
          WHERE m.contract_number = q.contract_number AND m.model_id = q.model_id AND m.id < q.id
          ORDER BY m.id DESC LIMIT 1) m WHERE q.asset = 'native') p
      JOIN token t ON t.address = p.receiver GROUP BY 1 ORDER BY 1`,
  },
  {
    question: 20,
    sql: `SELECT ${TOKEN}, count(*) AS holders, count(*) FILTER (WHERE NOT EXISTS (
          SELECT FROM claim c WHERE c.token_number = h.token_number AND c.holder = h.account
            AND c.amount_wei > 0)) AS never_claimed
      FROM holder h JOIN token t ON t.number = h.token_number
      WHERE h.balance > 0 GROUP BY 1 ORDER BY 1`,
  },
  {
    question: 21,
    sql: `SELECT token, count(*) AS holders, count(*) FILTER (WHERE is_contract) AS contracts,
        count(*) FILTER (WHERE NOT is_contract) AS people,
        sum(balance) FILTER (WHERE NOT is_contract) AS held_by_people
      FROM (SELECT ${TOKEN}, h.balance,
          EXISTS (SELECT FROM account_code a WHERE a.address = h.account AND a.code = 'contract')
            AS is_contract
        FROM holder h JOIN token t ON t.number = h.token_number WHERE h.balance > 0) h
      GROUP BY 1 ORDER BY 1`,
  },
];
