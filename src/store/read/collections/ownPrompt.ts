import { CONTENT_VERDICTS, PROMPT_VERDICTS } from '../../../ledger/collection.js';

/** The rank of a verdict, the strongest first; an index has the same expression. */
const rankOf = (column: string, verdicts: readonly string[]) =>
  `array_position('{${verdicts.join(',')}}'::text[], ${column})`;

const PROMPT_RANK = rankOf('prompt_verdict', PROMPT_VERDICTS);
const CONTENT_RANK = rankOf('content_verdict', CONTENT_VERDICTS);
const RANK_OF_NONE = PROMPT_VERDICTS.indexOf('none') + 1;

/** What was written into token `t`, up to a row id. */
const written = (last: string) => `aigc_data w
  WHERE w.collection_number = t.collection_number AND w.token_id = t.token_id AND w.id <= ${last}`;

/**
 * SQL for the hash and the verdict of the prompt that belongs to token `t`, regardless of later
 * writes: the preimage of its id if one was seen, or else the prompt with the strongest verdict. If
 * no verdict proves a prompt and the id cannot be a hash, it is the only prompt that was ever
 * written.
 *
 * @param last parameter of the row id up to which rows count
 */
export function ownPrompt(last: string): string {
  return `SELECT * FROM (
      SELECT 1 AS place, t.id_hash AS prompt_hash, 'id' AS prompt_verdict
      WHERE t.id_hash IS NOT NULL AND (
        EXISTS (SELECT FROM aigc_content c WHERE c.collection_number = t.collection_number
          AND c.hash = t.id_hash AND c.id <= ${last})
        OR EXISTS (SELECT FROM ${written(last)} AND w.prompt_hash = t.id_hash))
      UNION ALL (SELECT 2, prompt_hash, prompt_verdict FROM ${written(last)}
        AND ${PROMPT_RANK} < ${RANK_OF_NONE} ORDER BY ${PROMPT_RANK}, id DESC LIMIT 1)
      UNION ALL SELECT 3, prompt_hash, 'none'
        FROM (${outermost(last, 'ASC')}) low JOIN (${outermost(last, 'DESC')}) high
          USING (prompt_hash)
    ) own ORDER BY place LIMIT 1`;
}

/** The smallest or greatest hash of the unproven prompts. */
const outermost = (last: string, direction: 'ASC' | 'DESC') =>
  `SELECT prompt_hash FROM ${written(last)} AND t.id_hash IS NULL
    AND ${PROMPT_RANK} = ${RANK_OF_NONE} ORDER BY prompt_hash ${direction} LIMIT 1`;

/** The writes into token `t` with its own prompt `b`: the best confirmed first, then the newest. */
export function ownContent(last: string): string {
  return `SELECT * FROM ${written(last)} AND w.prompt_hash = b.prompt_hash
    ORDER BY ${CONTENT_RANK}, id DESC LIMIT 1`;
}
