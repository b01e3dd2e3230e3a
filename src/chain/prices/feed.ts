import { AbiCoder, dataLength } from 'ethers';
import { functions } from '../../abi/priceAggregator.js';
import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import { isCurrency } from '../../ledger/priceRoute.js';
import { readSymbolAndDecimals } from '../contract/assets.js';
import { readText } from '../contract/texts.js';
import type { BlockTag, ChainNode } from '../node.js';

/** A currency counts in whole units: only its price is of use. */
const CURRENCY_DECIMALS = 0;
/** The chain's own coin counts in wei. */
const NATIVE_DECIMALS = 18;
const MAX_DECIMALS = 255n;
const WORD_BYTES = 32;
const ROUND_WORDS = 5;

/** What the numbers of an aggregator mean. */
export interface FeedUnits {
  readonly decimals: number;
  readonly description: string | null;
}

/** The round that an aggregator says is its newest. */
export interface NewestRound {
  readonly roundId: bigint;
  readonly answer: bigint;
  readonly updatedAt: bigint;
}

/**
 * Reads decimals and description of an aggregator.
 *
 * @throws ImoError `PRICE_NOT_AN_AGGREGATOR` if it does not say its decimals.
 */
export async function readFeedUnits(
  node: ChainNode,
  aggregator: Address,
  block: number,
): Promise<FeedUnits> {
  const answer = await node.view(aggregator, functions.decimals.selector, block);
  const decimals = answer !== null && dataLength(answer) === WORD_BYTES ? BigInt(answer) : null;
  if (decimals === null || decimals > MAX_DECIMALS) {
    throw new ImoError(
      'PRICE_NOT_AN_AGGREGATOR',
      `${checksummed(aggregator)} does not return the decimals of its prices (block ${block}, ${node.displayUrl})`,
      'Name a Chainlink aggregator, or its proxy, under `prices`.',
    );
  }
  const description = await readText(node, aggregator, functions.description.selector, block);
  return { decimals: Number(decimals), description };
}

/**
 * Decimals of what is priced.
 *
 * @throws ImoError `PRICE_ASSET_NO_DECIMALS` if an ERC-20 does not say them: without, no amount
 *   of it has a value.
 */
export async function readAssetDecimals(
  node: ChainNode,
  asset: string,
  block: number,
): Promise<number> {
  if (asset === 'native') return NATIVE_DECIMALS;
  if (isCurrency(asset)) return CURRENCY_DECIMALS;
  const address = asset as Address;
  const { decimals } = await readSymbolAndDecimals(node, address, block);
  if (decimals !== null) return decimals;
  throw new ImoError(
    'PRICE_ASSET_NO_DECIMALS',
    `${checksummed(address)} does not return its decimals (block ${block}, ${node.displayUrl})`,
    'Check the `asset` under `prices`: it must be an ERC-20 with decimals(), or `native`.',
  );
}

/** `latestRoundData()`; `null` where there is no round yet. */
export async function readNewestRound(
  node: ChainNode,
  aggregator: Address,
  block: BlockTag,
): Promise<NewestRound | null> {
  const answer = await node.view(aggregator, functions.latestRoundData.selector, block);
  if (answer === null || dataLength(answer) !== ROUND_WORDS * WORD_BYTES) return null;
  const types = ['uint256', 'int256', 'uint256', 'uint256', 'uint256'];
  const words = AbiCoder.defaultAbiCoder().decode(types, answer);
  const [roundId, price, , updatedAt] = words.toArray() as bigint[];
  if (roundId === undefined || price === undefined || !updatedAt) return null;
  return { roundId, answer: price, updatedAt };
}
