import { BENCHES, type BenchName } from './benches.js';
import { svgOf } from './plot.js';
import { type Goal, isReached, type KeptReport } from './report.js';
import { goalText, tableText } from './text.js';

export const PAGE = 'docs/performance.md';
const PICTURES = 'pictures/performance';

const START = `# Performance

Figures of full runs. \`npm run docs:performance\` writes this page from the reports in \`bench/results\`, which a bench keeps
with \`--keep\`. [bench/README.md](../bench/README.md) says how each bench works and what its limits are.

Compare ratios: seconds of another machine are other seconds.`;

/** Files of the page of all figures, by their paths: the page and its pictures. */
export function pageFiles(reports: readonly KeptReport[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const sections = names().flatMap((name) => {
    const report = reports.find(({ bench }) => bench === name);
    return report === undefined ? [] : [section(report)];
  });
  files.set(PAGE, `${[START, ...sections].join('\n\n')}\n`);
  for (const plot of reports.flatMap(({ plots }) => plots)) {
    files.set(`docs/${PICTURES}/${plot.name}.svg`, svgOf(plot));
  }
  return files;
}

function names(): readonly BenchName[] {
  return Object.keys(BENCHES) as BenchName[];
}

function section(report: KeptReport): string {
  const { title, about } = BENCHES[report.bench];
  return [
    `## ${title}`,
    about,
    ...report.plots.map((plot) => `![${plot.title}](${PICTURES}/${plot.name}.svg)`),
    ...report.tables.map(tableText),
    ...goalsOf(report.goals),
    `\`${report.command}\` on ${report.day} at ${report.commit}: ${report.machine}.`,
  ].join('\n\n');
}

/** What was reached, and what not. */
function goalsOf(goals: readonly Goal[]): string[] {
  if (goals.length === 0) return [];
  return [
    goals
      .map((goal) => `- ${isReached(goal) ? 'Reached' : '**Missed**'}: ${goalText(goal)}`)
      .join('\n'),
  ];
}
