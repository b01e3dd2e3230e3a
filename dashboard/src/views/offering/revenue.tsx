import { ledger } from '../../ledger/client.js';
import {
  type AtInput,
  type IncomeSource,
  OfferingRevenueDocument,
  type OfferingRevenueQuery,
} from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { type Column, StackedColumns } from '../../parts/stackedColumns.js';
import type { Unit } from '../../parts/unit.js';
import { language, texts } from '../../texts/texts.js';

const SOURCES: readonly IncomeSource[] = [
  'ORACLE',
  'COLLECTION',
  'SALE',
  'KNOWN',
  'UNKNOWN',
  'UNTRACED',
];

/** Revenue by month and source. */
export function Revenue({
  chainId,
  token,
  at,
  unit,
}: {
  readonly chainId: number;
  readonly token: string;
  readonly at: AtInput | undefined;
  readonly unit: Unit;
}) {
  const { offering: t } = texts.value;
  const filter = { chainId, token };
  const known = useAnswer(`revenue ${chainId} ${token} ${JSON.stringify(at)}`, (signal) =>
    ledger.query(OfferingRevenueDocument, { filter, at }, signal),
  );
  return (
    <Section title={t.revenue}>
      <Answered known={known} lines={8}>
        {({ receiptTotals }) => {
          const columns = columnsOf(receiptTotals ?? []);
          if (columns.length === 0) return <p class="empty">{t.noRevenue}</p>;
          return (
            <StackedColumns
              title={t.revenue}
              columns={columns}
              names={SOURCES.map((source) => t.sources[source])}
              unit={unit}
            />
          );
        }}
      </Answered>
    </Section>
  );
}

function columnsOf(rows: NonNullable<OfferingRevenueQuery['receiptTotals']>): Column[] {
  const months = Map.groupBy(rows, ({ from }) => from ?? '');
  return [...months].map(([from, parts]) => ({
    name: monthOf(from),
    values: SOURCES.map((source) =>
      parts
        .filter((part) => part.source === source)
        .reduce((sum, { amountWei }) => sum + amountWei.sum, 0n),
    ),
  }));
}

function monthOf(from: string): string {
  const form = new Intl.DateTimeFormat(language.value, {
    month: 'short',
    year: '2-digit',
    timeZone: 'UTC',
  });
  return form.format(new Date(from));
}
