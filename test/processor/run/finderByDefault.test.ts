import { expect, it } from 'vitest';
import { mineBlock } from '../../../devnet/chain.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { query } from '../../support/query.js';
import { Scene } from '../../support/scenes/scene.js';

const QUIET_BLOCKS = 510;
const FINALITY = 2;

it('from 500 final blocks on, a node alone finds those that concern a token', async () => {
  const scene = await Scene.start();
  const { chain, token } = scene;
  await chain.rpc.call('anvil_mine', [`0x${QUIET_BLOCKS.toString(16)}`]);
  await scene.pay(1_000n);
  for (let block = 0; block <= FINALITY; block++) await mineBlock(chain);
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address], finality: FINALITY });
  const found = await query(databaseUrl, 'SELECT DISTINCT finder, proof FROM source_range');
  expect(found).toContainEqual({ finder: 'ranges', proof: 'state' });
  expect(await query(databaseUrl, 'SELECT amount_wei::text FROM receipt')).toEqual([
    { amount_wei: '1000' },
  ]);
});
