import { useState } from 'preact/hooks';
import { shortHex } from '../../format/addresses.js';
import { digitsShown, percentOf } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import {
  type AtInput,
  OfferingHoldersDocument,
  type OfferingHoldersQuery,
} from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
import { links } from '../../place/links.js';
import { texts } from '../../texts/texts.js';
import { cut } from '../tokenName.js';
import type { OfferingToken } from './offering.js';

type Row = NonNullable<OfferingHoldersQuery['holders']>['nodes'][number];

/** Who holds the token, the largest first. */
export function Holders({
  chainId,
  token,
  at,
  nativeSymbol,
}: {
  readonly chainId: number;
  readonly token: OfferingToken;
  readonly at: AtInput | undefined;
  readonly nativeSymbol: string;
}) {
  const { offering: t, table } = texts.value;
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const after = cursors.at(-1);
  const known = useAnswer(
    `holders ${chainId} ${token.address} ${JSON.stringify(at)} ${after}`,
    (signal) =>
      ledger.query(OfferingHoldersDocument, { chainId, token: token.address, at, after }, signal),
  );
  const unit = { symbol: token.symbol ?? null, decimals: token.decimals ?? 0 };
  const native = { symbol: nativeSymbol, decimals: 18 };
  const digitsOf = (amountOf: (row: Row) => bigint, { decimals }: { readonly decimals: number }) =>
    digitsShown((known.data?.holders?.nodes ?? []).map(amountOf), decimals);
  const balances = digitsOf(({ balance }) => balance, unit);
  const claimables = digitsOf(({ entitlement }) => entitlement.totalClaimableWei, native);
  return (
    <Section title={t.holders}>
      <Answered known={known} lines={10}>
        {({ holders }) => (
          <>
            <DataTable
              label={t.holders}
              rows={holders?.nodes ?? []}
              keyOf={({ address }) => address}
              columns={[
                {
                  title: table.holder,
                  cell: ({ address, label, kind }) => (
                    <>
                      <a
                        class={label == null ? 'hex' : ''}
                        href={links.holder([address])}
                        title={address}
                      >
                        {label == null ? shortHex(address) : <bdi>{cut(label)}</bdi>}
                      </a>
                      {kind != null && kind !== 'WALLET' && (
                        <span class="tag">{t.accountKinds[kind]}</span>
                      )}
                    </>
                  ),
                },
                {
                  title: table.balance,
                  isNumber: true,
                  cell: ({ balance }) => <Amount value={balance} unit={unit} digits={balances} />,
                },
                {
                  title: table.part,
                  isNumber: true,
                  cell: ({ balance }) => percentOf(balance, token.supply) ?? '',
                },
                {
                  title: table.claimable,
                  isNumber: true,
                  cell: ({ entitlement }) => (
                    <Amount
                      value={entitlement.totalClaimableWei}
                      unit={native}
                      digits={claimables}
                    />
                  ),
                },
              ]}
            />
            <p class="pager">
              <button
                type="button"
                class="button"
                disabled={cursors.length === 0}
                onClick={() => setCursors(cursors.slice(0, -1))}
              >
                {t.previous}
              </button>
              <button
                type="button"
                class="button"
                disabled={holders?.pageInfo.hasNextPage !== true}
                onClick={() => setCursors([...cursors, holders?.pageInfo.endCursor ?? ''])}
              >
                {t.following}
              </button>
            </p>
          </>
        )}
      </Answered>
    </Section>
  );
}
