import type { ImoLedgerFailure } from '@imo-ledger/client';
import { useState } from 'preact/hooks';
import { isAddress } from '../../format/addresses.js';
import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import {
  BooksCommitmentsDocument,
  type BooksCommitmentsQuery,
  BooksProofDocument,
} from '../../ledger/generated/books.js';
import { failureOf, useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { Failure } from '../../parts/failure.js';
import { Check, Cross } from '../../parts/icons.js';
import { atOfPage } from '../../place/moment.js';
import { useParameters } from '../../place/parameters.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import type { BooksContract } from './contracts.js';
import { type Verdict, verifyProof } from './verify.js';

type Snapshots = NonNullable<BooksCommitmentsQuery['token']>['snapshots']['nodes'];

/** A snapshot whose shares have a root. */
interface Committed {
  readonly snapshotId: number;
  readonly root: string;
  readonly leafCount: number;
}

/** Proofs of shares: what a snapshot gave to a holder, checked in this browser against the committed root. */
export function Proofs({ contract }: { readonly contract: BooksContract }) {
  const { books: t } = texts.value;
  const at = atOfPage();
  const { chainId, address: token } = contract;
  const known = useAnswer(`commitments ${chainId} ${token} ${JSON.stringify(at)}`, (signal) =>
    ledger.query(BooksCommitmentsDocument, { chainId, token, at }, signal),
  );
  return (
    <Section title={t.proofs}>
      <p class="muted">{t.proofsNote}</p>
      <Answered known={known} lines={4}>
        {({ token: found }) => {
          const committed = committedOf(found?.snapshots.nodes ?? []);
          return committed.length === 0 ? (
            <p class="empty">{t.noCommitments}</p>
          ) : (
            <Prove contract={contract} committed={committed} />
          );
        }}
      </Answered>
    </Section>
  );
}

function committedOf(snapshots: Snapshots): Committed[] {
  return snapshots.flatMap(({ snapshotId, commitment }) =>
    commitment === null || commitment.root === null
      ? []
      : [{ snapshotId, root: commitment.root, leafCount: commitment.leafCount }],
  );
}

function Prove({
  contract,
  committed,
}: {
  readonly contract: BooksContract;
  readonly committed: readonly Committed[];
}) {
  const { books: t } = texts.value;
  const { parameters, change } = useParameters();
  const [isWrong, setWrong] = useState(false);
  const [failure, setFailure] = useState<ImoLedgerFailure | null>(null);
  const [proof, setProof] = useState('');
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const snapshot =
    committed.find(({ snapshotId }) => String(snapshotId) === parameters.snapshot) ?? committed[0];
  if (snapshot === undefined) return null;
  const fetchProof = async (event: Event) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const holder = String(given.get('of') ?? '').trim();
    setWrong(!isAddress(holder));
    setVerdict(null);
    setFailure(null);
    if (!isAddress(holder)) return;
    change({ snapshot: String(snapshot.snapshotId), of: holder });
    const { chainId, address: token } = contract;
    const asked = { chainId, token, snapshotId: snapshot.snapshotId, holder };
    try {
      const { data } = await ledger.query(BooksProofDocument, asked);
      setProof(proofText(data.entitlementProof));
    } catch (error) {
      setProof('');
      setFailure(failureOf(error));
    }
  };
  return (
    <>
      <form class="filter" onSubmit={fetchProof}>
        <div>
          <label for="proof-snapshot">{texts.value.table.snapshot}</label>
          <select
            id="proof-snapshot"
            value={String(snapshot.snapshotId)}
            onChange={({ currentTarget }) => {
              setVerdict(null);
              change({ snapshot: currentTarget.value });
            }}
          >
            {committed.map(({ snapshotId }) => (
              <option key={snapshotId} value={String(snapshotId)}>
                {snapshotId}
              </option>
            ))}
          </select>
        </div>
        <div class="wide">
          <label for="proof-of">{t.holder}</label>
          <input
            id="proof-of"
            name="of"
            class="hex"
            autocomplete="off"
            spellcheck={false}
            placeholder="0x…"
            defaultValue={parameters.of ?? ''}
            aria-invalid={isWrong}
            aria-describedby={isWrong ? 'proof-of-wrong' : undefined}
          />
          {isWrong && (
            <p id="proof-of-wrong" class="wrong" role="alert">
              {t.notAnAddress}
            </p>
          )}
        </div>
        <div class="buttons">
          <button type="submit" class="button main">
            {t.fetchProof}
          </button>
        </div>
      </form>
      {failure !== null && <Failure failure={failure} />}
      <p>
        <Say
          text={t.committed}
          snapshot={snapshot.snapshotId}
          holders={count(snapshot.leafCount)}
          root={<Address hex={snapshot.root} />}
        />
      </p>
      <label for="proof-text">{t.proofText}</label>
      <textarea
        id="proof-text"
        class="proof"
        rows={8}
        spellcheck={false}
        value={proof}
        onInput={({ currentTarget }) => {
          setProof(currentTarget.value);
          setVerdict(null);
        }}
      />
      <div class="buttons">
        <button
          type="button"
          class="button main"
          disabled={proof.trim() === ''}
          onClick={() => setVerdict(verifyProof(proof, snapshot.root))}
        >
          {t.verify}
        </button>
      </div>
      <div aria-live="polite">
        {verdict !== null && (
          <VerdictText verdict={verdict} contract={contract} snapshotId={snapshot.snapshotId} />
        )}
      </div>
    </>
  );
}

/** A proof as somebody can keep it, send it on and check it elsewhere. */
function proofText(proof: object | null): string {
  return JSON.stringify(
    proof,
    (key, value: unknown) => {
      if (key === '__typename') return undefined;
      return typeof value === 'bigint' ? String(value) : value;
    },
    2,
  );
}

function VerdictText({
  verdict,
  contract,
  snapshotId,
}: {
  readonly verdict: Verdict;
  readonly contract: BooksContract;
  readonly snapshotId: number;
}) {
  const { books: t } = texts.value;
  if (verdict.kind === 'proved') {
    return (
      <p class="notice positive" data-verdict="proved">
        <Check />{' '}
        <Say
          text={t.proved}
          holder={<Address hex={verdict.holder} />}
          amount={<Amount value={verdict.share} unit={contract.unitOf('native')} />}
          snapshot={snapshotId}
        />
      </p>
    );
  }
  return (
    <p class="notice danger" role="alert" data-verdict={verdict.kind}>
      <Cross />{' '}
      {verdict.kind === 'wrong' ? (
        <Say text={t.notProved} root={<Address hex={verdict.root} />} />
      ) : (
        <Say text={t.noProof} field={verdict.field} />
      )}
    </p>
  );
}
