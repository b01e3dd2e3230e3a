import { digitsShown } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { type AtInput, OfferingActivityDocument } from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section, Unknown } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { Time } from '../../parts/time.js';
import type { Unit } from '../../parts/unit.js';
import { texts } from '../../texts/texts.js';
import { cut } from '../tokenName.js';

/** What came in last. */
export function Activity({
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
  const { offering: t, table } = texts.value;
  const filter = { chainId, token };
  const known = useAnswer(`activity ${chainId} ${token} ${JSON.stringify(at)}`, (signal) =>
    ledger.query(OfferingActivityDocument, { filter, at }, signal),
  );
  const amounts = (known.data?.receipts?.nodes ?? []).map(({ amountWei }) => amountWei);
  const digits = digitsShown(amounts, unit.decimals ?? 0);
  return (
    <Section title={t.activity}>
      <Answered known={known} lines={8}>
        {({ receipts }) =>
          (receipts?.nodes.length ?? 0) === 0 ? (
            <p class="empty">{t.noRevenue}</p>
          ) : (
            <DataTable
              label={t.activity}
              rows={receipts?.nodes ?? []}
              keyOf={({ id }) => id}
              columns={[
                { title: table.time, cell: ({ timestamp }) => <Time moment={timestamp} /> },
                {
                  title: table.source,
                  cell: ({ source, sourceLabel }) =>
                    sourceLabel == null ? t.sources[source] : <bdi>{cut(sourceLabel)}</bdi>,
                },
                { title: table.payer, cell: (receipt) => <Payer {...receipt} /> },
                {
                  title: table.amount,
                  isNumber: true,
                  cell: ({ amountWei, isProvisional }) => (
                    <>
                      <Amount value={amountWei} unit={unit} digits={digits} />
                      {isProvisional && <span class="tag">{t.provisional}</span>}
                    </>
                  ),
                },
              ]}
            />
          )
        }
      </Answered>
    </Section>
  );
}

function Payer({
  payer,
  payerLabel,
}: {
  readonly payer?: string | null;
  readonly payerLabel?: string | null;
}) {
  if (payer == null) return <Unknown why={texts.value.offering.sources.UNTRACED} />;
  return <Address hex={payer} label={payerLabel == null ? null : cut(payerLabel)} />;
}
