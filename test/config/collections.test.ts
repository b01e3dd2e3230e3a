import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.js';

const TOKEN = `0x${'11'.repeat(20)}`;
const COLLECTION = `0x${'22'.repeat(20)}`;

/** A config with collections of these lines. */
function parse(...lines: string[]) {
  const collections = lines.map((line) => `      ${line}\n`).join('');
  return parseConfig(
    'imo.yaml',
    `chains:\n  - id: 1\n    rpc: http://localhost:8545\n    tokens: [{address: '${TOKEN}'}]\n` +
      `    collections:\n${collections}`,
    {},
  );
}

describe('a collection in imo.yaml', () => {
  test('needs its address only', () => {
    const [chain] = parse(`- address: '${COLLECTION}'`).chains;
    expect(chain?.collections).toEqual([{ address: COLLECTION, startBlock: null, label: null }]);
  });

  test('may have a start block and a name', () => {
    const [chain] = parse(`- address: '${COLLECTION}'`, '  startBlock: 7', '  label: Cats').chains;
    expect(chain?.collections).toEqual([{ address: COLLECTION, startBlock: 7, label: 'Cats' }]);
  });

  test.each([
    ['no address', ['- label: Cats'], 'CONFIG_INVALID', 'chains[0].collections[0].address'],
    [
      'an unknown key',
      [`- address: '${COLLECTION}'`, '  lable: Cats'],
      'CONFIG_UNKNOWN_KEY',
      'chains[0].collections[0].lable',
    ],
    [
      'a negative start block',
      [`- address: '${COLLECTION}'`, '  startBlock: -1'],
      'CONFIG_INVALID',
      'chains[0].collections[0].startBlock',
    ],
    [
      'the same twice',
      [`- address: '${COLLECTION}'`, `- address: '${COLLECTION}'`],
      'CONFIG_DUPLICATE',
      'chains[0].collections[1].address',
    ],
    [
      'a contract that is a token already',
      [`- address: '${TOKEN}'`],
      'CONFIG_DUPLICATE',
      'chains[0].collections[0].address',
    ],
  ])('%s is refused, with its place', (_, lines, code, path) => {
    expect(() => parse(...lines)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(path) }),
    );
  });
});
