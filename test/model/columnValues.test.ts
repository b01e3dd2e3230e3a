import { expect, test } from 'vitest';
import { valueDecoder } from '../../src/model/columnValues.js';
import type { Table, TableColumn } from '../../src/model/table.js';
import { AIGC_DATA, decodeAigcData } from '../../src/model/tables/aigcData.js';
import { CLAIM, decodeClaim } from '../../src/model/tables/claim.js';
import { decodeJournalEntry, JOURNAL_ENTRY } from '../../src/model/tables/journalEntry.js';
import { decodeOracleRequest, ORACLE_REQUEST } from '../../src/model/tables/oracleRequest.js';
import { decodeOracleResult, ORACLE_RESULT } from '../../src/model/tables/oracleResult.js';
import { decodeReceipt, RECEIPT } from '../../src/model/tables/receipt.js';
import { decodeRedemption, REDEMPTION } from '../../src/model/tables/redemption.js';
import { decodeSaleEntry, SALE_ENTRY } from '../../src/model/tables/saleEntry.js';
import { decodeToken, TOKEN } from '../../src/model/tables/token.js';
import { decodeTransfer, TRANSFER } from '../../src/model/tables/transfer.js';
import { rowFields } from '../../src/store/read/query/tableRow.js';

/** A value of each type, as the driver answers it. */
const ANSWERED: Readonly<Record<TableColumn['type'], unknown>> = {
  text: 'text',
  integer: 7,
  bigint: 8,
  numeric: '115792089237316195423570985008687907853269984665640564039457584007913129639935',
  boolean: true,
  bytea: Buffer.from('6162', 'hex'),
  'bytea[]': [Buffer.from('01', 'hex'), Buffer.from('', 'hex')],
  timestamptz: new Date(0),
  jsonb: { key: 'value' },
};

const DECODERS: readonly (readonly [Table, (row: never) => object])[] = [
  [AIGC_DATA, decodeAigcData],
  [CLAIM, decodeClaim],
  [JOURNAL_ENTRY, decodeJournalEntry],
  [ORACLE_REQUEST, decodeOracleRequest],
  [ORACLE_RESULT, decodeOracleResult],
  [RECEIPT, decodeReceipt],
  [REDEMPTION, decodeRedemption],
  [SALE_ENTRY, decodeSaleEntry],
  [TOKEN, decodeToken],
  [TRANSFER, decodeTransfer],
];

test.each(DECODERS)('a column alone is decoded as in a row of $name', (table, decode) => {
  for (const isEmpty of [false, true]) {
    const answered = ({ type, isNullable }: TableColumn) =>
      isEmpty && isNullable ? null : ANSWERED[type];
    const columns: readonly TableColumn[] = Object.values(table.columns);
    const row = decode(
      Object.fromEntries(columns.map((one) => [one.name, answered(one)])) as never,
    );
    for (const [field, column] of rowFields(table)) {
      const alone = valueDecoder(column)(answered(column) as never);
      expect(alone, `${table.name}.${field}`).toEqual(Reflect.get(row, field));
    }
  }
});
