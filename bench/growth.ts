/** `npm run bench:growth`: the start of one chain up to several sizes, and whether the rate stays as they grow. */
import { goalsOfRows, rowsTable } from './benchRow.js';
import { measureGrowth } from './growth/measure.js';
import { parseOptions, USAGE } from './growth/options.js';
import { growthRows, ratePlot, verdictOf } from './growth/report.js';
import { runProgram } from './program.js';

await runProgram({
  name: 'growth',
  parse: parseOptions,
  usage: USAGE,
  async run(options, say) {
    const rows = growthRows(await measureGrowth(options, say));
    say(verdictOf(rows));
    return {
      tables: [rowsTable(rows)],
      goals: goalsOfRows(rows, options),
      plots: [ratePlot(rows)],
    };
  },
});
