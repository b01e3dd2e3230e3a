import { randomBytes } from 'node:crypto';
import { hexlify, keccak256 } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execute, latestBlock } from '../../devnet/chain.js';
import { deployContract, encodeCall } from '../../devnet/deploy.js';
import { toQuantity } from '../../devnet/rpc.js';
import type { RunningApi } from '../../src/api/server.js';
import { SERVING_DEFAULTS } from '../../src/config/serving.js';
import { askData, askError, startTestApi } from '../api/support.js';
import { exportRows } from '../export/support.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { indexTo } from '../support/programs/indexer.js';
import { OracleScene } from '../support/scenes/oracleScene.js';

const MEGABYTE = 1_000_000;
const GAS = 900_000_000n;
const [prompt, content, output] = [1, 1, 2].map((size) =>
  hexlify(randomBytes(size * MEGABYTE)),
) as [string, string, string];
/** The oracle keeps it in its storage, which takes most of the gas of a block. */
const input = hexlify(randomBytes(30_000));

let databaseUrl: string;
let head: number;
let api: RunningApi;

/** A collection and an oracle that were given megabytes, between payments to a token. */
beforeAll(async () => {
  const scene = await OracleScene.start({ args: ['--no-request-size-limit'] });
  const { chain, owner: from, token, oracle } = scene;
  await chain.rpc.call('evm_setBlockGasLimit', [toQuantity(GAS)]);
  const args = ['Cats', 'CAT', 1, token.address, 60];
  const cats = await deployContract(chain, 'AigcCollection', args, { from });
  const send = (to: string, data = '0x', valueWei = 0n) =>
    execute(chain, { from, to, data, valueWei, gas: GAS });
  await send(token.address, '0x', 1_000n);
  const proof = '0x01';
  await send(cats.address, encodeCall(cats, 'mintWithData', [from, prompt, content, proof]), 100n);
  await scene.upload({ modelId: 11n, fee: 0n });
  await send(oracle.address, scene.askData({ modelId: 11n, input }));
  await send(oracle.address, encodeCall(oracle, 'invokeCallback', [1n, output]));
  await send(token.address, '0x', 1_000n);
  head = (await latestBlock(chain)).number;
  databaseUrl = await freshDatabase();
  await indexTo({ ...scene.request(databaseUrl), collections: [cats.address] });
  api = await startTestApi(databaseUrl);
});

afterAll(() => api.close());

const hashesOf = (table: string, column: string) =>
  query<{ bytes: string; hash: string }>(
    databaseUrl,
    `SELECT octet_length(${column}) AS bytes, '0x' || encode(${column}, 'hex') AS hash FROM ${table} ORDER BY 1`,
  ).then((rows) => rows.map(({ bytes, hash }) => [Number(bytes), keccak256(hash)]));

test('prompts and outputs of megabytes are booked to the byte, and the other token to the head', async () => {
  const contents = await hashesOf('aigc_content', 'content');
  expect(contents.toSorted()).toEqual(
    [prompt, content].map((bytes) => [MEGABYTE, keccak256(bytes)]).toSorted(),
  );
  expect(await hashesOf('oracle_result', 'output')).toEqual([[2 * MEGABYTE, keccak256(output)]]);
  const receipts = await query(databaseUrl, 'SELECT sum(amount_wei)::text AS wei FROM receipt');
  expect(receipts).toEqual([{ wei: '2060' }]);
  expect(await query(databaseUrl, 'SELECT height FROM chain_cursor')).toEqual([{ height: head }]);
});

test('they are served up to a number of bytes, with their whole length, and within the limits of an answer', async () => {
  const text = `{
    aigcTokens { nodes { prompt { bytes { byteLength isTruncated hex } } } }
    results { nodes { outputLength output } }
  }`;
  const { aigcTokens, results } = await askData(api, text);
  const [{ prompt: served }] = aigcTokens.nodes;
  expect(served.bytes).toMatchObject({ byteLength: MEGABYTE, isTruncated: true });
  expect(prompt.startsWith(served.bytes.hex)).toBe(true);
  const [result] = results.nodes;
  expect(result).toEqual({ outputLength: 2 * MEGABYTE, output: output.slice(0, 2 + 2 * 32_768) });
  const small = await startTestApi(databaseUrl, {
    serving: {
      ...SERVING_DEFAULTS,
      limits: { ...SERVING_DEFAULTS.limits, answerBytes: 20_000 },
    },
  });
  try {
    expect(await askError(small, text)).toMatchObject({ code: 'ANSWER_TOO_LARGE' });
  } finally {
    await small.close();
  }
});

test('they are exported by their hashes', async () => {
  expect(await exportRows(databaseUrl, 'aigc-contents')).toMatchObject([
    { prompt_hash: keccak256(prompt), content_hash: keccak256(content), is_current: true },
  ]);
});
