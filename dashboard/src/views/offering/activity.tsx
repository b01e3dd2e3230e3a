import { useMemo } from 'preact/hooks';
import { ledger } from '../../ledger/client.js';
import {
  type AtInput,
  OfferingActivityDocument,
  type OfferingActivityQuery,
} from '../../ledger/generated/offering.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section, Unknown } from '../../parts/card.js';
import { Choice } from '../../parts/choice.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import { links } from '../../place/links.js';
import { useParameter } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import { cut } from '../tokenName.js';
import type { Money } from './money.js';
import { useWithdrawn } from './useWithdrawn.js';
import { byPlace, type Placed } from './withdrawn.js';

const SHOWN = 20;
const KINDS = ['all', 'receipts', 'claims', 'burns', 'snapshots'] as const;
type Kind = (typeof KINDS)[number];

/** One thing that happened to the token. */
interface Happening extends Placed {
  readonly kind: Exclude<Kind, 'all'>;
  readonly timestamp: string;
  readonly transactionHash: string | null;
  readonly account: string | null;
  readonly accountLabel: string | null;
  readonly detail: string;
  readonly amount: bigint;
  readonly isProvisional: boolean;
}

/** What happened last, live: what a reorg takes back stays for a while, struck through. */
export function Activity({
  chainId,
  token,
  at,
  money,
}: {
  readonly chainId: number;
  readonly token: string;
  readonly at: AtInput | undefined;
  readonly money: Money;
}) {
  const { offering: t } = texts.value;
  const [wanted, choose] = useParameter('activity');
  const kind = KINDS.find((one) => one === wanted) ?? 'all';
  const { asset, unit } = money;
  const contract = { chainId, token };
  const filter = asset === null ? contract : { ...contract, asset };
  const key = `activity ${JSON.stringify([filter, at])}`;
  const known = useAnswer(key, (signal) =>
    ledger.query(
      OfferingActivityDocument,
      { ...contract, receipts: filter, claims: filter, redemptions: filter, at },
      signal,
    ),
  );
  const rows = useMemo(() => {
    if (known.data === null) return null;
    const all = happenings(known.data, money);
    return all.filter((row) => kind === 'all' || row.kind === kind).slice(0, SHOWN);
  }, [known.data, kind, t]);
  const withdrawn = useWithdrawn(`${key} ${kind}`, rows, SHOWN);
  const shown = [...(rows ?? []), ...withdrawn].toSorted(byPlace);
  const taken = new Set(withdrawn);
  return (
    <Section title={t.activity}>
      <Choice
        label={t.activityKinds}
        values={KINDS.map((value) => ({ value, name: t.activities[value] }))}
        value={kind}
        onChoose={(value) => choose(value === 'all' ? null : value)}
      />
      <p class="unseen" role="status">
        {withdrawn.length > 0 && t.takenBack}
      </p>
      <Answered known={known} lines={8}>
        {() =>
          shown.length === 0 ? (
            <p class="empty">{t.noActivity}</p>
          ) : (
            <DataTable
              label={t.activity}
              narrow="pairs"
              rows={shown}
              keyOf={(row) => (taken.has(row) ? `withdrawn ${row.id}` : row.id)}
              rowClass={(row) => (taken.has(row) ? 'withdrawn' : '')}
              columns={[
                {
                  title: texts.value.table.time,
                  cell: ({ timestamp }) => <Time moment={timestamp} />,
                },
                { title: t.what, cell: (row) => <What row={row} isTaken={taken.has(row)} /> },
                { title: t.account, cell: (row) => <Account row={row} /> },
                {
                  title: texts.value.table.amount,
                  isNumber: true,
                  cell: ({ amount }) => <Amount value={amount} unit={unit} />,
                },
              ]}
            />
          )
        }
      </Answered>
    </Section>
  );
}

function What({ row, isTaken }: { readonly row: Happening; readonly isTaken: boolean }) {
  const { offering: t } = texts.value;
  const words = (
    <>
      {t.happened[row.kind]} <bdi class="muted">{row.detail}</bdi>
    </>
  );
  return (
    <>
      {row.transactionHash === null ? (
        words
      ) : (
        <a href={links.transaction(row.transactionHash)}>{words}</a>
      )}
      {row.isProvisional && <span class="tag">{t.provisional}</span>}
      {isTaken && <span class="tag">{t.takenBackTag}</span>}
    </>
  );
}

function Account({ row: { account, accountLabel, kind } }: { readonly row: Happening }) {
  const { offering: t } = texts.value;
  if (kind === 'snapshots') return null;
  if (account === null) return <Unknown why={t.sources.UNTRACED} />;
  return <Address hex={account} label={accountLabel === null ? null : cut(accountLabel)} />;
}

/** The newest of all kinds, the newest first. */
function happenings(
  { receipts, claims, redemptions, snapshots }: OfferingActivityQuery,
  money: Money,
): Happening[] {
  const { offering: t, table } = texts.value;
  const plain = {
    account: null,
    accountLabel: null,
    isProvisional: false,
    detail: '',
  };
  // The list of snapshots has what they shared of the coin.
  const sharedBy = (id: number) =>
    money.snapshots.find(({ snapshotId }) => snapshotId === id)?.claimableWei;
  const placeOf = (row: {
    readonly block: number;
    readonly transactionIndex?: number | null;
    readonly position: number;
  }) => [row.block, row.transactionIndex ?? 0, row.position] as const;
  const common = (row: {
    readonly timestamp: string;
    readonly block: number;
    readonly transactionIndex?: number | null;
    readonly transactionHash?: string | null;
    readonly position: number;
  }) => ({
    ...plain,
    timestamp: row.timestamp,
    transactionHash: row.transactionHash ?? null,
    place: placeOf(row),
  });
  return [
    ...(receipts?.nodes ?? []).map((row) => ({
      ...common(row),
      id: `receipt ${row.id}`,
      kind: 'receipts' as const,
      account: row.payer ?? null,
      accountLabel: row.payerLabel ?? null,
      detail: cut(row.sourceLabel ?? t.sources[row.source]),
      amount: row.amountWei,
      isProvisional: row.isProvisional,
    })),
    ...(claims?.nodes ?? []).map((row) => ({
      ...common(row),
      id: `claim ${row.id}`,
      kind: 'claims' as const,
      account: row.holder,
      detail: `${table.snapshot} ${row.snapshotId}`,
      amount: row.amountWei,
    })),
    ...(redemptions?.nodes ?? []).map((row) => ({
      ...common(row),
      id: `burn ${row.id}`,
      kind: 'burns' as const,
      account: row.holder,
      amount: row.amountWei,
    })),
    ...(snapshots?.nodes ?? []).map((row) => ({
      ...common(row),
      // Another snapshot may come with the same number after a reorg.
      id: `snapshot ${row.snapshotId} ${row.transactionHash}`,
      kind: 'snapshots' as const,
      detail: `${table.snapshot} ${row.snapshotId}`,
      amount: sharedBy(row.snapshotId) ?? row.claimableWei,
    })),
  ].toSorted(byPlace);
}
