import { NULL } from '../../model/copyText.js';
import { type CopiedTable, column } from '../../model/table.js';
import type { RowBuffer } from './rows/rowBuffer.js';

/** The result of rehearsing a token's new code. */
export interface CodeRehearsal {
  readonly tokenNumber: number;
  /** The block that changed the code. */
  readonly block: number;
  /** Why the rehearsal is incomplete; `null`: it is complete. */
  readonly reason: string | null;
}

const CODE_REHEARSAL: CopiedTable = {
  name: 'code_rehearsal',
  columns: {
    tokenNumber: column('token_number', 'integer'),
    block: column('block_number', 'bigint'),
    reason: column('reason', 'text', { isNullable: true }),
  },
};

/** Special characters of COPY and control characters: reasons may quote nodes. */
const SPECIAL = /[\\\p{Cc}]/gu;

/** Notes whether new code of a token was rehearsed. */
export function appendCodeRehearsal(
  rows: RowBuffer,
  { tokenNumber, block, reason }: CodeRehearsal,
): void {
  const text = reason === null ? NULL : reason.replace(SPECIAL, ' ');
  rows.append(CODE_REHEARSAL, `${tokenNumber}\t${block}\t${text}\n`);
}
