/** `npm run bench:offering`: the operations of a whole offering, at several distances from the node. */
import { measureOffering } from './offering/measure.js';
import { parseOptions, USAGE } from './offering/options.js';
import { callLines, resultTable } from './offering/report.js';
import { runProgram } from './program.js';

await runProgram({
  parse: parseOptions,
  usage: USAGE,
  async run(options, report) {
    const runs = await measureOffering(options, report);
    if (options.hasCalls) for (const line of runs.flatMap(callLines)) report(line);
    report(resultTable(runs));
  },
});
