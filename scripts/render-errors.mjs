import { errorCodes } from './error-codes.mjs';

/** What the beginning of a code stands for; codes with other beginnings are errors of requests. */
const GROUPS = [
  ['CONFIG', 'The config'],
  ['INIT', 'Writing a config'],
  ['RPC', 'Nodes'],
  ['SOURCE', 'Services that find blocks (SQD)'],
  ['CHAIN', 'What a chain says'],
  ['TOKEN', 'Revenue tokens'],
  ['LEDGER', 'Accounting rules'],
  ['SALE', 'Sales'],
  ['POOL', 'Pools of depositors'],
  ['COLLECTION', 'Collections'],
  ['ORACLE', 'AI oracles'],
  ['PRICE', 'Price feeds'],
  ['DATABASE', 'The database'],
  ['EMBEDDED', 'The embedded database'],
  ['SCHEMA', 'The version of the tables'],
  ['READER', 'The role that only reads'],
  ['AUDIT', 'Audits'],
  ['EXPORT', 'Exports'],
  ['STATEMENT', 'Statements'],
  ['VERIFY', 'Checks of shares'],
  ['COMPARE', 'Comparisons of two deployments'],
  ['CACHE', 'The cache'],
  ['PORT', 'Ports'],
  ['', 'Requests, and everything else'],
];

const HEAD = `# Errors

<!-- Made by \`npm run docs:errors\`. -->

Every error has a stable code. It names the wrong value and the reason, gives a hint, and links its section on this
page. The command line writes all of it to standard error. Its exit code is 1 (2 for a wrong command line):

    error CONFIG_BAD_URL: …
    hint: …
    docs: docs/errors.md#config_bad_url

You also find the code, the hint and the link

- in GraphQL, in \`extensions\`;
- in REST, in the problem document;
- in exports over HTTP, in \`error\`;
- in \`imo-ledger status --json\`, for held contracts.

Below, \`…\` is a value. A code with several lines has several cases.
`;

/** The text of docs/errors.md. */
export function renderErrors() {
  const left = new Map(errorCodes());
  const sections = [HEAD];
  for (const [prefix, title] of GROUPS) {
    const own = [...left].filter(([code]) => prefix === '' || code.startsWith(`${prefix}_`));
    for (const [code] of own) left.delete(code);
    if (own.length > 0) sections.push(`## ${title}\n`, ...own.map(renderCode));
  }
  return sections.join('\n');
}

function renderCode([code, cases]) {
  const lines = cases.map(({ says, hint }) => `- ${escaped(says)}\\\n  *${escaped(hint)}*`);
  const body = lines.length > 0 ? lines.join('\n') : 'Its message and its hint depend on the case.';
  return `### ${code}\n\n${body}\n`;
}

/** Without line breaks; outside of code spans, what Markdown would take for its own is escaped. */
function escaped(text) {
  const parts = text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .split('`');
  return parts
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[<>*|_]/g, '\\$&')))
    .join('`');
}
