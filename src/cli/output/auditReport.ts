import { checksummed } from '../../address.js';
import type { Disagreement } from '../../audit/disagreements/disagreement.js';
import type { CallPath } from '../../audit/questions/chainViews.js';
import { type AuditState, toJson } from '../../audit/state.js';
import { formatCount } from './rate.js';

/** The audit of one chain. */
export interface ChainVerdict {
  readonly chain: { readonly id: number; readonly name: string };
  readonly state: AuditState;
  readonly path: CallPath;
  readonly seconds: number;
}

/** How views were called, in the words of the report. */
const PATH_TEXTS: Readonly<Record<CallPath, string>> = {
  multicall: 'Multicall3',
  override: 'state override',
  batches: 'JSON-RPC batches',
};

/** For programs: an array with one object per chain; amounts are decimal strings. */
export function verdictJson(verdicts: readonly ChainVerdict[]): string {
  const objects = verdicts.map(({ chain, state, path, seconds }) => ({
    chainId: chain.id,
    name: chain.name,
    block: state.block.number,
    blockHash: state.block.hash,
    holders: state.holders,
    path,
    seconds,
    accounts: state.accounts,
    figures: state.figures,
    mismatches: state.mismatchCount,
    details: state.mismatches,
    notCompared: state.notCompared,
  }));
  return `${toJson(objects, 2)}\n`;
}

/** For people: every mismatch, what was not compared, and the verdict in the last line. */
export function verdictText({ chain, state, path, seconds }: ChainVerdict): string {
  const { block, figures, mismatchCount, mismatches, notCompared, accounts } = state;
  const lines = mismatches.flatMap(mismatchLines);
  if (mismatches.length < mismatchCount) {
    lines.push(`and ${formatCount(mismatchCount - mismatches.length)} more mismatches`);
  }
  lines.push(...notCompared.map((reason) => `not compared: ${reason}`));
  lines.push(
    `${chain.name}, block ${formatCount(block.number)} (${block.hash}): ` +
      `${formatCount(figures)} figures of ${formatCount(accounts)} accounts compared, ` +
      `${formatCount(mismatchCount)} mismatches (${seconds.toFixed(1)} s, ` +
      `${PATH_TEXTS[path]})`,
  );
  return `${lines.join('\n')}\n`;
}

function mismatchLines(disagreement: Disagreement): string[] {
  const { figure, token, block, ours, contract, lastAgreement, operations } = disagreement;
  const theirs = contract === null ? 'reverts' : `says ${contract}`;
  const since = lastAgreement === null ? 'its first operation' : `block ${lastAgreement}`;
  const which = lastAgreement === null ? '' : `, agreed last at block ${lastAgreement}`;
  return [
    `MISMATCH ${figure} of ${checksummed(token)} at block ${block}: ` +
      `ours ${ours}, the contract ${theirs}${which}`,
    operations.length === 0 ? `  no operation since ${since}` : `  operations since ${since}:`,
    ...operations.map(
      (operation) =>
        `  block ${operation.block}, ${operation.kind} of ${operation.amount}, ` +
        `transaction ${operation.transactionHash ?? '–'}`,
    ),
  ];
}
