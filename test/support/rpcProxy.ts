import { atEndOfFile } from './endOfFile.js';
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
