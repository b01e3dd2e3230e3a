/** The server that `npm run attack:api` attacks: DATABASE_URL in the environment, the URL on the first line. */
import { startApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';

const api = await startApi({
  databaseUrl: process.env.DATABASE_URL ?? '',
  port: 0,
  isOwnDatabase: true,
  // Every request names its client, as behind a proxy on the same machine.
  serving: servingField('.').parse({ trustedProxies: ['loopback'] }),
});
process.stdout.write(`${api.url}\n`);
process.once('SIGTERM', () => {
  void api.close().then(() => process.exit(0));
});
