import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadArtifact } from '../../devnet/artifacts.js';
import { parseConfig } from '../../src/config/load.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const TOKEN = '0xe5018913f2fdf33971864804ddb5fca25c539032';
const POOL = '0x1111111111111111111111111111111111111111';
let folder = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'odd.json'), loadArtifact('OddPool').interface.formatJson());
});

function poolsOf(entries: string, { chainId = 1, tokens = `{address: "${TOKEN}"}` } = {}) {
  const text = `chains:
  - id: ${chainId}
    rpc: http://localhost:8545
    tokens: [${tokens}]
    lookThrough:
${entries}`;
  return parseConfig(join(folder, 'imo.yaml'), text, {}).chains[0]?.lookThrough;
}

const MAPPING = `
      - address: "${POOL}"
        kind: custom
        abi: ./odd.json
        mapping:
          raise: {event: Locked, depositor: owner, shares: weight}
          lower: {event: Unlocked, depositor: owner, shares: weight}
          move: {event: Handed, from: from, to: to, shares: weight}
          set: {event: Boosted, depositor: owner, shares: newWeight}
          sharesView: weightOf
          totalView: totalWeight`;

describe('lookThrough of imo.yaml', () => {
  it('takes a pool by address and kind, and knows what it holds where the chain has one token', () => {
    expect(poolsOf(`      - {address: "${POOL}", kind: shares}`)).toEqual([
      { address: POOL, kind: 'shares', token: TOKEN, startBlock: null, label: null, custom: null },
    ]);
    // A vault says it itself.
    expect(poolsOf(`      - {address: "${POOL}", kind: erc4626}`)?.[0]?.token).toBeNull();
  });

  it('takes a pool by an ABI and a mapping', () => {
    const custom = poolsOf(MAPPING)?.[0]?.custom;
    expect(custom?.views).toEqual({ shares: 'weightOf(address)', total: 'totalWeight()' });
    expect(custom?.events.map(({ movements }) => movements[0]?.kind)).toEqual([
      'raise',
      'lower',
      'set',
      'move',
    ]);
  });

  it('takes signatures in place of a file, and names one that is not a signature', () => {
    const signatures = ['Locked', 'Unlocked'].map(
      (name) => `"event ${name}(address indexed owner, uint256 weight)"`,
    );
    const views = [
      'weightOf(address) view returns (uint256)',
      'totalWeight() view returns (uint256)',
    ];
    const abi = [...signatures, ...views.map((view) => `"function ${view}"`)];
    const written = (list: readonly string[]) =>
      `
      - address: "${POOL}"
        kind: custom
        abi: [${list.join(', ')}]
        mapping:
          raise: {event: Locked, depositor: owner, shares: weight}
          lower: {event: Unlocked, depositor: owner, shares: weight}
          sharesView: weightOf
          totalView: totalWeight`;
    expect(poolsOf(written(abi))?.[0]?.custom?.events).toHaveLength(2);
    expect(() => poolsOf(written([...abi, '"Locked it"']))).toThrow(
      /"Locked it" is not the signature of an event or a function/,
    );
  });

  it('knows the staking pool of OLM by name', () => {
    expect(poolsOf('      - preset: olm-staking')?.[0]).toMatchObject({
      address: '0x4f5e12233ed7ca1699894174fcbd77c7ed60b03d',
      kind: 'shares',
      token: TOKEN,
      label: 'OLM staking pool',
    });
  });

  it.each([
    [
      'a preset on another chain',
      '      - preset: olm-staking',
      { chainId: 8453 },
      /the OLM staking pool is on chain 1, not on chain 8453/,
    ],
    ['an unknown preset', '      - preset: olm-stakin', {}, /"olm-stakin" is not a known pool/],
    [
      'a preset with more',
      `      - {preset: olm-staking, kind: erc4626}`,
      {},
      /a preset already says it/,
    ],
    [
      'a preset without its token',
      '      - preset: olm-staking',
      { tokens: `{address: "${POOL}"}` },
      /is neither a token of this chain nor another pool/,
    ],
    ['no kind', `      - address: "${POOL}"`, {}, /kind.*is missing/],
    [
      'another kind',
      `      - {address: "${POOL}", kind: erc4662}`,
      {},
      /"erc4662" is not a kind of pool/,
    ],
    [
      'a mapping where none belongs',
      MAPPING.replace('kind: custom', 'kind: shares'),
      {},
      /a pool of kind shares has none/,
    ],
    [
      'no mapping',
      `      - {address: "${POOL}", kind: custom}`,
      {},
      /abi.*is missing[\s\S]*mapping.*is missing/,
    ],
    ['no ABI file', MAPPING.replace('odd.json', 'none.json'), {}, /none\.json cannot be read/],
    [
      'an event that does not exist',
      MAPPING.replace('Unlocked', 'Unlockd'),
      {},
      /the ABI has no event "Unlockd"/,
    ],
    [
      'a field that does not exist',
      MAPPING.replace('shares: newWeight', 'shares: newWeigth'),
      {},
      /has no field "newWeigth"/,
    ],
    [
      'a field of another type',
      MAPPING.replace('shares: weight}', 'shares: note}'),
      {},
      /the field "note" of .* is of type bytes/,
    ],
    ['a missing field', MAPPING.replace('from: from, ', ''), {}, /from.*is missing/],
    [
      'a field too many',
      MAPPING.replace('{event: Boosted,', '{event: Boosted, to: owner,'),
      {},
      /a set has no to/,
    ],
    ['a key with a typo', MAPPING.replace('lower:', 'lowr:'), {}, /"lowr" is not known here/],
    [
      'a view that does not exist',
      MAPPING.replace('sharesView: weightOf', 'sharesView: weight'),
      {},
      /the ABI has no view "weight"/,
    ],
    [
      'a view of another shape',
      MAPPING.replace('totalView: totalWeight', 'totalView: weightOf'),
      {},
      /has no view "weightOf" that takes nothing/,
    ],
    [
      'the token as a pool',
      `      - {address: "${TOKEN}", kind: shares}`,
      {},
      /is already configured as/,
    ],
    [
      'a pool twice',
      '      - preset: olm-staking\n      - preset: olm-staking',
      {},
      /is already in the list/,
    ],
    [
      'a pool of itself',
      `      - {address: "${POOL}", kind: shares, token: "${POOL}"}`,
      {},
      /is neither a token/,
    ],
    [
      'one of several tokens',
      `      - {address: "${POOL}", kind: shares}`,
      { tokens: `{address: "${TOKEN}"}, {address: "0x2222222222222222222222222222222222222222"}` },
      /is missing: the chain has several tokens/,
    ],
  ])('refuses %s', (_, entries, chain, reason) => {
    expect(() => poolsOf(entries, chain)).toThrow(reason);
  });
});
