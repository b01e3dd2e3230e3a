/** Lists of holders as of an earlier block, and who can claim most, are read in the order of balances. */
export class BalancesByAmount1765097000000 {
  name = 'BalancesByAmount1765097000000';

  async up(db) {
    await db.query(`INSERT INTO deferred_index (name, columns) VALUES (
      'balance_checkpoint_by_balance',
      'balance_checkpoint (token_number, balance DESC, account, block_number)')`);
  }

  async down(db) {
    await db.query('DROP INDEX IF EXISTS balance_checkpoint_by_balance');
    await db.query(`DELETE FROM deferred_index WHERE name = 'balance_checkpoint_by_balance'`);
  }
}
