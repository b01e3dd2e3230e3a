import type { Chain } from '../../devnet/anvil.js';
import { loadKeccak256 } from '../../src/proofs/keccak.js';

/** The figures of `eth_getProof`, without the proofs. */
export interface HeldStateAnswer {
  readonly address: string;
  readonly balance: string;
  readonly storageHash: string;
}

interface AccountDiff {
  readonly balance?: string;
  readonly storage?: Readonly<Record<string, string>>;
}

interface BlockDiff {
  readonly pre: Readonly<Record<string, AccountDiff>>;
  readonly post: Readonly<Record<string, AccountDiff>>;
}

/** Blocks in one request. */
const AT_ONCE = 100;
/** Each such block is compared with the node's own answer. */
const COMPARED_EVERY = 997;
const TRACER = { tracer: 'prestateTracer', tracerConfig: { diffMode: true } };

/**
 * The balance of a contract and a hash of its storage at every block, from what each transaction changed. anvil
 * takes 20 ms to compute each proof. The hash stands for all slots and their words, as the root of their tree does;
 * indexers compare it and nothing else.
 *
 * @throws Error where the node itself says something else
 */
export async function heldStates(
  chain: Chain,
  contract: string,
  head: number,
): Promise<HeldStateAnswer[]> {
  const address = contract.toLowerCase();
  const keccak256 = await loadKeccak256();
  const words = new Map<string, bigint>();
  const states: HeldStateAnswer[] = [];
  let balance = '0x0';
  let storage = 0n;
  const set = (slot: string, word: bigint) => {
    // Each slot with its word is in the hash once, whatever the order of the changes.
    for (const one of [words.get(slot) ?? 0n, word]) {
      if (one === 0n) continue;
      const bytes = Buffer.from(`${slot} ${one}`);
      storage ^= BigInt(`0x${Buffer.from(keccak256(bytes)).toString('hex')}`);
    }
    words.set(slot, word);
  };
  for (let first = 0; first <= head; first += AT_ONCE) {
    const length = Math.min(AT_ONCE, head - first + 1);
    const heights = Array.from({ length }, (_, index) => first + index);
    for (const diffs of await diffsOf(chain, heights)) {
      for (const { pre, post } of diffs) {
        balance = post[address]?.balance ?? balance;
        const written = post[address]?.storage ?? {};
        for (const [slot, word] of Object.entries(written)) set(slot, BigInt(word));
        // A slot that became empty is in the state before alone.
        for (const slot of Object.keys(pre[address]?.storage ?? {})) {
          if (!(slot in written)) set(slot, 0n);
        }
      }
      states.push({ address, balance, storageHash: `0x${storage.toString(16).padStart(64, '0')}` });
    }
  }
  for (let height = 1; height <= head; height += COMPARED_EVERY) {
    await compare(chain, states, height);
  }
  await compare(chain, states, head);
  return states;
}

/** Balance, and whether the storage is another one than before, by the node's own account. */
async function compare(chain: Chain, states: readonly HeldStateAnswer[], height: number) {
  const [before, state] = [states[height - 1], states[height]];
  if (before === undefined || state === undefined) throw new Error(`block ${height} has no state`);
  const ask = (block: number) =>
    chain.rpc.call<HeldStateAnswer>('eth_getProof', [state.address, [], `0x${block.toString(16)}`]);
  const [ownBefore, own] = [await ask(height - 1), await ask(height)];
  const isSame = before.storageHash === state.storageHash;
  if (
    BigInt(own.balance) !== BigInt(state.balance) ||
    isSame !== (ownBefore.storageHash === own.storageHash)
  ) {
    throw new Error(`block ${height}: ${JSON.stringify(state)}, the node has ${own.balance}`);
  }
}

/** What the transactions of some blocks changed. */
async function diffsOf(chain: Chain, heights: readonly number[]): Promise<BlockDiff[][]> {
  const body = heights.map((height) => ({
    jsonrpc: '2.0',
    id: height,
    method: 'debug_traceBlockByNumber',
    params: [`0x${height.toString(16)}`, TRACER],
  }));
  const response = await fetch(chain.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answers = (await response.json()) as {
    id: number;
    result?: { result: BlockDiff }[];
    error?: unknown;
  }[];
  return answers.map(({ id, result, error }) => {
    if (result !== undefined) return result.map((one) => one.result);
    // The first block has no transactions to run again.
    if (id === 0) return [];
    throw new Error(`block ${id}: ${JSON.stringify(error)}`);
  });
}
