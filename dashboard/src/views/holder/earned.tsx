import { WhenSeen } from '../../charts/whenSeen.js';
import { ledger } from '../../ledger/client.js';
import {
  type AtInput,
  EarnedByMonthDocument,
  EarnedInAssetDocument,
} from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { texts } from '../../texts/texts.js';
import { cutSymbol, tokenTitle } from '../tokenName.js';
import { type Earning, earnedColumns, earningsOf } from './earnings.js';
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
  const titleOf = (chainId: number, address: string) => {
    const found = tokens.find(
      ({ token }) => token.chainId === chainId && token.address === address,
    )?.token;
    return found === undefined ? address : (cutSymbol(found.symbol) ?? tokenTitle(found));
  };
  return (
    <Section title={t.earned}>
      <p class="muted">{t.earnedNote}</p>
      <Answered known={known} lines={6}>
        {(earnings) =>
          earnedColumns(earnings).map(({ chainId, asset, columns, series }) => {
            const found = asked.find(
              (one) => one.token.chainId === chainId && one.asset.address === asset,
            );
            const unit = unitOf(
              found?.asset ?? { address: asset, symbol: null, decimals: null },
              symbolOf(chainId),
            );
            return (
              <WhenSeen height={HEIGHT} key={`${chainId} ${asset}`}>
                {({ StackedColumns }) => (
                  <StackedColumns
                    title={t.earned}
                    step={t.month}
                    columns={columns}
                    series={series.map((one) => ({
                      name:
                        one.kind === 'burned'
                          ? t.byBurning
                          : t.ofToken(titleOf(chainId, one.token)),
                      mark: one.mark,
                    }))}
                    unit={unit}
                  />
                )}
              </WhenSeen>
            );
          })
        }
      </Answered>
      {others > 0 && <p class="muted small">{t.earnedOthers(others)}</p>}
    </Section>
  );
}
