import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { oddNode } from '../../support/nodes/testNode.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { configOf, type Trouble } from '../scene.js';

/** As providers make them. */
export const API_KEY = '5f3a9c0b7d1e4826a0f9c3d2b1e8f704';

/** The URL of a server that answers everything so, until the test ends. */
async function answering(body: object): Promise<string> {
  const server = createServer((_, response) => void response.end(JSON.stringify(body)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}/graphql`;
}

/** Files of a set-up, and its API. */
export const OTHER_TROUBLES: readonly Trouble[] = [
  {
    name: 'a config that is missing',
    code: 'CONFIG_UNUSABLE',
    arrange: async () => ({ configPath: join(await temporaryFolder(), 'imo.yaml') }),
  },
  {
    name: 'a key in the config',
    code: 'SECRET_IN_FILE',
    async arrange({ chain }) {
      const { url } = await oddNode(chain.url);
      return { rpc: [`${url}/v3/${API_KEY}`] };
    },
  },
  {
    name: 'a .env file that everybody can read',
    code: 'SECRET_FILE_READABLE',
    async arrange(setUp) {
      const configPath = await configOf(setUp);
      const path = join(dirname(configPath), '.env');
      await writeFile(path, `RPC_ETHEREUM=https://node.example/v2/${API_KEY}\n`);
      await chmod(path, 0o644);
      return { configPath };
    },
  },
  {
    name: 'an API that does not answer',
    code: 'API_UNREACHABLE',
    arrange: async () => ({ apiUrl: 'http://127.0.0.1:1/graphql' }),
  },
  {
    name: 'something else where the API should be',
    code: 'API_REFUSES',
    arrange: async ({ chain }) => ({ apiUrl: chain.url }),
  },
  {
    name: 'an API that is behind the database',
    code: 'API_BEHIND',
    async arrange({ chain }) {
      const status = [{ chainId: chain.chainId, indexed: { block: 9 } }];
      return { apiUrl: await answering({ data: { status } }) };
    },
  },
];
