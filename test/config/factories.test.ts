import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { id } from 'ethers';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const FACTORY = `0x${'fa'.repeat(20)}`;
const TOKEN = `0x${'11'.repeat(20)}`;
const EVENT = 'event TokenCreated(address indexed token, address creator, uint256 id)';

const folder = await temporaryFolder();
writeFileSync(
  join(folder, 'factory.json'),
  JSON.stringify([
    {
      type: 'event',
      name: 'Created',
      inputs: [{ name: 'token', type: 'address', indexed: true }],
    },
  ]),
);

/** A chain with one entry in a list of factories. */
function parse(list: string, entry: object, more: object = {}) {
  const keys = { factory: FACTORY, event: EVENT, field: 'token', ...entry };
  const chain = { id: 1, rpc: 'http://localhost:8545', [list]: [keys], ...more };
  const contents = JSON.stringify({ chains: [chain] });
  return parseConfig(join(folder, 'imo.yaml'), contents, {}).chains[0];
}

describe('a factory in imo.yaml', () => {
  test('is enough to index a chain, and needs its address, event and field only', () => {
    expect(parse('tokensFrom', {})?.factories).toEqual([
      {
        makes: 'token',
        factory: FACTORY,
        event: {
          fragment: EVENT,
          topic: id('TokenCreated(address,address,uint256)'),
        },
        field: 'token',
        startBlock: null,
        policy: 'auto',
        assets: [],
      },
    ]);
  });

  test('may leave out the word event, or name an event of its ABI file', () => {
    const [written] =
      parse('collectionsFrom', { event: 'Created(address indexed token)' })?.factories ?? [];
    const [named] =
      parse('collectionsFrom', { event: 'Created', factoryAbi: './factory.json' })?.factories ?? [];
    expect(named).toEqual(written);
    expect(named?.event.fragment).toBe('event Created(address indexed token)');
  });

  test('of sales takes the token from a field of the event', () => {
    const sale = { kind: 'launchpad', token: 'creator' };
    const [factory] = parse('salesFrom', sale, { tokens: [{ address: TOKEN }] })?.factories ?? [];
    expect(factory).toMatchObject({
      makes: 'sale',
      kind: 'launchpad',
      token: { field: 'creator' },
      raiseAsset: null,
      custom: null,
    });
  });

  test.each([
    [
      'a text without the parentheses of an event',
      'tokensFrom',
      { event: 'TokenCreated' },
      'event',
      'factoryAbi',
    ],
    [
      'an event without a topic',
      'tokensFrom',
      { event: `${EVENT} anonymous` },
      'event',
      'anonymous',
    ],
    [
      'an event that the ABI does not have',
      'tokensFrom',
      { event: 'Create', factoryAbi: 'factory.json' },
      'event',
      'Did you mean "Created"?',
    ],
    ['an ABI that is not there', 'tokensFrom', { factoryAbi: 'no.json' }, 'factoryAbi', 'no.json'],
    ['a field that the event does not have', 'tokensFrom', { field: 'tokn' }, 'field', '"token"'],
    ['a field that is not an address', 'tokensFrom', { field: 'id' }, 'field', 'uint256'],
    ['a policy that is not known', 'tokensFrom', { policy: 'windowd' }, 'policy', 'windowed'],
    ['a misspelled key', 'collectionsFrom', { fields: 'token' }, 'fields', '"field"'],
    ['a sale without a kind', 'salesFrom', { token: TOKEN }, 'kind', 'missing'],
    [
      'a sale of a field of another type',
      'salesFrom',
      { kind: 'lbp', token: 'id' },
      'token',
      'uint256',
    ],
    ['a wrong address', 'tokensFrom', { factory: '0x12' }, 'factory', 'hex digits'],
  ])('%s is refused, with its place and what helps', (_, list, entry, key, says) => {
    const refused = () => parse(list, entry);
    expect(refused).toThrow(
      expect.objectContaining({ message: expect.stringContaining(`chains[0].${list}[0].${key}`) }),
    );
    expect(textOf(refused)).toContain(says);
  });

  test('that stands twice with the same event and field is refused', () => {
    const entry = { factory: FACTORY, event: EVENT, field: 'token' };
    expect(() => parse('tokensFrom', {}, { collectionsFrom: [entry] })).toThrow(
      /collectionsFrom\[0\]\.event.*already configured as tokensFrom\[0\]/,
    );
  });

  test('of sales of a token that no list and no factory has is refused', () => {
    const sale = { kind: 'launchpad', token: FACTORY };
    const tokens = [{ address: TOKEN }];
    expect(() => parse('salesFrom', sale, { tokens })).toThrow(/salesFrom\[0\]\.token/);
    const tokensFrom = [{ factory: FACTORY, event: EVENT, field: 'creator' }];
    expect(parse('salesFrom', sale, { tokens, tokensFrom })?.factories).toHaveLength(2);
  });
});

function textOf(refused: () => unknown): string {
  try {
    refused();
  } catch (error) {
    const { message, hint } = error as Error & { hint: string };
    return `${message} ${hint}`;
  }
  return '';
}
