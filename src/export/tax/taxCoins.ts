import { checksummed } from '../../address.js';
import { knownCoins } from '../../books/knownCoins.js';
import { trustedSymbol } from '../../books/moneySymbols.js';
import { NATIVE_DECIMALS, nativeSymbol } from '../../books/nativeCoins.js';
import type { ExportScope } from '../columns/scope.js';
import { integerLiteral, literalTable, textLiteral } from '../columns/sqlText.js';
import { readCoins } from '../columns/units.js';

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

/** A contract calls itself what it likes: a tax program gets letters and digits only. */
function plainSymbol(symbol: string | null): string | null {
  const plain = (symbol ?? '').replaceAll(/[^A-Za-z0-9._-]/g, '').replace(/^[^A-Za-z0-9]+/, '');
  return plain === '' ? null : plain;
}
