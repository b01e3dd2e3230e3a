import { count } from '../format/amounts.js';
import { chains, silentSince } from '../ledger/heads.js';
import { Time } from '../parts/time.js';
import { momentOf, momentParameter } from '../place/moment.js';
import { Say } from '../texts/say.js';
import { texts } from '../texts/texts.js';

/** So many blocks behind, a chain's figures are old enough to say so. */
const LAG_BLOCKS = 20;

/** What changes the meaning of the whole page: the moment, a server that is silent, a chain that is behind. */
export function Notices({ onNow }: { readonly onNow: () => void }) {
  const { notices: t, moment: words } = texts.value;
  const moment = momentOf(momentParameter.value);
  const behind = (chains.value ?? []).filter(({ lagBlocks }) => (lagBlocks ?? 0) >= LAG_BLOCKS);
  return (
    <div class="notices" aria-live="polite">
      {moment.kind === 'then' && (
        <div class="bar accent">
          <span>
            <Say text={t.asOf} moment={<bdi>{momentName(moment)}</bdi>} />
          </span>
          <button type="button" class="button" onClick={onNow}>
            {t.toNow}
          </button>
        </div>
      )}
      {moment.kind === 'unreadable' && (
        <div class="bar danger" role="alert">
          <span>{words.wrong}</span>
          <button type="button" class="button" onClick={onNow}>
            {t.toNow}
          </button>
        </div>
      )}
      {silentSince.value !== null && (
        <div class="bar danger" role="alert">
          <span>
            <Say text={t.silent} time={<Time moment={silentSince.value} />} />
          </span>
        </div>
      )}
      {moment.kind === 'now' &&
        silentSince.value === null &&
        behind.map((chain) => (
          <div class="bar warning" key={chain.chainId}>
            <span>
              <Say
                text={t.behind}
                chain={<bdi>{chain.name ?? chain.chainId}</bdi>}
                block={count(chain.indexed?.block ?? 0)}
                blocks={count(chain.lagBlocks ?? 0)}
              />
            </span>
          </div>
        ))}
    </div>
  );
}

function momentName({
  at,
  text,
}: {
  readonly at: { readonly block?: number | null };
  readonly text: string;
}): string {
  return at.block == null ? `${text} UTC` : texts.value.moment.block(count(at.block));
}
