import { coinOf } from '../../amounts.js';
import { ask } from '../../answers.js';
import type { Draw } from '../../draw.js';
import type { FigureSheet } from '../../figures.js';
import type { Surface } from '../../surface.js';
import type { ReaderWorld } from '../../world.js';

const NAMES = ['hits', 'hits of tokens'] as const;
const SEARCH = `query ($text: String!) { search(text: $text, first: 50) { hits { kind address } } }`;

interface Hit {
  readonly kind: string;
  readonly address?: string | null;
}

/** What people know of a token: its symbol, its address, and the start of that. */
function textsOf({ coins }: ReaderWorld, { token }: Draw): string[] {
  return [coinOf(coins, token.address).symbol, token.address, token.address.slice(0, 10)];
}

function put(sheet: FigureSheet, text: string, hits: readonly Hit[]): void {
  const of = { subject: `search for ${text}`, moment: 'now', asset: 'hits' };
  sheet.put({ ...of, name: 'hits' }, hits.length);
  const tokens = hits.filter(({ kind }) => kind.toLowerCase() === 'token');
  sheet.put({ ...of, name: 'hits of tokens' }, tokens.length);
}

/** What a search for the token of the draw finds. */
export const searchSurfaces: readonly Surface[] = [
  {
    surface: 'GraphQL search',
    names: NAMES,
    async read(world, draw, sheet) {
      for (const text of textsOf(world, draw)) {
        const { search } = await ask<{ search: { hits: readonly Hit[] } }>(world.url, SEARCH, {
          text,
        });
        const isFound = search.hits.some(
          ({ address }) => address?.toLowerCase() === draw.token.address,
        );
        put(sheet, text, isFound ? search.hits : []);
      }
    },
  },
  {
    surface: 'REST search',
    names: NAMES,
    async read(world, draw, sheet) {
      const { origin } = new URL(world.url);
      for (const text of textsOf(world, draw)) {
        const query = new URLSearchParams({ text, first: '50' });
        const response = await fetch(`${origin}/v1/search?${query}`);
        const { hits } = (await response.json()) as { readonly hits: readonly Hit[] };
        put(sheet, text, hits);
      }
    },
  },
];
