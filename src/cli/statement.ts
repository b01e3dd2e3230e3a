import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Address } from '../address.js';
import { ImoError } from '../errors.js';
import {
  STATEMENT_FORMATS,
  type StatementFormat,
} from '../export/statement/make/statementFormats.js';
import type { Moment } from '../store/read/chains/asOf.js';
import { type CommonOptions, collectAddresses, parseWholeNumber, verb } from './wiring/options.js';
import { withDatabase } from './wiring/withDatabase.js';

interface StatementOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly token?: readonly Address[];
  readonly chain?: number;
  readonly currency?: string;
  readonly format: StatementFormat;
  readonly out?: string;
}

export function addStatementVerb(program: Command): void {
  verb(program, 'statement', {
    summary: 'show what one or several accounts had, received and gave in a period',
    description:
      'Shows what an account had, received and gave in a period. The opening and closing positions in every token have the ' +
      'balance, and what accrues, is claimable, was claimed, redeemed and expired in each asset. Between them are all ' +
      'movements, each with block, time and transaction: tokens received and sent, shares of snapshots, claims, redemptions, ' +
      'expiries, and entries of sales.\n\n' +
      'The command checks that opening and movements make the closing. If they do not, it fails and shows the figures ' +
      '(docs/statement.md).\n\n' +
      'Several accounts are stated as one person: what moves between them is neither received nor sent.\n\n' +
      'Both ends belong to the period. A date is a whole day in UTC, and 2026 the whole year: block:2026 is the block.',
    example:
      'imo-ledger statement 0x7A4322BEE18518547479ed92d6Ba9866842a12D6\n' +
      'imo-ledger statement 0x7A43… 0x8547… --from 2026 --to 2026\n' +
      'imo-ledger statement 0x7A43… --from 2026-01-01 --to 2026-12-31 --format pdf --out 2026.pdf\n' +
      'imo-ledger statement 0x7A43… --chain 1 --from 21000000 --format json | jq .tokens[].closing',
  })
    .argument('<address...>', 'the account, or those of one person', collectAddresses)
    .option('--from <moment>', 'a block, year, month, date or ISO time (default: the first block)')
    .option(
      '--to <moment>',
      'a block, year, month, date or ISO time (default: the newest indexed block)',
    )
    .option('--token <address>', 'only this token and its sales; may be repeated', collectAddresses)
    .option('--chain <id>', 'only the chain with this id', parseWholeNumber)
    .option('--currency <code>', 'add what each line was worth at the time, e.g. in USD')
    .addOption(
      new Option('--format <format>', 'format of the statement')
        .choices(STATEMENT_FORMATS)
        .default('text'),
    )
    .option('--out <file>', 'file to write (default: standard output)')
    .action(runStatement);
}

async function runStatement(
  accounts: readonly Address[],
  options: StatementOptions,
): Promise<void> {
  const { format, out, token: tokens = [], chain: chainId = null } = options;
  if (format === 'pdf' && out === undefined && process.stdout.isTTY) {
    throw new ImoError(
      'STATEMENT_NEEDS_FILE',
      'cannot print a PDF to the terminal',
      'Name a file with --out, or redirect the output to one.',
    );
  }
  const { parseCurrency } = await import('../export/columns/priced.js');
  const { momentOf } = await import('../export/statement/read/period.js');
  const end = (text: string | undefined, name: 'from' | 'to'): Moment | null =>
    text === undefined ? null : momentOf(text, name);
  const request = {
    accounts,
    tokens,
    chainId,
    from: end(options.from, 'from'),
    to: end(options.to, 'to'),
    currency: parseCurrency(options.currency),
  };
  await withDatabase({ config: options.config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    const { readConsistently } = await import('../export/statement/read/consistentRead.js');
    const { readStatement } = await import('../export/statement/read/readStatement.js');
    const statement = await readConsistently(database.url, (db) => readStatement(db, request));
    const { statementContent } = await import('../export/statement/make/statementContent.js');
    await write(await statementContent(statement, format), out);
  });
}

async function write(content: string | Buffer, out: string | undefined): Promise<void> {
  if (out === undefined) {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(content, (error) => (error == null ? resolve() : reject(error)));
    });
    return;
  }
  try {
    await pipeline([content], createWriteStream(out));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImoError(
      'STATEMENT_NOT_WRITTEN',
      `${out} cannot be written: ${reason}`,
      'Name a file in a folder that exists and that you may write to.',
      { cause },
    );
  }
}
