import { useState } from 'preact/hooks';
import type { AtInput } from '../../ledger/generated/holder.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { Choice } from '../../parts/choice.js';
import type { Column } from '../../parts/dataTable.js';
import { DataTable } from '../../parts/dataTable.js';
import { ExplorerLink } from '../../parts/explorerLink.js';
import { Time } from '../../parts/time.js';
import { useParameter } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import { useWithdrawn } from '../offering/useWithdrawn.js';
import { byPlace } from '../offering/withdrawn.js';
import { cutSymbol, tokenTitle } from '../tokenName.js';
import { askHistory, type Event, HISTORY_KINDS, type HistoryKind } from './askHistory.js';
import { keyOf, type OwedToken, tokenOf, unitOf } from './owed.js';

const PAGE = 20;
/** The API gives no more rows at once. */
const ROWS_AT_MOST = 1_000;

interface Props {
  readonly addresses: readonly string[];
  readonly at: AtInput | undefined;
  readonly tokens: readonly OwedToken[];
  readonly symbolOf: (chainId: number) => string;
}

/** What happened to a person's tokens, the newest first: by kind and token, as the URL says. */
export function History({ addresses, at, tokens, symbolOf }: Props) {
  const { holder: t } = texts.value;
  const [kindText, chooseKind] = useParameter('history');
  const [tokenText, chooseToken] = useParameter('token');
  const [rows, setRows] = useState(PAGE);
  const kind = HISTORY_KINDS.find((one) => one === kindText) ?? 'claims';
  const chosen = tokens.find(({ token }) => keyOf(token).replace(' ', ':') === tokenText)?.token;
  const key = `${kind} ${addresses} ${chosen?.id.replace(/:\d+$/, '')} ${rows} ${JSON.stringify(at)}`;
  const known = useAnswer(key, (signal) =>
    askHistory(kind, { addresses, token: chosen ?? null, at, rows }, signal),
  );
  const withdrawn = useWithdrawn(key, known.data?.events ?? null, rows);
  return (
    <Section title={t.history}>
      <div class="filters">
        <Choice
          label={t.historyKind}
          values={HISTORY_KINDS.map((value) => ({ value, name: t.historyKinds[value] }))}
          value={kind}
          onChoose={(value) => chooseKind(value === 'claims' ? null : value)}
        />
        {tokens.length > 1 && (
          <select
            aria-label={t.historyToken}
            value={chosen === undefined ? '' : keyOf(chosen).replace(' ', ':')}
            onChange={(event) => chooseToken(event.currentTarget.value || null)}
          >
            <option value="">{t.allTokens}</option>
            {tokens.map(({ token }) => (
              <option key={keyOf(token)} value={keyOf(token).replace(' ', ':')}>
                {cutSymbol(token.symbol) ?? tokenTitle(token)}
              </option>
            ))}
          </select>
        )}
      </div>
      <Answered known={known} lines={6}>
        {({ events, hasMore }) =>
          events.length + withdrawn.length === 0 ? (
            <p class="empty">{t.noHistory[kind]}</p>
          ) : (
            <>
              <Events
                kind={kind}
                events={events}
                withdrawn={withdrawn}
                tokens={tokens}
                addresses={addresses}
                symbolOf={symbolOf}
              />
              {hasMore && rows < ROWS_AT_MOST && (
                <p class="pager">
                  <button
                    type="button"
                    class="button"
                    onClick={() => setRows(Math.min(ROWS_AT_MOST, rows * 3))}
                  >
                    {t.moreHistory}
                  </button>
                </p>
              )}
            </>
          )
        }
      </Answered>
    </Section>
  );
}

function Events({
  kind,
  events,
  withdrawn,
  tokens,
  addresses,
  symbolOf,
}: {
  readonly kind: HistoryKind;
  readonly events: readonly Event[];
  /** Taken back by a reorg a moment ago. */
  readonly withdrawn: readonly Event[];
  readonly tokens: readonly OwedToken[];
  readonly addresses: readonly string[];
  readonly symbolOf: (chainId: number) => string;
}) {
  const { table } = texts.value;
  const gone = new Set(withdrawn);
  const columns: Column<Event>[] = [
    { title: table.time, cell: ({ timestamp }) => <Time moment={timestamp} /> },
    { title: table.token, cell: ({ token }) => <bdi>{titleOf(token, tokens)}</bdi> },
    ...ownColumns(kind, tokens, addresses, symbolOf),
    {
      title: table.transaction,
      cell: ({ transactionHash, token }) =>
        transactionHash != null && (
          <>
            <Address hex={transactionHash} />{' '}
            <ExplorerLink chainId={token.chainId} kind="tx" of={transactionHash} />
          </>
        ),
    },
  ];
  const rows = [...withdrawn, ...events].toSorted(byPlace);
  return (
    <DataTable
      label={texts.value.holder.history}
      narrow="rows"
      rows={rows}
      keyOf={(row) => (gone.has(row) ? `withdrawn ${row.id}` : row.id)}
      rowClass={(row) => (gone.has(row) ? 'withdrawn' : '')}
      columns={columns}
    />
  );
}

/** The columns that only one kind has. */
function ownColumns(
  kind: HistoryKind,
  tokens: readonly OwedToken[],
  addresses: readonly string[],
  symbolOf: (chainId: number) => string,
): Column<Event>[] {
  const { table, holder: t } = texts.value;
  const amount: Column<Event> = {
    title: table.amount,
    isNumber: true,
    cell: (event) => <Amount value={event.amount} unit={moneyUnit(event, tokens, symbolOf)} />,
  };
  const inTokens = (value: (event: Event) => bigint): Column<Event>['cell'] =>
    function InTokens(event) {
      const owed = tokenOf(tokens, event.token);
      const unit = { symbol: cutSymbol(owed?.token.symbol), decimals: owed?.token.decimals ?? 0 };
      return <Amount value={value(event)} unit={unit} />;
    };
  const own = new Set(addresses.map((address) => address.toLowerCase()));
  const isOwn = (address: string) => own.has(address.toLowerCase());
  if (kind === 'claims') {
    return [{ title: table.snapshot, cell: ({ snapshotId }) => snapshotId }, amount];
  }
  if (kind === 'burns') {
    return [{ title: t.burned, isNumber: true, cell: inTokens(({ burned }) => burned) }, amount];
  }
  return [
    {
      title: t.direction,
      cell: ({ from = '', to = '' }) =>
        isOwn(from) && isOwn(to) ? t.between : isOwn(from) ? t.sentTo : t.receivedFrom,
    },
    {
      title: t.counterparty,
      cell: ({ from = '', to = '' }) => <Address hex={isOwn(from) ? to : from} />,
    },
    { title: table.amount, isNumber: true, cell: inTokens((event) => event.amount) },
  ];
}

function titleOf(
  token: { readonly chainId: number; readonly address: string },
  tokens: readonly OwedToken[],
): string {
  const owed = tokenOf(tokens, token)?.token;
  return cutSymbol(owed?.symbol) ?? tokenTitle(owed ?? token);
}

/** What a claim or a burn was paid in: an asset of its token. */
function moneyUnit(
  { token, asset }: Event,
  tokens: readonly OwedToken[],
  symbolOf: (chainId: number) => string,
) {
  const found = tokenOf(tokens, token)?.assets.find(({ address }) => address === asset);
  return unitOf(found ?? { address: asset, symbol: null, decimals: null }, symbolOf(token.chainId));
}
