import { DATASETS } from './catalogue.js';
import type { Column, ColumnType, Dataset } from './columns/dataset.js';

const TYPES: Readonly<Record<ColumnType, { csv: string; parquet: string }>> = {
  text: { csv: 'text', parquet: 'VARCHAR' },
  address: { csv: '0x and 40 hex digits, in lower case', parquet: 'VARCHAR' },
  hash: { csv: '0x and 64 hex digits, in lower case', parquet: 'VARCHAR' },
  uint256: { csv: 'decimal digits, exact', parquet: 'VARCHAR' },
  int256: { csv: 'decimal digits, exact, with − below zero', parquet: 'VARCHAR' },
  decimal: { csv: 'decimal digits with a point, exact, − below zero', parquet: 'VARCHAR' },
  integer: { csv: 'decimal digits', parquet: 'BIGINT' },
  double: { csv: 'the shortest decimal that gives the double back', parquet: 'DOUBLE' },
  boolean: { csv: 't or f', parquet: 'BOOLEAN' },
  timestamp: { csv: '2025-01-31T12:00:00Z', parquet: 'TIMESTAMP, UTC' },
  date: { csv: '2025-01-31', parquet: 'DATE' },
};

const INTRODUCTION = `# Data dictionary

What \`imo-ledger export DATASET\` and \`GET /v1/export/DATASET\` give. Made by \`npm run docs:data\`
from the catalogue in [\`src/export\`](../src/export/catalogue.ts), which also makes the files; a
test fails when this page is not what the catalogue says. Ten questions answered with such files
are in [analysis.md](analysis.md).

## What holds for all of them

- **One instant.** All rows of an export, and all that is said about it, are read in one REPEATABLE
  READ transaction and hold at the end of one block of each chain: the newest indexed one, or
  \`at\` (a block, a date or a time). A date means the whole day in UTC: \`from\` its first second,
  \`to\` and \`at\` its last. \`from\` and \`to\` belong to the range; the other way round they are
  refused, as is a day that the calendar does not have.
- **Exact.** Numbers of 256 bits are text. Next to each amount is its nearest double, \`…_f64\`:
  for plots only, and nothing here ever reads it back. Sum the exact one: in DuckDB
  \`sum(amount::HUGEINT)\`, which fails rather than rounds beyond 38 digits; in Postgres
  \`sum(amount::numeric)\`; in Python \`sum(map(int, …))\`.
- **Addresses and hashes are in lower case**, so that they join with each other and with what nodes,
  Dune and block explorers export. The checksum of EIP-55 is for people who type addresses.
- **Times** are those of the blocks, in UTC. In Parquet they have no zone, so that a day is the same
  day wherever the file is read.
- **Order.** Rows come in the order of \`row_id\`, which is unique in the dataset and stays the same
  as long as the blocks do.
- **Values.** With \`currency\` (as \`USD\`) the datasets that take it say what each amount was worth at
  the time, exact, and by which round of which price feed; nothing where that is not known
  ([prices.md](prices.md)).
- **The manifest** says as of which blocks (with hash, and whether they are final), narrowed to
  what, and whether the books agree with the contracts by the newest audit. Next to FILE it is
  \`FILE.manifest.json\`; in a Parquet file also its key-value metadata \`imo_ledger_manifest\`; over
  HTTP the headers \`X-Imo-As-Of\` (\`chain:block:hash\`), \`X-Imo-As-Of-Final\`, \`X-Imo-Books\`
  (\`agree\`, \`differ\` or \`not audited\`), \`X-Imo-Disagreements\`, \`X-Imo-Paused\` (tokens whose claims are paused), \`X-Imo-Held\` (contracts whose books have ended, as
  \`chain:address:last block\`), \`X-Imo-Resume\`, and the trailer
  \`X-Imo-Rows\`.
- **Resuming.** A download that broke off continues at the same blocks: \`cursor\` is the \`row_id\` of
  the last whole row, \`resume\` what the header \`X-Imo-Resume\` said. CSV
  then has no line of names and can be appended. If the chain has replaced blocks meanwhile, the
  answer is 409 \`CHAIN_REORGANISED\`, and \`EXPORT_PRICES_CHANGED\` if values were asked for and feeds
  are others now: start again.

\`\`\`sh
npx imo-ledger export holders --format parquet --out holders.parquet
curl -OJ --compressed 'http://127.0.0.1:4350/v1/export/entitlements?format=csv&snapshot=3'
curl 'http://127.0.0.1:4350/v1/export/transfers?from=2025-01-01&to=2025-03-31&format=jsonl'
\`\`\`

Formats are \`csv\` (RFC 4180, null is nothing between commas), \`jsonl\` and \`parquet\` (zstd). Over
HTTP, CSV and JSON lines are streamed and packed for clients that take gzip; a Parquet file is made
first, for its index is at its end. Ranges of bytes are not served: two answers need not have the
same bytes. Two exports may run at once, each for half an hour (429
\`EXPORT_BUSY\`); when a client goes away, its query ends. \`GET /v1/export\` has this page as JSON.

## Types

| type | in CSV and JSON lines | in Parquet |
|---|---|---|
${Object.entries(TYPES)
  .map(([name, { csv, parquet }]) => `| ${name} | ${csv} | ${parquet} |`)
  .join('\n')}

JSON lines have integers, doubles and booleans as such, everything else as text.

## Datasets

| dataset | a row is | takes |
|---|---|---|
${DATASETS.map(summaryLine).join('\n')}

All take \`chain\`, \`token\` and \`at\`; a block number as \`at\`, \`from\` or \`to\` needs a chain, or
a token that is on one chain only, where several are indexed.
`;

function summaryLine({ name, summary, takes, needsHolder, priced }: Dataset): string {
  const options = takes.map((option) =>
    option === 'holder' && needsHolder ? '`holder` (needed)' : `\`${option}\``,
  );
  if (priced !== undefined) options.push('`currency`');
  return `| [\`${name}\`](#${name}) | ${summary} | ${options.join(', ')} |`;
}

/** The text of docs/data.md. */
export function renderDictionary(): string {
  return `${INTRODUCTION}\n${DATASETS.map(renderDataset).join('\n')}`;
}

function renderDataset({ name, summary, notes, columns, isResumable, priced }: Dataset): string {
  const added = (priced?.('USD') ?? []).filter((column) => !columns.includes(column));
  const about = [
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(notes === null ? [] : [notes]),
    ...(isResumable ? [] : ['It cannot be gone on with: it is small.']),
  ];
  const values = added.length === 0 ? '' : `\nWith \`currency=USD\`:\n\n${tableOf(added)}`;
  return `### ${name}

${about.join('\n\n')}

${tableOf(columns)}${values}`;
}

function tableOf(columns: readonly Column[]): string {
  const lines = columns.map(({ name: column, type, unit, description, isNullable }) => {
    const meaning = unit === null ? description : `${description} In: ${unit}.`;
    return `| \`${column}\` | ${type}${isNullable ? ', or null' : ''} | ${meaning} |`;
  });
  return `| column | type | meaning |
|---|---|---|
${lines.join('\n')}
`;
}
