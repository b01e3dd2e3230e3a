import type { InitializeHook, ResolveHook } from 'node:module';

/** What is loaded instead of a module, by URL. Node.js runs these hooks in a thread of its own. */
let replaced: ReadonlyMap<string, string> = new Map();

export const initialize: InitializeHook<Readonly<Record<string, string>>> = (given) => {
  replaced = new Map(Object.entries(given));
};

/** What is loaded instead of a module still gets the module itself. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const found = await nextResolve(specifier, context);
  const other = replaced.get(found.url);
  return other === undefined || other === context.parentURL ? found : { ...found, url: other };
};
