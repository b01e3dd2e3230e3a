declare module 'vitest' {
  interface ProvidedContext {
    /** Of the one server that all test files share. */
    postgresUrl: string;
  }
}

/** The migrated database that `freshDatabase()` copies. */
export const TEMPLATE_DATABASE = 'imo_template';

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
