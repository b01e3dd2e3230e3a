import { getAddress, keccak256 } from 'ethers';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import type { RunningApi } from '../../../src/api/server.js';
import { query } from '../../support/databases/postgres.js';
import { CollectionScene, idOf, text } from '../../support/scenes/collectionScene.js';
import { askData, askError, countStatements, startTestApi } from '../support.js';

const STRANGER = `0x${'5e'.repeat(20)}`;

let api: RunningApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

async function serve(scene: CollectionScene): Promise<RunningApi> {
  api = await startTestApi(await scene.index());
  return api;
}

/** A modern collection whose events have so many topics and that passes 60 % on. */
function modern(scene: CollectionScene, topics: number, payee: string = scene.token.address) {
  return scene.collection('AigcCollection', ['Cats', 'CAT', topics, payee, 60]);
}

const CONTENT = 'hash isKnown source bytes { byteLength hex text isTruncated }';
const DATA = `event writer oracle modelId requestId uri finality
  prompt { ${CONTENT} } content { ${CONTENT} } proof { hex }`;

describe('the API finds prompt and content of a token from the hashes of its logs', () => {
  test.each([4, 3, 1])('in an AigcData log with %i topics', async (topics) => {
    const scene = await CollectionScene.start();
    const cats = await modern(scene, topics);
    const prompt = text('a cat in the rain');
    await scene.call(scene.alice, cats, 'mint', [scene.alice, prompt], 1000n);
    await scene.call(scene.bob, cats, 'addAigcData', [idOf(prompt), prompt, '0xff00fe', '0x0102']);
    const { aigcTokens } = await askData(
      await serve(scene),
      `{ aigcTokens { nodes { tokenId owner prompt { ${CONTENT} } data { ${DATA} } } } }`,
    );
    const promptContent = {
      hash: keccak256(prompt),
      isKnown: true,
      source: 'CALL',
      bytes: { byteLength: 17, hex: prompt, text: 'a cat in the rain', isTruncated: false },
    };
    expect(aigcTokens.nodes).toEqual([
      {
        tokenId: String(idOf(prompt)),
        owner: getAddress(scene.alice),
        prompt: promptContent,
        data: {
          event: 'AIGC_DATA',
          writer: getAddress(scene.bob),
          oracle: null,
          modelId: null,
          requestId: null,
          uri: null,
          finality: 'FINAL',
          prompt: promptContent,
          content: {
            hash: keccak256('0xff00fe'),
            isKnown: true,
            source: topics === 4 ? 'CALL' : 'LOG',
            bytes: { byteLength: 3, hex: '0xff00fe', text: null, isTruncated: false },
          },
          proof: { hex: '0x0102' },
        },
      },
    ]);
  });

  test('in Mint logs of both older drafts', async () => {
    const scene = await CollectionScene.start();
    const draft = await scene.collection('AigcDraft', ['Draft', 'DRF']);
    const [first, second] = [text('first'), text('second')];
    const mints = [
      ['mint(bytes,bytes,string,bytes)', [first, '0xaa', 'ipfs://1', '0x01']],
      ['mint(address,bytes,bytes,string,bytes)', [scene.bob, second, '0xbb', 'ipfs://\t2', '0x']],
    ] as const;
    for (const [name, args] of mints) await scene.call(scene.alice, draft, name, args, 7n);
    const { aigcTokens } = await askData(
      await serve(scene),
      `{ aigcTokens { nodes { owner mint { paidWei payer } collection { proofType }
         data { event uri finality prompt { bytes { text } } content { bytes { hex } } proof { hex } } } } }`,
    );
    const mint = { paidWei: '7', payer: getAddress(scene.alice) };
    const common = { event: 'MINT', finality: null };
    expect(aigcTokens.nodes).toEqual([
      {
        owner: getAddress(scene.alice),
        mint,
        collection: { proofType: null },
        data: {
          ...common,
          uri: 'ipfs://1',
          prompt: { bytes: { text: 'first' } },
          content: { bytes: { hex: '0xaa' } },
          proof: { hex: '0x01' },
        },
      },
      {
        owner: getAddress(scene.bob),
        mint,
        collection: { proofType: null },
        data: {
          ...common,
          uri: 'ipfs://\t2',
          prompt: { bytes: { text: 'second' } },
          content: { bytes: { hex: '0xbb' } },
          proof: { hex: '0x' },
        },
      },
    ]);
  });

  test('if an oracle writes them twice, the model is that of the request', async () => {
    const scene = await CollectionScene.start();
    const oracle = await scene.deploy('AigcOracle', []);
    const modelId = 2n ** 159n + 50n;
    const opml = await scene.collection('AigcOpml', [
      ...['Opml', 'OPM', 4, scene.token.address, 50],
      ...[oracle.address, modelId],
    ]);
    const prompt = text('雨');
    const mintBlock = await scene.call(scene.alice, opml, 'mint', [scene.alice, prompt], 1000n);
    const written = await scene.call(scene.bob, oracle, 'invokeCallback', [1n, text('one')]);
    await scene.call(scene.bob, oracle, 'invokeCallback', [1n, text('two')]);
    const server = await serve(scene);
    const query = `query ($at: AtInput) { aigcTokens(at: $at) { nodes { tokenId
      prompt { isKnown } collection { proofType revenueWei paidWei }
      data { ${DATA} } dataHistory { count versions { event content { bytes { text } } } } } } }`;
    const now = (await askData(server, query)).aigcTokens.nodes[0];
    expect(now.collection).toEqual({ proofType: 'FRAUD', revenueWei: '450', paidWei: '1000' });
    expect(now.data).toMatchObject({
      event: 'UPDATE',
      finality: 'UPDATED',
      modelId: String(modelId),
      requestId: '1',
      writer: getAddress(oracle.address),
      prompt: { isKnown: true, source: 'REQUEST', bytes: { text: '雨' } },
      content: { isKnown: true, source: 'ORACLE', bytes: { text: 'two' } },
      proof: null,
    });
    expect(now.dataHistory).toEqual({
      count: 2,
      versions: [
        { event: 'UPDATE', content: { bytes: { text: 'two' } } },
        { event: 'AIGC_DATA', content: { bytes: { text: 'one' } } },
      ],
    });
    const { aigcTokens: contents } = await askData(
      server,
      `{ aigcTokens { nodes { dataHistory(where: { event: { _neq: UPDATE }, modelId: { _eq: "${modelId}" } }) {
        totalCount nodes { event content { bytes { text } } } } } } }`,
    );
    expect(contents.nodes[0].dataHistory).toEqual({
      totalCount: 1,
      nodes: [{ event: 'AIGC_DATA', content: { bytes: { text: 'one' } } }],
    });
    const asOf = async (block: number) =>
      (await askData(server, query, { at: { block } })).aigcTokens.nodes[0].data;
    expect(await asOf(mintBlock)).toBeNull();
    expect(await asOf(written)).toMatchObject({
      finality: 'PROVISIONAL',
      content: { bytes: { text: 'one' } },
    });
  });

  test('if a contract forwards the result of an oracle', async () => {
    const scene = await CollectionScene.start();
    const cats = await modern(scene, 4);
    const oracle = await scene.deploy('AigcOracle', []);
    const publisher = await scene.deploy('AigcPublisher', [cats.address, oracle.address]);
    await scene.call(scene.alice, publisher, 'publish', [503n, text('a cat'), 100n], 120n);
    await scene.call(scene.bob, oracle, 'invokeCallback', [1n, text('made')]);
    const { aigcTokens } = await askData(
      await serve(scene),
      `{ aigcTokens { nodes { mint { paidWei } data { ${DATA} } } } }`,
    );
    expect(aigcTokens.nodes).toMatchObject([
      {
        mint: { paidWei: '100' },
        data: {
          writer: getAddress(publisher.address),
          oracle: getAddress(oracle.address),
          modelId: '503',
          requestId: '1',
          content: { source: 'ORACLE', bytes: { text: 'made' } },
        },
      },
    ]);
  });

  test('bytes that no call data contains stay unknown and keep their hash', async () => {
    const scene = await CollectionScene.start();
    const cats = await modern(scene, 4);
    const prompt = text('a cat');
    await scene.call(scene.alice, cats, 'mint', [scene.alice, prompt]);
    await scene.call(scene.alice, cats, 'addDerivedData', [idOf(prompt), prompt]);
    const counted = await scene.collection('AigcConsecutive', ['Con', 'CON', 4, [scene.bob], 1]);
    const server = await serve(scene);
    const { aigcTokens } = await askData(
      server,
      `{ aigcTokens(filter: { collection: "${cats.address}" }) {
         nodes { prompt { isKnown } data { content { ${CONTENT} } } } } }`,
    );
    const hash = keccak256(text('derived from a cat'));
    expect(aigcTokens.nodes).toEqual([
      {
        prompt: { isKnown: true },
        data: { content: { hash, isKnown: false, source: null, bytes: null } },
      },
    ]);
    const known = async (isPromptKnown: boolean) => {
      const answer = await askData(
        server,
        `{ aigcTokens(filter: { isPromptKnown: ${isPromptKnown} }) {
           totalCount nodes { collection { address } prompt { isKnown } } } }`,
      );
      return answer.aigcTokens;
    };
    expect(await known(true)).toEqual({
      totalCount: 1,
      nodes: [{ collection: { address: getAddress(cats.address) }, prompt: { isKnown: true } }],
    });
    expect(await known(false)).toEqual({
      totalCount: 1,
      nodes: [{ collection: { address: getAddress(counted.address) }, prompt: null }],
    });
  });

  test('a limit on bytes marks what it truncates, and never splits a character', async () => {
    const scene = await CollectionScene.start();
    const cats = await modern(scene, 4);
    await scene.call(scene.alice, cats, 'mint', [scene.alice, text('日本')]);
    const server = await serve(scene);
    const { aigcTokens } = await askData(
      server,
      `{ aigcTokens { nodes { prompt(limitBytes: 4) { ${CONTENT} } } } }`,
    );
    expect(aigcTokens.nodes[0].prompt.bytes).toEqual({
      byteLength: 6,
      hex: text('日本').slice(0, 10),
      text: '日',
      isTruncated: true,
    });
    expect(
      await askError(server, '{ aigcTokens { nodes { prompt(limitBytes: -1) { hash } } } }'),
    ).toMatchObject({ code: 'BAD_LIMIT' });
  });
});

describe('the payment of a mint, and its part that reached a revenue token', () => {
  const MONEY = `mint { paidWei payer sender mintCount revenue { token payer amountWei isInside } }`;
  const TOTALS =
    'collections { nodes { supply minted burned paidWei revenueWei besideRevenueWei } }';

  test('arrives inside the minting call, directly or through a splitter', async () => {
    const scene = await CollectionScene.start();
    const straight = await modern(scene, 4);
    const split = await modern(scene, 3, scene.splitter.address);
    const other = await modern(scene, 1, STRANGER);
    for (const cats of [straight, split, other]) {
      await scene.call(scene.alice, cats, 'mint', [scene.bob, text('a')], 1001n);
    }
    const url = await scene.index();
    await query(
      url,
      `INSERT INTO label (chain_id, address, name)
       VALUES (${scene.chain.chainId}, '\\x${scene.splitter.address.slice(2)}', 'the splitter'),
         (${scene.chain.chainId}, '\\x${scene.alice.slice(2)}', 'Alice'),
         (${scene.chain.chainId}, '\\x${scene.bob.slice(2)}', 'Bob')`,
    );
    api = await startTestApi(url);
    const { aigcTokens, ofBob, ofOthers } = await askData(
      api,
      `{ aigcTokens { nodes { mint { paidWei payer payerLabel sender senderLabel mintCount
           revenue { token tokenDecimals payer payerLabel amountWei isInside } } } }
         ofBob: aigcTokens(where: { ownerLabel: { _eq: "Bob" } }, first: 1) { totalCount nodes {
           ownerLabel ownerHistory(where: { fromLabel: { _isNull: true } }) {
             nodes { fromLabel toLabel } } } }
         ofOthers: aigcTokens(where: { ownerLabel: { _neq: "Bob" } }) { totalCount } }`,
    );
    const token = getAddress(scene.token.address);
    const alice = getAddress(scene.alice);
    const names = { payerLabel: 'Alice', senderLabel: 'Alice' };
    const mint = { paidWei: '1001', payer: alice, sender: alice, ...names, mintCount: '1' };
    const revenue = (payer: string, payerLabel: string | null, amountWei: string) => [
      {
        token,
        tokenDecimals: 18,
        payer: getAddress(payer),
        payerLabel,
        amountWei,
        isInside: true,
      },
    ];
    expect(aigcTokens.nodes.map((node: { mint: unknown }) => node.mint)).toEqual([
      { ...mint, revenue: revenue(straight.address, null, '600') },
      { ...mint, revenue: revenue(scene.splitter.address, 'the splitter', '300') },
      { ...mint, revenue: [] },
    ]);
    expect(ofBob).toEqual({
      totalCount: 3,
      nodes: [
        { ownerLabel: 'Bob', ownerHistory: { nodes: [{ fromLabel: null, toLabel: 'Bob' }] } },
      ],
    });
    expect(ofOthers.totalCount).toBe(0);
  });

  test('arrives outside the minting call if the minter uses internal calls', async () => {
    const scene = await CollectionScene.start();
    const cats = await modern(scene, 4, STRANGER);
    const minter = await scene.deploy('AigcMinter', [scene.token.address]);
    const prompts = [text('one'), text('two')];
    await scene.call(scene.alice, minter, 'buy', [cats.address, [text('zero')], 100n], 130n);
    await scene.call(scene.alice, minter, 'buy', [cats.address, prompts, 200n], 450n);
    const server = await serve(scene);
    const { aigcTokens, collections } = await askData(
      server,
      `{ aigcTokens { nodes { prompt { bytes { text } } ${MONEY} } } ${TOTALS} }`,
    );
    const parties = { payer: getAddress(minter.address), sender: getAddress(scene.alice) };
    const token = getAddress(scene.token.address);
    const fee = { token, payer: parties.payer, amountWei: '30', isInside: false };
    expect(aigcTokens.nodes).toEqual([
      {
        prompt: { bytes: { text: 'zero' } },
        mint: { ...parties, paidWei: '100', mintCount: '1', revenue: [fee] },
      },
      // 50 wei for two mints together: nothing tells which of them they belong to.
      ...['one', 'two'].map((words) => ({
        prompt: { bytes: { text: words } },
        mint: { ...parties, paidWei: '200', mintCount: '1', revenue: [] },
      })),
    ]);
    expect(collections.nodes).toEqual([
      {
        ...{ supply: '3', minted: '3', burned: '0' },
        ...{ paidWei: '500', revenueWei: '0', besideRevenueWei: '80' },
      },
    ]);
  });

  test('is booked once if it pays for several tokens', async () => {
    const scene = await CollectionScene.start();
    const cats = await modern(scene, 4);
    const prompts = [text('one'), text('two'), text('three')];
    await scene.call(scene.alice, cats, 'mintMany', [scene.bob, prompts], 1000n);
    const { aigcTokens, collections } = await askData(
      await serve(scene),
      `{ aigcTokens { nodes { mint { paidWei mintCount } } } ${TOTALS} }`,
    );
    expect(aigcTokens.nodes).toEqual(
      [1, 2, 3].map(() => ({ mint: { paidWei: '1000', mintCount: '3' } })),
    );
    expect(collections.nodes).toMatchObject([{ minted: '3', paidWei: '1000', revenueWei: '600' }]);
  });
});

describe('owners of collection tokens', () => {
  test('of ERC-2309 ranges minted at creation are known as of any block', async () => {
    const scene = await CollectionScene.start();
    const receivers = [scene.alice, scene.bob];
    const args = ['Con', 'CON', 4, receivers, 3];
    const con = await scene.collection('AigcConsecutive', args, 12n);
    const moved = await scene.call(scene.alice, con, 'transferFrom', [scene.alice, scene.bob, 1n]);
    await scene.call(scene.bob, con, 'burn', [4n]);
    const server = await serve(scene);
    const query = `query ($at: AtInput, $owner: Address) { aigcTokens(at: $at, filter: { owner: $owner }) {
      totalCount nodes { tokenId mint { paidWei mintCount selector } ownerHistory { count transfers { from to } } } } }`;
    const owned = async (owner: string, block?: number) => {
      const at = block === undefined ? null : { block };
      const { aigcTokens } = await askData(server, query, { at, owner });
      expect(aigcTokens.totalCount).toBe(aigcTokens.nodes.length);
      return aigcTokens.nodes.map(({ tokenId }: { tokenId: string }) => tokenId);
    };
    expect(await owned(scene.alice, moved - 1)).toEqual(['0', '1', '2']);
    expect(await owned(scene.alice)).toEqual(['0', '2']);
    expect(await owned(scene.bob)).toEqual(['1', '3', '5']);
    expect(await owned(`0x${'0'.repeat(40)}`)).toEqual(['4']);
    const { aigcTokens } = await askData(server, query, { owner: scene.bob });
    const zero = `0x${'0'.repeat(40)}`;
    expect(aigcTokens.nodes[0]).toEqual({
      tokenId: '1',
      mint: { paidWei: '12', mintCount: '6', selector: null },
      ownerHistory: {
        count: 2,
        transfers: [
          { from: getAddress(scene.alice), to: getAddress(scene.bob) },
          { from: zero, to: getAddress(scene.alice) },
        ],
      },
    });
    const history = async (args: string) => {
      const token = 'aigcTokens(where: { tokenId: { _eq: "1" } })';
      const data = await askData(
        server,
        `{ ${token} { nodes { ownerHistory(${args}) { totalCount nodes { to }
          pageInfo { endCursor hasNextPage } } } } }`,
      );
      return data.aigcTokens.nodes[0].ownerHistory;
    };
    const oldest = await history('direction: ASC, first: 1');
    expect(oldest).toMatchObject({ nodes: [{ to: getAddress(scene.alice) }], totalCount: 2 });
    const rest = await history(`direction: ASC, after: "${oldest.pageInfo.endCursor}"`);
    expect(rest).toMatchObject({ nodes: [{ to: getAddress(scene.bob) }] });
    expect(rest.pageInfo.hasNextPage).toBe(false);
    const minted = await history(`where: { from: { _eq: "${zero}" } }`);
    expect(minted).toMatchObject({ nodes: [{ to: getAddress(scene.alice) }], totalCount: 1 });
  });

  test('are paged from any position, in both directions and across collections', async () => {
    const scene = await CollectionScene.start();
    const first = await modern(scene, 4);
    const second = await modern(scene, 3);
    for (const cats of [first, second]) {
      const prompts = ['a', 'b', 'c'].map(text);
      await scene.call(scene.alice, cats, 'mintMany', [scene.alice, prompts]);
    }
    const server = await serve(scene);
    const query = `query ($first: Int, $last: Int, $after: String, $before: String, $direction: OrderDirection) {
      aigcTokens(first: $first, last: $last, after: $after, before: $before, direction: $direction) {
        nodes { collection { address } prompt { bytes { text } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
    const page = async (variables: Record<string, unknown>) => {
      const { nodes, pageInfo } = (await askData(server, query, variables)).aigcTokens;
      const names = nodes.map(
        (node: { collection: { address: string }; prompt: { bytes: { text: string } } }) =>
          (node.collection.address === getAddress(first.address) ? '1' : '2') +
          node.prompt.bytes.text,
      );
      return { names, ...pageInfo };
    };
    const one = await page({ first: 4 });
    expect(one).toMatchObject({ names: ['1a', '1b', '1c', '2a'], hasNextPage: true });
    const two = await page({ first: 4, after: one.endCursor });
    expect(two).toMatchObject({ names: ['2b', '2c'], hasNextPage: false, hasPreviousPage: true });
    expect((await page({ last: 2, before: two.startCursor })).names).toEqual(['1c', '2a']);
    const down = await page({ first: 4, direction: 'DESC' });
    expect(down.names).toEqual(['2c', '2b', '2a', '1c']);
    expect((await page({ first: 4, after: down.endCursor, direction: 'DESC' })).names).toEqual([
      '1b',
      '1a',
    ]);
    expect(
      await askError(
        server,
        `{ aigcTokens(filter: { collection: "${STRANGER}" }) { totalCount } }`,
      ),
    ).toMatchObject({ code: 'UNKNOWN_COLLECTION' });
  });
});

test('the number of statements does not grow with the number of tokens', async () => {
  const scene = await CollectionScene.start();
  const cats = await modern(scene, 4);
  for (let number = 0; number < 12; number++) {
    const args = [scene.alice, text(`cat ${number}`), '0x01', '0x02'];
    await scene.call(scene.alice, cats, 'mintWithData', args, 5n);
  }
  const pool = new pg.Pool({ connectionString: await scene.index(), max: 1 });
  const count = async (first: number) => {
    const { statements, errors } = await countStatements(
      pool,
      `{ aigcTokens(first: ${first}) { nodes { owner collection { supply paidWei }
         prompt { bytes { text } } data { ${DATA} } mint { paidWei revenue { amountWei } }
         ownerHistory { count } dataHistory { versions { content { hash } } } } } }`,
    );
    expect(errors).toEqual([]);
    return statements;
  };
  expect(await count(12)).toBe(await count(1));
  await pool.end();
});
