import { ImoError } from '../errors.js';

/** Whether a node refused a question, mostly because it does not keep old states. */
export function isWithoutState(error: unknown): boolean {
  return error instanceof ImoError && ['RPC_REFUSED', 'RPC_METHOD_MISSING'].includes(error.code);
}

/** The answer to a question; `null` where the node refuses it, mostly as it does not keep old states. */
export async function unlessWithoutState<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isWithoutState(error)) return null;
    throw error;
  }
}
