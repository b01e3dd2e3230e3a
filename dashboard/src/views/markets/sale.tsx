import { WhenSeen } from '../../charts/whenSeen.js';
import { shortHex } from '../../format/addresses.js';
import { count, digitsShown, percentOf, shortAmount } from '../../format/amounts.js';
import { readableLot, times } from '../../format/ratios.js';
import { ledger } from '../../ledger/client.js';
import { useCurrencies, valuedIn } from '../../ledger/currencies.js';
import { OneSaleDocument, type OneSaleQuery } from '../../ledger/generated/markets.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount, unitName } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Figure, Section, Unknown } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import { Worth } from '../../parts/worth.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { locale, texts } from '../../texts/texts.js';
import { NotFound } from '../notFound.js';
import { cut, cutSymbol, tokenTitle } from '../tokenName.js';
import { saleUnit } from './saleUnit.js';

type Sale = NonNullable<OneSaleQuery['sale']>;
type Entry = NonNullable<OneSaleQuery['saleEntries']>['nodes'][number];

const CHART = 280;

/** One sale: how far it is subscribed, at which prices it sold, who took part, and what is still to be refunded. */
export function SaleView({
  chainId = '',
  sale = '',
}: {
  readonly chainId?: string;
  readonly sale?: string;
}) {
  const { markets: t } = texts.value;
  const chain = Number(chainId);
  const at = atOfPage();
  const isValid = /^0x[\da-f]{40}$/i.test(sale) && Number.isSafeInteger(chain) && chain > 0;
  const currencies = useCurrencies();
  const isReady = isValid && currencies.all !== null;
  const known = useAnswer(
    isReady ? `sale ${chain} ${sale} ${currencies.chosen} ${JSON.stringify(at)}` : null,
    (signal) => {
      const purchases = { chainId: chain, sale, entryKind: 'PURCHASE' as const };
      const asked = { chainId: chain, sale, at, purchases, ...valuedIn(currencies) };
      return ledger.query(OneSaleDocument, asked, signal);
    },
    SELDOM_MS,
  );
  if (!isValid) return <NotFound text={`${chainId}/${sale}`} />;
  return (
    <Answered known={known} lines={12}>
      {({ sale: found, saleEntries }) =>
        found == null ? (
          <p class="empty">{t.none}</p>
        ) : (
          <article class="view">
            <header class="view-head">
              <h1>
                <bdi>{found.label == null ? t.kinds[found.kind] : cut(found.label)}</bdi>
              </h1>
              <p class="muted">
                <Address hex={found.address} /> · {t.kinds[found.kind]} · {t.states[found.state]} ·{' '}
                <a href={links.offering(found.chainId, found.tokenAddress)}>
                  <bdi>{tokenTitle(found.token ?? { address: found.tokenAddress })}</bdi>
                </a>
              </p>
            </header>
            <Figures sale={found} />
            <Prices sale={found} entries={saleEntries?.nodes ?? []} />
            <Participants sale={found} />
          </article>
        )
      }
    </Answered>
  );
}

function Figures({ sale }: { readonly sale: Sale }) {
  const { markets: t } = texts.value;
  const unit = saleUnit(sale);
  const { raised, target, refunded } = sale;
  return (
    <dl class="figures card">
      <Figure name={t.paidIn}>
        <Amount value={raised} unit={unit} />
        <Worth sum={sale.values?.raised} />
      </Figure>
      <Figure name={t.target}>
        {target == null ? <Unknown why={t.noTarget} /> : <Amount value={target} unit={unit} />}
      </Figure>
      <Figure name={t.subscribed} note={target != null && raised > target ? t.oversubscribed : ''}>
        {target == null ? <Unknown why={t.noTarget} /> : (percentOf(raised, target) ?? '')}
      </Figure>
      <Figure name={t.refunded}>
        <Amount value={refunded} unit={unit} />
        <Worth sum={sale.values?.refunded} />
      </Figure>
      <Figure name={t.openRefunds}>
        <OpenRefunds sale={sale} />
      </Figure>
      <Figure name={t.ends}>
        {sale.endsAtSeconds == null ? (
          <Unknown why={t.noEnd} />
        ) : (
          <Time moment={new Date(Number(sale.endsAtSeconds) * 1_000)} />
        )}
      </Figure>
    </dl>
  );
}

/** What participants can still take back: known only where all of them are. */
function OpenRefunds({ sale }: { readonly sale: Sale }) {
  const { markets: t } = texts.value;
  const { nodes, pageInfo } = sale.participations;
  if (pageInfo.hasNextPage) return <Unknown why={t.tooMany} />;
  const open = nodes.reduce((sum, { refundable }) => sum + refundable, 0n);
  return <Amount value={open} unit={saleUnit(sale)} />;
}

/** What a token cost from purchase to purchase. A launchpad has one price, once it has ended. */
function Prices({ sale, entries }: { readonly sale: Sale; readonly entries: readonly Entry[] }) {
  const { markets: t, offering, charts } = texts.value;
  const unit = saleUnit(sale);
  const decimals = unit.decimals ?? 0;
  const whole = 10n ** BigInt(sale.token?.decimals ?? 0);
  const priceOf = (pair: { readonly raiseAmount: bigint; readonly tokenAmount: bigint }) => ({
    numerator: String(pair.raiseAmount * whole),
    denominator: String(pair.tokenAmount),
  });
  const sold = entries.filter(({ tokenAmount }) => tokenAmount > 0n).toReversed();
  const newest = sold.at(-1) ?? (sale.price?.tokenAmount === 0n ? null : sale.price);
  if (newest == null) return null;
  const lot = readableLot(priceOf(newest), decimals);
  const per = offering.per(count(lot), cutSymbol(sale.token?.symbol) ?? offering.tokens);
  const moment = new Intl.DateTimeFormat(locale.value, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (
    <Section title={t.prices}>
      <p>
        {t.newestPrice} <Amount value={times(priceOf(newest), lot)} unit={unit} />{' '}
        <span class="muted">{per}</span>
      </p>
      {sold.length > 1 && (
        <WhenSeen height={CHART}>
          {({ LineChart }) => (
            <LineChart
              title={t.prices}
              step={charts.purchase}
              steps={sold.map(({ timestamp }) => moment.format(new Date(timestamp)))}
              unit={unitName(unit)}
              textOf={(value) => shortAmount(value, decimals)}
              lines={[
                { name: per, mark: 0, values: sold.map((pair) => times(priceOf(pair), lot)) },
              ]}
            />
          )}
        </WhenSeen>
      )}
    </Section>
  );
}

function Participants({ sale }: { readonly sale: Sale }) {
  const { markets: t, table } = texts.value;
  const { nodes, pageInfo } = sale.participations;
  const unit = saleUnit(sale);
  const tokens = { symbol: cutSymbol(sale.token?.symbol), decimals: sale.token?.decimals ?? null };
  const digitsOf = (values: readonly bigint[], decimals: number | null) =>
    digitsShown(values, decimals ?? 0);
  const deposited = digitsOf(
    nodes.map((one) => one.deposited),
    unit.decimals,
  );
  const allocated = digitsOf(
    nodes.map((one) => one.allocated),
    tokens.decimals,
  );
  const refundable = digitsOf(
    nodes.map((one) => one.refundable),
    unit.decimals,
  );
  return (
    <Section title={t.participants} aside={<span>{count(sale.participantCount)}</span>}>
      {nodes.length === 0 ? (
        <p class="empty">{t.nobody}</p>
      ) : (
        <DataTable
          label={t.participants}
          narrow="pairs"
          rows={nodes}
          keyOf={({ participant }) => participant}
          note={pageInfo.hasNextPage ? t.more : undefined}
          columns={[
            {
              title: table.holder,
              cell: ({ participant }) => (
                <a class="hex" href={links.holder([participant])} title={participant}>
                  {shortHex(participant)}
                </a>
              ),
            },
            {
              title: t.paidIn,
              isNumber: true,
              cell: (one) => <Amount value={one.deposited} unit={unit} digits={deposited} />,
            },
            {
              title: t.allocated,
              isNumber: true,
              cell: (one) => <Amount value={one.allocated} unit={tokens} digits={allocated} />,
            },
            {
              title: t.refundable,
              isNumber: true,
              cell: (one) => <Amount value={one.refundable} unit={unit} digits={refundable} />,
            },
          ]}
        />
      )}
    </Section>
  );
}
