/**
 * What a change of a key of imo.yaml does to what is indexed:
 * - `identity`: another value is another entry: the old one is removed, the new one is added;
 * - `history`: the contract of the entry is booked again, unless the chain shows that no row depends on it;
 * - `prices`: the rounds of that feed are read again, and nothing else;
 * - `name`: the new name shows at once;
 * - `setting`: applied at the next start, and no row depends on it;
 * - `list`: its entries count;
 * - `created`: the contracts that it leads to count, as if they were in the config themselves.
 */
export type Effect = 'identity' | 'history' | 'prices' | 'name' | 'setting' | 'list' | 'created';

/** The effect of each key below a list or an object, all of one effect. */
function all<const Key extends string>(
  effect: Effect,
  ...keys: readonly Key[]
): Readonly<Record<Key, Effect>> {
  return Object.fromEntries(keys.map((key) => [key, effect])) as Record<Key, Effect>;
}

const MAPPING_ENTRY = all(
  'history',
  'event',
  'participant',
  'caller',
  'raiseAmount',
  'tokenAmount',
);

const SHARE_MOVEMENT = all('history', 'event', 'depositor', 'shares');

const FACTORY = all('created', 'factory', 'event', 'field', 'factoryAbi', 'startBlock');

/** Keys of one level of imo.yaml: the list or the key that they stand under. */
type Level = Readonly<Record<string, Effect>>;

/**
 * The stated effect of every key of imo.yaml, by its level as in `KEYS` of the schema. Plans follow
 * from it.
 */
export const EFFECTS: Readonly<Record<string, Level>> = {
  '': { chains: 'list', api: 'setting' },
  chains: {
    id: 'identity',
    name: 'name',
    // Counts as the start block of each contract without one of its own.
    startBlock: 'history',
    ...all('setting', 'rpc', 'rpcTimeoutSeconds', 'traceTimeoutSeconds', 'portal', 'gateway'),
    explorer: 'setting',
    ...all('setting', 'source', 'cache', 'finality', 'headPollSeconds', 'audit', 'groups'),
    ...all('created', 'tokensFrom', 'collectionsFrom', 'salesFrom'),
    ...all('list', 'tokens', 'labels', 'sales', 'collections', 'oracles', 'prices', 'lookThrough'),
  },
  groups: all('setting', 'name', 'contracts'),
  tokens: { address: 'identity', ...all('history', 'policy', 'startBlock', 'assets') },
  labels: { address: 'identity', name: 'name' },
  sales: {
    address: 'identity',
    label: 'name',
    ...all('history', 'kind', 'token', 'raiseAsset', 'startBlock', 'abi', 'mapping'),
  },
  lookThrough: {
    address: 'identity',
    label: 'name',
    // A preset says the address and the rest.
    ...all('history', 'preset', 'kind', 'token', 'startBlock', 'abi', 'mapping'),
  },
  'lookThrough.mapping': all(
    'history',
    ...(['raise', 'lower', 'set', 'move', 'sharesView', 'totalView'] as const),
  ),
  raise: SHARE_MOVEMENT,
  lower: SHARE_MOVEMENT,
  set: SHARE_MOVEMENT,
  move: all('history', 'event', 'from', 'to', 'shares'),
  collections: { address: 'identity', startBlock: 'history', label: 'name' },
  oracles: { address: 'identity', startBlock: 'history', label: 'name' },
  tokensFrom: { ...FACTORY, ...all('created', 'policy', 'assets') },
  collectionsFrom: FACTORY,
  salesFrom: {
    ...FACTORY,
    ...all('created', 'kind', 'token', 'raiseAsset', 'abi', 'mapping'),
  },
  prices: {
    ...all('identity', 'asset', 'currency', 'aggregator'),
    ...all('prices', 'startBlock', 'staleAfterSeconds'),
  },
  policy: {
    ...all('history', 'like', 'window', 'claimedId', 'rounding', 'rollOver', 'percent'),
    ...all('history', 'interval', 'snapshots'),
  },
  interval: all('history', 'blocks', 'seconds'),
  mapping: {
    ...all('history', 'deposit', 'purchase', 'allocation', 'tokenClaim', 'refund', 'sell'),
    finalisation: 'history',
  },
  deposit: MAPPING_ENTRY,
  purchase: MAPPING_ENTRY,
  allocation: MAPPING_ENTRY,
  tokenClaim: MAPPING_ENTRY,
  refund: MAPPING_ENTRY,
  sell: MAPPING_ENTRY,
  finalisation: MAPPING_ENTRY,
  portal: all('setting', 'url', 'key'),
  gateway: all('setting', 'url', 'key'),
  source: all('setting', 'finders', 'blocksAtOnce', 'blocksAtLeast'),
  cache: all('setting', 'path', 'maxSize'),
  audit: all('setting', 'holdersPerBlock', 'everyBlocks', 'callsPerSecond'),
  api: {
    ...all('setting', 'cors', 'trustedProxies', 'rateLimit', 'limits', 'persistedQueries'),
    ...all('setting', 'basePath', 'suggestions', 'metrics', 'caching'),
  },
  metrics: all('setting', 'host', 'port'),
  rateLimit: all('setting', 'requests', 'cost', 'perSeconds'),
  limits: {
    ...all('setting', 'requestBytes', 'batch', 'tokens', 'depth', 'aliases', 'directives'),
    ...all('setting', 'fields', 'cost', 'requestSeconds', 'databaseSeconds', 'answerBytes'),
    ...all('setting', 'computedHolders', 'statementSeconds', 'connections', 'atOnce'),
    ...all('setting', 'subscriptions', 'sockets', 'socketOperations'),
    ...all('setting', 'minBlockSeconds', 'replicaLagSeconds'),
  },
  persistedQueries: all('setting', 'file', 'only'),
  caching: all('setting', 'finalSeconds'),
};
