import { CONTENT_VERDICTS, PROMPT_VERDICTS } from '../../ledger/collection.js';
import { AIGC_DATA } from '../../model/tables/aigcData.js';
import { lastOperationId } from '../../store/ids.js';
import { readCollections } from '../../store/read/collections/collections.js';
import { ownContent, ownPrompt } from '../../store/read/collections/ownPrompt.js';
import {
  address,
  column,
  oneOf,
  ownerColumns,
  placeColumns,
  tokenOrNull,
} from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { labelJoins, NAME_TABLE, withLabels } from '../columns/labels.js';
import { operationCursor } from '../columns/operationDataset.js';
import { type ExportScope, rangeConditions } from '../columns/scope.js';
import { integerLiteral, literalTable, textLiteral } from '../columns/sqlText.js';
import { tableColumns } from '../columns/tableColumns.js';

const _NULLABLE = { isNullable: true };

const LABELLED = { collection: 'k.address', writer: 'o.writer', oracle: 'o.oracle' };

const COLUMNS: readonly Column[] = withLabels(
  [
    ...ownerColumns('o.id', { hasAmounts: false }).map((owned) =>
      tokenOrNull(owned, 'Always null: contents do not belong to a revenue token.'),
    ),
    ...placeColumns(),
    address('collection', 'k.address', 'The collection.'),
    ...tableColumns(AIGC_DATA, {
      first: [
        'tokenId',
        'event',
        'logIndex',
        'writer',
        'oracle',
        'modelId',
        'promptHash',
        'aigcDataHash',
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
      ],
      without: ['proof', 'uri', 'requestId'],
      names: { aigcDataHash: 'content_hash' },
    }),
    column(
      'is_current',
      'boolean',
      '(d.id IS NOT NULL AND d.id = o.id)',
      'Whether the token shows it now. If false, it is only history.',
    ),
  ],
  LABELLED,
);

export const aigcContents: Dataset = {
  name: 'aigc-contents',
  summary: 'prompts and contents written into tokens of ERC-7007 collections, with verdicts',
  notes:
    'Anybody may write into a token. What belongs to a token: [collections.md](collections.md).',
  takes: ['from/to'],
  hasNoToken: true,
  needsHolder: false,
  isResumable: true,
  columns: COLUMNS,
  async source(scope) {
    const where = rangeConditions(scope);
    if (scope.after !== null) where.push(`o.id > ${textLiteral(operationCursor(scope.after))}`);
    return {
      tables: [NAME_TABLE, await collectionTable(scope)],
      from: `FROM aigc_data o
        JOIN book k ON k.number = o.collection_number AND o.block_number <= k.block
        LEFT JOIN aigc_token t ON t.collection_number = o.collection_number
          AND t.token_id = o.token_id AND t.id <= k.last
        CROSS JOIN LATERAL (SELECT k.chain_id, NULL::text AS token, own.prompt_hash
          FROM (SELECT) one LEFT JOIN (${ownPrompt('k.last')}) own ON true) b
        LEFT JOIN LATERAL (${ownContent('k.last')}) d ON true
        ${labelJoins('k.chain_id', LABELLED)}
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
