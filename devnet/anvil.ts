// SPDX-License-Identifier: GPL-3.0-or-later
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { anvilBinaryPath } from './anvilBinary.js';
import { RpcClient } from './rpc.js';

export interface AnvilOptions {
  /** Default 31337. */
  chainId?: number;
  /** Default: any free port, chosen by the system when anvil binds it. */
  port?: number;
  /** Timestamp of block 0 in unix seconds. Default: now. */
  genesisTimestamp?: number;
  /** Loaded at the start if it exists, written at stop(). */
  stateFile?: string;
  /**
   * How many of the last blocks can be asked for balances, storage, view functions and
   * debug traces (trace_block knows all blocks). Default 10,000. Their states are kept in
   * memory, each with a hash of every block before it: 1 GB for the first 3600 blocks.
   */
  historyBlocks?: number;
  /** The rules of the chain. Default: cancun. */
  hardfork?: 'cancun' | 'prague';
  /** Further arguments of anvil. */
  args?: readonly string[];
}

/** What the devnet functions need to know of a running chain. */
export interface Chain {
  url: string;
  chainId: number;
  rpc: RpcClient;
}

export interface Anvil extends Chain {
  port: number;
  /** Ends the node and waits until it is gone. May be called more than once. */
  stop(): Promise<void>;
}

/** The node ended, or said nothing, before it was ready. */
export class AnvilStartError extends Error {
  readonly code = 'DEVNET_ANVIL_START_FAILED';

  constructor(
    reason: string,
    readonly output: string,
  ) {
    super(`anvil did not start: ${reason}\n${output}`);
    this.name = 'AnvilStartError';
  }
}

/** Gas limit of a block: room for a few hundred transfers in one transaction. */
const BLOCK_GAS_LIMIT = 100_000_000n;

/** Long, because it only matters where anvil hangs: a machine may have much else to do. */
const READY_WITHIN_MS = 120_000;
const DEFAULT_CHAIN_ID = 31_337;
const DEFAULT_HISTORY_BLOCKS = 10_000;

/**
 * Runs "$@" until it ends, or until our end of the standard input pipe is closed, which also
 * happens when this process dies in whatever way. So no orphan is left.
 */
const GUARD = `
exec 3<&0
"$@" </dev/null 3<&- &
node=$!
{
  cat <&3 >/dev/null
  kill -TERM $node
  for attempt in $(seq 100); do
    sleep 0.05
    kill -0 $node || exit
  done
  kill -KILL $node
} 2>/dev/null >/dev/null &
wait $node
`;

/**
 * Starts a local node: transactions in order of arrival, every sender unlocked, no base fee to
 * begin with (so that balances are easy to follow), rules of the Cancun fork. (Later forks
 * store each block's hash in a contract; anvil hashes that again for every block, which makes
 * mining slow.)
 * @throws AnvilStartError, AnvilNotFoundError
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const { chainId = DEFAULT_CHAIN_ID, port = 0, genesisTimestamp, stateFile } = options;
  const { historyBlocks = DEFAULT_HISTORY_BLOCKS, args = [] } = options;
  const anvilArguments = [
    ['--port', String(port), '--chain-id', String(chainId), '--order', 'fifo'],
    [
      '--auto-impersonate',
      '--hardfork',
      options.hardfork ?? 'cancun',
      '--gas-limit',
      String(BLOCK_GAS_LIMIT),
    ],
    ['--prune-history', String(historyBlocks), '--block-base-fee-per-gas', '0'],
    ['--disable-min-priority-fee', '--color', 'never'],
    genesisTimestamp === undefined ? [] : ['--timestamp', String(genesisTimestamp)],
    stateFile === undefined ? [] : ['--state', stateFile],
    args,
  ].flat();
  const guard = spawn(
    '/bin/sh',
    ['-c', GUARD, 'anvil-guard', anvilBinaryPath(), ...anvilArguments],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own process group: a Ctrl-C at our terminal is for us to handle.
      detached: true,
    },
  );
  const stop = stopper(guard);
  try {
    const boundPort = await readBoundPort(guard);
    const url = `http://127.0.0.1:${boundPort}`;
    const rpc = new RpcClient(url);
    await waitUntilReady(rpc);
    return { url, port: boundPort, chainId, rpc, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

function stopper(guard: ChildProcess): () => Promise<void> {
  const exited = once(guard, 'exit');
  exited.catch(() => undefined);
  guard.once('exit', () => guard.stdin?.destroy());
  return async () => {
    guard.stdin?.destroy();
    await exited;
  };
}

/** anvil prints where it listens; that is the only race-free way to learn a port it chose. */
async function readBoundPort(guard: ChildProcess): Promise<number> {
  let output = '';
  const port = new Promise<number>((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      output += chunk.toString();
      const listening = /Listening on [^\s]*:(\d+)/.exec(output);
      if (listening === null) return;
      // Keep draining, else the node blocks on a full pipe.
      for (const stream of [guard.stdout, guard.stderr]) stream?.off('data', onData).resume();
      resolve(Number(listening[1]));
    };
    guard.stdout?.on('data', onData);
    guard.stderr?.on('data', onData);
    guard.once('error', reject);
    guard.once('exit', (exitCode) =>
      reject(new AnvilStartError(`it ended with code ${exitCode}`, output)),
    );
  });
  const timer = new AbortController();
  const timeout = delay(READY_WITHIN_MS, undefined, { signal: timer.signal }).then(() => {
    throw new AnvilStartError(`not listening after ${READY_WITHIN_MS} ms`, output);
  });
  timeout.catch(() => undefined);
  try {
    return await Promise.race([port, timeout]);
  } finally {
    timer.abort();
  }
}

async function waitUntilReady(rpc: RpcClient): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      // Its log of every call would only fill the pipe.
      await rpc.call('anvil_setLoggingEnabled', [false]);
      return;
    } catch (cause) {
      if (performance.now() > deadline) throw cause;
      await delay(20);
    }
  }
}
