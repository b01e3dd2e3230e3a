import { functions } from '../abi/erc7641.js';
import { type Address, checksummed } from '../address.js';
import { readAddresses, readSymbolAndDecimals } from '../chain/assets.js';
import type { BlockHeader, ChainNode } from '../chain/node.js';
import type { AssetAccepted, Operation } from '../chain/operation.js';
import { ImoError } from '../errors.js';
import type { NewRevenueAsset } from '../store/revenueAssets.js';
import type { BlockWork } from './blockWork.js';
import type { BookedOperation, IndexedToken, TokenBook } from './tokenBook.js';
import type { BalanceCheck, UntracedReceipt } from './untraced.js';

/** Gives a number to the books of a token in an asset; the same one if it is asked again. */
export type ReserveAsset = (asset: NewRevenueAsset) => Promise<number>;

/**
 * Finds out which assets the tokens accept in these blocks, and gives their books numbers.
 * What a contract shares from its deployment on is put before its first operation.
 */
export async function reserveAssets(
  node: ChainNode,
  work: readonly BlockWork[],
  reserve: ReserveAsset,
): Promise<void> {
  for (const { header, byBook } of work) {
    for (const [book, operations] of byBook) {
      const { token } = book;
      if (!token.rules.policy.sharesAssets) continue;
      if (header.number === token.startBlock) {
        operations.unshift(...(await initialAssets(node, book, header, operations[0])));
      }
      for (const asset of operations.flatMap(acceptedAsset)) {
        if (book.assetBook(asset) !== undefined || book.isReserved(asset)) continue;
        const about = await readSymbolAndDecimals(node, asset, header.number);
        const number = await reserve({ tokenNumber: token.number, asset, ...about });
        book.reserve(asset, number);
      }
    }
  }
}

/** What the contract shares at the end of its first block, and what the config says it does. */
async function initialAssets(
  node: ChainNode,
  { token }: TokenBook,
  { hash }: BlockHeader,
  first: Operation | undefined,
): Promise<AssetAccepted[]> {
  const listed = await readAddresses(node, token.address, functions.revenueTokens, { hash });
  const assets = new Set([...(listed ?? []), ...token.assets]);
  return [...assets].map((asset) => ({
    kind: 'asset-accepted',
    asset,
    transactionIndex: first?.transactionIndex ?? 0,
    transactionHash: first?.transactionHash ?? `0x${'0'.repeat(64)}`,
  }));
}

function acceptedAsset(operation: Operation): Address[] {
  return operation.kind === 'asset-accepted' ? [operation.asset] : [];
}

/**
 * The assets whose balance has to be compared with the node's after a block.
 *
 * @param all also those that nothing happened to
 */
export function assetsToCheck(
  book: TokenBook,
  operations: readonly Operation[],
  all: boolean,
): Set<Address> {
  const shared = new Set(book.assetBooks.flatMap(({ asset }) => asset ?? []));
  for (const asset of operations.flatMap(acceptedAsset)) shared.add(asset);
  if (all) return shared;
  const moved = operations.flatMap((operation): Address[] => {
    switch (operation.kind) {
      case 'receipt':
        return operation.asset === null ? [] : [operation.asset];
      // What the new revenue is decides what these do: it must be complete before.
      case 'snapshot':
      case 'claim':
      case 'redemption':
        return [...shared];
      default:
        return acceptedAsset(operation);
    }
  });
  return new Set(moved.filter((asset) => shared.has(asset)));
}

/** The comparisons for some assets of a token. */
export async function assetChecks(
  node: ChainNode,
  book: TokenBook,
  { header, proposer }: BlockWork,
  operations: readonly Operation[],
  assets: ReadonlySet<Address>,
): Promise<BalanceCheck[]> {
  const checks: BalanceCheck[] = [];
  for (const asset of assets) {
    const assetBook = book.assetBook(asset);
    const settledWei = assetBook?.state.balanceWei ?? 0n;
    checks.push({
      token: book.token,
      block: header,
      proposer,
      asset,
      settledWei,
      checkedBlock: assetBook?.checkedBlock ?? header.number - 1,
      computedWei: settledWei + netMovementWei(operations, asset),
      actualWei: await node.assetBalance(asset, book.token.address, { hash: header.hash }),
      hasOrder: true,
    });
  }
  return checks;
}

/**
 * Asserts that the contract shares what the books say, if it tells.
 *
 * @throws ImoError `TOKEN_ASSETS_DIFFER`
 */
export async function assertSameAssets(
  node: ChainNode,
  { token, assetBooks }: TokenBook,
  { number, hash }: BlockHeader,
): Promise<void> {
  const listed = await readAddresses(node, token.address, functions.revenueTokens, { hash });
  if (listed === null) return;
  const booked = new Set(assetBooks.flatMap(({ asset }) => asset ?? []));
  const missing = listed.filter((asset) => !booked.has(asset));
  if (missing.length === 0) return;
  throw new ImoError(
    'TOKEN_ASSETS_DIFFER',
    `${checksummed(token.address)} shares ${missing.map(checksummed).join(', ')} at block ` +
      `${number}, but no call of addRevenueToken(address) said so`,
    'The contract accepts assets in a way that is not known; it needs a policy of its own.',
  );
}

/** What the operations of a block did to the token's money in one asset, `null` for ETH. */
export function netMovementWei(
  operations: readonly BookedOperation[],
  asset: Address | null,
): bigint {
  return operations.reduce((net, operation) => net + movementOf(operation, asset), 0n);
}

function movementOf(operation: BookedOperation, asset: Address | null): bigint {
  switch (operation.kind) {
    case 'receipt':
    case 'untraced':
      return operation.asset === asset ? operation.amountWei : 0n;
    case 'claim':
    case 'redemption':
      if (asset === null) {
        return operation.kind === 'claim' ? -operation.amountWei : -operation.paidWei;
      }
      return -(operation.paidInAssets.find((paid) => paid.asset === asset)?.amount ?? 0n);
    case 'asset-outflow':
      return operation.asset === asset ? -operation.amount : 0n;
    default:
      return 0n;
  }
}

/**
 * Puts what came of an asset before the token accepted it right behind the acceptance: from
 * there on it is new revenue.
 */
export function afterAcceptance(
  book: TokenBook,
  operations: readonly BookedOperation[],
): readonly BookedOperation[] {
  if (!operations.some((operation) => operation.kind === 'asset-accepted')) return operations;
  const ordered: BookedOperation[] = [];
  const early = new Map<Address, BookedOperation[]>();
  const accepted = new Set<Address>(book.assetBooks.flatMap(({ asset }) => asset ?? []));
  for (const operation of operations) {
    const asset = assetReceived(operation);
    if (asset !== null && !accepted.has(asset)) {
      early.set(asset, [...(early.get(asset) ?? []), operation]);
      continue;
    }
    ordered.push(operation);
    if (operation.kind === 'asset-accepted' && !accepted.has(operation.asset)) {
      accepted.add(operation.asset);
      ordered.push(...(early.get(operation.asset) ?? []));
    }
  }
  return ordered;
}

function assetReceived(operation: BookedOperation): Address | null {
  return operation.kind === 'receipt' || operation.kind === 'untraced' ? operation.asset : null;
}

/**
 * Puts money of an asset that came without a log where the token first saw it, before the
 * snapshot or burn that counted it. What it never saw in the block stays at the end.
 *
 * @param settled what the token held of the asset before the operations, by the books
 * @throws ImoError `CHAIN_BALANCE_TOO_LOW` if the token saw less than the books say
 */
export function whereSeen(
  token: IndexedToken,
  block: BlockHeader,
  operations: readonly BookedOperation[],
  asset: Address,
  settled: bigint,
): readonly BookedOperation[] {
  const ordered: BookedOperation[] = [];
  let held = settled;
  let seenEarly = 0n;
  for (const operation of operations) {
    if (operation.kind === 'asset-seen' && operation.asset === asset) {
      const amountWei = operation.amount - held;
      if (amountWei < 0n) throw sawLess(token, block, asset, held, operation);
      if (amountWei > 0n) ordered.push(unlogged(asset, amountWei));
      held += amountWei;
      seenEarly += amountWei;
      continue;
    }
    if (operation.kind !== 'untraced' || operation.asset !== asset || operation.when !== 'end') {
      held += movementOf(operation, asset);
      ordered.push(operation);
      continue;
    }
    const amountWei = operation.amountWei - seenEarly;
    if (amountWei < 0n) throw sawLess(token, block, asset, held, operation);
    if (amountWei > 0n) ordered.push({ ...operation, amountWei });
    seenEarly = 0n;
  }
  return ordered;
}

function unlogged(asset: Address, amountWei: bigint): UntracedReceipt {
  const noTransaction = { transactionIndex: null, transactionHash: null };
  return { kind: 'untraced', asset, amountWei, when: 'start', ...noTransaction };
}

function sawLess(
  { address }: IndexedToken,
  { number }: BlockHeader,
  asset: Address,
  held: bigint,
  { transactionHash }: BookedOperation,
): ImoError {
  return new ImoError(
    'CHAIN_BALANCE_TOO_LOW',
    `${checksummed(address)} saw less of ${checksummed(asset)} in block ${number}, transaction ` +
      `${transactionHash}, than the ${held} that the books say`,
    'The asset left the token in a way that no revenue policy explains; remove the token from the config.',
  );
}
