import { lagOf } from '../../books/lag.js';
import { readChainHeads } from '../../store/read/chains/chainHeads.js';
import { readGroupHeads } from '../../store/read/chains/groupHeads.js';
import { knownChainIds } from '../reads/knownChains.js';
import type { ApiServices } from '../request/context.js';

/** One chain as `/ready` and `/metrics` show it. */
export interface ChainHealth {
  readonly chainId: number;
  readonly name: string;
  /** `null`: nothing is indexed yet. */
  readonly indexedBlock: number | null;
  readonly finalizedBlock: number | null;
  /** `null`: its node does not answer. */
  readonly chainHead: number | null;
  readonly lagBlocks: number | null;
  /** Whether its node's chain has the newest final block of the books; `null`: it does not say. */
  readonly isOnChain: boolean | null;
  /** `null`: nothing was audited yet. */
  readonly auditedBlock: number | null;
  readonly auditFigures: number;
  readonly auditMismatches: number;
  /** Tokens that were not compared with their contracts since their backfill. */
  readonly unauditedTokens: number;
  /** Contracts whose books have ended. */
  readonly heldContracts: number;
  /** Those that processes of their own index; empty: one process indexes the chain. */
  readonly groups: readonly GroupHealth[];
}

export interface GroupHealth {
  readonly name: string;
  readonly indexedBlock: number | null;
  readonly lagBlocks: number | null;
}

/** Every configured or indexed chain. */
export async function readHealth(services: ApiServices): Promise<ChainHealth[]> {
  const { db, chains, chainTips, chainForks, audits } = services;
  const [heads, { summaries, holds, unaudited }, groups] = await Promise.all([
    readChainHeads(db),
    audits.read(),
    readGroupHeads(db),
  ]);
  return Promise.all(
    knownChainIds(chains, heads).map(async (chainId) => {
      const head = heads.get(chainId) ?? null;
      const audit = summaries.get(chainId);
      const [{ block: chainHead }, isOnChain] = await Promise.all([
        chainTips.read(chainId),
        chainForks.has(chainId, head),
      ]);
      return {
        chainId,
        name: chains.find(({ id }) => id === chainId)?.name ?? `chain ${chainId}`,
        indexedBlock: head?.block ?? null,
        finalizedBlock: head === null || head.finalizedBlock < 0 ? null : head.finalizedBlock,
        chainHead,
        lagBlocks: lagOf(chainHead, head?.block ?? null),
        isOnChain,
        auditedBlock: audit?.block ?? null,
        auditFigures: Number(audit?.figures ?? 0n),
        auditMismatches: audit?.mismatches ?? 0,
        unauditedTokens: unaudited.filter((token) => token.chainId === chainId).length,
        heldContracts: holds.filter((hold) => hold.chainId === chainId).length,
        groups: groups
          .filter((group) => group.chainId === chainId)
          .map(({ name, indexedBlock }) => ({
            name,
            indexedBlock,
            lagBlocks: lagOf(chainHead, indexedBlock),
          })),
      };
    }),
  );
}

/**
 * Why answers should not be trusted or are too old; empty: all is well. A node that does not
 * report its head is not a reason: the server still serves what is indexed.
 */
export function reasonsNotReady(chains: readonly ChainHealth[], lagAtMost: number): string[] {
  if (chains.length === 0) return ['nothing is indexed'];
  return chains.flatMap((chain) => {
    const { name, indexedBlock, lagBlocks, auditedBlock, auditMismatches } = chain;
    if (indexedBlock === null) return [`${name}: nothing is indexed`];
    const reasons: string[] = [];
    if (chain.isOnChain === false) {
      reasons.push(
        `${name}: its node has another block ${chain.finalizedBlock}: the chain forked below it`,
      );
    }
    if (lagBlocks !== null && lagBlocks > lagAtMost) {
      reasons.push(`${name}: ${lagBlocks} blocks behind its node, more than ${lagAtMost}`);
    }
    if (auditMismatches > 0) {
      reasons.push(
        `${name}: ${auditMismatches} figures differ from the contracts (audited at block ${auditedBlock})`,
      );
    }
    if (chain.unauditedTokens > 0) {
      reasons.push(
        `${name}: ${chain.unauditedTokens} tokens wait for their first audit, which follows the backfill`,
      );
    }
    return reasons;
  });
}
