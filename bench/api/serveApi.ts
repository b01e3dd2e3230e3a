/**
 * Our server as `imo-ledger serve` runs it, as a process of its own: DATABASE_URL and
 * READ_DATABASE_URLS in the environment, the port on the first line.
 */
import { startApi } from '../../src/api/server.js';

const replicaUrls = (process.env.READ_DATABASE_URLS ?? '').split(' ').filter((url) => url !== '');
const api = await startApi({ databaseUrl: process.env.DATABASE_URL ?? '', replicaUrls, port: 0 });
process.stdout.write(`${api.port}\n`);
process.once('SIGTERM', () => {
  void api.close().then(() => process.exit(0));
});
