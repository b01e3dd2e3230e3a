/** `npm run bench:wide`: a token with a million holders, from ingest to the audit. */
import { goalsOfRows, rowsTable } from './benchRow.js';
import { runProgram } from './program.js';
import { measureWide } from './wide/measure.js';
import { parseOptions, USAGE } from './wide/options.js';

await runProgram({
  name: 'wide',
  parse: parseOptions,
  usage: USAGE,
  async run(options, say) {
    const rows = await measureWide(options, say);
    return { tables: [rowsTable(rows)], goals: goalsOfRows(rows, options), plots: [] };
  },
});
