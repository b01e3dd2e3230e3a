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
  double: { csv: 'the shortest decimal that gives the same double', parquet: 'DOUBLE' },
  boolean: { csv: 't or f', parquet: 'BOOLEAN' },
  timestamp: { csv: '2025-01-31T12:00:00Z', parquet: 'TIMESTAMP, UTC' },
  date: { csv: '2025-01-31', parquet: 'DATE' },
};

const INTRODUCTION = `# Data dictionary

This page describes what \`imo-ledger export DATASET\` and \`GET /v1/export/DATASET\` return. \`npm run docs:data\`
generates it from the catalogue in [\`src/export\`](../src/export/catalogue.ts), which also makes the files. A test fails
if the page differs from the catalogue. [analysis.md](analysis.md) answers questions with such files.

## What holds for all of them

- **One moment.** One REPEATABLE READ transaction reads all rows of an export and its manifest. They are as of the end of
  one block of each chain: the newest indexed block, or \`at\` (a block, a year, a month, a date or a time). \`2026\` is the year, and
  \`block:2026\` the block. A date means the whole day in UTC: \`from\` is its start, \`to\` and \`at\` its end. The range
  includes \`from\` and \`to\`. The export refuses a \`from\` after \`to\`, a day that the calendar does not have, and what
  is not indexed: blocks, times, tokens and snapshots.
- **Names.** Each row has the symbol and the decimals of its token and of the asset of its amounts, and the labels that the
  config gives its addresses. A contract calls itself what it likes, so a symbol that may be mistaken for money is null. In CSV, a
  name that a spreadsheet would take for a formula starts with an apostrophe; JSON lines and Parquet have it as it is.
- **Several tokens and holders.** Repeat \`token\` and \`holder\` to export several (\`--holder A --holder B\`, or
  \`holder=A&holder=B\`). Any other option may be given once.
- **Exact.** Numbers of 256 bits are text. Each amount has its nearest double next to it, \`…_f64\`, for plots only;
  imo-ledger never reads it back. Sum the exact column, as [below](#exact-sums).
- **Addresses and hashes are in lower case**, so that you can join them with each other and with exports of nodes, Dune
  and block explorers. The checksum of EIP-55 is for people who type addresses.
- **Times** are block times, in UTC. In Parquet they have no zone, so a day is the same day wherever you read the file.
- **Order.** Rows are sorted by \`row_id\`. It is unique in the dataset and stays the same as long as the blocks do.
- **Values.** With \`currency\` (for example \`USD\`), some datasets also have the exact value of each amount at the time,
  and the round and the feed of the price. A value that is unknown is null ([prices.md](prices.md)).
- **The manifest** names the blocks that the export is as of (with hash, and whether they are final) and the options. It
  says whether the books agree with the contracts by the newest audit.

| where | the manifest is |
|---|---|
| next to FILE | \`FILE.manifest.json\` |
| in a Parquet file | also its key-value metadata \`imo_ledger_manifest\` |
| over HTTP | the headers \`X-Imo-As-Of\` (\`chain:block:hash\`; without a hash where the block is not kept), \`X-Imo-Booked\` (the newest block up to it in which something was booked, with its hash), \`X-Imo-As-Of-Final\`, \`X-Imo-Books\` (\`agree\`, \`differ\` or \`not audited\`), \`X-Imo-Disagreements\`, \`X-Imo-Paused\` (tokens with paused claims), \`X-Imo-Unread\` (tokens of which some holder is not known to be a contract or not), \`X-Imo-Held\` (contracts whose books have ended, as \`chain:address:last block\`), \`X-Imo-Archived\` (contracts that the config no longer names, the same way), \`X-Imo-Resume\`, and the trailer \`X-Imo-Rows\` |

- **Resuming.** An interrupted download of CSV or JSON lines continues from the same URL, at the same blocks: send its \`ETag\`
  as \`If-Range\`, and the \`Range\` that is missing. The rest fits to the byte, whatever was indexed in the meantime. If the same bytes
  cannot be had again, the answer is a new export with status 200: a reorg replaced blocks, or a name, a contract, a feed or the
  version changed. \`Repr-Digest\` (of a whole answer: the trailer) is the hash of the whole file. The URL in \`Content-Location\` stands
  for these bytes; it needs no \`If-Range\`, and answers 409 once it cannot (\`CHAIN_REORGANISED\`, \`EXPORT_CHANGED\`,
  \`EXPORT_PRICES_CHANGED\`). Compressed answers and Parquet files have no byte ranges.
- **Continuing after a row.** \`cursor\` is the \`row_id\` of the last complete row, \`resume\` the value of the header
  \`X-Imo-Resume\`. CSV then has no header line, so you can append it.

\`\`\`sh
npx imo-ledger export holders --format parquet --out holders.parquet
curl -OJ --compressed 'http://127.0.0.1:4350/v1/export/entitlements?format=csv&snapshot=3'
curl 'http://127.0.0.1:4350/v1/export/transfers?from=2025-01-01&to=2025-03-31&format=jsonl'
# Holders that are neither contracts nor burn addresses, as a file and over HTTP:
npx imo-ledger export holders --kind wallet --out people.csv
curl 'http://127.0.0.1:4350/v1/export/holders?kind=wallet&format=jsonl'
# A download, and its rest after an interruption:
curl -D headers.txt -o claims.csv 'http://127.0.0.1:4350/v1/export/claims'
curl -C - -o claims.csv -H "If-Range: $(sed -n 's/^etag: \\(".*"\\).*/\\1/p' headers.txt)" 'http://127.0.0.1:4350/v1/export/claims'
\`\`\`

Formats are \`csv\` (RFC 4180; null is an empty field without quotes), \`jsonl\` and \`parquet\` (zstd). Over HTTP, CSV and
JSON lines are streamed, and compressed for clients that accept gzip. A Parquet file is complete before it is sent, because
its index is at its end. One client may run two exports at once, each for half an hour (429 \`EXPORT_BUSY\`). When a client
disconnects, its query ends. \`GET /v1/export\` returns this page as JSON.

## Exact sums

Sum the exact column as text that you cast. DuckDB guesses the types of a CSV file. It reads large numbers as \`DOUBLE\`, and a
cast after that no longer helps: so read CSV with \`all_varchar\`. \`HUGEINT\` has 38 digits; beyond that, the query fails and
does not round. A test runs each line and compares it to the wei.

\`\`\`sql
SELECT sum(amount::HUGEINT) AS total FROM 'journal.parquet';
SELECT sum(amount::HUGEINT) AS total FROM 'journal.jsonl';
SELECT sum(amount::HUGEINT) AS total FROM read_csv('journal.csv', all_varchar = true);
\`\`\`

In PostgreSQL, copy the CSV into columns of type \`numeric\`. In JavaScript, use \`BigInt(amount)\`. Spreadsheets round numbers of
more than 15 digits: import the exact columns as text.

## Types

| type | in CSV and JSON lines | in Parquet |
|---|---|---|
${Object.entries(TYPES)
  .map(([name, { csv, parquet }]) => `| ${name} | ${csv} | ${parquet} |`)
  .join('\n')}

JSON lines have numbers for integers and doubles, JSON booleans, and text for everything else.

## Datasets

| dataset | a row is | takes |
|---|---|---|
${DATASETS.map(summaryLine).join('\n')}

All datasets take \`chain\`, \`token\` and \`at\`. If several chains are indexed, a block number in \`at\`, \`from\` or \`to\`
needs a chain, or a token that is on one chain only.
`;

function summaryLine({ name, summary, takes, needsHolder, priced }: Dataset): string {
  const options = takes.map((option) =>
    option === 'holder' && needsHolder ? '`holder` (required)' : `\`${option}\``,
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
    ...(isResumable ? [] : ['A broken download cannot be resumed, because the file is small.']),
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
