import type { ImoLedgerFailure } from '@imo-ledger/client';
import { texts } from '../texts/texts.js';

/** Why there is no answer, and what helps. */
export function Failure({ failure }: { readonly failure: ImoLedgerFailure }) {
  const { failures } = texts.value;
  const own = failures.byCode[failure.code];
  return (
    <div class="notice danger" role="alert">
      <p>
        <strong>{own?.what ?? failures.refused}</strong>{' '}
        {own === undefined && <bdi>{failure.message}</bdi>}
      </p>
      <p>{own?.remedy ?? failure.hint ?? failures.tryAgain}</p>
      <p class="muted small">{failure.code}</p>
    </div>
  );
}
