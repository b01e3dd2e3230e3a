/**
 * Returns the server that the environment names: `DATABASE_URL`, or the variables that Subsquid's
 * tools and cloud set: `DB_URL`, or `DB_HOST` with `DB_PORT`, `DB_NAME`, `DB_USER` and `DB_PASS`.
 * `null` if none is set.
 */
export function databaseUrlFrom(env: NodeJS.ProcessEnv): string | null {
  const url = env.DATABASE_URL || env.DB_URL;
  if (url) return url;
  if (!env.DB_HOST) return null;
  const composed = new URL('postgresql://localhost');
  composed.hostname = env.DB_HOST;
  composed.port = env.DB_PORT ?? '';
  composed.pathname = env.DB_NAME || 'squid';
  composed.username = env.DB_USER || 'postgres';
  composed.password = env.DB_PASS || 'postgres';
  return composed.href;
}
