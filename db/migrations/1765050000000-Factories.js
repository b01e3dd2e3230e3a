/**
 * What factories created, and how far the final blocks were searched for it. A factory is named by its address,
 * the first topic of its event and the field that names contracts.
 */
export class Factories1765050000000 {
  name = 'Factories1765050000000';

  async up(db) {
    await db.query(`CREATE TABLE factory (
      chain_id bigint NOT NULL,
      factory text NOT NULL,
      start_block bigint NOT NULL,
      searched_to bigint NOT NULL,
      PRIMARY KEY (chain_id, factory)
    )`);
    // The place of the event; start_block is null until the deployment of the contract is found.
    await db.query(`CREATE TABLE factory_contract (
      chain_id bigint NOT NULL,
      address bytea NOT NULL,
      factory text NOT NULL,
      block_number bigint NOT NULL,
      block_hash bytea NOT NULL,
      log_index integer NOT NULL,
      sold_token bytea,
      start_block bigint,
      refused_code text,
      refused_reason text,
      refused_by text,
      PRIMARY KEY (chain_id, address)
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE factory_contract');
    await db.query('DROP TABLE factory');
  }
}
