import { ledger } from '../../ledger/client.js';
import {
  OfferingsDocument,
  type OfferingsQuery,
  RevenueOfDaysDocument,
} from '../../ledger/generated/documents.js';
import { chains } from '../../ledger/heads.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Figure, Unknown } from '../../parts/card.js';
import { Sparkline } from '../../parts/sparkline.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { SearchBox } from '../../shell/searchBox.js';
import { texts } from '../../texts/texts.js';
import { NextSnapshot } from '../nextSnapshot.js';
import { tokenTitle } from '../tokenName.js';

const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1_000;

type Offering = NonNullable<OfferingsQuery['tokens']>['nodes'][number];

/** The offerings, and a way to find a holder. */
export function StartView() {
  const { start: t } = texts.value;
  const at = atOfPage();
  const known = useAnswer(`offerings ${JSON.stringify(at)}`, async (signal) => {
    const { data, marks } = await ledger.query(OfferingsDocument, { at }, signal);
    const asOf = data.tokens?.asOf ?? [];
    // Days end with the block that is shown, not with the reader's clock.
    const times = asOf.flatMap(({ timestamp }) =>
      timestamp == null ? [] : [Date.parse(timestamp)],
    );
    const days = times.length === 0 ? [] : await daysBefore(Math.max(...times), at, signal);
    return { data: { offerings: data.tokens?.nodes ?? [], days }, marks };
  });
  return (
    <article class="view">
      <header class="view-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
        <SearchBox isLarge />
      </header>
      <Answered known={known} lines={10}>
        {({ offerings, days }) =>
          offerings.length === 0 ? (
            <p class="empty">{t.none}</p>
          ) : (
            <ul class="cards">
              {offerings.map((offering) => (
                <li key={`${offering.chainId} ${offering.address}`}>
                  <OfferingCard
                    offering={offering}
                    days={days.filter(
                      ({ chainId, token }) =>
                        chainId === offering.chainId && token === offering.address,
                    )}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </article>
  );
}

async function daysBefore(
  end: number,
  at: { block?: number | null; timestamp?: string | null } | undefined,
  signal: AbortSignal,
) {
  const from = new Date(end - (DAYS - 1) * DAY_MS);
  from.setUTCHours(0, 0, 0, 0);
  const filter = { timestamp: { gte: from.toISOString() } };
  const { data } = await ledger.query(RevenueOfDaysDocument, { filter, at }, signal);
  return data.receiptTotals ?? [];
}

function OfferingCard({
  offering,
  days,
}: {
  readonly offering: Offering;
  readonly days: readonly {
    readonly from?: string | null;
    readonly asset: string;
    readonly amountWei: { readonly sum: bigint };
  }[];
}) {
  const { start: t } = texts.value;
  const chain = chains.value?.find(({ chainId }) => chainId === offering.chainId);
  const unit = { symbol: chain?.nativeSymbol ?? 'ETH', decimals: 18 };
  const native = days
    .filter(({ asset }) => asset === 'native')
    .map(({ amountWei }) => amountWei.sum);
  const month = native.reduce((sum, amount) => sum + amount, 0n);
  return (
    <section class="card offering-card">
      <header class="card-head">
        <h2>
          <a href={links.offering(offering.chainId, offering.address)}>
            <bdi>{tokenTitle(offering)}</bdi>
          </a>
        </h2>
        {chain?.name != null && <span class="tag">{chain.name}</span>}
      </header>
      <dl class="figures">
        <Figure name={t.received}>
          <Amount value={offering.receivedWei} unit={unit} />
        </Figure>
        <Figure name={t.claimable}>
          <Amount value={offering.pools.claimableWei} unit={unit} />
        </Figure>
        <Figure name={t.lastDays} note={<Sparkline values={native} />}>
          <Amount value={month} unit={unit} />
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
