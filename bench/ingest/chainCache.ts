import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { loadArtifact } from '../../devnet/artifacts.js';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { type BuiltChain, buildChain, GENESIS_TIMESTAMP } from './buildChain.js';
import type { ChainSpec } from './chainSpec.js';

/** A chain on disk, and where the token is on it. */
export interface CachedChain {
  readonly built: BuiltChain;
  /** anvil's dump of blocks, transactions, receipts, traces and the newest state; gzipped. */
  readonly stateFile: string;
}

/** To be raised when the same spec gives another chain. */
const RECIPE = 1;
const CACHE_FOLDER = join(PROJECT_ROOT, 'bench', '.cache');

/**
 * The chain of that spec: out of bench/.cache, or built and put there.
 *
 * The node that builds it is a fork of an empty one. A node that is not a fork hashes its whole
 * state for every block, which would take half an hour instead of two minutes here.
 */
export async function cachedChain(
  spec: ChainSpec,
  report: (line: string) => void,
): Promise<CachedChain> {
  const folder = join(CACHE_FOLDER, cacheKey(spec));
  const builtFile = join(folder, 'chain.json');
  const stateFile = join(folder, 'state.json.gz');
  const known = await readFile(builtFile, 'utf8').catch(() => null);
  if (known !== null) return { built: JSON.parse(known), stateFile };

  await mkdir(folder, { recursive: true });
  report(`building a chain of ${spec.transfers} transfers in ${spec.blocks} blocks …`);
  const empty = await startAnvil({ genesisTimestamp: GENESIS_TIMESTAMP });
  try {
    // State of old blocks is dropped: 5,000 copies of it would not fit in memory.
    const args = ['--fork-url', empty.url];
    const node = await startAnvil({ historyBlocks: 2, args });
    try {
      const built = await buildChain(node, spec, (block) => {
        if (block % Math.ceil(spec.blocks / 10) === 0) report(`  block ${block}`);
      });
      await dumpState(node, stateFile);
      // Written last: the files next to it are complete.
      await writeFile(builtFile, JSON.stringify(built));
      return { built, stateFile };
    } finally {
      await node.stop();
    }
  } finally {
    await empty.stop();
  }
}

function cacheKey(spec: ChainSpec): string {
  const { bytecode } = loadArtifact('RevShareBench');
  const recipe = createHash('sha256').update(`${RECIPE} ${bytecode}`).digest('hex').slice(0, 8);
  return `${spec.transfers}-${spec.holders}-${spec.blocks}-${recipe}`;
}

async function dumpState(node: Anvil, stateFile: string): Promise<void> {
  const dump = await node.rpc.call<string>('anvil_dumpState');
  const partial = `${stateFile}.part`;
  await writeFile(partial, Buffer.from(dump.slice(2), 'hex'));
  await rename(partial, stateFile);
}

/** Starts a node with the chain in it. */
export async function startCachedChain({ stateFile }: CachedChain): Promise<Anvil> {
  const unpacked = `${stateFile}.${process.pid}.json`;
  try {
    await pipeline(createReadStream(stateFile), createGunzip(), createWriteStream(unpacked));
    return await startAnvil({
      genesisTimestamp: GENESIS_TIMESTAMP,
      historyBlocks: 2,
      args: ['--load-state', unpacked],
    });
  } finally {
    await rm(unpacked, { force: true });
  }
}
