import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { ImoError } from '../../errors.js';
import type { ChainHead } from '../../store/read/chains/chainHeads.js';

/** Blocks that an answer must have, by chain. */
export type MinBlocks = ReadonlyMap<number, number>;

const NO_MIN_BLOCKS: MinBlocks = new Map();

/** `X-Min-Block: 1=21000000, 8453=9000000`. */
export const MIN_BLOCK_HEADER = 'x-min-block';

const block = z.int().min(0);
const EXTENSION = z.record(z.string().regex(/^[1-9]\d{0,15}$/), block);
const HEADER = /^\s*[1-9]\d{0,15}\s*=\s*\d{1,16}\s*(,\s*[1-9]\d{0,15}\s*=\s*\d{1,16}\s*)*$/;

/**
 * Reads the blocks that a client has seen already: of the header `X-Min-Block`, or of
 * `extensions.minBlock` of an operation, `{"1": 21000000}`. Of both, the later block counts.
 *
 * @throws ImoError `BAD_MIN_BLOCK`
 */
export function minBlocksOf(request: IncomingMessage | null, params: unknown = null): MinBlocks {
  const given = extensionOf(params);
  const header = request?.headers[MIN_BLOCK_HEADER];
  if (header === undefined && given === undefined) return NO_MIN_BLOCKS;
  const blocks = new Map<number, number>();
  const add = (chain: string, text: string | number) => {
    const [chainId, number] = [Number(chain), Number(text)];
    blocks.set(chainId, Math.max(number, blocks.get(chainId) ?? 0));
  };
  if (header !== undefined) {
    const text = String(header);
    if (!HEADER.test(text)) throw badMinBlock(`X-Min-Block: ${text}`);
    for (const pair of text.split(',')) {
      const [chain = '', number = ''] = pair.split('=');
      add(chain.trim(), number.trim());
    }
  }
  if (given !== undefined) {
    const parsed = EXTENSION.safeParse(given);
    if (!parsed.success) throw badMinBlock(`extensions.minBlock ${JSON.stringify(given)}`);
    for (const [chain, number] of Object.entries(parsed.data)) add(chain, number);
  }
  return blocks;
}

function extensionOf(params: unknown): unknown {
  if (typeof params !== 'object' || params === null || !('extensions' in params)) return undefined;
  const { extensions } = params;
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  return 'minBlock' in extensions ? extensions.minBlock : undefined;
}

function badMinBlock(given: string): ImoError {
  return new ImoError(
    'BAD_MIN_BLOCK',
    `"${given.slice(0, 200)}" does not name a block of each chain`,
    'Write the header `X-Min-Block: 1=21000000`, or `"extensions": {"minBlock": {"1": 21000000}}`, with the chain id and a block number.',
  );
}

/** The chains whose head is before the block that the client wants. */
export function chainsBehind(
  heads: ReadonlyMap<number, Pick<ChainHead, 'block'>>,
  wanted: MinBlocks,
): number[] {
  return [...wanted].flatMap(([chainId, number]) =>
    (heads.get(chainId)?.block ?? -1) >= number ? [] : [chainId],
  );
}

/** @param best the newest known head of each chain */
export function minBlockNotReached(
  best: ReadonlyMap<number, Pick<ChainHead, 'block'>>,
  wanted: MinBlocks,
): ImoError {
  const parts = chainsBehind(best, wanted).map((chainId) => {
    const head = best.get(chainId)?.block;
    return `chain ${chainId}: ${wanted.get(chainId)} is wanted, ${head ?? 'nothing'} is indexed`;
  });
  return new ImoError(
    'MIN_BLOCK_NOT_REACHED',
    `no server has reached the block that the client wants: ${parts.join('; ')}`,
    'Ask again in a few seconds. `status` shows how far each chain is indexed.',
  );
}
