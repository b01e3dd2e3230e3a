import { defaultAccounts } from '../../devnet/actors.js';
import { latestBlock, mineBlock, mineBlocks } from '../../devnet/chain.js';
import { deployReference } from '../../devnet/deploy.js';
import type { DoctorOptions, DoctorReport } from '../../src/doctor/run.js';
import { examineSetUp } from '../../src/doctor/run.js';
import { migrate } from '../../src/store/database/migrate.js';
import { loggerInto, startTestApi } from '../api/support.js';
import { PostgresServer } from '../support/databases/postgresServer.js';
import { atEndOfFile } from '../support/endOfFile.js';
import { eventually } from '../support/eventually.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { follow } from '../support/programs/indexer.js';
import { writeConfig } from '../support/programs/writeConfig.js';
import { query } from '../support/query.js';

/** A set-up that runs: a chain with a token, its books on a server of its own, and their API. */
export interface SetUp {
  readonly chain: Anvil;
  readonly token: string;
  readonly server: PostgresServer;
  readonly databaseUrl: string;
  readonly apiUrl: string;
}

/** What a test changes of it. */
export interface Changes extends Partial<DoctorOptions> {
  /** Endpoints of the chain. */
  readonly rpc?: readonly string[];
  readonly chainId?: number;
  readonly tokens?: readonly string[];
  readonly databaseUrl?: string;
  /** More lines of the chain in the config. */
  readonly more?: string;
}

/** Something that is wrong with a set-up, and the only finding that it should bring. */
export interface Trouble {
  readonly name: string;
  readonly code: string;
  /** Brings it about for the length of a test. */
  arrange(setUp: SetUp): Promise<Changes>;
}

const MINUTE_S = 60;

export async function startSetUp(): Promise<SetUp> {
  const [chain, server] = await Promise.all([
    startAnvil({ genesisTimestamp: Math.floor(Date.now() / 1000) - 15 * MINUTE_S }),
    PostgresServer.create(),
  ]);
  atEndOfFile(() => server.remove());
  const databaseUrl = await server.createDatabase('ledger');
  const [from = ''] = await defaultAccounts(chain);
  const terms = { name: 'Token', symbol: 'TKN', supply: 1_000n, percentClaimable: 80 };
  const [token] = await Promise.all([
    deployReference(chain, { ...terms, from }),
    migrate(databaseUrl),
  ]);
  // More than the books may be behind.
  await mineBlocks(chain, 120, 4);
  const request = { chain, databaseUrl, tokens: [token.address] };
  const audit = { holdersPerBlock: 20, everyBlocks: 1, callsPerSecond: 1_000 };
  const follower = follow({ ...request, audit });
  await follower.caughtUp();
  await eventually(async () => {
    const [done] = await query<{ audited: boolean; indexed: boolean }>(
      databaseUrl,
      `SELECT (SELECT bool_and(audited_at IS NOT NULL) FROM first_audit) AS audited,
         (SELECT bool_and(coalesce((SELECT indisvalid FROM pg_index
           WHERE indexrelid = to_regclass(name)), false)) FROM deferred_index) AS indexed`,
    );
    if (done?.audited !== true || done.indexed !== true) throw new Error('not done yet');
  });
  await follower.stop();
  const served = { id: chain.chainId, name: 'devnet', rpcUrl: chain.url, fallbackRpcUrls: [] };
  const api = await startTestApi(databaseUrl, { chains: [served], logger: loggerInto([]) });
  atEndOfFile(() => api.close());
  return { chain, token: token.address, server, databaseUrl, apiUrl: api.url };
}

export async function configOf(
  { chain, token }: SetUp,
  { rpc = [chain.url], chainId = chain.chainId, tokens = [token], more = '' }: Changes = {},
): Promise<string> {
  return writeConfig(
    `chains:
  - id: ${chainId}
    name: devnet
    rpc: ${JSON.stringify(rpc)}
    finality: 10
    cache: false
    tokens: ${JSON.stringify(tokens.map((address) => ({ address })))}
${more}`,
  );
}

/** What the doctor finds where something of the set-up was changed. */
export async function examine(setUp: SetUp, changes: Changes = {}): Promise<DoctorReport> {
  await keepYoung(setUp.chain);
  const { databaseUrl = setUp.databaseUrl, ...rest } = changes;
  return examineSetUp({
    configPath: await configOf(setUp, changes),
    env: { DATABASE_URL: databaseUrl },
    apiUrl: setUp.apiUrl,
    ...rest,
  });
}

/** A local chain makes blocks only when it is asked to. */
export async function keepYoung(chain: Anvil): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const { timestamp } = await latestBlock(chain);
  if (timestamp < now - MINUTE_S / 2) await mineBlock(chain, now);
}
