import { expect, test } from 'vitest';
import { redactText, redactUrl } from '../../src/config/redact.js';

test.each([
  ['http://localhost:8545', 'http://localhost:8545'],
  ['http://localhost:8545/', 'http://localhost:8545'],
  ['https://eth.example/v3/0123456789abcdef', 'https://eth.example/…'],
  ['https://eth.example/?apikey=0123', 'https://eth.example/…'],
  ['wss://user:pass@eth.example:8546', 'wss://eth.example:8546/…'],
  ['postgresql://me:pass@db:5432/ledger', 'postgresql://db:5432/…'],
  ['0123456789abcdef', '(not a URL, 16 characters)'],
])('%s is shown as %s', (url, shown) => {
  expect(redactUrl(url)).toBe(shown);
});

test('a key in the middle of a message is hidden, and the rest is kept', () => {
  expect(redactText('http://node:8545: no traces; see https://eth.example/v3/0123.')).toBe(
    'http://node:8545: no traces; see https://eth.example/….',
  );
  expect(redactText('got 429 from "https://eth.example/v3/0123", retry in 5 s')).toBe(
    'got 429 from "https://eth.example/…", retry in 5 s',
  );
});
