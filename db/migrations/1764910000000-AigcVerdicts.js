/** Why a prompt belongs to a token, and how a content was confirmed. */

import { letReadersIn } from '../letReadersIn.js';

const RANKS = {
  prompt_verdict: ['id', 'view', 'oracle', 'mint', 'none', 'other'],
  content_verdict: ['oracle', 'verified', 'none', 'unproven'],
};

const rankOf = (column) => `array_position('{${RANKS[column].join(',')}}'::text[], ${column})`;

export class AigcVerdicts1764910000000 {
  name = 'AigcVerdicts1764910000000';

  async up(db) {
    await db.query(`ALTER TABLE aigc_data
      ADD COLUMN IF NOT EXISTS prompt_verdict text NOT NULL DEFAULT 'none',
      ADD COLUMN IF NOT EXISTS content_verdict text NOT NULL DEFAULT 'none'`);
    await db.query(
      `ALTER TABLE aigc_request ADD COLUMN IF NOT EXISTS is_own boolean NOT NULL DEFAULT false`,
    );
    await db.query(`ALTER TABLE collection ADD COLUMN IF NOT EXISTS recognised_by text`);
    await letReadersIn(db, 'aigc_data');
    // Of what was written before, only the id can still be asked.
    await db.query(`UPDATE aigc_data d SET prompt_verdict = 'id' FROM aigc_token t
      WHERE t.collection_number = d.collection_number AND t.token_id = d.token_id
        AND t.id_hash = d.prompt_hash`);
    await db.query(`UPDATE collection SET recognised_by = 'interface' WHERE is_erc7007`);
    // A token that somebody writes to again and again costs no more to read than any other.
    await db.query(`CREATE INDEX aigc_data_by_prompt_verdict ON aigc_data
      (collection_number, token_id, (${rankOf('prompt_verdict')}), id DESC)`);
    await db.query(`CREATE INDEX aigc_data_by_prompt ON aigc_data
      (collection_number, token_id, prompt_hash, (${rankOf('content_verdict')}), id DESC)`);
    await db.query(`ALTER TABLE aigc_data ALTER COLUMN prompt_verdict DROP DEFAULT,
      ALTER COLUMN content_verdict DROP DEFAULT`);
    await db.query(`ALTER TABLE aigc_request ALTER COLUMN is_own DROP DEFAULT`);
  }

  async down(db) {
    await db.query('DROP INDEX aigc_data_by_prompt');
    await db.query('DROP INDEX aigc_data_by_prompt_verdict');
    await db.query('ALTER TABLE collection DROP COLUMN recognised_by');
    await db.query('ALTER TABLE aigc_request DROP COLUMN is_own');
    await db.query('ALTER TABLE aigc_data DROP COLUMN prompt_verdict, DROP COLUMN content_verdict');
  }
}
