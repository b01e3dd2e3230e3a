/** ERC-7007 collections: tokens with every owner and every content, mints and their money. */

const NUMBER = 'numeric(78,0) NOT NULL';
const IN_BLOCK = `
  id text COLLATE "C" PRIMARY KEY,
  collection_number integer NOT NULL,
  block_number integer NOT NULL,
  "timestamp" timestamptz NOT NULL`;
const IN_TRANSACTION = `${IN_BLOCK},
  transaction_hash bytea NOT NULL,
  transaction_index integer NOT NULL,
  position integer NOT NULL`;

export class Collection1764400000000 {
  name = 'Collection1764400000000';

  async up(db) {
    // What a contract says about itself; beside its row in contract.
    await db.query(`CREATE TABLE collection (
      number integer PRIMARY KEY REFERENCES contract (number),
      name text,
      symbol text,
      is_erc7007 boolean NOT NULL,
      is_enumerable boolean NOT NULL,
      is_updatable boolean NOT NULL
    )`);

    await db.query(`CREATE TABLE collection_version (${IN_BLOCK},
      minted ${NUMBER},
      burned ${NUMBER},
      paid_wei ${NUMBER},
      revenue_wei ${NUMBER},
      beside_revenue_wei ${NUMBER}
    )`);

    // id_hash: the id as 32 bytes, where it can be the hash of a prompt.
    await db.query(`CREATE TABLE aigc_token (${IN_TRANSACTION},
      token_id ${NUMBER},
      id_hash bytea,
      UNIQUE (collection_number, token_id)
    )`);

    // Every owner that a token ever had.
    await db.query(`CREATE TABLE aigc_transfer (${IN_TRANSACTION},
      log_index integer NOT NULL,
      token_id ${NUMBER},
      "from" bytea NOT NULL,
      "to" bytea NOT NULL,
      payment_id text COLLATE "C"
    )`);
    await db.query(
      `CREATE INDEX aigc_transfer_by_token ON aigc_transfer (collection_number, token_id, id)`,
    );
    await db.query(
      `CREATE INDEX aigc_transfer_by_owner ON aigc_transfer ("to", collection_number, token_id)`,
    );

    // Every content that a token ever had, by hash.
    await db.query(`CREATE TABLE aigc_data (${IN_TRANSACTION},
      log_index integer NOT NULL,
      token_id ${NUMBER},
      event text NOT NULL,
      prompt_hash bytea NOT NULL,
      aigc_data_hash bytea NOT NULL,
      proof bytea,
      uri bytea,
      writer bytea NOT NULL,
      oracle bytea,
      request_id numeric(78,0),
      model_id numeric(78,0)
    )`);
    await db.query(
      `CREATE INDEX aigc_data_by_token ON aigc_data (collection_number, token_id, id)`,
    );

    // Prompts and contents, each once, under their keccak-256.
    await db.query(`CREATE TABLE aigc_content (${IN_TRANSACTION},
      hash bytea NOT NULL,
      source text NOT NULL,
      content bytea NOT NULL,
      UNIQUE (collection_number, hash)
    )`);

    await db.query(`CREATE TABLE aigc_request (${IN_TRANSACTION},
      log_index integer NOT NULL,
      oracle bytea NOT NULL,
      request_id ${NUMBER},
      model_id ${NUMBER},
      account bytea NOT NULL,
      callback_contract bytea NOT NULL,
      input_hash bytea NOT NULL
    )`);
    await db.query(
      `CREATE INDEX aigc_request_by_request ON aigc_request (collection_number, oracle, request_id)`,
    );

    await db.query(`CREATE TABLE mint_payment (${IN_TRANSACTION},
      payer bytea NOT NULL,
      sender bytea NOT NULL,
      paid_wei ${NUMBER},
      mint_count ${NUMBER},
      selector bytea
    )`);

    await db.query(`CREATE TABLE mint_revenue (${IN_TRANSACTION},
      payment_id text COLLATE "C",
      is_inside boolean NOT NULL,
      mint_calls integer NOT NULL,
      token bytea NOT NULL,
      payer bytea NOT NULL,
      amount_wei ${NUMBER}
    )`);
    await db.query(`CREATE INDEX mint_revenue_by_payment ON mint_revenue (payment_id)`);
  }

  async down(db) {
    for (const table of [
      'mint_revenue',
      'mint_payment',
      'aigc_request',
      'aigc_content',
      'aigc_data',
      'aigc_transfer',
      'aigc_token',
      'collection_version',
      'collection',
    ]) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
