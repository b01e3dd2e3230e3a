/** `npm run prove:exact -- --ops 3000 --seed N`: the contract is the judge. */
import { runProof } from './command.js';
import { proveExact } from './proveExact.js';

await runProof(
  'prove:exact',
  'Index a random life of six revenue tokens and compare it with the contracts.',
  proveExact,
  { hasNodes: true },
);
