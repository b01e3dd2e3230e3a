import { EXPORT_FIGURES, type ExportOptions, readExports } from '../exportFigures.js';
import type { Surface } from '../surface.js';
import { PLAN_FIGURES, putRestPlan } from './claimPlans.js';
import { jsonRows } from './exportFiles.js';

/** REST: exports over HTTP, and what a holder can claim now. */
export const rest: Surface = {
  surface: 'REST',
  names: [...new Set([...EXPORT_FIGURES, ...PLAN_FIGURES])],
  async read({ url }, draw, sheet) {
    const { origin } = new URL(url);
    const read = async (dataset: string, options: ExportOptions) => {
      const query = new URLSearchParams({ format: 'jsonl' });
      for (const [name, value] of Object.entries(options)) {
        for (const one of [value ?? []].flat()) query.append(name, one);
      }
      const response = await fetch(`${origin}/v1/export/${dataset}?${query}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${dataset} with ${query}: ${text}`);
      return jsonRows(text);
    };
    await readExports(read, draw, sheet);
    await putRestPlan(origin, draw, sheet);
  },
};
