import { chains } from '../ledger/heads.js';
import { texts } from '../texts/texts.js';

/** A link to the block explorer of a chain, if the server names one. */
export function ExplorerLink({
  chainId,
  kind,
  of,
}: {
  readonly chainId: number;
  readonly kind: 'tx' | 'address';
  /** A hash or an address. */
  readonly of: string;
}) {
  const explorer = chains.value?.find((chain) => chain.chainId === chainId)?.explorer;
  if (explorer == null || !/^https?:\/\//.test(explorer)) return null;
  return (
    <a
      class="out"
      href={`${explorer}/${kind}/${of}`}
      target="_blank"
      rel="noreferrer"
      aria-label={texts.value.explorer}
      title={texts.value.explorer}
    >
      ↗
    </a>
  );
}
