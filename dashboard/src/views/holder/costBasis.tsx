import { percentOf } from '../../format/amounts.js';
import { Amount } from '../../parts/amount.js';
import { Section, Unknown } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { links } from '../../place/links.js';
import { texts } from '../../texts/texts.js';
import { cutSymbol, tokenTitle } from '../tokenName.js';
import { type Cost, costsOf } from './costs.js';
import { type OwedToken, type Person, unitOf } from './owed.js';

/** What a person paid for its tokens in sales, and what came back so far. */
export function CostBasis({
  participations,
  tokens,
  symbolOf,
}: {
  readonly participations: Person['participations'];
  readonly tokens: readonly OwedToken[];
  readonly symbolOf: (chainId: number) => string;
}) {
  const { holder: t, table } = texts.value;
  const costs = costsOf(participations, tokens);
  const paidUnit = ({ chainId, raise }: Cost) =>
    unitOf(
      {
        address: raise.address ?? null,
        symbol: raise.symbol ?? null,
        decimals: raise.decimals ?? null,
      },
      symbolOf(chainId),
    );
  return (
    <Section title={t.cost}>
      {costs.length === 0 ? (
        <p class="empty">{t.noCost}</p>
      ) : (
        <DataTable
          label={t.cost}
          narrow="rows"
          rows={costs}
          keyOf={({ key }) => key}
          note={t.costNote}
          columns={[
            {
              title: table.token,
              cell: ({ chainId, tokenAddress, token }) => (
                <a href={links.offering(chainId, tokenAddress)}>
                  <bdi>
                    {token === null
                      ? tokenTitle({ address: tokenAddress })
                      : (cutSymbol(token.symbol) ?? tokenTitle(token))}
                  </bdi>
                </a>
              ),
            },
            {
              title: t.paid,
              isNumber: true,
              cell: (cost) => (
                <>
                  <Amount value={cost.paid} unit={paidUnit(cost)} />
                  {!cost.isFinal && <span class="note">{t.notFinal}</span>}
                </>
              ),
            },
            {
              title: t.got,
              isNumber: true,
              cell: ({ got, token }) => (
                <Amount
                  value={got}
                  unit={{ symbol: cutSymbol(token?.symbol), decimals: token?.decimals ?? 0 }}
                />
              ),
            },
            {
              title: t.returned,
              isNumber: true,
              cell: (cost) =>
                cost.earned === null ? (
                  <Unknown why={t.otherMoney} />
                ) : (
                  <Amount value={cost.earned} unit={paidUnit(cost)} />
                ),
            },
            {
              title: t.ofPaid,
              isNumber: true,
              cell: ({ earned, paid }) =>
                (earned === null ? null : percentOf(earned, paid)) ?? (
                  <Unknown why={earned === null ? t.otherMoney : t.nothingPaid} />
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}
