/** `npm run prove:books -- --ops 3000 --seed N`: the books against all contracts. */
import { runProof } from './command.js';
import { proveBooks } from './proveBooks.js';

await runProof(
  'prove:books',
  'Index a random life of an offering with tokens, oracles, sales and collections, and ' +
    'hold the books against the contracts at every 10th block.',
  proveBooks,
);
