import { keccak256 } from 'ethers';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DeployedContract, readContract } from '../../../devnet/deploy.js';
import { functions } from '../../../src/abi/erc7007.js';
import type { RunningApi } from '../../../src/api/server.js';
import { readCollections } from '../../../src/store/read/collections/collections.js';
import { askData, startTestApi } from '../../api/support.js';
import { auditHere } from '../../audit/support.js';
import { exportRows } from '../../export/support.js';
import { query } from '../../support/databases/postgres.js';
import { type Dialect, startOddNode } from '../../support/nodes/oddNode.js';
import { indexTo } from '../../support/programs/indexer.js';
import { CollectionScene, idOf, text } from '../../support/scenes/collectionScene.js';

const [CAT, DOG, FOX] = ['a cat', 'a dog', 'a fox'].map(text) as [string, string, string];
const [PICTURE, FAKE, LATER] = ['picture', 'fake', 'later'].map(text) as [string, string, string];
const LONG = `0x${'61'.repeat(200_000)}`;

const TOKENS = `query ($collection: Address!) {
  aigcTokens(filter: { collection: $collection }) { nodes {
    tokenId owner promptVerdict
    prompt(limitBytes: 40) { bytes { text byteLength } }
    data { writer promptVerdict contentVerdict finality content(limitBytes: 40) { bytes { text } } }
    dataHistory(direction: ASC) { nodes {
      event writer isCurrent promptVerdict contentVerdict
      prompt(limitBytes: 40) { bytes { text } }
    } }
  } }
}`;

let scene: CollectionScene;
let hashed: DeployedContract;
let counted: DeployedContract;
let opml: DeployedContract;
let oracle: DeployedContract;
let consecutive: DeployedContract;
let draft: DeployedContract;
let api: RunningApi;
let databaseUrl: string;

/** Adds data with a proof that fits, as anybody can. */
async function add(from: string, to: DeployedContract, id: bigint, prompt: string, data: string) {
  const proof = await readContract<string>(scene.chain, to, 'proofOf', [prompt, data]);
  await scene.call(from, to, 'addAigcData', [id, prompt, data, proof]);
}

async function tokensOf({ address }: DeployedContract) {
  const { aigcTokens } = await askData(api, TOKENS, { collection: address });
  return aigcTokens.nodes;
}

beforeAll(async () => {
  scene = await CollectionScene.start();
  const { alice, bob, founder, token } = scene;
  hashed = await scene.collection('AigcReference', ['Reference', 'REF', false]);
  const proof = await readContract<string>(scene.chain, hashed, 'proofOf', [CAT, PICTURE]);
  await scene.call(alice, hashed, 'mint', [alice, CAT, PICTURE, proof]);
  await add(bob, hashed, idOf(CAT), DOG, FAKE);
  await scene.call(alice, hashed, 'mintOnly', [alice, DOG]);
  await add(bob, hashed, idOf(DOG), FOX, FAKE);
  await scene.call(alice, hashed, 'mintOnly', [alice, LONG]);
  await add(alice, hashed, idOf(LONG), LONG, PICTURE);
  await scene.call(alice, hashed, 'mintOnly', [alice, FOX]);
  await scene.call(alice, hashed, 'burn', [idOf(FOX)]);

  counted = await scene.collection('AigcReference', ['Counted', 'CNT', true]);
  await scene.call(alice, counted, 'mintOnly', [alice, CAT]);
  await add(bob, counted, 1n, DOG, FAKE);
  await add(alice, counted, 1n, CAT, PICTURE);
  await add(bob, counted, 1n, FOX, FAKE);
  await scene.call(alice, counted, 'mintOnly', [alice, DOG]);
  await add(bob, counted, 2n, FOX, FAKE);

  oracle = await scene.deploy('AigcOracle', []);
  const args = ['Opml', 'OPM', 4, token.address, 0, oracle.address, 50];
  opml = await scene.collection('AigcOpml', args);
  await scene.call(alice, opml, 'mint', [alice, CAT], 100n);
  await scene.call(founder, oracle, 'invokeCallback', [1n, PICTURE]);
  await scene.call(founder, oracle, 'invokeCallback', [1n, LATER]);
  await scene.call(bob, opml, 'update', [DOG, FAKE]);

  const receivers = [[alice], 3n];
  consecutive = await scene.collection('AigcConsecutive', ['Row', 'ROW', 4, ...receivers]);
  await scene.call(bob, consecutive, 'addAigcData', [1n, CAT, PICTURE, '0x']);
  await scene.call(bob, consecutive, 'addAigcData', [2n, CAT, PICTURE, '0x']);
  await scene.call(bob, consecutive, 'addAigcData', [2n, DOG, FAKE, '0x']);

  draft = await scene.collection('AigcDraft', ['Draft', 'DRF']);
  const mint = 'mint(bytes,bytes,string,bytes)';
  await scene.call(bob, draft, mint, [CAT, PICTURE, 'ipfs://cat', '0x01']);

  databaseUrl = await scene.index();
  api = await startTestApi(databaseUrl);
  return () => api.close();
});

describe('the prompt of a token', () => {
  it('is the preimage of its id, whatever others wrote later with a proof that fits', async () => {
    const [cat, dog] = await tokensOf(hashed);
    expect(cat).toMatchObject({
      promptVerdict: 'ID',
      prompt: { bytes: { text: 'a cat' } },
      data: {
        promptVerdict: 'ID',
        contentVerdict: 'VERIFIED',
        finality: 'FINAL',
        content: { bytes: { text: 'picture' } },
      },
    });
    expect(cat.data.writer.toLowerCase()).toBe(scene.alice);
    expect(cat.dataHistory.nodes).toMatchObject([
      { isCurrent: true, promptVerdict: 'ID', prompt: { bytes: { text: 'a cat' } } },
      {
        isCurrent: false,
        promptVerdict: 'NONE',
        contentVerdict: 'VERIFIED',
        prompt: { bytes: { text: 'a dog' } },
      },
    ]);
    expect(cat.dataHistory.nodes[1].writer.toLowerCase()).toBe(scene.bob);
    // Nothing was written for its own prompt: that of the stranger is not its own.
    expect(dog).toMatchObject({
      promptVerdict: 'ID',
      prompt: { bytes: { text: 'a dog' } },
      data: null,
    });
    expect(dog.dataHistory.nodes).toMatchObject([{ isCurrent: false, promptVerdict: 'NONE' }]);
  });

  it('is what prompt(id) of the contract says where ids are counted', async () => {
    const [cat, dog] = await tokensOf(counted);
    expect(cat).toMatchObject({
      promptVerdict: 'VIEW',
      prompt: { bytes: { text: 'a cat' } },
      data: { contentVerdict: 'VERIFIED', content: { bytes: { text: 'picture' } } },
    });
    const verdicts = cat.dataHistory.nodes.map(
      (one: { promptVerdict: string }) => one.promptVerdict,
    );
    expect(verdicts).toEqual(['OTHER', 'VIEW', 'OTHER']);
    expect(dog).toMatchObject({ promptVerdict: null, prompt: null, data: null });
  });

  it('comes from the oracle that the collection asked, and stays when strangers update it', async () => {
    const [token] = await tokensOf(opml);
    expect(token).toMatchObject({
      promptVerdict: 'ORACLE',
      prompt: { bytes: { text: 'a cat' } },
      data: { contentVerdict: 'ORACLE', content: { bytes: { text: 'later' } } },
    });
    expect(token.dataHistory.nodes).toMatchObject([
      { event: 'AIGC_DATA', isCurrent: false, promptVerdict: 'ORACLE' },
      { event: 'UPDATE', isCurrent: true, promptVerdict: 'ORACLE' },
      {
        event: 'UPDATE',
        isCurrent: false,
        promptVerdict: 'NONE',
        prompt: { bytes: { text: 'a dog' } },
      },
    ]);
  });

  it('is marked as unproven where only one was written, and unknown where two contradict', async () => {
    const [zero, one, two] = await tokensOf(consecutive);
    expect(zero).toMatchObject({ promptVerdict: null, prompt: null, data: null });
    expect(one).toMatchObject({ promptVerdict: 'NONE', prompt: { bytes: { text: 'a cat' } } });
    expect(two).toMatchObject({ promptVerdict: null, prompt: null, data: null });
    expect(two.dataHistory.nodes).toHaveLength(2);
  });

  it('is found in the Mint event of a draft', async () => {
    expect(await tokensOf(draft)).toMatchObject([
      {
        promptVerdict: 'ID',
        data: { promptVerdict: 'ID', contentVerdict: 'NONE', finality: null },
      },
    ]);
  });

  it('is kept whole and asked for in part where it is longer than a call may be', async () => {
    const long = (await tokensOf(hashed)).find(
      ({ tokenId }: { tokenId: string }) => BigInt(tokenId) === BigInt(keccak256(LONG)),
    );
    expect(long).toMatchObject({
      promptVerdict: 'ID',
      prompt: { bytes: { byteLength: 200_000, text: 'a'.repeat(40) } },
      // verify is not asked about so much.
      data: { contentVerdict: 'NONE' },
    });
  });
});

describe('the export of contents', () => {
  it('has every write with its writer and verdicts, and marks what a token shows', async () => {
    const rows = await exportRows(databaseUrl, 'aigc-contents');
    const of = ({ address }: DeployedContract) =>
      rows
        .filter(({ collection }) => collection === address)
        .map((row) => [row.prompt_verdict, row.content_verdict, row.is_current]);
    expect(of(hashed)).toEqual([
      ['id', 'verified', true],
      ['none', 'verified', false],
      ['none', 'verified', false],
      ['id', 'none', true],
    ]);
    expect(of(counted).map(([verdict, , isCurrent]) => [verdict, isCurrent])).toEqual([
      ['other', false],
      ['view', true],
      ['other', false],
      ['other', false],
    ]);
    expect(of(opml)).toEqual([
      ['oracle', 'oracle', false],
      ['oracle', 'oracle', true],
      ['none', 'none', false],
    ]);
    expect(rows[1]).toMatchObject({ writer: scene.bob, prompt_hash: keccak256(DOG) });
  });
});

describe('the audit of a collection', () => {
  it('asks for owners, prompts and proofs, and finds all of them right', async () => {
    const audit = await auditHere({ chain: scene.chain, databaseUrl });
    expect(audit).toMatchObject({ mismatchCount: 0, mismatches: [] });
  });

  it('names a prompt that changed without an event, and no proof that was accepted once', async () => {
    await scene.call(scene.alice, counted, 'setPrompt', [1n, 'a cow']);
    await scene.call(scene.alice, counted, 'pause', []);
    await indexTo({ ...scene.request(), databaseUrl });
    const { mismatches } = await auditHere({ chain: scene.chain, databaseUrl });
    expect(mismatches).toMatchObject([
      {
        figure: 'hash of prompt(1)',
        token: counted.address,
        ours: BigInt(keccak256(CAT)),
        contract: BigInt(keccak256(text('a cow'))),
        operations: [],
      },
    ]);
  });

  it('names an owner, a prompt and a proof that the books have wrong', async () => {
    const copy = await scene.index();
    const id = idOf(CAT);
    await query(
      copy,
      `UPDATE aigc_transfer SET "to" = '\\x${'77'.repeat(20)}'
      WHERE token_id = ${id}`,
    );
    await query(copy, `UPDATE aigc_data SET proof = '\\x00' WHERE token_id = ${id}`);
    const { mismatches } = await auditHere({ chain: scene.chain, databaseUrl: copy });
    expect(mismatches.map(({ figure }) => figure)).toEqual(
      expect.arrayContaining([`ownerOf(${id})`, `verify(token ${id})`]),
    );
  });
});

describe('a collection that does not report its interface id', () => {
  it('is recognised by its view, its events or the calls that it takes', async () => {
    const { collections } = await askData(
      api,
      '{ collections { nodes { name recognisedBy isErc7007 proofType } } }',
    );
    const behaviour = { recognisedBy: 'BEHAVIOUR', isErc7007: false, proofType: null };
    expect(collections.nodes).toEqual([
      { ...behaviour, name: 'Reference' },
      { ...behaviour, name: 'Counted' },
      { name: 'Opml', recognisedBy: 'INTERFACE', isErc7007: true, proofType: 'FRAUD' },
      { ...behaviour, name: 'Row' },
      { ...behaviour, name: 'Draft' },
    ]);
  });

  it('is what its code shows at the last start, and what it logged in blocks that are not undone', async () => {
    const copy = await scene.index();
    const recognised = async () => {
      const db = new pg.Client({ connectionString: copy });
      await db.connect();
      const collections = await readCollections(db);
      await db.end();
      return collections.map(({ recognisedBy, isUpdatable }) => [recognisedBy, isUpdatable]);
    };
    const byCode = [
      ['behaviour', false],
      ['behaviour', false],
      ['interface', true],
      ['behaviour', false],
    ];
    expect(await recognised()).toEqual([...byCode, ['behaviour', false]]);
    // As a fork left it that is gone.
    await query(
      copy,
      `UPDATE collection SET is_updatable = true, recognised_by =
      CASE WHEN recognised_by IS NULL THEN 'behaviour' END WHERE NOT is_erc7007`,
    );
    await indexTo({ ...scene.request(), databaseUrl: copy });
    expect(await recognised()).toEqual([...byCode, ['behaviour', false]]);
    await query(copy, 'DELETE FROM aigc_data');
    expect(await recognised()).toEqual([...byCode, [null, false]]);
    await query(copy, `UPDATE collection SET recognised_by = 'behaviour'`);
    // A node that refuses to say it takes nothing back.
    const refuses: Dialect = async (call, ask) =>
      JSON.stringify(call.params).includes(functions.verify.selector)
        ? { error: { code: -32000, message: 'missing trie node' } }
        : ask(call);
    const node = await startOddNode(scene.chain.url, [refuses]);
    await indexTo({
      ...scene.request(),
      chain: { ...scene.chain, url: node.url },
      databaseUrl: copy,
    });
    await node.close();
    expect(await recognised()).toEqual([
      ...byCode.map(([, is]) => ['behaviour', is]),
      ['behaviour', false],
    ]);
  });
});
