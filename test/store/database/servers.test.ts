import { expect, test } from 'vitest';
import { serversOf } from '../../../src/store/database/servers.js';

test.each([
  ['postgresql://u:p@a:5432/d', ['postgresql://u:p@a:5432/d']],
  ['postgresql://a/d?sslmode=require', ['postgresql://a/d?sslmode=require']],
  [
    'postgresql://u:p%40@a:5432,b:5433/d?target_session_attrs=read-write',
    ['postgresql://u:p%40@a:5432/d', 'postgresql://u:p%40@b:5433/d'],
  ],
  [
    'postgres://a,b,[::1]:6000/d?application_name=x&target_session_attrs=primary',
    [
      'postgres://a/d?application_name=x',
      'postgres://b/d?application_name=x',
      'postgres://[::1]:6000/d?application_name=x',
    ],
  ],
  ['mysql://a,b/d', ['mysql://a,b/d']],
])('%s has the servers %j', (url, servers) => {
  expect(serversOf(url)).toEqual(servers);
});
