import type { Random } from './random.js';

/** Texts that are not valid values, and have broken servers. */
const STRINGS = [
  "' OR 1=1 --",
  "'; DROP TABLE receipt; --",
  "1'; SELECT pg_sleep(20); --",
  '$' + '{jndi:ldap://x}',
  '{{7*7}}',
  '../../../../etc/passwd',
  '\u0000',
  '\ud800',
  '\u202e',
  '%00',
  '0x',
  `0x${'0'.repeat(40)}`,
  `0x${'f'.repeat(40)}`,
  `0x${'g'.repeat(40)}`,
  'a'.repeat(10_000),
  '9'.repeat(78),
  '9'.repeat(5_000),
  '-1',
  '1e309',
  'NaN',
  '',
  '__proto__',
  'constructor',
  '\\x00',
  '😀'.repeat(100),
];

const LISTS = ['receipts', 'claims', 'redemptions', 'transfers', 'journal', 'tokens', 'sales'];
const FIELDS = [
  'holders',
  'snapshots',
  'token',
  'entitlement',
  'nodes',
  'edges',
  'node',
  'pageInfo',
];

/** Any text that somebody hostile may put where a value stands. */
export function hostileText(random: Random): string {
  return random.next() < 0.8
    ? random.pick(STRINGS)
    : random.bytes(random.below(60)).toString('latin1');
}

/** Any value, of the wrong type more often than not. */
export function hostileValue(random: Random, depth = 0): unknown {
  const kinds = [
    () => hostileText(random),
    () => random.below(2_000_000_000) - 1_000_000_000,
    () => random.next() * 10 ** random.below(300),
    () => null,
    () => random.next() < 0.5,
    () => Array.from({ length: random.below(5) }, () => hostileValue(random, depth + 1)),
    () => ({ [hostileText(random)]: hostileValue(random, depth + 1) }),
    () => 2 ** 53,
  ];
  return depth > 4 ? 0 : random.pick(kinds)();
}

/** A cursor that looks like one, or is cut or changed somewhere. */
function cursor(random: Random): string {
  const texts = [
    'holders:1:balance|1|0x00',
    `holders:1:balance|${'9'.repeat(90)}|0x${'a'.repeat(40)}`,
    "receipt:chain|1|1|0001-0000000001-000000' OR 1=1",
    'receipt:chain|-1|1|0001-0000000001-000000',
    `receipt:chain|999999999999999|999999999999999|9999-9999999999-999999`,
    `tokens:number|${'9'.repeat(78)}|999999999999999`,
    'snapshots:1|999999999',
    'holders:2147483648:balance|1|0x00',
  ];
  const encoded = Buffer.from(random.pick(texts)).toString('base64url');
  return random.next() < 0.5 ? encoded : encoded.slice(random.below(encoded.length));
}

function args(random: Random): string {
  const size = () => random.pick([-1, 0, 1, 50, 1000, 1001, 2_147_483_647, 99_999_999_999]);
  const text = () => JSON.stringify(random.pick([hostileText(random), cursor(random)]));
  const parts = [
    `first: ${size()}`,
    `last: ${size()}`,
    `after: ${text()}`,
    `before: ${text()}`,
    `at: { block: ${size()} }`,
    `at: { timestamp: ${text()} }`,
    `filter: { chainId: ${size()}, token: ${text()} }`,
    `filter: { amountWei: { gte: ${text()} } }`,
    `orderBy: ${random.pick(['AMOUNT', 'CHAIN', 'BALANCE', 'CLAIMABLE', 'X'])}`,
    `direction: ${random.pick(['ASC', 'DESC', 'UP'])}`,
    `chainId: ${size()}`,
    `address: ${text()}`,
    `token: ${text()}`,
  ];
  const chosen = parts.filter(() => random.next() < 0.2);
  return chosen.length === 0 ? '' : `(${chosen.join(', ')})`;
}

/** A query that may be right by chance, and is often deep, wide, cyclic or broken. */
export function hostileQuery(random: Random): string {
  const kinds: (() => string)[] = [
    () =>
      `{ ${random.pick(LISTS)}${args(random)} { nodes { id } totalCount pageInfo { endCursor } } }`,
    () =>
      `{ ${random.pick([...LISTS, 'holders', 'holder', 'token'])}${args(random)} { __typename } }`,
    () => heavy(random),
    () => deep(random),
    () => bomb(random.below(400)),
    () =>
      `{ ${Array.from({ length: random.below(3_000) }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    () => `{ ${'status { chainId } '.repeat(random.below(2_000))} }`,
    () => `{ __typename ${'@skip(if: false) '.repeat(random.below(1_500))} }`,
    () => `{ ${'{'.repeat(random.below(5_000))}`,
    () =>
      `query ($a: ${'['.repeat(random.below(3_000))}Int${']'.repeat(random.below(3_000))}) { __typename }`,
    () => '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    () => `mutation { ${hostileText(random)} }`,
    () => 'subscription { status { chainId } }',
    () =>
      '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }',
    () => hostileText(random),
    () => cut(random, `{ receipts(first: 2) { nodes { id amountWei payer } } }`),
  ];
  return random.pick(kinds)();
}

/** The largest pages, one in the other. */
function heavy(random: Random): string {
  const size = random.pick([10, 100, 1000]);
  return `{ tokens(first: ${size}) { nodes { holders(first: ${size}) { nodes { address balance
    entitlement { totalClaimableWei snapshots { snapshotId shareWei } } } } } totalCount } }`;
}

function deep(random: Random): string {
  let query = '__typename';
  for (let depth = random.below(1_000); depth > 0; depth--)
    query = `${random.pick(FIELDS)} { ${query} }`;
  return `{ tokens { ${query} } }`;
}

/** As long as 2^n when it is written out. */
function bomb(length: number): string {
  const chain = Array.from(
    { length },
    (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
  );
  return `{ ...F0 } ${chain.join(' ')} fragment F${length} on Query { a: __typename }`;
}

function cut(random: Random, text: string): string {
  const at = random.below(text.length);
  return text.slice(0, at) + hostileText(random) + text.slice(at + random.below(5));
}
