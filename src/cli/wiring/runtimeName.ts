/**
 * Gives Node.js 20 the global `navigator` of later versions. By it, the driver of PostgreSQL tells that it does not run at
 * Cloudflare; without it, the driver loads the whole HTTP client of Node.js to find out.
 */
export function nameRuntime(): void {
  if ('navigator' in globalThis) return;
  const [major] = process.versions.node.split('.');
  const value = { userAgent: `Node.js/${major}` };
  Object.defineProperty(globalThis, 'navigator', { value, configurable: true, writable: true });
}
