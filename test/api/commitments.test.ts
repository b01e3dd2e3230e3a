import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StandardMerkleTree } from '@openzeppelin/merkle-tree';
import { getAddress } from 'ethers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestBlock, mineBlocks } from '../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../devnet/deploy.js';
import { type Address, checksummed } from '../../src/address.js';
import type { RunningApi } from '../../src/api/server.js';
import { proveFinalBlocks } from '../../src/processor/run/proofs.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { documentedBlocks } from '../support/docs/blocks.js';
import { indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { AssetScene } from '../support/scenes/assetScene.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { askData, askError, startTestApi } from './support.js';

const ENCODING = ['address', 'uint256'];
const proofIn = (
  asset: unknown,
) => `query ($chainId: SafeInt!, $token: Address!, $id: Int!, $holder: Address!) {
  entitlementProof(chainId: $chainId, token: $token, snapshotId: $id, holder: $holder ${asset == null ? '' : `, asset: "${asset}"`}) {
    root leaf proof holder shareWei snapshotId algorithm
  }
}`;
const SNAPSHOTS = `query ($chainId: SafeInt!, $token: Address!) {
  token(chainId: $chainId, address: $token) {
    snapshots(direction: ASC) { nodes { snapshotId block commitment { root leafCount algorithm } } }
    assets { address snapshots(direction: ASC) { nodes { commitment { root leafCount } } } }
  }
}`;

let scene: AssetScene;
let verifier: DeployedContract;
let databaseUrl: string;
let api: RunningApi;
let variables: Record<string, unknown>;

beforeAll(async () => {
  scene = await AssetScene.start();
  const { chain, token, founder, friend, payer } = scene;
  verifier = await deployContract(chain, 'EntitlementVerifier', [], { from: founder });
  await scene.call(founder, 'transfer', [payer, 3n]);
  await scene.liveThrough();
  await mineBlocks(chain, 12);
  // Taken in a block that is not final yet.
  await scene.pay(5n);
  await scene.snapshot();
  databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  await proveFinalBlocks(databaseUrl, chain.chainId, new AbortController().signal);
  api = await startTestApi(databaseUrl);
  variables = { chainId: chain.chainId, token: token.address, id: 1, holder: friend };
});

afterAll(() => api.close());

/** A block of docs/proofs.md about the token and a holder of this test. */
function documented(start: string): string {
  const block = documentedBlocks().find(
    ({ file, text }) => file === 'docs/proofs.md' && text.includes(start),
  );
  return (block?.text ?? '')
    .replaceAll('chainId: 1', `chainId: ${scene.chain.chainId}`)
    .replaceAll(/0xe501(\w{36}|…9032)/g, checksummed(scene.token.address as Address))
    .replaceAll(/0x7A4322BE\w{32}/g, checksummed(scene.friend as Address));
}

test('docs/proofs.md: the query proves a share, and the exported shares give the same root', async () => {
  const { entitlementProof } = await askData(api, documented('entitlementProof('));
  expect(entitlementProof.shareWei).toBe('32');
  const root = entitlementProof.root;
  const file = join(await temporaryFolder(), 'shares.csv');
  const run = (line: string) =>
    runVerbHere(
      line
        .replace(/\s+#.*$/, '')
        .replace('npx imo-ledger ', '')
        .replace('shares.csv', file)
        .replace('--snapshot 3', '--snapshot 1')
        .replace('0x…', root)
        .split(/\s+/),
      { DATABASE_URL: databaseUrl },
    );
  const [exporting = '', verifying = ''] = documented('imo-ledger verify').split('\n');
  expect(await run(exporting)).toMatchObject({ exitCode: 0 });
  // The page is about a token that shares ETH only.
  const rows = readFileSync(file, 'utf8').split('\n');
  writeFileSync(
    file,
    rows.filter((row, index) => index === 0 || row.includes(',native,')).join('\n'),
  );
  expect(await run(verifying)).toMatchObject({ exitCode: 0 });
  expect((await run(verifying.replace('0x…', `0x${'11'.repeat(32)}`))).exitCode).toBe(1);
});

async function view(to: DeployedContract, name: string, args: unknown[], block = 'latest') {
  const data = encodeCall(to, name, args);
  return scene.chain.rpc.call<string>('eth_call', [{ to: to.address, data }, block]);
}

async function proofOf(changes: Record<string, unknown>) {
  const query = proofIn(changes.asset);
  return (await askData(api, query, { ...variables, ...changes })).entitlementProof;
}

test('a final snapshot has one root over what the contract gave to each holder', async () => {
  const { token } = await askData(api, SNAPSHOTS, variables);
  const { founder, friend, payer } = scene;
  const [first, , third] = token.snapshots.nodes;
  const shares: [string, string][] = [];
  for (const holder of [founder, friend, payer]) {
    const share = await view(
      scene.token,
      'claimableRevenue',
      [holder, 1n],
      `0x${first.block.toString(16)}`,
    );
    shares.push([holder, String(BigInt(share))]);
  }
  // 100 wei, 80 % of it shared by 1000 tokens: 3 of them give nothing.
  expect(shares.map(([, share]) => share)).toEqual(['47', '32', '0']);
  expect(first.commitment).toEqual({
    root: StandardMerkleTree.of(shares.slice(0, 2), ENCODING).root,
    leafCount: 2,
    algorithm: "StandardMerkleTree(['address','uint256'])",
  });
  expect(third).toMatchObject({ snapshotId: 3, commitment: null });
});

describe('the proof of a share', () => {
  test('convinces OpenZeppelin’s library and a contract, in every asset, claimed or not', async () => {
    const { dollar, founder, friend } = scene;
    const given = [
      { asset: null, id: 1 },
      { asset: dollar.address, id: 1 },
      { asset: dollar.address, id: 2 },
    ];
    for (const books of given) {
      for (const holder of [founder, friend]) {
        const { root, proof, shareWei } = await proofOf({ ...books, holder });
        const told = [holder, shareWei];
        expect(StandardMerkleTree.verify(root, ENCODING, told, proof)).toBe(true);
        const onChain = async (amount: bigint) =>
          BigInt(await view(verifier, 'verify', [root, holder, amount, proof]));
        expect(await onChain(BigInt(shareWei))).toBe(1n);
        expect(await onChain(BigInt(shareWei) + 1n)).toBe(0n);
      }
    }
  });

  test('is exact', async () => {
    const { founder, friend } = scene;
    expect(await proofOf({})).toMatchObject({
      holder: getAddress(friend),
      shareWei: '32',
      snapshotId: 1,
      proof: [StandardMerkleTree.of([[founder, '47']], ENCODING).root],
    });
  });

  test.each([
    ['UNKNOWN_TOKEN', { token: `0x${'77'.repeat(20)}` }, 'tokens'],
    ['UNKNOWN_ASSET', { asset: `0x${'77'.repeat(20)}` }, 'assets'],
    ['NOT_COMMITTED', { id: 3 }, 'final'],
    ['NOT_COMMITTED', { id: 99 }, 'commitment'],
    ['NO_SHARE', { holder: `0x${'77'.repeat(20)}` }, 'balanceAt'],
  ])('is refused with %s where there is none', async (code, changes, hint) => {
    const error = await askError(api, proofIn('asset' in changes ? changes.asset : null), {
      ...variables,
      ...changes,
    });
    expect(error).toMatchObject({ code, hint: expect.stringContaining(hint) });
  });
});

test('books that were changed after the commitment are found out', async () => {
  const other = await freshDatabase();
  const { chain, token, founder } = scene;
  await indexTo({ chain, databaseUrl: other, tokens: [token.address] });
  await proveFinalBlocks(other, chain.chainId, new AbortController().signal);
  await query(
    other,
    `UPDATE balance_checkpoint SET balance = balance + 100 WHERE account = $1 AND "interval" = 0`,
    [Buffer.from(founder.slice(2), 'hex')],
  );
  const changed = await startTestApi(other);
  expect((await askError(changed, proofIn(null), variables)).code).toBe('COMMITMENT_DIFFERS');
  await changed.close();
});

test('the API shows the ledger hash of a chain, and what a block booked', async () => {
  const { number: head } = await latestBlock(scene.chain);
  const [first] = await query<{ block_number: number; hash: Buffer }>(
    databaseUrl,
    'SELECT block_number, hash FROM ledger_hash ORDER BY id LIMIT 1',
  );
  const { ledgerHash, status } = await askData(
    api,
    `query ($chainId: SafeInt!, $block: SafeInt!) {
      ledgerHash(chainId: $chainId, block: $block) {
        block hash parts { table contract asset rows }
      }
      status { finalizedBlock ledgerHash { block hash } }
    }`,
    { ...variables, block: first?.block_number },
  );
  expect(ledgerHash).toMatchObject({
    block: first?.block_number,
    hash: `0x${first?.hash.toString('hex')}`,
  });
  expect(ledgerHash.parts).toContainEqual({
    table: 'transfer',
    contract: getAddress(scene.token.address),
    asset: null,
    rows: 1,
  });
  expect(status[0].ledgerHash.block).toBe(status[0].finalizedBlock);
  const tooLate = { ...variables, block: head };
  const asked =
    'query ($chainId: SafeInt!, $block: SafeInt!) { ledgerHash(chainId: $chainId, block: $block) { hash } }';
  expect((await askError(api, asked, tooLate)).code).toBe('NOT_HASHED');
});
