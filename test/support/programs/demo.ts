import { readFileSync } from 'node:fs';
import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Chain } from '../../../devnet/anvil.js';
import { RpcClient } from '../../../devnet/rpc.js';
import { temporaryFolder } from '../temporaryFolder.js';
import { type CliResult, startCli } from './cli.js';

/** The program `imo-ledger demo`: it serves a chain that lives on. */
export interface RunningDemo {
  /** Where it keeps its files. */
  readonly folder: string;
  /** Of the web page, with a slash at its end. */
  readonly pageUrl: string;
  /** Of the GraphQL API. */
  readonly url: string;
  readonly chain: Chain;
  /** What it has written so far. */
  output(): string;
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<CliResult>;
}

/** Starts the short demo, and waits until it serves. It is killed at the end of the test file. */
export async function startDemo(args: readonly string[] = []): Promise<RunningDemo> {
  const folder = await temporaryFolder();
  // Else the server would keep its data where its account may go, and we would not see it.
  await chmod(folder, 0o755);
  const demo = startCli(['demo', '--short', ...args], { env: { TMPDIR: folder } });
  const [, url = ''] = await demo.waitFor(/GraphiQL in a browser: (\S+)/);
  return {
    folder,
    url,
    pageUrl: new URL('/', url).href,
    chain: await chainOf(folder),
    output: demo.output,
    waitFor: demo.waitFor,
    stop: () => demo.stop('SIGINT'),
  };
}

/** Processes whose arguments or whose current folder lie in the folder of a demo. */
export async function processesOf(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => {
    try {
      return readFileSync(join('/proc', id, 'cmdline'), 'utf8').includes(folder);
    } catch {
      return false; // it has just ended
    }
  });
}

/** The chain that the config of a demo names. */
async function chainOf(folder: string): Promise<Chain> {
  const [own = ''] = await readdir(folder);
  const config = parse(await readFile(join(folder, own, 'imo.yaml'), 'utf8'));
  const [{ id, rpc }] = config.chains as [{ id: number; rpc: string }];
  return { url: rpc, chainId: id, rpc: new RpcClient(rpc) };
}
