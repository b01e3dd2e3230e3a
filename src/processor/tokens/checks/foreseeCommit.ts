import type { Address } from '../../../address.js';
import { hasPolicy } from '../../../chain/contract/upgrade.js';
import type { ChainNode } from '../../../chain/node.js';
import type { SourceBlock } from '../../../chain/reading/source.js';
import type { TokenBook } from '../book/tokenBook.js';
import type { CodeWatch } from './codeWatch.js';

/**
 * Asks at once what the checks before a commit will ask of the last of some blocks, one after the other: the balances of
 * the tokens, the code that they run, and whether they follow their policies.
 */
export function foreseeCommit(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  blocks: readonly SourceBlock[],
  code: CodeWatch,
): void {
  const last = blocks.at(-1);
  if (last === undefined) return;
  const { height, hash } = last.header;
  const deployed = [...books.values()].filter(({ token }) => token.startBlock <= height);
  const touched = touchedIn(blocks);
  const due = deployed.filter(
    ({ token: { address }, isPolicyCheckDue }) => isPolicyCheckDue || touched.has(address),
  );
  node.foresee((ahead) =>
    Promise.all([
      code.foresee(ahead, deployed, height),
      ahead.balances(
        // Of a block that was read because of a token, its balance is known.
        isEmpty(last)
          ? deployed.map(({ token: { address } }) => ({ address, block: { hash } }))
          : [],
      ),
      ...due.map(({ subject }) => hasPolicy(ahead, subject, { hash })),
    ]),
  );
}

function isEmpty({ logs, traces }: SourceBlock): boolean {
  return logs.length + traces.length === 0;
}

/** Addresses that logged something or were called. */
function touchedIn(blocks: readonly SourceBlock[]): Set<string> {
  const touched = new Set<string>();
  for (const { logs, traces } of blocks) {
    for (const { address } of logs) touched.add(address);
    for (const trace of traces) if (trace.type === 'call') touched.add(trace.action.to);
  }
  return touched;
}
