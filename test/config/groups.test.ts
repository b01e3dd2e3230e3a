import { describe, expect, it } from 'vitest';
import { groupsOfChain } from '../../src/config/chainGroups.js';
import { parseConfig } from '../../src/config/load.js';

const address = (digit: number) => `0x${String(digit).repeat(40)}`;
const [ONE, TWO, ORACLE, CATS, DOGS, SALE, POOL] = [1, 2, 3, 4, 5, 6, 7].map(address);

function chainOf(groups: string, more = '', id = 1) {
  const source =
    `chains:\n  - id: ${id}\n    rpc: http://localhost:8545\n` +
    `    tokens: [{address: '${ONE}'}, {address: '${TWO}'}]\n    oracles: [{address: '${ORACLE}'}]\n` +
    `    collections: [{address: '${CATS}'}, {address: '${DOGS}'}]\n` +
    `    sales: [{address: '${SALE}', kind: launchpad, token: '${TWO}', raiseAsset: native}]\n` +
    `    lookThrough: [{address: '${POOL}', kind: shares, token: '${TWO}'}]\n${more}    groups: ${groups}\n`;
  const [chain] = parseConfig('imo.yaml', source, {}).chains;
  if (chain === undefined) throw new RangeError('no chain');
  return chain;
}

const problem = (text: string) =>
  expect.objectContaining({ message: expect.stringContaining(text) });

describe('groups of contracts in imo.yaml', () => {
  it('take the sales and pools of their tokens with them, and leave the others to the group main', () => {
    expect(groupsOfChain(chainOf('[]'))).toEqual([]);
    expect(groupsOfChain(chainOf(`[{name: second, contracts: ['${TWO}']}]`))).toEqual([
      { name: 'main', contracts: [ONE, ORACLE, CATS, DOGS] },
      { name: 'second', contracts: [TWO, SALE, POOL] },
    ]);
    const all = `[{name: a, contracts: ['${ORACLE}', '${CATS}', '${DOGS}', '${ONE}']}, {name: b, contracts: ['${TWO}']}]`;
    expect(groupsOfChain(chainOf(all)).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('are refused where their books could differ from those of one process', () => {
    const split = `[{name: a, contracts: ['${CATS}']}]`;
    expect(() => chainOf(split)).toThrow(
      problem('collections of the chain are in different groups'),
    );
    const one = `[{name: a, contracts: ['${ONE}']}]`;
    const prices = `    prices: [{asset: native, currency: USD, aggregator: '${address(8)}'}]\n`;
    expect(() => chainOf(one, prices)).toThrow(
      problem('`groups` and `prices` cannot be used together'),
    );
    expect(() => chainOf(one, '', 2 ** 46)).toThrow(problem('is too large for groups'));
  });

  it('name tokens, oracles and collections of the chain, each once', () => {
    const refused: readonly (readonly [groups: string, reason: string])[] = [
      [`[{name: a, contracts: ['${SALE}']}]`, 'is a sale or a pool, and goes with its token'],
      [`[{name: a, contracts: ['${address(9)}']}]`, 'is not a contract of this chain'],
      [`[{name: a, contracts: ['${ONE}', '${ONE}']}]`, 'is already in a group'],
      [`[{name: main, contracts: ['${ONE}']}]`, '`main` is the name of the group of all other'],
      [
        `[{name: a, contracts: ['${ONE}']}, {name: a, contracts: ['${TWO}']}]`,
        '"a" is the name of another group',
      ],
      [`[{name: A B, contracts: ['${ONE}']}]`, 'is not a name of a-z, 0-9 and hyphens'],
      ['[{name: a, contracts: []}]', 'the list is empty'],
    ];
    for (const [groups, reason] of refused) expect(() => chainOf(groups)).toThrow(problem(reason));
  });
});
