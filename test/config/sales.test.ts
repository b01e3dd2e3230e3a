import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const TOKEN = `0x${'11'.repeat(20)}`;
const SALE = `0x${'22'.repeat(20)}`;
const ABI = [
  'event Deposit(address indexed user, uint256 amount)',
  'event Harvest(address indexed user, uint256 offeringAmount, uint256 excessAmount)',
  'event Note(address indexed user, string text)',
  'event Note(address indexed user, uint256 number)',
];

let file: string;

beforeAll(async () => {
  const folder = await temporaryFolder();
  file = join(folder, 'imo.yaml');
  await writeFile(join(folder, 'sale.json'), JSON.stringify({ abi: ABI }));
  await writeFile(join(folder, 'broken.json'), '[');
});

/** A config with one sale of these lines. */
function parse(...lines: string[]) {
  const sale = lines.map((line) => `        ${line}\n`).join('');
  return parseConfig(
    file,
    `chains:\n  - id: 1\n    rpc: http://localhost:8545\n    tokens: [{address: '${TOKEN}'}]\n` +
      `    sales:\n      - address: '${SALE}'\n${sale}`,
    {},
  );
}

function custom(...mapping: string[]) {
  return parse(
    `token: '${TOKEN}'`,
    'kind: custom',
    'abi: ./sale.json',
    'mapping:',
    ...mapping.map((line) => `  ${line}`),
  );
}

describe('a sale in imo.yaml', () => {
  test('needs its address, kind and token; the contract says the rest', () => {
    const [chain] = parse(`token: '${TOKEN}'`, 'kind: launchpad').chains;
    expect(chain?.sales).toEqual([
      {
        address: SALE,
        kind: 'launchpad',
        token: TOKEN,
        raiseAsset: null,
        startBlock: null,
        label: null,
        custom: null,
      },
    ]);
  });

  test('a custom sale is an ABI and the meaning of its events', () => {
    const [chain] = custom(
      'deposit: {event: Deposit, participant: user, raiseAmount: amount}',
      'tokenClaim: {event: Harvest, participant: user, tokenAmount: offeringAmount}',
      'refund: [{event: Harvest, participant: user, raiseAmount: excessAmount}]',
    ).chains;
    const entry = { participant: 'user', caller: null, raiseAmount: null, tokenAmount: null };
    expect(chain?.sales[0]?.custom).toEqual({
      events: [
        {
          fragment: 'event Deposit(address indexed user, uint256 amount)',
          entries: [{ ...entry, kind: 'deposit', raiseAmount: 'amount' }],
        },
        {
          fragment:
            'event Harvest(address indexed user, uint256 offeringAmount, uint256 excessAmount)',
          entries: [
            { ...entry, kind: 'token-claim', tokenAmount: 'offeringAmount' },
            { ...entry, kind: 'refund', raiseAmount: 'excessAmount' },
          ],
        },
      ],
    });
  });
});

describe('an error names the path of a mistake and what to write instead', () => {
  test.each<[string, () => unknown, string, string]>([
    [
      'an unknown kind',
      () => parse(`token: '${TOKEN}'`, 'kind: lunchpad'),
      'chains[0].sales[0].kind (line 8): "lunchpad" is not a kind of sale',
      'Did you mean "launchpad"?',
    ],
    [
      'a token that is not indexed',
      () => parse(`token: '0x${'33'.repeat(20)}'`, 'kind: lbp'),
      'chains[0].sales[0].token',
      'add the token to `tokens`',
    ],
    [
      'the token as its own price',
      () => parse(`token: '${TOKEN}'`, 'kind: lbp', `raiseAsset: '${TOKEN}'`),
      'chains[0].sales[0].raiseAsset',
      'what buyers pay with',
    ],
    [
      'a mapping without an ABI',
      () => parse(`token: '${TOKEN}'`, 'kind: custom', 'mapping: {}'),
      'chains[0].sales[0].abi (line 6): is missing',
      'path of the ABI file',
    ],
    [
      'a mapping of another kind',
      () => parse(`token: '${TOKEN}'`, 'kind: lbp', 'mapping: {}'),
      'chains[0].sales[0].mapping (line 9): a sale of kind lbp has none',
      'kind: custom',
    ],
    [
      'an ABI that is not there',
      () => parse(`token: '${TOKEN}'`, 'kind: custom', 'abi: no.json', 'mapping: {}'),
      'no.json cannot be read',
      'path of the ABI file',
    ],
    [
      'an ABI that is not JSON',
      () => parse(`token: '${TOKEN}'`, 'kind: custom', 'abi: broken.json', 'mapping: {}'),
      'broken.json is not JSON',
      'path of the ABI file',
    ],
    [
      'an empty mapping',
      () => parse(`token: '${TOKEN}'`, 'kind: custom', 'abi: sale.json', 'mapping: {}'),
      'chains[0].sales[0].mapping (line 10): names no event',
      'deposit, purchase',
    ],
    [
      'an unknown entry',
      () => custom('deposits: {event: Deposit}'),
      'chains[0].sales[0].mapping.deposits',
      'Did you mean "deposit"?',
    ],
    [
      'an unknown key of an entry',
      () => custom('deposit: {event: Deposit, who: user}'),
      'chains[0].sales[0].mapping.deposit.who',
      'Known keys: event, participant',
    ],
    [
      'an unknown event',
      () => custom('deposit: {event: Deposited, participant: user, raiseAmount: amount}'),
      'chains[0].sales[0].mapping.deposit.event (line 11): the ABI has no event "Deposited"',
      'Did you mean "Deposit"?',
    ],
    [
      'an event of which there are two',
      () => custom('deposit: {event: Note, participant: user, raiseAmount: number}'),
      'the ABI has 2 events "Note"',
      'Note(address,string), Note(address,uint256)',
    ],
    [
      'an unknown field',
      () => custom('deposit: {event: Deposit, participant: user, raiseAmount: amont}'),
      'chains[0].sales[0].mapping.deposit.raiseAmount (line 11): the event ' +
        'Deposit(address indexed user, uint256 amount) has no field "amont"',
      'Did you mean "amount"?',
    ],
    [
      'a field of another type',
      () => custom('deposit: {event: Deposit, participant: amount, raiseAmount: amount}'),
      'the field "amount" of the event Deposit(address indexed user, uint256 amount) is of type uint256',
      'a field of type address',
    ],
    [
      'a field that is missing',
      () => custom('deposit:', '  - {event: Deposit, participant: user}'),
      'chains[0].sales[0].mapping.deposit[0].raiseAmount',
      'Name the field of the event Deposit',
    ],
    [
      'a field too many',
      () =>
        custom(
          'refund: {event: Harvest, participant: user, raiseAmount: excessAmount, tokenAmount: offeringAmount}',
        ),
      'a refund has no tokenAmount',
      'Leave it out',
    ],
    [
      'an entry that is not a map',
      () => custom('deposit: Deposit'),
      'chains[0].sales[0].mapping.deposit (line 11): "Deposit" is not a map of keys and values',
      'Say which event it is',
    ],
    [
      'a sale that stands among the tokens too',
      () =>
        parseConfig(
          file,
          `chains: [{id: 1, rpc: 'http://localhost', tokens: [{address: '${SALE}'}], sales: [{address: '${SALE}', kind: lbp, token: '${SALE}'}]}]`,
          {},
        ),
      'is already configured as chains[0].tokens[0].address',
      'Delete one of the two',
    ],
  ])('%s', (_, attempt, says, hint) => {
    let error: unknown;
    try {
      attempt();
    } catch (thrown) {
      error = thrown;
    }
    const { message = '', hint: remedy = '' } = error as { message?: string; hint?: string };
    expect(message).toContain(says);
    expect(`${message} ${remedy}`).toContain(hint);
  });
});
