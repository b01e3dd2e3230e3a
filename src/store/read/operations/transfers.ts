import { type Address, addressBytes, ZERO_ADDRESS } from '../../../address.js';
import {
  decodeTransfer,
  TRANSFER,
  type TransferColumns,
  type TransferRow,
} from '../../../model/tables/transfer.js';
import { blockSql, numberSql } from '../../ids.js';
import { type Hex, hexBytes, type Range } from '../query/decode.js';
import { rowColumns } from '../query/tableRow.js';
import {
  type Direction,
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
  type OperationSource,
} from './operation.js';
import { operationPart } from './operationPart.js';
import { amountConditions, byId } from './operationSelect.js';

/** What a transfer did to the supply. */
export type TransferKind = 'mint' | 'burn' | 'transfer';

/** An ERC-20 transfer; mints come from and burns go to the zero address. */
export interface Transfer extends OperationRecord, TransferRow {
  readonly kind: TransferKind;
}

const ZERO = `'\\x${ZERO_ADDRESS.slice(2)}'::bytea`;

/** The kind of a row `o`. What goes from the zero address to itself is a mint. */
export const TRANSFER_KIND_SQL = `(CASE WHEN o."from" = ${ZERO} THEN 'mint'
  WHEN o."to" = ${ZERO} THEN 'burn' ELSE 'transfer' END)` as const;

export interface TransferFilter {
  /** Sender or recipient. */
  readonly account?: Address | null;
  readonly from?: Address | null;
  readonly to?: Address | null;
  readonly transactionHash?: Hex | null;
  readonly amount?: Range<bigint> | null;
}

interface Columns extends OperationColumns, TransferColumns {}

export const TRANSFERS: OperationKind<Columns, Transfer, TransferFilter> = {
  table: TRANSFER.name,
  columns: rowColumns(TRANSFER),
  amountColumn: 'amount',
  // Random keys are what slows a backfill down.
  amountIndex: { deferred: 'transfer_by_amount' },
  keptDays: {
    table: 'transfer_day',
    measure: 'o."amount"',
    groups: { [TRANSFER_KIND_SQL]: 'kind' },
  },

  source({ account, from, to, transactionHash, amount }, parameters, direction) {
    const where = amountConditions('o.amount', amount, parameters);
    if (transactionHash != null) {
      where.push(`o.transaction_hash = ${parameters.add(hexBytes(transactionHash))}`);
    }
    if (from != null) where.push(`o."from" = ${parameters.add(addressBytes(from))}`);
    if (to != null) where.push(`o."to" = ${parameters.add(addressBytes(to))}`);
    if (account != null) {
      const party = parameters.add(addressBytes(account));
      where.push(`(o."from" = ${party} OR o."to" = ${party})`);
    }
    // The zero address has no balance, so checkpoints do not find mints and burns.
    const party = [account, from, to].find(
      (address) => address !== null && address !== undefined && address !== ZERO_ADDRESS,
    );
    const source = byId('transfer', where);
    if (party == null) return source;
    return byCheckpoints(source, parameters.add(addressBytes(party)), direction);
  },

  decode(columns) {
    const row = decodeTransfer(columns);
    return decodeOperation(columns, row, { kind: kindOf(row) });
  },

  part(fields) {
    if (!fields.has('kind')) return operationPart<TransferRow>(TRANSFER, fields);
    const part = operationPart<TransferRow>(TRANSFER, new Set([...fields, 'from', 'to']));
    return {
      columns: part.columns,
      decode(columns) {
        const row = part.decode(columns);
        return Object.assign(row, { kind: kindOf(row as TransferRow) });
      },
    };
  },

  amountOf: ({ amount }) => amount,
};

/**
 * Transfers have no index by account: each touches two accounts, and a wide index of random keys
 * slows indexing down. The account's checkpoints name the blocks in which it was touched; the
 * primary key finds the transfers of each.
 *
 * The blocks come in the order of the list, so that a LIMIT ends the walk early. OFFSET 0 makes the
 * planner read one block after the other. It cannot know that the two ids of a block are close, and
 * would otherwise read the whole table.
 */
function byCheckpoints(
  source: OperationSource,
  account: string,
  direction: Direction,
): OperationSource {
  return {
    from: `(
        SELECT DISTINCT c.block_number FROM balance_checkpoint c
        WHERE c.account = ${account} AND c.token_number = w.token_number
          AND c.block_number BETWEEN w.from_block AND w.to_block
        ORDER BY c.block_number ${direction}
      ) b
      CROSS JOIN LATERAL (
        SELECT * FROM transfer t
        WHERE t.token_number = w.token_number AND t.id > ${IN_BLOCK} || '-'
          AND t.id < ${IN_BLOCK} || '.'
        OFFSET 0
      ) o`,
    where: source.where,
    chainOrder: ['b.block_number', 'o.id'],
  };
}

/** The start of the ids of a window `w` in a block `b`. */
const IN_BLOCK = `${numberSql('w.token_number')} || '-' || ${blockSql('b.block_number')}`;

function kindOf({ from, to }: TransferRow): TransferKind {
  if (from === ZERO_ADDRESS) return 'mint';
  return to === ZERO_ADDRESS ? 'burn' : 'transfer';
}
