import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import type { Plugin } from 'vite';

/** Texts in place of what a server is asked under; the server puts its own there. */
const PLACES = { title: 'imo-ledger', endpoint: '@ENDPOINT@', defaultQuery: '@QUERY@' };

/** Writes GraphiQL as one packed file: the package that makes it is twice as large as all of the server. */
export function graphiqlPage(): Plugin {
  return {
    name: 'graphiql-page',
    closeBundle() {
      const file = join(import.meta.dirname, '../dist/graphiql/page.html.gz');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, gzipSync(renderGraphiQL(PLACES).trimStart()));
    },
  };
}
