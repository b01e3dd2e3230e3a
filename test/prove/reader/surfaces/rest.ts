import { setTimeout } from 'node:timers/promises';
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
      const response = await fetchWhenFree(`${origin}/v1/export/${dataset}?${query}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${dataset} with ${query}: ${text}`);
      return jsonRows(text);
    };
    await readExports(read, draw, sheet);
    await putRestPlan(origin, draw, sheet);
  },
};

const BUSY = 429;
const AGAIN_AFTER_MS = 50;
const TIMES_AT_MOST = 200;

/** Asks again while earlier exports of this client still have its places: they leave after their last byte. */
async function fetchWhenFree(url: string): Promise<Response> {
  for (let time = 1; ; time += 1) {
    const response = await fetch(url);
    if (response.status !== BUSY || time === TIMES_AT_MOST) return response;
    await response.text();
    await setTimeout(AGAIN_AFTER_MS);
  }
}
