import { useLocation } from 'preact-iso';
import { groupedBy } from '../../format/grouped.js';
import { ledger } from '../../ledger/client.js';
import { useCurrencies, valuedIn } from '../../ledger/currencies.js';
import {
  type AtInput,
  OfferingsDocument,
  type OfferingsQuery,
  RevenueOfDaysDocument,
  type RevenueOfDaysQuery,
  type WorthOfFragment,
} from '../../ledger/generated/start.js';
import { chains } from '../../ledger/heads.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Figure, Unknown } from '../../parts/card.js';
import { Sparkline } from '../../parts/sparkline.js';
import { Worth } from '../../parts/worth.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { useParameter } from '../../place/parameters.js';
import { SearchBox } from '../../shell/searchBox.js';
import { texts } from '../../texts/texts.js';
import { Connect } from '../../wallet/connect.js';
import { wallets } from '../../wallet/wallets.js';
import { coinOf } from '../markets/list.js';
import { NextSnapshot } from '../nextSnapshot.js';
import { cutSymbol, tokenTitle } from '../tokenName.js';
import { daysOf, firstDay } from './days.js';

type Offering = NonNullable<OfferingsQuery['tokens']>['nodes'][number];
type DayRow = NonNullable<RevenueOfDaysQuery['receiptTotals']>[number];
type MonthWorth = NonNullable<RevenueOfDaysQuery['worth']>[number];
type Currency = ReturnType<typeof valuedIn>;

/** The offerings, and a way to find a holder, a token or a transaction. */
export function StartView() {
  const { start: t, offering } = texts.value;
  const at = atOfPage();
  // Pages are turned forwards; the browser turns them back.
  const [after, turn] = useParameter('after', true);
  const currencies = useCurrencies();
  const valued = valuedIn(currencies);
  const known = useAnswer(
    currencies.all === null
      ? null
      : `offerings ${currencies.chosen} ${JSON.stringify(at)} ${after}`,
    async (signal) => {
      const page = after === null ? {} : { after };
      const { data, marks } = await ledger.query(
        OfferingsDocument,
        { at, ...page, ...valued },
        signal,
      );
      const offerings = data.tokens?.nodes ?? [];
      // Days end with the block that is shown, not with the reader's clock.
      const times = (data.tokens?.asOf ?? []).flatMap(({ timestamp }) =>
        timestamp == null ? [] : [Date.parse(timestamp)],
      );
      const end = times.length === 0 ? null : Math.max(...times);
      const days =
        end === null ? NOTHING : await revenueOf(offerings, end, { at, ...valued }, signal);
      return { data: { offerings, ...days, end, pageInfo: data.tokens?.pageInfo }, marks };
    },
    SELDOM_MS,
  );
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
        <SearchBox isLarge />
        <OwnAddresses />
      </header>
      <Answered known={known} lines={10}>
        {({ offerings, days, worths, end, pageInfo }) =>
          offerings.length === 0 ? (
            <p class="empty">{t.none}</p>
          ) : (
            <>
              <ul class="cards">
                {offerings.map((offering) => (
                  <li key={`${offering.chainId} ${offering.address}`}>
                    <OfferingCard
                      offering={offering}
                      end={end}
                      days={days.filter(isOf(offering))}
                      worths={worths.filter(isOf(offering))}
                    />
                  </li>
                ))}
              </ul>
              {pageInfo?.hasNextPage === true && (
                <p class="pager">
                  <button
                    type="button"
                    class="button"
                    onClick={() => turn(pageInfo.endCursor ?? null)}
                  >
                    {offering.following}
                  </button>
                </p>
              )}
            </>
          )
        }
      </Answered>
    </article>
  );
}

/** Leads a reader with a wallet to what its addresses can claim. */
function OwnAddresses() {
  const { start: t } = texts.value;
  const { route } = useLocation();
  if (wallets.value.length === 0) return null;
  return (
    <div class="own-addresses">
      <span class="muted">{t.connect}</span>
      <Connect
        onAccounts={(accounts) => {
          if (accounts.length > 0) route(links.holder(accounts));
        }}
      />
    </div>
  );
}

const isOf =
  (offering: Offering) =>
  ({ chainId, token }: { readonly chainId: number; readonly token?: string | null }) =>
    chainId === offering.chainId && token === offering.address;

interface LastDays {
  readonly days: readonly DayRow[];
  /** What all of them are worth. */
  readonly worths: readonly MonthWorth[];
}

const NOTHING: LastDays = { days: [], worths: [] };

/** The revenue of the last days of the tokens that are shown, in the coin and in each ERC-20 that one of them shares. */
async function revenueOf(
  offerings: readonly Offering[],
  end: number,
  asked: Currency & { readonly at: AtInput | undefined },
  signal: AbortSignal,
): Promise<LastDays> {
  const timestamp = { gte: new Date(firstDay(end)).toISOString() };
  const assets = new Set(
    offerings.flatMap((offering) => {
      const asset = onlyAsset(offering);
      return asset === null ? [] : [asset.address];
    }),
  );
  const filters = [{ timestamp }, ...[...assets].map((asset) => ({ timestamp, asset }))];
  const answers = await Promise.all(
    filters.map((filter) => ledger.query(RevenueOfDaysDocument, { filter, ...asked }, signal)),
  );
  return {
    days: answers.flatMap(({ data }) => data.receiptTotals ?? []),
    worths: answers.flatMap(({ data }) => data.worth ?? []),
  };
}

/** The ERC-20 of a token that shares nothing else. */
function onlyAsset({ policy, assets }: Offering) {
  return policy.parts.revenue === 'one-asset' ? (assets[0] ?? null) : null;
}

function OfferingCard({
  offering,
  end,
  days,
  worths,
}: {
  readonly offering: Offering;
  /** The moment of the page; `null`: nothing is indexed. */
  readonly end: number | null;
  readonly days: readonly DayRow[];
  readonly worths: readonly MonthWorth[];
}) {
  const { start: t } = texts.value;
  const { chainId, address } = offering;
  const asset = onlyAsset(offering);
  const chain = chains.value?.find((one) => one.chainId === chainId);
  const unit =
    asset === null
      ? coinOf(chainId)
      : { symbol: cutSymbol(asset.symbol), decimals: asset.decimals ?? null };
  const money = asset?.address ?? 'native';
  const { pools } = asset ?? offering;
  const own = groupedBy(days, (row) => row.asset).get(money) ?? [];
  const values = end === null ? [] : daysOf(own, end);
  const month = values.reduce((sum, amount) => sum + amount, 0n);
  return (
    <section class="card offering-card">
      <header class="card-head">
        <h2>
          <a href={links.offering(chainId, address)}>
            <bdi>{tokenTitle(offering)}</bdi>
          </a>
        </h2>
        {chain?.name != null && <span class="tag">{chain.name}</span>}
      </header>
      {offering.held != null && <p class="notice warning">{t.held}</p>}
      <dl class="figures">
        <Valued
          name={t.received}
          value={asset?.received ?? offering.receivedWei}
          unit={unit}
          worth={asset === null ? offering.values?.receivedWei : asset.values?.received}
        />
        <Valued
          name={t.claimable}
          value={pools.claimableWei}
          unit={unit}
          worth={pools.values?.claimableWei}
        />
        <Figure name={t.lastDays} note={<Sparkline values={values} />}>
          <Amount value={month} unit={unit} />
          <Worth sum={worths.find((one) => one.asset === money)?.amountWei.value} />
        </Figure>
        <Figure name={t.next}>
          {offering.earliestNextSnapshot == null ? (
            <Unknown why={t.nextUnknown} />
          ) : (
            <NextSnapshot at={offering.earliestNextSnapshot} />
          )}
        </Figure>
      </dl>
    </section>
  );
}

function Valued({
  name,
  value,
  unit,
  worth,
}: {
  readonly name: string;
  readonly value: bigint;
  readonly unit: { readonly symbol: string | null; readonly decimals: number | null };
  readonly worth: WorthOfFragment | undefined;
}) {
  return (
    <Figure name={name}>
      <Amount value={value} unit={unit} />
      <Worth sum={worth} />
    </Figure>
  );
}
