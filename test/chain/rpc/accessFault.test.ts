import { expect, it } from 'vitest';
import { accessFault } from '../../../src/chain/rpc/endpoints/accessFault.js';

const ENDPOINT = 'https://node.example/…';

/** Refusals as providers word them. */
const REFUSALS: readonly (readonly [
  method: string,
  status: number | null,
  text: string,
  code: string | null,
])[] = [
  ['eth_chainId', 401, 'Must be authenticated!', 'RPC_KEY_REFUSED'],
  ['eth_chainId', 401, 'invalid project id', 'RPC_KEY_REFUSED'],
  ['eth_chainId', 403, 'forbidden', 'RPC_KEY_REFUSED'],
  ['eth_getLogs', null, 'Unauthorized: invalid API key', 'RPC_KEY_REFUSED'],
  ['eth_getLogs', 429, 'Monthly capacity limit exceeded.', 'RPC_KEY_EXHAUSTED'],
  ['eth_getLogs', null, 'daily request count exceeded, request rate limited', 'RPC_KEY_EXHAUSTED'],
  ['eth_getLogs', 402, '', 'RPC_KEY_EXHAUSTED'],
  ['eth_getLogs', null, 'you have run out of credits: quota exhausted', 'RPC_KEY_EXHAUSTED'],
  [
    'trace_block',
    null,
    'trace_block is not available on the Free tier - upgrade to Pay As You Go',
    'RPC_PLAN_EXCLUDES',
  ],
  ['debug_traceTransaction', 403, 'debug APIs need an add-on', 'RPC_PLAN_EXCLUDES'],
  [
    'eth_getProof',
    null,
    'Archive requests are not included in your current plan',
    'RPC_PLAN_EXCLUDES',
  ],
  // Passing limits, and limits of a size, are for others.
  ['eth_getLogs', 429, 'Your app has exceeded its compute units per second capacity', null],
  [
    'eth_getLogs',
    null,
    'Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range',
    null,
  ],
  ['eth_getLogs', 429, 'Too Many Requests', null],
  ['eth_call', null, 'execution reverted', null],
  ['trace_block', 503, 'Service Unavailable', null],
];

it.each(REFUSALS)('%s refused with %s "%s" is %s', (method, status, message, code) => {
  const fault = accessFault(refusal(status, message), method, ENDPOINT);
  expect(fault?.code ?? null).toBe(code);
});

it('a key that the provider repeats in its refusal is not shown', () => {
  const key = 'AbCdEf0123456789AbCdEf0123456789';
  const said = `no such key ${key}; see https://node.example/keys/${key}`;
  const fault = accessFault(refusal(401, said), 'eth_chainId', ENDPOINT);
  expect(fault?.message).toContain('no such key');
  expect(fault?.message).not.toContain(key);
});

function refusal(status: number | null, message: string): Error {
  const error = new Error(message);
  if (status === null) {
    error.name = 'RpcError';
    return error;
  }
  const body = { jsonrpc: '2.0', error: { code: -32000, message } };
  return Object.assign(error, { response: { status, body } });
}
