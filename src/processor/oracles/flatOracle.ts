import { checksummed } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { readFlatFee } from '../../chain/oracle/modelView.js';
import type { ModelRequest, OracleOperation } from '../../chain/oracle/operation.js';
import { ImoError } from '../../errors.js';
import { BLOCKS_AT_ONCE, inTurns } from '../desks/inTurns.js';
import { ofContract } from '../holding/contractTrouble.js';
import { isUnknownCall, withUnknownFees } from './flatFees.js';
import { feeDiffers, type OracleBook } from './oracleBook.js';
import type { OracleBlock } from './oracleGas.js';

/**
 * Finds out whether an oracle has one flat fee for all models, and takes over the fee at the end
 * of the block before: at the first read, the fee may have been set long ago.
 *
 * @throws ImoError `ORACLE_FEE_UNKNOWN` if a request of the block of its deployment paid a fee
 *   that no later call shows, `ORACLE_DIFFERS` if the books know another fee
 */
export async function openFlatFee(
  node: ChainNode,
  book: OracleBook,
  block: OracleBlock,
): Promise<void> {
  const { address } = book.oracle;
  const before = await readFlatFee(node, address, { hash: block.parentHash });
  if (before !== null) return book.openFlat(before);
  if ((await node.code(address, { hash: block.parentHash })) !== '0x') return;
  const after = await readFlatFee(node, address, { hash: block.hash });
  if (after === null) return;
  const sets = (operation: OracleOperation) =>
    operation.kind === 'flatFee' || isUnknownCall(operation);
  const first = block.operations.find(
    (operation) => operation.kind === 'request' || sets(operation),
  );
  const isSet = block.operations.some(sets);
  if (isSet && first?.kind === 'request') {
    throw new ImoError(
      'ORACLE_FEE_UNKNOWN',
      `oracle ${checksummed(address)} was deployed, asked and given another fee in one block: ` +
        `what transaction ${first.transactionHash} was charged does not appear in any call`,
      'Start after this block: write the next block as `startBlock` of the oracle.',
    );
  }
  book.openFlat(after);
}

/** What `fee()` says at the end of blocks, by their hash; `null`: it does not answer. */
export type FlatFees = ReadonlyMap<string, bigint | null>;

/** Reads the flat fee at the end of each block; of an oracle without one, nothing. */
export async function readFlatFees(
  node: ChainNode,
  book: OracleBook,
  blocks: readonly OracleBlock[],
): Promise<FlatFees> {
  if (book.flatFee === null) return new Map();
  return new Map(
    await inTurns(blocks, BLOCKS_AT_ONCE, async ({ height, hash }) => {
      const { address } = book.oracle;
      const ask = () => readFlatFee(node, address, { hash });
      return [hash, await ofContract({ kind: 'oracle', address }, height, ask)] as const;
    }),
  );
}

/**
 * Completes the operations of a block with the changes of the flat fee that a function made that is not
 * known: `fee()` says it at the end of the block.
 *
 * @throws ImoError `ORACLE_FEE_UNKNOWN` if that does not prove what a request was charged
 */
export function withFlatFees(
  book: OracleBook,
  { hash, operations }: OracleBlock,
  fees: FlatFees,
): readonly OracleOperation[] {
  const before = book.flatFee;
  if (before === null || !operations.some(isUnknownCall)) return operations;
  const after = fees.get(hash) ?? null;
  return after === null ? operations : withUnknownFees(operations, before, after);
}

/**
 * Compares the flat fee at the end of a block with the books: it may depend on more than calls of the
 * oracle.
 *
 * @throws ImoError `ORACLE_DIFFERS`
 */
export function verifyFlatFee(
  book: OracleBook,
  block: { readonly height: number; readonly hash: string },
  fees: FlatFees,
): void {
  const ours = book.flatFee;
  if (ours === null) return;
  const theirs = fees.get(block.hash) ?? null;
  if (theirs === ours) return;
  throw feeDiffers(book.oracle, `at block ${block.height}`, ours, theirs);
}

/** A flat oracle charges nothing for the gas of its callback. */
export function withoutGas(
  blocks: readonly OracleBlock[],
): ReadonlyMap<ModelRequest, bigint | null> {
  const requests = blocks.flatMap(({ operations }) =>
    operations.flatMap((operation) => (operation.kind === 'request' ? [operation] : [])),
  );
  return new Map(requests.map((request) => [request, 0n]));
}
