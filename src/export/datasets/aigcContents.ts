import { CONTENT_VERDICTS, PROMPT_VERDICTS } from '../../ledger/collection.js';
import { lastOperationId } from '../../store/ids.js';
import { readCollections } from '../../store/read/collections/collections.js';
import { ownContent, ownPrompt } from '../../store/read/collections/ownPrompt.js';
import {
  address,
  column,
  hash,
  oneOf,
  ownerColumns,
  placeColumns,
  tokenOrNull,
} from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { operationCursor } from '../columns/operationDataset.js';
import { type ExportScope, rangeConditions } from '../columns/scope.js';
import { hexText, integerLiteral, literalTable, textLiteral } from '../columns/sqlText.js';

const NULLABLE = { isNullable: true };

const COLUMNS: readonly Column[] = [
  ...ownerColumns('o.id').map((owned) =>
    tokenOrNull(owned, 'Always null: contents belong to no revenue token.'),
  ),
  ...placeColumns(),
  address('collection', 'k.address', 'The collection.'),
  column('token_id', 'uint256', 'o.token_id::text', 'The token that it was written into.'),
  column('event', 'text', 'o.event', '`AigcData`, `Update` or `Mint`.'),
  column('log_index', 'integer', 'o.log_index', 'Place of the log in the block.'),
  address('writer', 'o.writer', 'Who called the collection to write it.'),
  column(
    'oracle',
    'address',
    hexText('o.oracle'),
    'The contract whose request it answers. Null if it answers none.',
    NULLABLE,
  ),
  column(
    'model_id',
    'uint256',
    'o.model_id::text',
    'The model that made it, by that request. Null if it is not known.',
    NULLABLE,
  ),
  hash('prompt_hash', 'o.prompt_hash', 'keccak-256 of the prompt.'),
  hash('content_hash', 'o.aigc_data_hash', 'keccak-256 of the content.'),
  column(
    'prompt_verdict',
    'text',
    'o.prompt_verdict',
    `Why the prompt belongs to the token: ${oneOf(PROMPT_VERDICTS)}.`,
  ),
  column(
    'content_verdict',
    'text',
    'o.content_verdict',
    `How the content was confirmed: ${oneOf(CONTENT_VERDICTS)}.`,
  ),
  column(
    'is_current',
    'boolean',
    '(d.id IS NOT NULL AND d.id = o.id)',
    'Whether the token shows it as its own; false: it is history only.',
  ),
];

export const aigcContents: Dataset = {
  name: 'aigc-contents',
  summary: 'prompts and contents written into tokens of ERC-7007 collections, with verdicts',
  notes: 'Anybody may write; what belongs to a token: [collections.md](collections.md).',
  takes: ['from/to'],
  needsHolder: false,
  isResumable: true,
  columns: COLUMNS,
  async source(scope) {
    const where = rangeConditions(scope);
    if (scope.isOneToken) where.push('false');
    if (scope.after !== null) where.push(`o.id > ${textLiteral(operationCursor(scope.after))}`);
    return {
      tables: [await collectionTable(scope)],
      from: `FROM aigc_data o
        JOIN book k ON k.number = o.collection_number AND o.block_number <= k.block
        LEFT JOIN aigc_token t ON t.collection_number = o.collection_number
          AND t.token_id = o.token_id AND t.id <= k.last
        CROSS JOIN LATERAL (SELECT k.chain_id, NULL::text AS token, own.prompt_hash
          FROM (SELECT) one LEFT JOIN (${ownPrompt('k.last')}) own ON true) b
        LEFT JOIN LATERAL (${ownContent('k.last')}) d ON true
        ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY o.id`,
    };
  },
};

/** `book(…)`: the collections of the scope, with the last row id that counts, for WITH. */
async function collectionTable({ db, moments }: ExportScope): Promise<string> {
  const rows = (await readCollections(db)).flatMap((collection) => {
    const block = moments.get(collection.chainId)?.block;
    if (block === undefined || collection.startBlock > block) return [];
    const { number, chainId, address: contract } = collection;
    return [
      [
        integerLiteral(number),
        integerLiteral(chainId),
        `decode(${textLiteral(contract.slice(2))}, 'hex')`,
        integerLiteral(block),
        textLiteral(lastOperationId(number, block)),
      ],
    ];
  });
  const types = {
    number: 'integer',
    chain_id: 'integer',
    address: 'bytea',
    block: 'integer',
    last: 'text COLLATE "C"',
  };
  return literalTable('book', types, rows);
}
