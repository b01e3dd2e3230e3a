import type { Draw } from '../../draw.js';
import { putJsonStatement } from '../../statementJson.js';
import type { Surface } from '../../surface.js';
import type { ReaderWorld } from '../../world.js';
import { WHOLE_FIGURES } from '../statements.js';

/** `GET /v1/statement` of each holder over the window. */
export const statementOverHttp: Surface = {
  surface: 'statement over HTTP',
  names: WHOLE_FIGURES,
  async read(world, draw, sheet) {
    for (const holder of draw.holders) {
      const response = await fetch(urlOf(world, draw, holder));
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.url}: ${text}`);
      putJsonStatement(sheet, draw, { holder, text });
    }
  },
};

function urlOf({ url, chain: { chainId } }: ReaderWorld, draw: Draw, holder: string): URL {
  const { after, until, currency, token } = draw;
  const query = new URLSearchParams({
    ...{ holder, token: token.address, chain: String(chainId), currency, format: 'json' },
    from: after.begin,
    ...(until.end === null ? {} : { to: until.end }),
  });
  return new URL(`/v1/statement?${query}`, url);
}
