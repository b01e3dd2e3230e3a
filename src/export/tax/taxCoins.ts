import { type Address, checksummed } from '../../address.js';
import { knownCoins } from '../../books/knownCoins.js';
import { trustedSymbol } from '../../books/moneySymbols.js';
import { NATIVE_DECIMALS, nativeSymbol } from '../../books/nativeCoins.js';
import { readPriceFeeds } from '../../store/read/prices/prices.js';
import { readSales } from '../../store/read/sales/sales.js';
import { readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import { readTokens } from '../../store/read/tokens/tokens.js';
import { plainSymbol } from '../columns/raiseColumns.js';
import type { ExportScope } from '../columns/scope.js';
import { integerLiteral, literalTable, textLiteral } from '../columns/sqlText.js';

/** Something that amounts of a tax layout are of. */
interface TaxCoin {
  readonly chainId: number;
  readonly address: Address;
  /** As it calls itself. */
  readonly symbol: string | null;
  readonly decimals: number | null;
}

/**
 * `coin(chain_id, address, symbol, decimals, rotki)`: the assets of all amounts, for WITH. A tax program
 * treats coins with one symbol as one coin. So if several contracts of a chain have the same symbol,
 * or a symbol may be mistaken for money, the file names them by their addresses. Only an address
 * identifies money. A coin has the same name however an export is narrowed.
 */
export async function coinTable({ db, moments }: ExportScope): Promise<string> {
  const coins = await readCoins(db);
  const claims = new Map<string, number>();
  for (const { chainId, symbol } of coins) {
    const name = nameOf(chainId, symbol);
    claims.set(name, (claims.get(name) ?? 0) + 1);
  }
  const rows = coins.map(({ chainId, address, symbol, decimals }) => {
    const trusted = trustedSymbol(chainId, address, symbol);
    const isMoney = knownCoins.has(`${chainId} ${address.toLowerCase()}`);
    const isOnly = isMoney || claims.get(nameOf(chainId, symbol)) === 1;
    const plain = isOnly ? plainSymbol(trusted) : null;
    return row(
      chainId,
      address,
      plain ?? address,
      decimals,
      `eip155:${chainId}/erc20:${checksummed(address)}`,
    );
  });
  const native = [...moments.keys()].map((chainId) =>
    row(chainId, 'native', nativeSymbol(chainId), NATIVE_DECIMALS, nativeSymbol(chainId)),
  );
  const columns = {
    chain_id: 'bigint',
    address: 'text',
    symbol: 'text',
    decimals: 'integer',
    rotki: 'text',
  };
  return literalTable('coin', columns, [...rows, ...native]);
}

/** Every ERC-20 that is known, once: tokens, revenue, raise assets of sales, what has a price. */
async function readCoins(db: ExportScope['db']): Promise<readonly TaxCoin[]> {
  const tokens = await readTokens(db);
  const chainOf = new Map(tokens.map(({ number, chainId }) => [number, chainId]));
  const shared = (await readRevenueAssets(db)).flatMap(({ asset, tokenNumber, ...said }) => {
    const chainId = chainOf.get(tokenNumber);
    return chainId === undefined ? [] : [{ ...said, chainId, address: asset }];
  });
  const priced = (await readPriceFeeds(db))
    .filter(({ asset }) => asset.startsWith('0x'))
    .map(({ chainId, asset, assetDecimals }) => {
      return { chainId, address: asset as Address, symbol: null, decimals: assetDecimals };
    });
  const raised = (await readSales(db)).flatMap(
    ({ chainId, raiseAsset, raiseSymbol, raiseDecimals }) =>
      raiseAsset === null
        ? []
        : [{ chainId, address: raiseAsset, symbol: raiseSymbol, decimals: raiseDecimals }],
  );
  const coins = new Map<string, TaxCoin>();
  for (const { chainId, address, symbol, decimals } of [
    ...priced,
    ...raised,
    ...shared,
    ...tokens,
  ]) {
    coins.set(`${chainId} ${address}`, { chainId, address, symbol, decimals });
  }
  return [...coins.values()];
}

function row(
  chainId: number,
  address: string,
  symbol: string,
  decimals: number | null,
  rotki: string,
): readonly string[] {
  return [
    integerLiteral(chainId),
    textLiteral(address),
    textLiteral(symbol),
    decimals === null ? 'NULL' : integerLiteral(decimals),
    textLiteral(rotki),
  ];
}

function nameOf(chainId: number, symbol: string | null): string {
  return `${chainId} ${plainSymbol(symbol)?.toUpperCase() ?? ''}`;
}
