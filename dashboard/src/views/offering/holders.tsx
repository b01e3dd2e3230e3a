import { shortHex } from '../../format/addresses.js';
import { digitsShown, percentOf } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import {
  type AccountKind,
  type AtInput,
  type HolderWhere,
  OfferingHoldersDocument,
  type OfferingHoldersQuery,
} from '../../ledger/generated/offering.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { Choice } from '../../parts/choice.js';
import { DataTable } from '../../parts/dataTable.js';
import { links } from '../../place/links.js';
import { useParameters } from '../../place/parameters.js';
import { texts } from '../../texts/texts.js';
import { cut, cutSymbol } from '../tokenName.js';
import { HoldersOverTime } from './holdersOverTime.js';
import type { OfferingToken } from './offering.js';
import type { Step } from './periods.js';

const GROUPS = ['all', 'people', 'contracts', 'sales', 'pools'] as const;
type Group = (typeof GROUPS)[number];

const KINDS: Readonly<Record<Exclude<Group, 'all'>, AccountKind[]>> = {
  people: ['WALLET'],
  contracts: ['CONTRACT', 'TOKEN', 'ORACLE', 'COLLECTION'],
  sales: ['SALE'],
  pools: ['POOL'],
};

function conditionOf(group: Group): HolderWhere {
  return group === 'all' ? {} : { kind: { _in: KINDS[group] } };
}

type Row = NonNullable<OfferingHoldersQuery['holders']>['nodes'][number];

/** Who holds the token, the largest first. */
export function Holders({
  chainId,
  token,
  at,
  nativeSymbol,
  step,
}: {
  readonly chainId: number;
  readonly token: OfferingToken;
  readonly at: AtInput | undefined;
  readonly nativeSymbol: string;
  readonly step: Step;
}) {
  const { offering: t, table } = texts.value;
  const { parameters, change } = useParameters();
  // Pages belong to the group that they were turned in: another one starts at its first.
  const { after } = parameters;
  const kind = GROUPS.find((group) => group === parameters.holders) ?? 'all';
  const known = useAnswer(
    `holders ${chainId} ${token.address} ${JSON.stringify(at)} ${kind} ${after}`,
    (signal) => {
      const page = after === undefined ? {} : { after };
      const variables = { chainId, token: token.address, at, where: conditionOf(kind), ...page };
      return ledger.query(OfferingHoldersDocument, variables, signal);
    },
    SELDOM_MS,
  );
  const unit = { symbol: cutSymbol(token.symbol), decimals: token.decimals ?? 0 };
  const native = { symbol: nativeSymbol, decimals: 18 };
  const digitsOf = (amountOf: (row: Row) => bigint, { decimals }: { readonly decimals: number }) =>
    digitsShown((known.data?.holders?.nodes ?? []).map(amountOf), decimals);
  const balances = digitsOf(({ balance }) => balance, unit);
  const claimables = digitsOf(({ entitlement }) => entitlement.totalClaimableWei, native);
  return (
    <Section title={t.holders}>
      <HoldersOverTime chainId={chainId} token={token.address} at={at} step={step} />
      <Choice
        label={t.holderGroups}
        values={GROUPS.map((value) => ({ value, name: t.groups[value] }))}
        value={kind}
        onChoose={(value) => change({ holders: value === 'all' ? null : value, after: null })}
      />
      <Answered known={known} lines={10}>
        {({ holders }) => (
          <>
            {holders?.nodes.length === 0 && <p class="empty">{t.noHolders}</p>}
            <DataTable
              label={t.holders}
              narrow="pairs"
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
              {after !== undefined && (
                <button type="button" class="button" onClick={() => change({ after: null })}>
                  {t.largest}
                </button>
              )}
              {holders?.pageInfo.hasNextPage === true && (
                <button
                  type="button"
                  class="button"
                  onClick={() => change({ after: holders.pageInfo.endCursor })}
                >
                  {t.following}
                </button>
              )}
            </p>
          </>
        )}
      </Answered>
    </Section>
  );
}
