import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { ModelsDocument, type ModelsQuery } from '../../ledger/generated/markets.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { useParameter } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import { cut } from '../tokenName.js';
import { feeUnit } from './feeUnit.js';
import { ListView, usePages } from './list.js';

type Model = NonNullable<ModelsQuery['models']>['nodes'][number];

/** The models at the oracles: what they cost, what they brought, and whom they pay. */
export function ModelsView() {
  const { markets: t } = texts.value;
  const at = atOfPage();
  const [oracle] = useParameter('oracle');
  const { page, ...pages } = usePages();
  const filter = oracle === null ? {} : { oracle };
  const known = useAnswer(
    `models ${JSON.stringify([at, filter, page])}`,
    async (signal) => {
      const { data, marks } = await ledger.query(ModelsDocument, { at, filter, ...page }, signal);
      return { data: data.models, marks };
    },
    SELDOM_MS,
  );
  return (
    <ListView
      title={t.models}
      lead={t.modelsLead}
      known={known}
      {...pages}
      columns={[
        {
          title: t.model,
          cell: ({ modelId, oracle: { chainId, address } }) => (
            <a href={links.model(chainId, address, modelId)}>{t.oneModel(String(modelId))}</a>
          ),
        },
        {
          title: t.oracle,
          cell: ({ oracle }) => (
            <Address hex={oracle.address} label={oracle.label == null ? null : cut(oracle.label)} />
          ),
        },
        {
          title: t.fee,
          isNumber: true,
          cell: (model) => <Amount value={model.fee} unit={feeUnit(model, model.paymentToken)} />,
        },
        {
          title: t.requests,
          isNumber: true,
          cell: ({ totals }) => count(totals.reduce((sum, { requests }) => sum + requests, 0n)),
        },
        { title: t.fees, isNumber: true, cell: (model) => sums(model, ({ fees }) => fees) },
        {
          title: t.paidOut,
          isNumber: true,
          cell: (model) => sums(model, ({ paidOut }) => paidOut),
        },
        {
          title: t.accrued,
          isNumber: true,
          cell: (model) => (
            <Amount value={model.accrued} unit={feeUnit(model, model.paymentToken)} />
          ),
        },
        {
          title: t.receiver,
          cell: ({ receiver, receiverPercentage }) => (
            <>
              {receiverPercentage} % <Address hex={receiver} />
            </>
          ),
        },
      ]}
    />
  );
}

/** What it brought in each asset: money of different assets is never added up. */
function sums(model: Model, amountOf: (totals: Model['totals'][number]) => bigint) {
  return model.totals.map((totals) => (
    <div key={totals.paymentToken}>
      <Amount value={amountOf(totals)} unit={feeUnit(model, totals.paymentToken)} />
    </div>
  ));
}
