import { beforeAll, expect, test } from 'vitest';
import { hurt, SCENES, type SceneName, startHurting } from '../../bench/hurt/scenes.js';
import { getBalance, latestBlock } from '../../devnet/chain.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { indexTo } from '../support/programs/indexer.js';

/** `npm run bench:hurt` has the whole size and measures it. */
const SIZE = 600;
const SCENE_NAMES = Object.keys(SCENES) as SceneName[];

let chain: Anvil;

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
});

test('blocks full of frames, deep trees, logs, data, long names and long answers are indexed, and the head is followed after them', async () => {
  const databaseUrl = await freshDatabase();
  const bulky = await startHurting(chain, 'views', SIZE);
  // A contract that gives such answers from the start is refused.
  await indexTo({ chain, databaseUrl, tokens: [bulky.token.address] });
  await hurt(chain, { name: 'views', size: SIZE, final: 0 }, bulky);
  const tokens: string[] = [];
  for (const name of SCENE_NAMES.filter((scene) => scene !== 'views')) {
    const scene = await startHurting(chain, name, SIZE);
    tokens.push(scene.token.address);
    await hurt(chain, { name, size: SIZE, final: 0 }, scene);
  }
  const all = indexTo({ chain, databaseUrl, tokens: [bulky.token.address, ...tokens] });
  await expect(all).rejects.toMatchObject({
    code: 'TOKEN_UPGRADED',
    message: expect.stringMatching(new RegExp(bulky.token.address, 'i')),
  });
  const booked = await query<{ address: string; wei: string }>(
    databaseUrl,
    `SELECT '0x' || encode(address, 'hex') AS address, sum(amount_wei)::text AS wei
     FROM receipt JOIN token ON token.number = token_number GROUP BY address`,
  );
  const { number: head } = await latestBlock(chain);
  for (const token of tokens) {
    const wei = booked.find(({ address }) => address === token)?.wei;
    expect(wei).toBe(String(await getBalance(chain, token)));
  }
  const [cursor] = await query(databaseUrl, 'SELECT height FROM chain_cursor');
  expect(cursor).toEqual({ height: head });
});
