import { expect, it } from 'vitest';
import { JoinedCalls } from '../../../src/chain/rpc/connection/joinedCalls.js';

/** A client that answers each call with its first parameter; fails where one of them is `bad`. */
function client() {
  const requests: unknown[][] = [];
  const batchCall = async (calls: { params?: unknown[] }[]) => {
    const asked = calls.map(({ params = [] }) => params[0]);
    requests.push(asked);
    if (asked.includes('bad')) throw new Error('the state is missing');
    return asked;
  };
  return { requests, batchCall };
}

const calls = (...params: string[]) =>
  params.map((param) => ({ method: 'eth_call', params: [param] }));

it('what several callers ask at the same moment goes in one request, and each gets its own answers', async () => {
  const { requests, batchCall } = client();
  const joined = new JoinedCalls({ batchCall });
  const answers = await Promise.all([
    joined.ask('eth_call', calls('a', 'b')),
    joined.ask('eth_getCode', calls('code')),
    joined.ask('eth_call', calls('c')),
  ]);
  expect(answers).toEqual([['a', 'b'], ['code'], ['c']]);
  expect(requests).toEqual([['a', 'b', 'c'], ['code']]);
});

it('a question that fails does not fail those that were sent with it', async () => {
  const { requests, batchCall } = client();
  const joined = new JoinedCalls({ batchCall });
  const settled = await Promise.allSettled([
    joined.ask('eth_call', calls('a')),
    joined.ask('eth_call', calls('bad')),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(requests).toEqual([['a', 'bad'], ['a'], ['bad']]);
});

it('no request has more than 100 calls of several callers', async () => {
  const { requests, batchCall } = client();
  const joined = new JoinedCalls({ batchCall });
  const many = Array.from({ length: 60 }, (_, index) => `${index}`);
  await Promise.all([1, 2, 3].map(() => joined.ask('eth_call', calls(...many.slice(0, 40)))));
  expect(requests.map(({ length }) => length)).toEqual([80, 40]);
});

it('callers that judge refusals in other ways do not share a request', async () => {
  const { requests, batchCall } = client();
  const joined = new JoinedCalls({ batchCall });
  await Promise.all([
    joined.ask('eth_call', calls('a'), { validateError: () => null }),
    joined.ask('eth_call', calls('b')),
  ]);
  expect(requests).toEqual([['a'], ['b']]);
});
