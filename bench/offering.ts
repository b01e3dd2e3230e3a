/** `npm run bench:offering`: the operations of a whole offering, at several distances from the node. */
import { measureOffering } from './offering/measure.js';
import { parseOptions, USAGE } from './offering/options.js';
import { callLines, goalsOf, ratePlot, resultTable } from './offering/report.js';
import { runProgram } from './program.js';

await runProgram({
  name: 'offering',
  parse: parseOptions,
  usage: USAGE,
  async run(options, say) {
    const runs = await measureOffering(options, say);
    if (options.hasCalls) for (const line of runs.flatMap(callLines)) say(line);
    for (const hash of new Set(runs.map(({ ledgerHash }) => ledgerHash)))
      say(`ledger hash ${hash}`);
    return { tables: [resultTable(runs)], goals: goalsOf(runs, options), plots: [ratePlot(runs)] };
  },
});
