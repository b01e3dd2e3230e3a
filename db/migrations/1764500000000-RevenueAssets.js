/** ERC-20 assets that tokens with the AltRevToken extension share beside ETH. */
export class RevenueAssets1764500000000 {
  name = 'RevenueAssets1764500000000';

  async up(db) {
    await db.query(`CREATE TABLE revenue_asset (
      id text COLLATE "C" PRIMARY KEY,
      number integer NOT NULL UNIQUE,
      token_number integer NOT NULL,
      asset bytea NOT NULL,
      symbol text,
      decimals integer
    )`);
  }

  async down(db) {
    await db.query('DROP TABLE revenue_asset');
  }
}
