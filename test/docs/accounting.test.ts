import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { getBalance } from '../../devnet/chain.js';
import type { DeployedContract } from '../../devnet/deploy.js';
import { deployOracle, modelAsk, modelUpload } from '../../devnet/oracleContracts.js';
import { type Address, checksummed } from '../../src/address.js';
import type { RunningApi } from '../../src/api/server.js';
import { askData, startTestApi } from '../api/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { indexTo } from '../support/programs/indexer.js';
import { SaleScene } from '../support/scenes/saleScene.js';

const FILE = 'docs/accounting.md';
const BEGINS = '<!-- example begins -->\n';
const ENDS = '<!-- example ends -->';

const MODEL_ID = 11n;

/** The contracts of the example. */
interface Story {
  readonly scene: SaleScene;
  readonly sale: DeployedContract;
  readonly oracle: DeployedContract;
}

async function beginStory(): Promise<Story> {
  const scene = await SaleScene.start();
  const { chain, founder, token } = scene.scene;
  const sale = await scene.launchpad({ target: 1000n, tokensForSale: 400n });
  const oracle = await deployOracle(chain, { from: founder });
  const terms = { receiver: token.address, fee: 2000n, receiverPercentage: 70n };
  const upload = modelUpload(oracle, 'uploadModel', { modelId: MODEL_ID, ...terms });
  await scene.callData(founder, oracle, upload);
  return { scene, sale, oracle };
}

/** What happens in the example, in words and on the chain; each step is a block with entries. */
async function playStory({ scene, sale, oracle }: Story): Promise<string[]> {
  const { founder, friend, payer } = scene.scene;
  const request = modelAsk(oracle, { input: '0x1234', modelId: MODEL_ID });
  const steps: [string, () => Promise<unknown>][] = [
    [
      'the friend deposits 1200 wei in the sale',
      () => scene.call(friend, sale, 'deposit()', [], 1200n),
    ],
    [
      'the sale is over and pays the founder',
      async () => {
        await scene.blockAtEnd();
        await scene.call(founder, sale, 'finalize');
      },
    ],
    [
      'the friend takes 400 tokens and the refund',
      async () => {
        await scene.call(friend, sale, 'claim');
        await scene.call(friend, sale, 'refund');
      },
    ],
    ['a user asks the model', () => scene.callData(payer, oracle, request, 2000n)],
    [
      'the oracle pays the model’s revenue to the token',
      () => scene.call(payer, oracle, 'claimModelRevenue', [MODEL_ID]),
    ],
    ['snapshot 1', () => scene.scene.snapshot()],
    ['the founder claims 1', () => scene.scene.call(founder, 'claim', [1n])],
    ['501 wei arrive', () => scene.scene.pay(501n)],
    ['the friend burns 100', () => scene.scene.call(friend, 'burn', [100n])],
    ['snapshot 2', () => scene.scene.snapshot()],
    ['the founder claims 2', () => scene.scene.call(founder, 'claim', [2n])],
    ['33 wei arrive', () => scene.scene.pay(33n)],
    ['snapshot 3: what the friend did not claim of 1 rolls over', () => scene.scene.snapshot()],
    ['the friend claims 3', () => scene.scene.call(friend, 'claim', [3n])],
    ['a user asks the model again', () => scene.callData(payer, oracle, request, 2000n)],
  ];
  for (const [, happens] of steps) await happens();
  return steps.map(([words]) => words);
}

const BOOKS = `query ($chainId: SafeInt!, $token: Address!, $sale: Address!, $oracle: Address!) {
  journal(direction: ASC, first: 100) {
    nodes { block contractKind kind postings { account amountWei } }
  }
  trialBalance(chainId: $chainId, token: $token, splitDust: true) {
    heldWei
    accounts { account held balanceWei }
    beside { contractKind account balanceWei }
  }
  sale: accounts(chainId: $chainId, contract: $sale) { nodes { account held balanceWei } }
  oracle: accounts(chainId: $chainId, contract: $oracle) { nodes { account held balanceWei } }
}`;

interface EntryNode {
  readonly block: number;
  readonly contractKind: string;
  readonly kind: string;
  readonly postings: readonly { readonly account: string; readonly amountWei: string }[];
}

interface AccountNode {
  readonly account: string;
  readonly held: boolean;
  readonly balanceWei: string;
}

async function renderExample(): Promise<string> {
  const story = await beginStory();
  const words = await playStory(story);
  const { scene, sale, oracle } = story;
  const { chain, token } = scene.scene;
  const databaseUrl = await freshDatabase();
  await indexTo({ ...scene.request(databaseUrl), oracles: [{ address: oracle.address }] });
  const api = await startTestApi(databaseUrl);
  try {
    const addresses = { token: token.address, sale: sale.address, oracle: oracle.address };
    const books = await askData(api, BOOKS, { chainId: chain.chainId, ...addresses });
    const { heldWei } = books.trialBalance;
    expect(BigInt(heldWei)).toBe(await getBalance(chain, token.address));
    for (const accounts of [books.trialBalance.accounts, books.sale.nodes, books.oracle.nodes]) {
      expect(sumOf(accounts)).toBe(0n);
    }
    await askDocumented(api, addresses.token, addresses.oracle, chain.chainId, heldWei);
    const escrow = books.sale.nodes.find(({ account }: AccountNode) => account === 'escrow');
    expect(BigInt(escrow.balanceWei)).toBe(await getBalance(chain, sale.address));
    return [
      '| what happens | in the books of | entry | postings, in wei |\n|---|---|---|---|',
      ...entryLines(books.journal.nodes, words),
      '\nThe trial balance of the token afterwards, with the dust of open snapshots in accounts of its own:\n',
      '| account | balance, wei | held |\n|---|---|---|',
      ...books.trialBalance.accounts.map(accountLine),
      `\nThe accounts sum to 0. The held accounts sum to ${heldWei}, which is what`,
      '`eth_getBalance` returns for the token. Outside the token:\n',
      '| kept by | account | balance, wei |\n|---|---|---|',
      ...books.trialBalance.beside.map(
        (account: AccountNode & { contractKind: string }) =>
          `| ${account.contractKind.toLowerCase()} | \`${account.account}\` | ${account.balanceWei} |`,
      ),
      '\nThe journals of the sale and of the oracle sum to 0 as well:\n',
      '| account of the sale | balance, wei | held |\n|---|---|---|',
      ...books.sale.nodes.map(accountLine),
      '\n| account of the oracle | balance, wei | held |\n|---|---|---|',
      ...books.oracle.nodes.map(accountLine),
      '',
    ].join('\n');
  } finally {
    await api.close();
  }
}

/** The query of the page, about the contracts of the example. */
async function askDocumented(
  api: RunningApi,
  token: string,
  oracle: string,
  chainId: number,
  heldWei: string,
): Promise<void> {
  const [, query = ''] = /```graphql\n([\s\S]*?)```/.exec(readFileSync(FILE, 'utf8')) ?? [];
  const own = query
    .replaceAll('chainId: 1', `chainId: ${chainId}`)
    .replaceAll(/0xe5018913\w{32}/g, checksummed(token as Address))
    .replaceAll(/0x0A0f4321\w{32}/g, checksummed(oracle as Address));
  const { trialBalance, accounts } = await askData(api, own);
  expect(trialBalance).toMatchObject({ heldWei, balanceWei: heldWei });
  expect(accounts.nodes.map(({ balanceWei }: AccountNode) => balanceWei)).toEqual([
    '1400',
    '1400',
    '1200',
  ]);
}

function entryLines(entries: readonly EntryNode[], words: readonly string[]): string[] {
  // In a block with a payout the oracle pays before the token receives.
  const ordered = entries.toSorted(
    (left, right) => left.block - right.block || rank(left) - rank(right),
  );
  const blocks = [...new Set(ordered.map(({ block }) => block))];
  expect(blocks).toHaveLength(words.length);
  return ordered.map(({ block, contractKind, kind, postings }, index) => {
    const isFirst = ordered[index - 1]?.block !== block;
    const what = isFirst ? (words[blocks.indexOf(block)] ?? '') : '';
    const moved = postings.map(({ account, amountWei }) => `\`${account}\` ${signed(amountWei)}`);
    const name = kind.toLowerCase().replace('_', '-');
    return `| ${what} | ${contractKind.toLowerCase()} | ${name} | ${moved.join(', ')} |`;
  });
}

function rank({ contractKind }: EntryNode): number {
  return contractKind === 'TOKEN' ? 1 : 0;
}

function accountLine({ account, held, balanceWei }: AccountNode): string {
  return `| \`${account}\` | ${balanceWei.replace('-', '−')} | ${held ? 'yes' : ''} |`;
}

function signed(amountWei: string): string {
  return amountWei.startsWith('-') ? amountWei.replace('-', '−') : `+${amountWei}`;
}

function sumOf(accounts: readonly AccountNode[]): bigint {
  return accounts.reduce((sum, { balanceWei }) => sum + BigInt(balanceWei), 0n);
}

it('the worked example in docs/accounting.md is what happens on a chain', async () => {
  const text = readFileSync(FILE, 'utf8');
  const begin = text.indexOf(BEGINS) + BEGINS.length;
  const end = text.indexOf(ENDS);
  const example = await renderExample();
  if (process.env.UPDATE_DOCS === '1') {
    writeFileSync(FILE, text.slice(0, begin) + example + text.slice(end));
    return;
  }
  expect(text.slice(begin, end)).toBe(example);
});
