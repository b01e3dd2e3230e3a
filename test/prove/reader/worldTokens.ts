import type { Chain } from '../../../devnet/anvil.js';
import { TokenBook } from '../../../devnet/tokenBook.js';
import { functions as erc7641 } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import { NATIVE } from './figures.js';
import type { Coin, WorldToken } from './world.js';

const SNAPSHOT_TOPIC = '0x8030e83b04d87bef53480e26263266d6ca66863aa8506aca6f2559d18aa1cb67';
const NATIVE_COIN: Coin = { symbol: 'ETH', decimals: 18 };

/** Holders, snapshots and assets of tokens, by the chain alone. */
export async function worldTokens(
  chain: Chain,
  addresses: readonly Address[],
  starts: ReadonlyMap<string, number>,
): Promise<WorldToken[]> {
  const book = await TokenBook.open(chain, addresses);
  const tokens: WorldToken[] = [];
  for (const address of addresses) {
    const holders = book.everHeld(address) as Address[];
    if (holders.length === 0) continue;
    tokens.push({
      address,
      startBlock: starts.get(address) ?? 0,
      holders,
      snapshotBlocks: await snapshotBlocks(chain, address),
      assets: [NATIVE, ...(await sharedAssets(chain, address))],
    });
  }
  return tokens;
}

async function snapshotBlocks(chain: Chain, address: Address): Promise<number[]> {
  const logs = await chain.rpc.call<readonly { blockNumber: string }[]>('eth_getLogs', [
    { address, topics: [SNAPSHOT_TOPIC], fromBlock: '0x0', toBlock: 'latest' },
  ]);
  return logs.map(({ blockNumber }) => Number(blockNumber));
}

async function sharedAssets(chain: Chain, address: Address): Promise<string[]> {
  const answer = await view(chain, address, erc7641.revenueTokens.encode({}));
  if (answer === null) return [];
  return erc7641.revenueTokens.decodeResult(answer).map((asset) => asset.toLowerCase());
}

/** How amounts of tokens and of their assets are written, by their contracts. */
export async function coinsOf(
  chain: Chain,
  tokens: readonly WorldToken[],
): Promise<ReadonlyMap<string, Coin>> {
  const coins = new Map<string, Coin>([[NATIVE, NATIVE_COIN]]);
  const all = new Set(tokens.flatMap(({ address, assets }) => [address, ...assets.slice(1)]));
  for (const address of all) {
    const to = address as Address;
    const decimals = await view(chain, to, erc7641.decimals.encode({}));
    const symbol = await view(chain, to, erc7641.symbol.encode({}));
    coins.set(address, {
      decimals: decimals === null ? 0 : Number(decimals),
      symbol: symbol === null ? '' : erc7641.symbol.decodeResult(symbol),
    });
  }
  return coins;
}

/** `null` where the contract has no such view. */
async function view(chain: Chain, to: Address, data: string): Promise<string | null> {
  try {
    const answer = await chain.rpc.call<string>('eth_call', [{ to, data }, 'latest']);
    return answer === '0x' ? null : answer;
  } catch {
    return null;
  }
}
