/** The largest id of a chain. Wallets know no larger one. Keys of groups of contracts lie beyond it. */
export const LAST_CHAIN_ID = 2 ** 52 - 1;

/** The largest id of a chain whose contracts can be indexed in groups: a key of a group has the id and its place. */
export const LAST_GROUPED_CHAIN_ID = 2 ** 46 - 1;

/** The most groups of a chain: 64 places of 2^46 fit between the largest chain id and the largest safe number. */
export const GROUPS_AT_MOST = 64;
