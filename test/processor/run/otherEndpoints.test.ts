import { beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { hidesMoney, slow } from '../../support/nodes/frameDialects.js';
import type { Dialect } from '../../support/nodes/oddNode.js';
import { oddNode } from '../../support/nodes/testNode.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.start();
  await scene.pay(1000n);
  await scene.snapshot();
  await scene.call(scene.founder, 'claim', [1n]);
  await scene.pay(70n);
});

async function index(url: string, fallbackRpcUrls: string[] = [], warnings: string[] = []) {
  const databaseUrl = await freshDatabase();
  await indexTo({
    chain: { ...scene.chain, url },
    databaseUrl,
    tokens: [scene.token.address],
    fallbackRpcUrls,
    onWarning: (line) => warnings.push(line),
  });
  return dumpTables(databaseUrl);
}

it('if an endpoint hides the payment of a claim, the others are asked before any books end', async () => {
  const books = await index(scene.chain.url);
  const liar = await oddNode(scene.chain.url, hidesMoney);
  // Slower endpoints are asked later.
  const other = await oddNode(scene.chain.url, hidesMoney, slow(15));
  const good = await oddNode(scene.chain.url, slow(30));
  const warnings: string[] = [];
  expect(await index(liar.url, [other.url, good.url], warnings)).toEqual(books);
  expect(warnings.join('\n')).toMatch(/Reading block \d+ again/);
});

it('if all endpoints hide the payment of a claim, the books of the token end before it', async () => {
  const liars = [await oddNode(scene.chain.url, hidesMoney)];
  for (const ms of [15, 30]) liars.push(await oddNode(scene.chain.url, hidesMoney, slow(ms)));
  const [first = '', ...others] = liars.map(({ url }) => url);
  const warnings: string[] = [];
  await expect(index(first, others, warnings)).rejects.toThrow(
    /The books of token 0x\w+ end at block/,
  );
  const [line = ''] = warnings.filter((warning) => / again$/.test(warning));
  const doubtful = Number(/Reading block (\d+) again/.exec(line)?.[1]);
  const readings = (block: number) =>
    liars.flatMap(({ asked }) =>
      asked.filter(
        ({ method, params }) => method.startsWith('trace_block') && Number(params[0]) === block,
      ),
    ).length;
  // The block before is committed when the doubtful one was read twice; the rest of the readings is of one block.
  expect(readings(doubtful)).toBeGreaterThan(readings(doubtful - 1));
  expect(readings(doubtful - 1)).toBeLessThanOrEqual(3);
});

/** A dialect that concerns some methods only. */
function inMethods(pattern: RegExp, dialect: Dialect): Dialect {
  return (call, ask) => (pattern.test(call.method) ? dialect(call, ask) : ask(call));
}

it.each([
  ['trace_block', /^trace_block$/],
  ['trace_block and debug_traceBlockByHash', /^(trace_block|debug_traceBlockByHash)$/],
])(
  'if the only endpoint hides the payment of a claim in %s, the block is read in another way',
  async (_, methods) => {
    const books = await index(scene.chain.url);
    const node = await oddNode(scene.chain.url, inMethods(methods, hidesMoney));
    const warnings: string[] = [];
    expect(await index(node.url, [], warnings)).toEqual(books);
    expect(warnings.join('\n')).toMatch(/Reading block \d+ again/);
  },
);

it('if every endpoint hides the payment in its own way, the only right way of one of them is found', async () => {
  const books = await index(scene.chain.url);
  const liar = await oddNode(scene.chain.url, hidesMoney);
  const half = await oddNode(
    scene.chain.url,
    inMethods(/^(trace_|debug_traceBlockByHash)/, hidesMoney),
    slow(15),
  );
  expect(await index(liar.url, [half.url])).toEqual(books);
});
