import { WhenSeen } from '../../charts/whenSeen.js';
import { ledger } from '../../ledger/client.js';
import {
  type AtInput,
  EarnedByMonthDocument,
  EarnedInAssetDocument,
} from '../../ledger/generated/holder.js';
import { useNames } from '../../ledger/names.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { texts } from '../../texts/texts.js';
import { sourceName } from '../offering/sourceName.js';
import { cutSymbol, tokenTitle } from '../tokenName.js';
import {
  type EarnedColumns,
  type EarnedSeries,
  type Earning,
  earnedColumns,
  earningsOf,
} from './earnings.js';
import type { OwedToken } from './owed.js';
import { unitOf } from './owed.js';

const HEIGHT = 260;

/** What a person earned, month by month and by source. */
export function Earned({
  addresses,
  at,
  tokens,
  symbolOf,
}: {
  readonly addresses: readonly string[];
  readonly at: AtInput | undefined;
  readonly tokens: readonly OwedToken[];
  readonly symbolOf: (chainId: number) => string;
}) {
  const { holder: t } = texts.value;
  const { asked, others } = earningsOf(tokens);
  const names = asked.map(
    ({ token, asset }) => `${token.chainId} ${token.address} ${asset.address}`,
  );
  const known = useAnswer(`earned ${addresses} ${names} ${JSON.stringify(at)}`, async (signal) => {
    const answers = await Promise.all(
      asked.map(async ({ token: { chainId, address }, asset }): Promise<Earning> => {
        const of = { chainId, token: address, holders: [...addresses], at };
        // The API takes no variable without a value: without an asset it is another query.
        const { data } =
          asset.address === null
            ? await ledger.query(EarnedByMonthDocument, of, signal)
            : await ledger.query(EarnedInAssetDocument, { ...of, asset: asset.address }, signal);
        return { chainId, token: address, asset: asset.address, steps: data.personSeries ?? [] };
      }),
    );
    return { data: answers, marks: {} };
  });
  if (asked.length === 0) {
    return (
      <Section title={t.earned}>
        <p class="empty">{t.nothingEarned}</p>
      </Section>
    );
  }
  return (
    <Section title={t.earned}>
      <p class="muted">{t.earnedNote}</p>
      <Answered known={known} lines={6}>
        {(earnings) =>
          earnedColumns(earnings).map((drawing) => (
            <Drawing
              key={`${drawing.chainId} ${drawing.asset}`}
              drawing={drawing}
              asked={asked}
              symbolOf={symbolOf}
            />
          ))
        }
      </Answered>
      {others > 0 && <p class="muted small">{t.earnedOthers(others)}</p>}
    </Section>
  );
}

/** What was earned in one asset. */
function Drawing({
  drawing: { chainId, asset, columns, series },
  asked,
  symbolOf,
}: {
  readonly drawing: EarnedColumns;
  readonly asked: ReturnType<typeof earningsOf>['asked'];
  readonly symbolOf: (chainId: number) => string;
}) {
  const { holder: t, offering } = texts.value;
  const ofAsset = asked.filter(
    ({ token, asset: { address } }) => token.chainId === chainId && address === asset,
  );
  const unnamed = series.flatMap((one) =>
    one.kind === 'source' && one.label === null && one.source.address !== null
      ? [one.source.address]
      : [],
  );
  const found = useNames(chainId, unnamed);
  const nameOf = (one: EarnedSeries) => {
    if (one.kind === 'burned') return t.byBurning;
    if (one.kind === 'rest') return offering.otherSources;
    const { source, label, token } = one;
    const names =
      label === null || source.address === null ? found : new Map([[source.address, label]]);
    const name = sourceName(source, names, offering);
    const of = ofAsset.find(({ token: { address } }) => address === token)?.token;
    // One token needs no name.
    if (ofAsset.length === 1 || of === undefined) return name;
    return t.throughToken(name, cutSymbol(of.symbol) ?? tokenTitle(of));
  };
  const unit = unitOf(
    ofAsset[0]?.asset ?? { address: asset, symbol: null, decimals: null },
    symbolOf(chainId),
  );
  return (
    <WhenSeen height={HEIGHT}>
      {({ StackedColumns }) => (
        <StackedColumns
          title={t.earned}
          step={t.month}
          columns={columns}
          series={series.map((one) => ({ name: nameOf(one), mark: one.mark }))}
          unit={unit}
        />
      )}
    </WhenSeen>
  );
}
