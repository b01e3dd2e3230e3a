import { Gauge, Registry } from 'prom-client';
import type { ChainHealth, GroupHealth } from './health.js';

/** The metrics of each chain, in the order of the page. */
const CHAIN_METRICS: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (chain: ChainHealth) => number | null;
}[] = [
  { name: 'indexed_block', help: 'Newest indexed block', value: (of) => of.indexedBlock },
  {
    name: 'finalized_block',
    help: 'Newest indexed block that no reorg can take back',
    value: (of) => of.finalizedBlock,
  },
  { name: 'chain_head_block', help: 'Newest block of the node', value: (of) => of.chainHead },
  {
    name: 'on_chain',
    help: 'Whether the chain of the node has the newest final block of the books',
    value: (of) => (of.isOnChain === null ? null : Number(of.isOnChain)),
  },
  { name: 'lag_blocks', help: 'Blocks behind the node', value: (of) => of.lagBlocks },
  {
    name: 'audited_block',
    help: 'Block at which the books were last compared with the contracts',
    value: (of) => of.auditedBlock,
  },
  {
    name: 'audit_figures',
    help: 'Figures compared with the contracts so far',
    value: (of) => of.auditFigures,
  },
  {
    name: 'audit_mismatches',
    help: 'Figures on which books and contracts differ now',
    value: (of) => of.auditMismatches,
  },
  {
    name: 'unaudited_tokens',
    help: 'Tokens that wait for their first audit',
    value: (of) => of.unauditedTokens,
  },
  {
    name: 'held_contracts',
    help: 'Contracts whose books have ended',
    value: (of) => of.heldContracts,
  },
];

/** The metrics of each group of contracts of a chain. */
const GROUP_METRICS: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (group: GroupHealth) => number | null;
}[] = [
  {
    name: 'group_indexed_block',
    help: 'Newest block that a group of contracts has indexed',
    value: (of) => of.indexedBlock,
  },
  {
    name: 'group_lag_blocks',
    help: 'Blocks that a group of contracts is behind the node',
    value: (of) => of.lagBlocks,
  },
];

/** The chains in the text format of Prometheus; what is not known is left out. */
export async function metricsPage(
  chains: readonly ChainHealth[],
  isReady: boolean,
): Promise<{ readonly contentType: string; readonly text: string }> {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({ name: 'imo_ledger_ready', help: 'Whether /ready answers 200', registers }).set(
    Number(isReady),
  );
  for (const { name, help, value } of CHAIN_METRICS) {
    const gauge = new Gauge({
      name: `imo_ledger_${name}`,
      help,
      labelNames: ['chain_id', 'chain'],
      registers,
    });
    for (const chain of chains) {
      const known = value(chain);
      if (known === null) continue;
      gauge.set({ chain_id: String(chain.chainId), chain: chain.name }, known);
    }
  }
  for (const { name, help, value } of GROUP_METRICS) {
    const gauge = new Gauge({
      name: `imo_ledger_${name}`,
      help,
      labelNames: ['chain_id', 'chain', 'group'],
      registers,
    });
    for (const { chainId, name: chain, groups } of chains) {
      for (const group of groups) {
        const known = value(group);
        if (known !== null)
          gauge.set({ chain_id: String(chainId), chain, group: group.name }, known);
      }
    }
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}
