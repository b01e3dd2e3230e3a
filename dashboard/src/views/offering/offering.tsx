import { ledger } from '../../ledger/client.js';
import { useCurrencies, valuedIn } from '../../ledger/currencies.js';
import { OfferingDocument, type OfferingQuery } from '../../ledger/generated/offering.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Figure, Unknown } from '../../parts/card.js';
import { Choice } from '../../parts/choice.js';
import { Doubts } from '../../parts/doubts.js';
import { Worth } from '../../parts/worth.js';
import { atOfPage } from '../../place/moment.js';
import { useParameter } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import { coinOf } from '../markets/list.js';
import { NextSnapshot } from '../nextSnapshot.js';
import { NotFound } from '../notFound.js';
import { cutSymbol, tokenTitle } from '../tokenName.js';
import { Activity } from './activity.js';
import { Holders } from './holders.js';
import { type Money, moneyOf } from './money.js';
import { periodOf, stepOf } from './periods.js';
import { PolicyDetails } from './policyDetails.js';
import { Revenue } from './revenue.js';
import { Snapshots } from './snapshots.js';
import { SoldIn } from './soldIn.js';
import { WhereItIs } from './whereItIs.js';
import { Yields } from './yields.js';

export type OfferingAnswer = OfferingQuery;
export type OfferingToken = NonNullable<OfferingQuery['token']>;

/** One offering: what it shares, where its money is, and who holds it. */
export function OfferingView({
  chainId = '',
  token = '',
}: {
  readonly chainId?: string;
  readonly token?: string;
}) {
  const { offering: t } = texts.value;
  const chain = Number(chainId);
  const at = atOfPage();
  const isValid = /^0x[\da-f]{40}$/i.test(token) && Number.isSafeInteger(chain) && chain > 0;
  const currencies = useCurrencies();
  const { chosen } = currencies;
  const isReady = isValid && currencies.all !== null;
  const known = useAnswer(
    isReady ? `offering ${chain} ${token} ${chosen} ${JSON.stringify(at)}` : null,
    (signal) => {
      const filter = { chainId: chain, token };
      const variables = { ...filter, at, filter, ...valuedIn(currencies) };
      return ledger.query(OfferingDocument, variables, signal);
    },
    SELDOM_MS,
  );
  if (!isValid) return <NotFound text={`${chainId}/${token}`} />;
  return (
    <Answered known={known} lines={14}>
      {(answer) =>
        answer.token == null ? (
          <p class="empty">{t.none}</p>
        ) : (
          <Found answer={answer} token={answer.token} />
        )
      }
    </Answered>
  );
}

function Found({
  answer,
  token,
}: {
  readonly answer: OfferingAnswer;
  readonly token: OfferingToken;
}) {
  const { chainId, address } = token;
  const at = atOfPage();
  const coin = coinOf(chainId).symbol;
  const all = moneyOf(token, coin);
  const [asset, chooseAsset] = useParameter('asset');
  const [wantedStep] = useParameter('step');
  const [wantedDays] = useParameter('days');
  const money = all.find((one) => one.asset === asset) ?? all[0];
  if (money === undefined) return null;
  const now = Date.parse(token.asOf.timestamp ?? new Date().toISOString());
  const first = Date.parse(answer.oldest?.nodes[0]?.timestamp ?? new Date(now).toISOString());
  const step = stepOf(wantedStep, first, now);
  return (
    <article class="view">
      <Head token={token} coin={coin} />
      {all.length > 1 && (
        <Choice
          label={texts.value.offering.moneyChoice}
          values={all.map((one) => ({
            value: one.asset ?? 'native',
            name: cutSymbol(one.unit.symbol) ?? texts.value.amounts.noSymbol,
          }))}
          value={money.asset ?? 'native'}
          onChoose={(value) => chooseAsset(value === 'native' ? null : value)}
        />
      )}
      <Figures token={token} money={money} />
      <WhereItIs answer={answer} money={money} window={token.policy.window ?? null} />
      <Revenue chainId={chainId} token={address} at={at} money={money} step={step} />
      <Snapshots token={token} money={money} now={now} />
      <Yields token={token} at={at} money={money} period={periodOf(wantedDays, first, now)} />
      <SoldIn sales={answer.sales?.nodes ?? []} token={token} />
      <Holders chainId={chainId} token={token} at={at} nativeSymbol={coin} step={step} />
      <Activity chainId={chainId} token={address} at={at} money={money} />
    </article>
  );
}

/** What it is, how it shares, and what is wrong with its figures. */
function Head({ token, coin }: { readonly token: OfferingToken; readonly coin: string }) {
  return (
    <header class="view-head">
      <h1>
        <bdi>{tokenTitle(token)}</bdi>
      </h1>
      <p class="muted">
        <Address hex={token.address} />
      </p>
      <PolicyDetails token={token} coin={coin} />
      <Doubts token={token} />
    </header>
  );
}

function Figures({ token, money }: { readonly token: OfferingToken; readonly money: Money }) {
  const { offering: t } = texts.value;
  const figure = (name: string, of: 'received' | 'claimable' | 'redeemable') => (
    <Figure name={name} note={<Worth sum={money.worth[of]} />}>
      <Amount value={money[of]} unit={money.unit} />
    </Figure>
  );
  return (
    <dl class="figures four card">
      {figure(t.received, 'received')}
      {figure(t.claimable, 'claimable')}
      {figure(t.redeemable, 'redeemable')}
      <Figure name={t.next}>
        {token.earliestNextSnapshot == null ? (
          <Unknown why={t.nextUnknown} />
        ) : (
          <NextSnapshot at={token.earliestNextSnapshot} />
        )}
      </Figure>
    </dl>
  );
}
