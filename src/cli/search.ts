import type { Command } from 'commander';
import { checksummed } from '../address.js';
import type { SearchAnswer, SearchHit } from '../books/search.js';
import { formatTable } from '../textTable.js';
import { formatCount } from './output/rate.js';
import { type CommonOptions, parseCount, verb } from './wiring/options.js';
import { withDatabase } from './wiring/withDatabase.js';

interface SearchOptions extends CommonOptions {
  readonly first: number;
  readonly json?: boolean;
}

/** What a terminal would obey, or reorder. */
const SIGNS = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function addSearchVerb(program: Command): void {
  verb(program, 'search', {
    summary: 'find an address, a name or a transaction in the books',
    description:
      'Finds tokens, oracles, collections, sales, pools, assets, labels and accounts by an address, by its first 6 hex ' +
      'digits, or by a name or symbol, and the rows of a transaction by its hash. Names match without case, from the start ' +
      'of a word on. Nothing found is an answer too: it says what was searched, and up to which block.',
    example:
      'imo-ledger search olm\n' +
      'imo-ledger search 0xe50189\n' +
      'imo-ledger search openlm --json | jq -r .hits[].address',
    exits: { 0: 'searched, whether something was found or not' },
  })
    .argument('<text>', 'a name, a symbol, an address or its start, or the hash of a transaction')
    .option('--first <number>', 'hits at most, up to 100', parseCount, 20)
    .option('--json', 'for programs')
    .action(runSearch);
}

async function runSearch(text: string, { config, first, json }: SearchOptions): Promise<void> {
  await withDatabase({ config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    const { readConsistently } = await import('../export/statement/read/consistentRead.js');
    const { readIndexedTokens } = await import('../store/read/chains/indexedTokens.js');
    const { RequestBooks } = await import('../books/requestBooks.js');
    const { search } = await import('../books/search.js');
    const answer = await readConsistently(database.url, (db) =>
      search(db, new RequestBooks(db, () => readIndexedTokens(db), []), { text, first }),
    );
    process.stdout.write(json ? `${JSON.stringify(shown(answer), null, 2)}\n` : textOf(answer));
  });
}

/** With addresses as people copy them. */
function shown({ hits, ...answer }: SearchAnswer) {
  const addressOf = ({ address }: SearchHit) => (address === null ? null : checksummed(address));
  return { ...answer, hits: hits.map((hit) => ({ ...hit, address: addressOf(hit) })) };
}

function textOf({ hits, hasMore, searchedAs, isComplete, asOf }: SearchAnswer): string {
  const blocks = asOf
    .map(({ chainId, block }) => `block ${formatCount(block)} of chain ${chainId}`)
    .join(', ');
  const where = `searched as ${searchedAs}, up to ${blocks}\n`;
  if (!isComplete) {
    return `Transactions cannot be found yet: \`imo-ledger index\` creates their indexes after its backfill.\n${where}`;
  }
  if (hits.length === 0) return `Nothing found: ${where}`;
  const table = formatTable<SearchHit>(
    [
      { title: 'KIND', cell: ({ kind }) => kind },
      { title: 'CHAIN', align: 'right', cell: ({ chainId }) => String(chainId) },
      { title: 'ADDRESS OR HASH', cell: placeOf },
      { title: 'NAME', cell: nameOf },
      { title: 'SHOWN BY', cell: ({ lists }) => lists.join(', ') || '–' },
    ],
    hits,
  );
  return `${table}${hasMore ? 'There are more: give more of the text, or --first.\n' : ''}${where}`;
}

function placeOf({ address, transactionHash, block }: SearchHit): string {
  return address === null ? `${transactionHash} (block ${block})` : checksummed(address);
}

function nameOf({ label, name, symbol }: SearchHit): string {
  const names = [label, name, symbol === null ? null : `(${symbol})`];
  return (
    names
      .filter((one) => one !== null)
      .join(' ')
      .replace(SIGNS, '\ufffd') || '–'
  );
}
