import { functions } from '../../src/abi/erc7641.js';
import type { Address } from '../../src/address.js';

/** A view call whose revert is an answer too. */
export interface ViewCall {
  readonly to: Address;
  readonly data: string;
  readonly block: number;
}

const CALLS_PER_REQUEST = 400;

/** What the contract itself says. */
export const views = {
  claimableRevenue: (account: string, snapshotId: number): string =>
    functions.claimableRevenue.encode({ account, snapshotId: BigInt(snapshotId) }),
  redeemableOnBurn: (amount: bigint): string => functions.redeemableOnBurn.encode({ amount }),
  balanceOf: (account: string): string => functions.balanceOf.encode({ account }),
  totalSupply: (): string => functions.totalSupply.encode({}),
};

/** Answers of view functions in the order of the calls; `null` where the contract reverts. */
export async function callViews(
  url: string,
  calls: readonly ViewCall[],
): Promise<(bigint | null)[]> {
  const answers: (bigint | null)[] = [];
  for (let start = 0; start < calls.length; start += CALLS_PER_REQUEST) {
    answers.push(...(await callChunk(url, calls.slice(start, start + CALLS_PER_REQUEST))));
  }
  return answers;
}

async function callChunk(url: string, calls: readonly ViewCall[]): Promise<(bigint | null)[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      calls.map(({ to, data, block }, id) => ({
        jsonrpc: '2.0',
        id,
        method: 'eth_call',
        params: [{ to, data }, `0x${block.toString(16)}`],
      })),
    ),
  });
  const answers = (await response.json()) as {
    id: number;
    result?: string;
    error?: { message: string };
  }[];
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  return calls.map((call, id) => {
    const answer = byId.get(id);
    if (answer?.result !== undefined) return BigInt(answer.result);
    const message = answer?.error?.message ?? 'no answer';
    if (/revert/i.test(message)) return null;
    throw new Error(`eth_call to ${call.to} at block ${call.block} failed: ${message}`);
  });
}
