import { ACTOR } from '../../../src/chain/rehearsal/byCalls.js';
import { atEndOfFile } from '../endOfFile.js';
import { type FaultyProxy, startFaultyProxy } from './faultyProxy.js';

/** A node whose answers can be broken; it ends with the test file. */
export async function faultyProxy(rpcUrl: string): Promise<FaultyProxy> {
  const proxy = await startFaultyProxy(rpcUrl);
  atEndOfFile(() => proxy.close());
  return proxy;
}

/** An endpoint in front of `rpcUrl` that does not know some methods. Returns its URL. */
export async function proxyWithout(rpcUrl: string, methods: readonly string[]): Promise<string> {
  const proxy = await faultyProxy(rpcUrl);
  for (const method of methods) {
    const message = `the method ${method} does not exist/is not available`;
    proxy.inject({ kind: 'error', code: -32601, message, method, times: Infinity });
  }
  return proxy.url;
}

/** An endpoint on which nothing can be rehearsed: by no simulation, and by no call with other code. */
export async function proxyWithoutRehearsal(rpcUrl: string): Promise<string> {
  const proxy = await faultyProxy(rpcUrl);
  const refused = { kind: 'error', code: -32601, times: Infinity } as const;
  const message = 'the method eth_simulateV1 does not exist/is not available';
  proxy.inject({ ...refused, message, method: 'eth_simulateV1' });
  const { selector } = ACTOR.getFunction('act') ?? { selector: '' };
  proxy.inject({ ...refused, message: 'too many arguments', method: 'eth_call', selector });
  return proxy.url;
}
