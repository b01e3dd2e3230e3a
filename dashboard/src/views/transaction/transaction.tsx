import { shortHex } from '../../format/addresses.js';
import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { TransactionDocument, type TransactionQuery } from '../../ledger/generated/transaction.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { texts } from '../../texts/texts.js';
import { coinOf } from '../markets/list.js';
import { NotFound } from '../notFound.js';
import { cutSymbol, tokenTitle } from '../tokenName.js';

type Entry = NonNullable<TransactionQuery['journal']>['nodes'][number];
type Transfer = NonNullable<TransactionQuery['transfers']>['nodes'][number];

/** What one transaction did to the contracts that are indexed: money that moved, and tokens that did. */
export function TransactionView({ hash = '' }: { readonly hash?: string }) {
  const { transaction: t } = texts.value;
  const at = atOfPage();
  const isValid = /^0x[\da-f]{64}$/i.test(hash);
  const known = useAnswer(
    isValid ? `transaction ${hash} ${JSON.stringify(at)}` : null,
    (signal) => ledger.query(TransactionDocument, { hash, at }, signal),
    SELDOM_MS,
  );
  if (!isValid) return <NotFound text={hash} />;
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
        <p class="muted">
          <Address hex={hash} />
        </p>
      </header>
      <Answered known={known} lines={8}>
        {({ journal, transfers }) => {
          const [first] = [...(journal?.nodes ?? []), ...(transfers?.nodes ?? [])];
          if (first === undefined) return <p class="empty">{t.nothing}</p>;
          return (
            <>
              <p>
                {texts.value.moment.block(count(first.block))} · <Time moment={first.timestamp} />
              </p>
              {journal != null && journal.nodes.length > 0 && (
                <Money
                  entries={journal.nodes}
                  hasMore={journal.pageInfo.hasNextPage}
                  chainId={chainOf(journal.nodes, transfers?.nodes ?? [])}
                />
              )}
              {transfers != null && transfers.nodes.length > 0 && (
                <Tokens rows={transfers.nodes} hasMore={transfers.pageInfo.hasNextPage} />
              )}
            </>
          );
        }}
      </Answered>
    </article>
  );
}

/** Entries of oracles and sales do not say their chain; a transaction has one. */
function chainOf(entries: readonly Entry[], transfers: readonly Transfer[]): number | null {
  const token = [...entries, ...transfers].find((row) => row.token != null)?.token;
  return token?.chainId ?? null;
}

function Money({
  entries,
  hasMore,
  chainId,
}: {
  readonly entries: readonly Entry[];
  readonly hasMore: boolean;
  readonly chainId: number | null;
}) {
  const { transaction: t, table, markets } = texts.value;
  const unitOf = (asset: string) =>
    asset === 'native' ? coinOf(chainId ?? 0) : { symbol: null, decimals: null };
  return (
    <Section title={t.money}>
      <DataTable
        narrow="rows"
        label={t.money}
        rows={entries}
        keyOf={({ id }) => id}
        note={hasMore ? markets.more : undefined}
        columns={[
          { title: t.what, cell: ({ kind }) => t.kinds[kind] },
          {
            title: t.contract,
            cell: ({ token, contract, contractKind }) =>
              token == null ? (
                <>
                  <Address hex={contract} /> <span class="tag">{t.contracts[contractKind]}</span>
                </>
              ) : (
                <a href={links.offering(token.chainId, token.address)}>
                  <bdi>{tokenTitle(token)}</bdi>
                </a>
              ),
          },
          {
            title: t.account,
            cell: ({ holder }) => (holder == null ? '' : <HolderLink address={holder} />),
          },
          {
            title: table.amount,
            isNumber: true,
            cell: ({ amountWei, asset }) => <Amount value={amountWei} unit={unitOf(asset)} />,
          },
        ]}
      />
    </Section>
  );
}

function Tokens({
  rows,
  hasMore,
}: {
  readonly rows: readonly Transfer[];
  readonly hasMore: boolean;
}) {
  const { transaction: t, table, markets } = texts.value;
  return (
    <Section title={t.transfers}>
      <DataTable
        narrow="rows"
        label={t.transfers}
        rows={rows}
        keyOf={({ id }) => id}
        note={hasMore ? markets.more : undefined}
        columns={[
          {
            title: table.token,
            cell: ({ token }) => (
              <a href={links.offering(token.chainId, token.address)}>
                <bdi>{tokenTitle(token)}</bdi>
              </a>
            ),
          },
          { title: t.from, cell: ({ from }) => <HolderLink address={from} /> },
          { title: t.to, cell: ({ to }) => <HolderLink address={to} /> },
          {
            title: table.amount,
            isNumber: true,
            cell: ({ amount, token }) => (
              <Amount
                value={amount}
                unit={{ symbol: cutSymbol(token.symbol), decimals: token.decimals ?? null }}
              />
            ),
          },
        ]}
      />
    </Section>
  );
}

/** An account with the way to what it is owed; nobody holds anything at the zero address. */
function HolderLink({ address }: { readonly address: string }) {
  if (/^0x0+$/.test(address)) return <>{texts.value.transaction.nobody}</>;
  return (
    <a href={links.holder([address])}>
      <span class="hex">{shortHex(address)}</span>
    </a>
  );
}
