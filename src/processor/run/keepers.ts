import { BackgroundAudit } from '../../audit/background/background.js';
import { isJoining, registryKey } from '../../store/booksKey.js';
import { keepsWholeChain } from '../groups/groupChain.js';
import { AccountKeeper } from './accountKeeper.js';
import type { AttemptOptions } from './attemptOptions.js';
import { BooksCleaner } from './booksCleaner.js';
import { IndexKeeper, withoutIndexes } from './indexKeeper.js';
import { ProofKeeper } from './proofs.js';
import { reasonOf } from './reason.js';

/** What works on committed blocks while the run indexes further ones. */
export interface Keepers {
  readonly proofs: ProofKeeper;
  readonly indexes: IndexKeeper;
  readonly cleaner: BooksCleaner;
  readonly accounts: AccountKeeper;
  readonly audit: BackgroundAudit | null;
  close(): Promise<void>;
}

export function openKeepers(options: AttemptOptions, url: string): Keepers {
  const { chain, onWarning } = options;
  // What belongs to the whole chain is kept as far as all of its groups are.
  const chainId = registryKey(chain.id);
  const proofs = new ProofKeeper(url, chainId, (error) =>
    onWarning(`proofs of chain ${chainId} wait for the next commit: ${reasonOf(error)}`),
  );
  const indexes = new IndexKeeper(url, (error) => onWarning(withoutIndexes(reasonOf(error))));
  const cleaner = new BooksCleaner(url, (error) =>
    onWarning(`books that left are not deleted yet: ${reasonOf(error)}`),
  );
  const accounts = new AccountKeeper({
    databaseUrl: url,
    chainId,
    rpc: options.pool,
    onFailure: (error) =>
      onWarning(`accounts of chain ${chainId} are not read yet: ${reasonOf(error)}`),
  });
  const audit = backgroundAudit(options, url);
  return {
    proofs,
    indexes,
    cleaner,
    accounts,
    audit,
    async close() {
      await proofs.stop();
      await indexes.stop();
      await cleaner.stop();
      await accounts.stop();
      await audit?.close();
    },
  };
}

function backgroundAudit(
  { chain, pool: rpc, onWarning }: AttemptOptions,
  databaseUrl: string,
): BackgroundAudit | null {
  if (chain.audit == null || isJoining(chain.id) || !keepsWholeChain(chain.id)) return null;
  const { audit: settings } = chain;
  return new BackgroundAudit({
    chainId: registryKey(chain.id),
    rpc,
    databaseUrl,
    settings,
    onWarning,
  });
}
