import type { Dialect, OddCall } from './oddNode.js';

/**
 * Answers none of some questions before all of them were asked: who waits for one answer before it asks for the next one waits
 * for ever.
 */
export function askedTogether(...wanted: readonly ((call: OddCall) => boolean)[]): Dialect {
  const missing = new Set(wanted);
  let open = () => {};
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async (call, ask) => {
    const isWanted = wanted.find((is) => is(call));
    if (isWanted === undefined) return ask(call);
    missing.delete(isWanted);
    if (missing.size === 0) open();
    await all;
    return ask(call);
  };
}

/** Questions of a method. */
export function anyOf(method: string): (call: OddCall) => boolean {
  return (call) => call.method === method;
}
