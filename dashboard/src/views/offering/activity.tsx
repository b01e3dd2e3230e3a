import { digitsShown } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import { type AtInput, OfferingActivityDocument } from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
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
            <section class="scroll" aria-label={t.activity}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{table.time}</th>
                    <th scope="col">{table.source}</th>
                    <th scope="col">{table.payer}</th>
                    <th scope="col" class="number">
                      {table.amount}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {receipts?.nodes.map((receipt) => (
                    <tr key={receipt.id}>
                      <td>
                        <Time moment={receipt.timestamp} />
                      </td>
                      <td>
                        {receipt.sourceLabel == null ? (
                          t.sources[receipt.source]
                        ) : (
                          <bdi>{cut(receipt.sourceLabel)}</bdi>
                        )}
                      </td>
                      <td>
                        {receipt.payer == null ? (
                          '—'
                        ) : (
                          <Address
                            hex={receipt.payer}
                            label={receipt.payerLabel == null ? null : cut(receipt.payerLabel)}
                          />
                        )}
                      </td>
                      <td class="number">
                        <Amount value={receipt.amountWei} unit={unit} digits={digits} />
                        {receipt.isProvisional && <span class="tag">{t.provisional}</span>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )
        }
      </Answered>
    </Section>
  );
}
