import { latestBlock } from '../../../devnet/chain.js';
import { TokenBook } from '../../../devnet/tokenBook.js';
import type { Address } from '../../../src/address.js';
import { listen } from '../../../src/cli/serve.js';
import { SERVING_DEFAULTS } from '../../../src/config/serving.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { runIndexer } from '../../../src/processor/run.js';
import { lookAtAccounts } from '../../support/programs/lookAtAccounts.js';
import { ask } from './answers.js';
import { Follower } from './followed.js';
import type { LivingWorld } from './livingWorld.js';
import type { ReaderWorld } from './world.js';
import { coinsOf, worldTokens } from './worldTokens.js';

const FOLLOWED_HOLDERS = 3;
const TOKENS_AT_BEST = 2;
const COST_OF_A_PROOF = 1_000_000_000;

/** An open world, until it is closed. */
export interface OpenWorld extends ReaderWorld {
  close(): Promise<void>;
}

/**
 * Indexes a world, serves it, follows it by subscriptions while it lives on, and proves what is final.
 *
 * @throws what ends the indexer or a subscription, or keeps it from reading who is a contract
 */
export async function openWorld(
  living: LivingWorld,
  databaseUrl: string,
  say: (line: string) => void,
): Promise<OpenWorld> {
  const { chain, config, folder, configPath, feeds, name } = living;
  const index = () => indexToHead(living, databaseUrl);
  await index();
  const limits = { ...SERVING_DEFAULTS.limits, cost: COST_OF_A_PROOF };
  const serving = { ...SERVING_DEFAULTS, rateLimit: null, metrics: null, limits };
  const api = await listen({ databaseUrl, port: 0, config: { ...config, api: serving } });
  try {
    const { url } = api;
    const { address, holders } = await chooseFollowed(living, url);
    const follower = new Follower(url, chain.chainId, { address }, holders);
    await follower.start();
    say('lives on while it is followed');
    await living.live(index);
    const paid = await living.payLast(address);
    await index();
    await proveFinalBlocks(databaseUrl, chain.chainId, new AbortController().signal);
    const [failure] = await lookAtAccounts(chain, databaseUrl);
    if (failure !== undefined) throw failure;
    const { number: head } = await latestBlock(chain);
    const tokens = await worldTokens(chain, await tokenAddresses(url), await tokenStarts(url));
    const token = tokens.find((one) => one.address === address);
    if (token === undefined) throw new Error(`the index lost token ${address}`);
    say('hears the last of its subscriptions');
    const followed = await follower.after(paid, await claimCount(url, address), token);
    say(`is read, up to block ${head}`);
    const currencies = [...new Set(feeds.map(({ currency }) => currency))];
    const coins = await coinsOf(chain, tokens);
    return {
      ...{ name, chain, head, databaseUrl, configPath, url, folder, tokens, coins, feeds },
      ...{ currencies, followed },
      close: () => api.close(),
    };
  } catch (error) {
    await api.close();
    throw error;
  }
}

interface PaidAnswer {
  readonly claims: { readonly totalCount: number; readonly nodes: readonly { holder: string }[] };
  readonly redemptions: { readonly nodes: readonly { holder: string }[] };
}

const PAID = `query ($token: Address!) {
  claims(filter: { token: $token }, first: 20) { totalCount nodes { holder } }
  redemptions(filter: { token: $token }, first: 20) { nodes { holder } } }`;

/** One of the tokens with the most claims, somebody who claimed, somebody who burned, and who has most. */
async function chooseFollowed({ chain, random }: LivingWorld, url: string) {
  const addresses = await tokenAddresses(url);
  const answers = await Promise.all(
    addresses.map(async (address) => ({
      address,
      paid: await ask<PaidAnswer>(url, PAID, { token: address }),
    })),
  );
  const sorted = answers.toSorted((a, b) => b.paid.claims.totalCount - a.paid.claims.totalCount);
  const burned = sorted.filter(({ paid }) => paid.redemptions.nodes.length > 0);
  const { address, paid } = random.pick(
    (burned.length > 0 ? burned : sorted).slice(0, TOKENS_AT_BEST),
  );
  const book = await TokenBook.open(chain, [address]);
  const balance = (holder: string) => book.balanceOf(address, holder);
  const richest = book.everHeld(address).toSorted((a, b) => (balance(b) > balance(a) ? 1 : -1));
  const some = (nodes: readonly { holder: string }[]) =>
    nodes.slice(0, 1).map(({ holder }) => holder.toLowerCase());
  const chosen = [...some(paid.claims.nodes), ...some(paid.redemptions.nodes), ...richest];
  return { address, holders: [...new Set(chosen as Address[])].slice(0, FOLLOWED_HOLDERS) };
}

async function indexToHead({ chain, config }: LivingWorld, databaseUrl: string): Promise<void> {
  const [first] = config.chains;
  if (first === undefined) throw new RangeError('a world has a chain');
  await runIndexer({
    chain: first,
    databaseUrl,
    toBlock: (await latestBlock(chain)).number,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

interface TokensAnswer {
  readonly tokens: { readonly nodes: readonly { address: string; startBlock: number }[] };
}

const TOKENS = '{ tokens(first: 1000) { nodes { address startBlock } } }';

async function tokenAddresses(url: string): Promise<Address[]> {
  const { tokens } = await ask<TokensAnswer>(url, TOKENS, {});
  return tokens.nodes.map(({ address }) => address.toLowerCase() as Address);
}

async function tokenStarts(url: string): Promise<ReadonlyMap<string, number>> {
  const { tokens } = await ask<TokensAnswer>(url, TOKENS, {});
  return new Map(
    tokens.nodes.map(({ address, startBlock }) => [address.toLowerCase(), startBlock]),
  );
}

async function claimCount(url: string, token: Address): Promise<number> {
  const query = 'query ($token: Address!) { claims(filter: { token: $token }) { totalCount } }';
  const { claims } = await ask<{ claims: { totalCount: number } }>(url, query, { token });
  return claims.totalCount;
}
