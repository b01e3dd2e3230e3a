import { groupedBy } from '../../format/grouped.js';
import { ledger } from '../../ledger/client.js';
import {
  type AtInput,
  OfferingsDocument,
  type OfferingsQuery,
  RevenueOfDaysDocument,
  type RevenueOfDaysQuery,
} from '../../ledger/generated/documents.js';
import { chains } from '../../ledger/heads.js';
import { type Price, useNativePrice } from '../../ledger/price.js';
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
import { coinOf } from '../markets/list.js';
import { NextSnapshot } from '../nextSnapshot.js';
import { cutSymbol, tokenTitle } from '../tokenName.js';
import { daysOf, firstDay } from './days.js';

type Offering = NonNullable<OfferingsQuery['tokens']>['nodes'][number];
type DayRow = NonNullable<RevenueOfDaysQuery['receiptTotals']>[number];

/** The offerings, and a way to find a holder, a token or a transaction. */
export function StartView() {
  const { start: t, offering } = texts.value;
  const at = atOfPage();
  // Pages are turned forwards; the browser turns them back.
  const [after, turn] = useParameter('after', true);
  const known = useAnswer(
    `offerings ${JSON.stringify(at)} ${after}`,
    async (signal) => {
      const page = after === null ? {} : { after };
      const { data, marks } = await ledger.query(OfferingsDocument, { at, ...page }, signal);
      const offerings = data.tokens?.nodes ?? [];
      // Days end with the block that is shown, not with the reader's clock.
      const times = (data.tokens?.asOf ?? []).flatMap(({ timestamp }) =>
        timestamp == null ? [] : [Date.parse(timestamp)],
      );
      const end = times.length === 0 ? null : Math.max(...times);
      const days = end === null ? [] : await revenueOf(offerings, end, at, signal);
      return { data: { offerings, days, end, pageInfo: data.tokens?.pageInfo }, marks };
    },
    SELDOM_MS,
  );
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
        <SearchBox isLarge />
      </header>
      <Answered known={known} lines={10}>
        {({ offerings, days, end, pageInfo }) =>
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
                      days={days.filter(
                        ({ chainId, token }) =>
                          chainId === offering.chainId && token === offering.address,
                      )}
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

/** The revenue of the last days of the tokens that are shown, in the coin and in each ERC-20 that one of them shares. */
async function revenueOf(
  offerings: readonly Offering[],
  end: number,
  at: AtInput | undefined,
  signal: AbortSignal,
): Promise<DayRow[]> {
  const timestamp = { gte: new Date(firstDay(end)).toISOString() };
  const assets = new Set(
    offerings.flatMap((offering) => {
      const asset = onlyAsset(offering);
      return asset === null ? [] : [asset.address];
    }),
  );
  const filters = [{ timestamp }, ...[...assets].map((asset) => ({ timestamp, asset }))];
  const answers = await Promise.all(
    filters.map((filter) => ledger.query(RevenueOfDaysDocument, { filter, at }, signal)),
  );
  return answers.flatMap(({ data }) => data.receiptTotals ?? []);
}

/** The ERC-20 of a token that shares nothing else. */
function onlyAsset({ policy, assets }: Offering) {
  return policy.parts.revenue === 'one-asset' ? (assets[0] ?? null) : null;
}

function OfferingCard({
  offering,
  end,
  days,
}: {
  readonly offering: Offering;
  /** The moment of the page; `null`: nothing is indexed. */
  readonly end: number | null;
  readonly days: readonly DayRow[];
}) {
  const { start: t } = texts.value;
  const { chainId, address } = offering;
  const priced = useNativePrice(chainId, address, atOfPage());
  const asset = onlyAsset(offering);
  const chain = chains.value?.find((one) => one.chainId === chainId);
  const unit =
    asset === null
      ? coinOf(chainId)
      : { symbol: cutSymbol(asset.symbol), decimals: asset.decimals ?? null };
  const price = asset === null ? priced : null;
  const own = groupedBy(days, (row) => row.asset).get(asset?.address ?? 'native') ?? [];
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
        <Priced
          name={t.received}
          value={asset?.received ?? offering.receivedWei}
          unit={unit}
          price={price}
        />
        <Priced
          name={t.claimable}
          value={(asset?.pools ?? offering.pools).claimableWei}
          unit={unit}
          price={price}
        />
        <Figure name={t.lastDays} note={<Sparkline values={values} />}>
          <Amount value={month} unit={unit} />
          <Worth value={month} unit={unit} price={price} />
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

function Priced({
  name,
  value,
  unit,
  price,
}: {
  readonly name: string;
  readonly value: bigint;
  readonly unit: { readonly symbol: string | null; readonly decimals: number | null };
  readonly price: Price | null;
}) {
  return (
    <Figure name={name}>
      <Amount value={value} unit={unit} />
      <Worth value={value} unit={unit} price={price} />
    </Figure>
  );
}
