import type { Logger } from 'pino';
import type { ImoConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { listen } from '../serve.js';
import { DEFAULT_API_PORT } from '../wiring/options.js';
import type { Closers } from './closers.js';

export interface DemoApiOptions {
  readonly databaseUrl: string;
  readonly port: number | undefined;
  readonly config: ImoConfig;
}

/**
 * The API at the port that was asked for, else at the usual one, else at a free one. It reports errors only: a slow
 * request is news for operators, and the chain of the demo keeps the machine busy.
 */
export async function startDemoApi(options: DemoApiOptions, closers: Closers) {
  const { createApiLogger } = await import('../../api/operate/apiLogger.js');
  const api = await listenSomewhere({ ...options, logger: createApiLogger('error') });
  closers.add(() => api.close());
  return api;
}

async function listenSomewhere({ port, ...options }: DemoApiOptions & { logger: Logger }) {
  if (port !== undefined) return listen({ ...options, isOwnDatabase: true, port });
  try {
    return await listen({ ...options, isOwnDatabase: true, port: DEFAULT_API_PORT });
  } catch (error) {
    if (!(error instanceof ImoError && error.code === 'PORT_IN_USE')) throw error;
    process.stdout.write(`  port ${DEFAULT_API_PORT} is in use, so the API takes a free one\n`);
    return listen({ ...options, isOwnDatabase: true, port: 0 });
  }
}
