import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBeHex } from 'ethers';
import { expect, test } from 'vitest';
import { createActors } from '../../devnet/actors.js';
import { execute, mineBlocks } from '../../devnet/chain.js';
import { deployContract, deployWindowed, encodeCall } from '../../devnet/deploy.js';
import { parseConfig } from '../../src/config/load.js';
import { writeFirstManifest } from '../../src/init/init.js';
import { PRESETS } from '../../src/init/presets/list.js';
import { atEndOfFile } from '../support/endOfFile.js';
import { startAnvil } from '../support/nodes/anvil.js';
import { type Dialect, startOddNode } from '../support/nodes/oddNode.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const OLM = '0xe5018913F2fdf33971864804dDB5fcA25C539032';
const POOL = '0x4f5e12233ed7ca1699894174fcbd77c7ed60b03d';

const TERMS = {
  name: 'OpenLM RevShare Token',
  symbol: 'OLM',
  supply: 1_000n,
  percentClaimable: 80,
  snapshotInterval: 60,
};

test('init olm writes the token, its label and the variable of its endpoint, and asks only for what is missing', async () => {
  const chain = await startAnvil({ chainId: 1 });
  const [founder = ''] = await createActors(chain, 'olm', 1);
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', { ...TERMS, from: founder });
  const code = await chain.rpc.call<string>('eth_getCode', [token.address, 'latest']);
  await chain.rpc.call('anvil_setCode', [OLM, code]);
  // Where its total supply is: without any, its views divide by zero.
  await chain.rpc.call('anvil_setStorageAt', [OLM, toBeHex(2, 32), toBeHex(1_000, 32)]);
  const pool = await deployContract(chain, 'StakePool', [OLM], { from: founder });
  const poolCode = await chain.rpc.call<string>('eth_getCode', [pool.address, 'latest']);
  await chain.rpc.call('anvil_setCode', [POOL, poolCode]);
  await mineBlocks(chain, 2);
  const path = join(await temporaryFolder(), 'imo.yaml');
  const asked: string[] = [];
  const { found, variables } = await writeFirstManifest({
    names: [],
    path,
    rpc: null,
    portal: null,
    chain: null,
    env: {},
    ask: async (question, suggestion) => {
      asked.push(question);
      if (question.startsWith('Address')) return 'olm';
      return question.startsWith('JSON-RPC')
        ? `${chain.url}/?key=my-key`
        : (suggestion && '-') || '-';
    },
    progress: () => undefined,
    say: () => undefined,
    signal: new AbortController().signal,
  });
  expect(asked).toHaveLength(3);
  expect(variables).toEqual(['RPC_ETHEREUM']);
  expect(found.map(({ list, address }) => [list, address])).toEqual([
    ['tokens', OLM.toLowerCase()],
    ['lookThrough', POOL],
  ]);
  const text = await readFile(path, 'utf8');
  expect(text).not.toContain('my-key');
  const [written] = parseConfig(path, text, { RPC_ETHEREUM: chain.url }).chains;
  expect(written).toMatchObject({
    id: 1,
    name: 'ethereum',
    labels: [{ name: 'OLM staking pool' }],
    tokens: [{ address: OLM.toLowerCase(), policy: 'windowed' }],
    lookThrough: [{ address: POOL, kind: 'shares', token: OLM.toLowerCase() }],
  });
});

test('the addresses of presets are those that the documents name', async () => {
  const documents = await Promise.all(
    ['imo.yaml', 'docs/oracles.md', 'docs/init.md'].map((file) => readFile(file, 'utf8')),
  );
  const named = documents.join('\n').toLowerCase();
  for (const { name, chains } of PRESETS) {
    expect(documents[2]).toContain(`\`${name}\``);
    for (const { addresses, labels } of Object.values(chains)) {
      for (const address of [...addresses, ...labels.map((label) => label.address)]) {
        expect(named).toContain(address);
      }
    }
  }
});

test('a node without old states is named, and the first log of the token stands for its deployment', async () => {
  const chain = await startAnvil();
  const [founder = '', other = ''] = await createActors(chain, 'no old states', 2);
  await mineBlocks(chain, 3);
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', { ...TERMS, from: founder });
  const data = encodeCall(token, 'transfer', [other, 5n]);
  await execute(chain, { from: founder, to: token.address, data });
  await mineBlocks(chain, 3);
  const head = await chain.rpc.call<string>('eth_blockNumber');
  const withoutOldStates: Dialect = async (call, ask) => {
    const block = call.params.at(call.method === 'eth_call' ? 1 : -1);
    const isState = /^eth_(getCode|getBalance|getProof|getStorageAt|call|simulateV1)$/.test(
      call.method,
    );
    if (!isState || block === head || block === 'latest') return ask(call);
    return { error: { code: -32000, message: 'missing trie node: old state is not available' } };
  };
  const node = await startOddNode(chain.url, [withoutOldStates]);
  atEndOfFile(() => node.close());
  const path = join(await temporaryFolder(), 'imo.yaml');
  const args = ['init', token.address, '--rpc', node.url, '--config', path];
  const { stdout, exitCode } = await runVerbHere(args);
  expect(stdout).toContain(
    'note: the endpoint keeps no old states: the first log of each contract',
  );
  expect(stdout).toContain('`index` needs an archive node');
  expect(stdout).toContain('The cost could not be measured.\nerror ');
  expect(exitCode).toBe(0);
  const text = await readFile(path, 'utf8');
  expect(text).toContain('# startBlock is the block of its first log');
  expect(parseConfig(path, text, {}).chains[0]?.tokens).toMatchObject([
    { policy: 'windowed', startBlock: token.deploymentBlock },
  ]);
});
