import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { compiled } from '../support/programs/compiled.js';

const urlOf = (module: string) => pathToFileURL(compiled(module)).href;

/**
 * From now on, this process gets other modules in the place of some, as if a line had been added to them. Each of these tests
 * has a process of its own, and imports this before anything else.
 *
 * @param modules the compiled modules that are replaced, and those in their place
 */
export function replaceModules(modules: Readonly<Record<string, string>>): void {
  const data = Object.fromEntries(
    Object.entries(modules).map(([module, other]) => [urlOf(module), urlOf(other)]),
  );
  register(urlOf('test/promises/moduleHooks.js'), { data });
}
