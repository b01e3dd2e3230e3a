/** AI oracles: models with every version of their terms and accrual, requests, results, payouts. */

const AMOUNT = 'numeric(78,0) NOT NULL';
const IN_BLOCK = `
  id text COLLATE "C" PRIMARY KEY,
  contract_number integer NOT NULL,
  block_number integer NOT NULL,
  "timestamp" timestamptz NOT NULL`;
const IN_TRANSACTION = `
  transaction_hash bytea NOT NULL,
  transaction_index integer NOT NULL,
  position integer NOT NULL`;
const TERMS = `
  "exists" boolean NOT NULL,
  fee ${AMOUNT},
  receiver bytea NOT NULL,
  receiver_percentage integer NOT NULL,
  asset text NOT NULL`;

export class Oracle1764200000000 {
  name = 'Oracle1764200000000';

  async up(db) {
    await db.query(`CREATE TABLE model_version (${IN_BLOCK},
      model_id ${AMOUNT},
      is_opening boolean NOT NULL,
      ${TERMS},
      accrued ${AMOUNT}
    )`);
    await db.query(
      `CREATE INDEX model_version_by_model ON model_version (contract_number, model_id, id)`,
    );

    // What a model brought in one asset: its token can change, and sums of two would mean nothing.
    await db.query(`CREATE TABLE model_total (${IN_BLOCK},
      model_id ${AMOUNT},
      asset text NOT NULL,
      requests ${AMOUNT},
      fees ${AMOUNT},
      receiver_part ${AMOUNT},
      protocol_part ${AMOUNT},
      paid_out ${AMOUNT}
    )`);
    await db.query(
      `CREATE INDEX model_total_by_model ON model_total (contract_number, model_id, asset, id)`,
    );

    await db.query(`CREATE TABLE model_change (${IN_BLOCK},${IN_TRANSACTION},
      model_id ${AMOUNT},
      kind text NOT NULL,
      ${TERMS}
    )`);
    await db.query(
      `CREATE INDEX model_change_by_model ON model_change (contract_number, model_id, id)`,
    );

    await db.query(`CREATE TABLE model_payout (${IN_BLOCK},${IN_TRANSACTION},
      model_id ${AMOUNT},
      cause text NOT NULL,
      caller bytea NOT NULL,
      receiver bytea NOT NULL,
      asset text NOT NULL,
      amount ${AMOUNT}
    )`);
    await db.query(
      `CREATE INDEX model_payout_by_model ON model_payout (contract_number, model_id, id)`,
    );

    await db.query(`CREATE TABLE oracle_request (${IN_BLOCK},${IN_TRANSACTION},
      model_id ${AMOUNT},
      request_id ${AMOUNT},
      account bytea NOT NULL,
      payer bytea NOT NULL,
      batch_size ${AMOUNT},
      asset text NOT NULL,
      fee ${AMOUNT},
      receiver_part ${AMOUNT},
      protocol_part ${AMOUNT},
      value_wei ${AMOUNT},
      gas_limit ${AMOUNT},
      gas_part_wei numeric(78,0),
      overpayment_wei numeric(78,0),
      callback_contract bytea NOT NULL
    )`);
    await db.query(
      `CREATE INDEX oracle_request_by_model ON oracle_request (contract_number, model_id, id)`,
    );
    await db.query(`CREATE INDEX oracle_request_by_account ON oracle_request (account, id)`);
    await db.query(
      `CREATE INDEX oracle_request_by_request ON oracle_request (contract_number, request_id, id)`,
    );

    await db.query(`CREATE TABLE oracle_result (${IN_BLOCK},${IN_TRANSACTION},
      request_id ${AMOUNT},
      is_update boolean,
      account bytea,
      invoker bytea,
      output bytea NOT NULL
    )`);
    await db.query(
      `CREATE INDEX oracle_result_by_request ON oracle_result (contract_number, request_id, id)`,
    );
  }

  async down(db) {
    for (const table of [
      'oracle_result',
      'oracle_request',
      'model_payout',
      'model_change',
      'model_total',
      'model_version',
    ]) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
