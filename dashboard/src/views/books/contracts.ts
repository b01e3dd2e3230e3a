import type { BooksContractsQuery } from '../../ledger/generated/books.js';
import type { Unit } from '../../parts/unit.js';
import { coinOf } from '../markets/list.js';
import { cut, tokenTitle } from '../tokenName.js';

const NATIVE = 'native';

/** A contract that keeps a journal. */
export interface BooksContract {
  readonly kind: 'TOKEN' | 'ORACLE' | 'SALE';
  readonly chainId: number;
  readonly address: string;
  readonly title: string;
  /** What amounts of an asset are in: of its own books, or of those of other contracts of its chain. */
  readonly unitOf: (asset: string) => Unit;
}

/** All of them: tokens first. An oracle is known by its models. */
export function contractsOf({ tokens, models, sales }: BooksContractsQuery): BooksContract[] {
  const units = new Map<string, Unit>();
  for (const { chainId, assets } of tokens?.nodes ?? []) {
    for (const asset of assets) units.set(`${chainId} ${asset.address}`, asset);
  }
  for (const { chainId, raise } of sales?.nodes ?? []) {
    if (raise.address !== null) units.set(`${chainId} ${raise.address}`, raise);
  }
  const unitsOn = (chainId: number) => (asset: string) =>
    asset === NATIVE ? coinOf(chainId) : (units.get(`${chainId} ${asset}`) ?? UNKNOWN);
  const oracles = new Map(models?.nodes.map(({ oracle }) => [oracle.address, oracle]));
  const labelled = (kind: BooksContract['kind'], { chainId, address, label }: Labelled) => ({
    kind,
    chainId,
    address,
    title: label === null ? tokenTitle({ address }) : cut(label),
    unitOf: unitsOn(chainId),
  });
  return [
    ...(tokens?.nodes ?? []).map((token) => ({
      kind: 'TOKEN' as const,
      chainId: token.chainId,
      address: token.address,
      title: tokenTitle(token),
      unitOf: unitsOn(token.chainId),
    })),
    ...[...oracles.values()].map((oracle) => labelled('ORACLE', oracle)),
    ...(sales?.nodes ?? []).map((sale) => labelled('SALE', sale)),
  ];
}

interface Labelled {
  readonly chainId: number;
  readonly address: string;
  readonly label: string | null;
}

const UNKNOWN: Unit = { symbol: null, decimals: null };

/** The contract of the URL; without one, the first. `null`: there is no such contract. */
export function chosenContract(
  contracts: readonly BooksContract[],
  chain: string | undefined,
  address: string | undefined,
): BooksContract | null {
  if (address === undefined) return contracts[0] ?? null;
  const found = contracts.find(
    (one) =>
      one.address.toLowerCase() === address.toLowerCase() &&
      (chain === undefined || String(one.chainId) === chain),
  );
  return found ?? null;
}
