import { WhenSeen } from '../../charts/whenSeen.js';
import { shortHex } from '../../format/addresses.js';
import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { useCurrencies, valuedIn } from '../../ledger/currencies.js';
import {
  type AtInput,
  OneModelDocument,
  type OneModelQuery,
  TimeOfRequestsDocument,
} from '../../ledger/generated/markets.js';
import { useNames } from '../../ledger/names.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Figure, Section } from '../../parts/card.js';
import { Choice } from '../../parts/choice.js';
import { type Column, DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import { Worth } from '../../parts/worth.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { useParameter } from '../../place/parameters.js';
import { locale, texts } from '../../texts/texts.js';
import { NotFound } from '../notFound.js';
import { STEPS, type Step, stepName, stepOf } from '../offering/periods.js';
import { cut } from '../tokenName.js';
import { feeUnit } from './feeUnit.js';

type Model = NonNullable<OneModelQuery['models']>['nodes'][number];
type Totals = NonNullable<OneModelQuery['requestTotals']>;

const CHART = 320;

/** One model: what it cost over time, how it was used, and whom it paid. */
export function ModelView({
  chainId = '',
  oracle = '',
  model = '',
}: {
  readonly chainId?: string;
  readonly oracle?: string;
  readonly model?: string;
}) {
  const { markets: t } = texts.value;
  const chain = Number(chainId);
  const at = atOfPage();
  const [wanted, choose] = useParameter('step');
  const isValid =
    /^0x[\da-f]{40}$/i.test(oracle) &&
    /^\d{1,78}$/.test(model) &&
    Number.isSafeInteger(chain) &&
    chain > 0;
  const filter = { chainId: chain, oracle, modelId: model };
  const currencies = useCurrencies();
  const isReady = isValid && currencies.all !== null;
  const known = useAnswer(
    isReady ? `model ${JSON.stringify([filter, at, wanted, currencies.chosen])}` : null,
    async (signal) => {
      const step = await stepFor(filter, wanted, at, signal);
      const given = {
        ...{ filter, requests: filter, interval: step, at },
        ...valuedIn(currencies),
      };
      const { data, marks } = await ledger.query(OneModelDocument, given, signal);
      return { data: { ...data, step }, marks };
    },
    SELDOM_MS,
  );
  if (!isValid) return <NotFound text={`${chainId}/${oracle}/${model}`} />;
  return (
    <Answered known={known} lines={12}>
      {({ models, requestTotals, step }) => {
        const found = models?.nodes[0];
        if (found === undefined) return <p class="empty">{t.none}</p>;
        return (
          <article class="view">
            <header class="view-head">
              <h1>{t.oneModel(String(found.modelId))}</h1>
              <p class="muted">
                <Address
                  hex={found.oracle.address}
                  label={found.oracle.label == null ? null : cut(found.oracle.label)}
                />
                {!found.exists && <span class="tag">{t.removed}</span>}
              </p>
            </header>
            <Figures model={found} />
            <Usage
              model={found}
              totals={requestTotals ?? []}
              step={step}
              onStep={(value) => choose(value.toLowerCase())}
            />
            <Terms model={found} />
            <Payouts model={found} />
          </article>
        );
      }}
    </Answered>
  );
}

/** The step of the drawing: it depends on the time from the first request to the last. */
async function stepFor(
  requests: { readonly chainId: number; readonly oracle: string; readonly modelId: string },
  wanted: string | null,
  at: AtInput | undefined,
  signal: AbortSignal,
): Promise<Step> {
  const { data } = await ledger.query(TimeOfRequestsDocument, { requests, at }, signal);
  const momentOf = (list: typeof data.oldest) => Date.parse(list?.nodes[0]?.timestamp ?? '');
  const [first, last] = [momentOf(data.oldest), momentOf(data.newest)];
  return stepOf(wanted, first || 0, last || 0);
}

function Figures({ model }: { readonly model: Model }) {
  const { markets: t } = texts.value;
  const receiver = useNames(model.oracle.chainId, [model.receiver]).get(model.receiver);
  return (
    <dl class="figures card">
      <Figure name={t.fee}>
        <Amount value={model.fee} unit={feeUnit(model, model.paymentToken)} />
        <Worth sum={model.values?.fee} />
      </Figure>
      <Figure name={t.requests}>
        {count(model.totals.reduce((sum, { requests }) => sum + requests, 0n))}
      </Figure>
      {model.totals.map((totals) => (
        <Figure key={totals.paymentToken ?? ''} name={t.fees}>
          <Amount value={totals.fees} unit={feeUnit(model, totals.paymentToken)} />
          <Worth sum={totals.values?.fees} />
        </Figure>
      ))}
      <Figure name={t.accrued}>
        <Amount value={model.accrued} unit={feeUnit(model, model.paymentToken)} />
        <Worth sum={model.values?.accrued} />
      </Figure>
      <Figure name={t.receiver} note={`${model.receiverPercentage} %`}>
        <a href={links.offering(model.oracle.chainId, model.receiver)}>
          {receiver === undefined ? <Short hex={model.receiver} /> : <bdi>{cut(receiver)}</bdi>}
        </a>
      </Figure>
    </dl>
  );
}

function Short({ hex }: { readonly hex: string }) {
  return <span class="hex">{shortHex(hex)}</span>;
}

function Usage({
  model,
  totals,
  step,
  onStep,
}: {
  readonly model: Model;
  readonly totals: Totals;
  readonly step: Step;
  readonly onStep: (step: Step) => void;
}) {
  const { markets: t, charts } = texts.value;
  // Money of different assets is never added up: the drawing has what the model takes now.
  const rows = totals.filter(
    ({ paymentToken }) => (paymentToken ?? null) === (model.paymentToken ?? null),
  );
  return (
    <Section
      title={t.usage}
      aside={
        <Choice
          label={charts.stepLabel}
          values={STEPS.map((value) => ({ value, name: charts.by[value] }))}
          value={step}
          onChoose={onStep}
        />
      }
    >
      {rows.every((row) => row.count === 0) ? (
        <p class="empty">{t.noRequests}</p>
      ) : (
        <WhenSeen height={CHART}>
          {({ StackedColumns }) => (
            <StackedColumns
              title={t.usage}
              step={charts.steps[step]}
              columns={rows.map((row) => ({
                name: stepName(row.from ?? '', step, locale.value),
                values: [row.receiverPart.sum, row.protocolPart.sum],
                more: `${t.requests}: ${count(row.count)}`,
              }))}
              series={[
                { name: t.receiverPart, mark: 0 },
                { name: t.protocolPart, mark: 1 },
              ]}
              unit={feeUnit(model, model.paymentToken)}
            />
          )}
        </WhenSeen>
      )}
    </Section>
  );
}

/** When something happened, and what, with its transaction. */
function whenAndWhat<Row extends { readonly timestamp: string; readonly transactionHash: string }>(
  nameOf: (row: Row) => string,
): Column<Row>[] {
  const { markets: t, table } = texts.value;
  return [
    { title: table.time, cell: ({ timestamp }) => <Time moment={timestamp} /> },
    {
      title: t.change,
      cell: (row) => <a href={links.transaction(row.transactionHash)}>{nameOf(row)}</a>,
    },
  ];
}

/** How the terms changed, the newest first, each with what is different from before. */
function Terms({ model }: { readonly model: Model }) {
  const { markets: t } = texts.value;
  const { nodes, pageInfo } = model.changes;
  if (nodes.length === 0) return null;
  return (
    <Section title={t.terms}>
      <DataTable
        label={t.terms}
        narrow="rows"
        rows={nodes}
        keyOf={({ id }) => id}
        note={pageInfo.hasNextPage ? t.more : undefined}
        columns={[
          ...whenAndWhat<(typeof nodes)[number]>(({ kind }) => t.changes[kind]),
          {
            title: t.fee,
            isNumber: true,
            cell: ({ terms }) => (
              <Amount value={terms.fee} unit={feeUnit(model, terms.paymentToken)} />
            ),
          },
          {
            title: t.receiver,
            cell: ({ terms }) => (
              <>
                {terms.receiverPercentage} % <Address hex={terms.receiver} />
              </>
            ),
          },
        ]}
      />
    </Section>
  );
}

function Payouts({ model }: { readonly model: Model }) {
  const { markets: t, table } = texts.value;
  const { nodes, pageInfo } = model.payouts;
  return (
    <Section title={t.payouts}>
      {nodes.length === 0 ? (
        <p class="empty">{t.noPayouts}</p>
      ) : (
        <DataTable
          label={t.payouts}
          narrow="rows"
          rows={nodes}
          keyOf={({ id }) => id}
          note={pageInfo.hasNextPage ? t.more : undefined}
          columns={[
            ...whenAndWhat<(typeof nodes)[number]>(({ cause }) => t.causes[cause]),
            { title: t.receiver, cell: ({ receiver }) => <Address hex={receiver} /> },
            {
              title: table.amount,
              isNumber: true,
              cell: ({ amount, paymentToken }) => (
                <Amount value={amount} unit={feeUnit(model, paymentToken)} />
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}
