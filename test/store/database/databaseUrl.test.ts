import { expect, test } from 'vitest';
import { databaseUrlFrom } from '../../../src/store/database/databaseUrl.js';

test.each([
  [{}, null],
  [{ DATABASE_URL: '' }, null],
  [{ DATABASE_URL: 'postgresql://a', DB_URL: 'postgresql://b' }, 'postgresql://a'],
  [{ DB_URL: 'postgresql://b', DB_HOST: 'c' }, 'postgresql://b'],
  [{ DB_HOST: 'c' }, 'postgresql://postgres:postgres@c/squid'],
  [
    { DB_HOST: 'c', DB_PORT: '5433', DB_NAME: 'n', DB_USER: 'u', DB_PASS: 'p@/s' },
    'postgresql://u:p%40%2Fs@c:5433/n',
  ],
])('%j names the database %s', (env, url) => {
  expect(databaseUrlFrom(env)).toBe(url);
});
