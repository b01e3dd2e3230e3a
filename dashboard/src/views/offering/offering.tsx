import { ledger } from '../../ledger/client.js';
import { OfferingDocument, type OfferingQuery } from '../../ledger/generated/documents.js';
import { chains } from '../../ledger/heads.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Figure, Unknown } from '../../parts/card.js';
import { atOfPage } from '../../place/moment.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { NextSnapshot } from '../nextSnapshot.js';
import { NotFound } from '../notFound.js';
import { tokenTitle } from '../tokenName.js';
import { Activity } from './activity.js';
import { Holders } from './holders.js';
import { policyText } from './policyText.js';
import { Revenue } from './revenue.js';
import { Snapshots } from './snapshots.js';
import { WhereItIs } from './whereItIs.js';

export type OfferingToken = NonNullable<OfferingQuery['token']>;

/** One offering: what it shares, where its money is, and who holds it. */
export function OfferingView({
  chainId = '',
  token = '',
}: {
  readonly chainId?: string;
  readonly token?: string;
}) {
  const { offering: t } = texts.value;
  const chain = Number(chainId);
  const at = atOfPage();
  const isValid = /^0x[\da-f]{40}$/i.test(token) && Number.isSafeInteger(chain) && chain > 0;
  const known = useAnswer(
    isValid ? `offering ${chain} ${token} ${JSON.stringify(at)}` : null,
    (signal) => ledger.query(OfferingDocument, { chainId: chain, token, at }, signal),
  );
  if (!isValid) return <NotFound text={`${chainId}/${token}`} />;
  const symbol = chains.value?.find((one) => one.chainId === chain)?.nativeSymbol ?? 'ETH';
  return (
    <Answered known={known} lines={14}>
      {({ token: found }) =>
        found == null ? (
          <p class="empty">{t.none}</p>
        ) : (
          <article class="view">
            <header class="view-head">
              <h1>
                <bdi>{tokenTitle(found)}</bdi>
              </h1>
              <p class="muted">
                <Address hex={found.address} />
              </p>
              <p class="lead">{policyText(found.policy)}</p>
              {found.held != null && (
                <p class="notice warning">
                  <Say
                    text={t.held}
                    block={found.held.lastBlock}
                    reason={<bdi>{found.held.reason}</bdi>}
                  />
                </p>
              )}
              {found.disagreements.length > 0 && <p class="notice danger">{t.disagrees}</p>}
            </header>
            <dl class="figures four card">
              <Figure name={t.received}>
                <Amount value={found.receivedWei} unit={{ symbol, decimals: 18 }} />
              </Figure>
              <Figure name={t.claimable}>
                <Amount value={found.pools.claimableWei} unit={{ symbol, decimals: 18 }} />
              </Figure>
              <Figure name={t.redeemable}>
                <Amount value={found.pools.redeemableWei} unit={{ symbol, decimals: 18 }} />
              </Figure>
              <Figure name={t.next}>
                {found.earliestNextSnapshot == null ? (
                  <Unknown why={t.nextUnknown} />
                ) : (
                  <NextSnapshot at={found.earliestNextSnapshot} />
                )}
              </Figure>
            </dl>
            <WhereItIs token={found} nativeSymbol={symbol} />
            <Revenue
              chainId={chain}
              token={found.address}
              at={at}
              unit={{ symbol, decimals: 18 }}
            />
            <Snapshots token={found} unit={{ symbol, decimals: 18 }} />
            <Holders chainId={chain} token={found} at={at} nativeSymbol={symbol} />
            <Activity
              chainId={chain}
              token={found.address}
              at={at}
              unit={{ symbol, decimals: 18 }}
            />
          </article>
        )
      }
    </Answered>
  );
}
