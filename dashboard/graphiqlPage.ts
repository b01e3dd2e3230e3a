import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { Plugin } from 'vite';

/** Texts in place of what a server is asked under; the server puts its own there. */
const PLACES = { title: 'imo-ledger', endpoint: '@ENDPOINT@', defaultQuery: '@QUERY@' };

/** On a phone the answer is below the query: next to it there is no room. */
const NARROW = `<style>
@media (max-width: 720px) {
  .graphiql-sessions > :has(> .graphiql-response) { display: flex; flex-direction: column; }
  .graphiql-sessions > :has(> .graphiql-response) > * {
    min-width: 0 !important;
    min-height: 0;
    width: auto !important;
  }
  .graphiql-response { min-height: 45% !important; }
  .graphiql-sessions .graphiql-horizontal-drag-bar { display: none; }
}
</style>`;

/** Writes GraphiQL as one packed file: the package that makes it is twice as large as all of the server. */
export function graphiqlPage(): Plugin {
  return {
    name: 'graphiql-page',
    closeBundle() {
      const file = join(import.meta.dirname, '../dist/graphiql/page.html.gz');
      mkdirSync(dirname(file), { recursive: true });
      const page = renderGraphiQL(PLACES).trimStart();
      writeFileSync(file, gzipSync(page.replace('</head>', () => `${NARROW}</head>`)));
    },
  };
}
