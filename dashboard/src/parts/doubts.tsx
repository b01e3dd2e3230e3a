import { Say } from '../texts/say.js';
import { texts } from '../texts/texts.js';

/** What speaks against the figures of a token: its books have ended, or its contract says something else. */
export function Doubts({
  token: { held, disagreements },
}: {
  readonly token: {
    readonly held?: { readonly lastBlock: number; readonly reason: string } | null;
    readonly disagreements: readonly {
      readonly figure: string;
      readonly account?: string | null;
      readonly ours: bigint;
      readonly contract?: bigint | null;
    }[];
  };
}) {
  const { offering: t } = texts.value;
  return (
    <>
      {held != null && (
        <p class="notice warning">
          <Say text={t.held} block={held.lastBlock} reason={<bdi>{held.reason}</bdi>} />
        </p>
      )}
      {disagreements.map(({ figure, account, ours, contract }) => (
        <p class="notice danger" key={`${figure} ${account}`}>
          {t.disagrees}{' '}
          <Say
            text={t.disagreement}
            figure={<bdi>{figure}</bdi>}
            ours={String(ours)}
            contract={contract == null ? '—' : String(contract)}
          />
        </p>
      ))}
    </>
  );
}
