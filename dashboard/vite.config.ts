import { join } from 'node:path';
import { defineConfig } from 'vite';
import { documentTexts } from './documentTexts.js';
import { graphiqlPage } from './graphiqlPage.js';
import * as books from './src/ledger/generated/books.js';
import * as documents from './src/ledger/generated/documents.js';
import * as holder from './src/ledger/generated/holder.js';
import * as markets from './src/ledger/generated/markets.js';
import * as offering from './src/ledger/generated/offering.js';
import * as pieces from './src/ledger/generated/pieces.js';
import * as start from './src/ledger/generated/start.js';
import * as status from './src/ledger/generated/status.js';
import * as transaction from './src/ledger/generated/transaction.js';

const MODULES = [books, documents, holder, markets, offering, pieces, start, status, transaction];

/** The page that `serve` shows. Its files refer to each other by relative paths, so that any base path works. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  resolve: {
    alias: { '@imo-ledger/client': join(import.meta.dirname, '../clients/ts/src/index.ts') },
  },
  plugins: [
    graphiqlPage(),
    {
      name: 'listed-queries',
      generateBundle() {
        const source = JSON.stringify(documentTexts(MODULES));
        this.emitFile({ type: 'asset', fileName: 'queries.json', source });
      },
    },
  ],
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    // The policy of the page forbids what is inside of other files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // The notices that the licences of the packages inside ask for.
    license: { fileName: 'licenses.md' },
  },
  logLevel: 'warn',
});
