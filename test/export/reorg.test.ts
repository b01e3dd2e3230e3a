import { afterAll, beforeAll, expect, it } from 'vitest';
import { mineBlocks } from '../../devnet/chain.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { type Follower, follow } from '../support/programs/indexer.js';
import { type LivedToken, liveToken, payToken } from '../support/scenes/livedToken.js';
import { type ExportedRow, exportRows, exportText } from './support.js';

let lived: LivedToken;
let databaseUrl: string;
let follower: Follower;

beforeAll(async () => {
  lived = await liveToken(2);
  databaseUrl = await freshDatabase();
  follower = follow({ ...lived, databaseUrl });
  await follower.caughtUp();
});
afterAll(() => follower.stop());

/** Begins an export of receipts; what is returned asks for all of it that follows the first row. */
async function begin(): Promise<() => Promise<ExportedRow[]>> {
  const { manifest } = await exportText(databaseUrl, 'receipts');
  const [first] = await exportRows(databaseUrl, 'receipts');
  return () =>
    exportRows(databaseUrl, 'receipts', {
      cursor: first?.row_id,
      resume: manifest.resume ?? '',
    });
}

it('an export continues at its block while the chain grows, and not over a reorg', async () => {
  const { rpc } = lived.chain;
  const fork = await rpc.call<string>('evm_snapshot');
  await payToken(lived);
  await mineBlocks(lived.chain, 2, 1);
  await follower.caughtUp();
  const goOn = await begin();
  const rest = await goOn();
  expect(rest.length).toBeGreaterThan(0);

  await payToken(lived);
  await follower.caughtUp();
  expect(await goOn()).toEqual(rest);
  expect((await exportRows(databaseUrl, 'receipts')).length).toBe(rest.length + 2);

  await rpc.call('evm_revert', [fork]);
  // The same receipt, of another block; polling notices a fork that is higher.
  await mineBlocks(lived.chain, 1, 1);
  await payToken(lived);
  await mineBlocks(lived.chain, 8, 1);
  await follower.caughtUp();
  await expect(goOn()).rejects.toMatchObject({ code: 'CHAIN_REORGANISED' });
});

it('a reorg that replaces no booked block does not stop an export', async () => {
  const { rpc } = lived.chain;
  const fork = await rpc.call<string>('evm_snapshot');
  await mineBlocks(lived.chain, 2, 1);
  await follower.caughtUp();
  const goOn = await begin();
  const rest = await goOn();
  await rpc.call('evm_revert', [fork]);
  await mineBlocks(lived.chain, 5, 3);
  await follower.caughtUp();
  expect(await goOn()).toEqual(rest);
});
