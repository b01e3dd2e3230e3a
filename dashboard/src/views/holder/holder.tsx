import { isAddress } from '../../format/addresses.js';
import { ledger } from '../../ledger/client.js';
import { HolderPlanDocument, HolderPositionsDocument } from '../../ledger/generated/documents.js';
import { chains } from '../../ledger/heads.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Answered } from '../../parts/answered.js';
import { atOfPage } from '../../place/moment.js';
import { texts } from '../../texts/texts.js';
import { NotFound } from '../notFound.js';
import { BigNumber } from './bigNumber.js';
import { History } from './history.js';
import { HolderFacts } from './holderFacts.js';
import { owedTokens } from './owed.js';
import { TokenOwed } from './tokenOwed.js';

/** More than this is not a person, and would cost the server too much. */
const ADDRESSES_AT_MOST = 20;

/** What a person can claim, and until when. */
export function HolderView({ addresses: given = '' }: { readonly addresses?: string }) {
  const addresses = [
    ...new Set(
      decodeURIComponent(given)
        .split(',')
        .filter((one) => one !== ''),
    ),
  ];
  if (
    addresses.length === 0 ||
    !addresses.every(isAddress) ||
    addresses.length > ADDRESSES_AT_MOST
  ) {
    return <NotFound text={given} />;
  }
  return <Person addresses={addresses} />;
}

function Person({ addresses }: { readonly addresses: readonly string[] }) {
  const { holder: t } = texts.value;
  const at = atOfPage();
  const known = useAnswer(`owed ${addresses} ${JSON.stringify(at)}`, async (signal) => {
    const answers = await Promise.all(
      addresses.map((address) => ledger.query(HolderPositionsDocument, { address, at }, signal)),
    );
    return {
      data: answers.flatMap(({ data }) => data.holder?.positions ?? []),
      marks: Object.assign({}, ...answers.map(({ marks }) => marks)),
    };
  });
  // Plans are made for now only.
  const plans = useAnswer(at === undefined ? `plans ${addresses}` : null, async (signal) => {
    const answers = await Promise.all(
      addresses.map((address) => ledger.query(HolderPlanDocument, { address }, signal)),
    );
    return { data: answers.flatMap(({ data }) => data.claimPlan?.steps ?? []), marks: {} };
  });
  // Deadlines come with the amounts: nothing jumps.
  const isPlanning = at === undefined && plans.data === null && plans.failure === null;
  const symbolOf = (chainId: number) =>
    chains.value?.find((chain) => chain.chainId === chainId)?.nativeSymbol ?? 'ETH';
  return (
    <article class="view holder">
      <header class="view-head">
        <h1>{addresses.length === 1 ? t.title : t.titleOfSeveral}</h1>
        <ul class="addresses">
          {addresses.map((address) => (
            <li key={address}>
              <Address hex={address} />
            </li>
          ))}
        </ul>
      </header>
      <Answered known={isPlanning ? { ...known, data: null } : known} lines={8}>
        {(positions) => {
          const tokens = owedTokens(positions);
          const steps = plans.data ?? [];
          if (tokens.length === 0) return <p class="empty">{t.nothing}</p>;
          return (
            <>
              <div class="two-columns">
                <div>
                  <BigNumber
                    tokens={tokens}
                    steps={steps}
                    isPlanned={plans.data !== null}
                    symbolOf={symbolOf}
                  />
                  {tokens.map((owed) => (
                    <TokenOwed
                      key={`${owed.token.chainId} ${owed.token.address}`}
                      owed={owed}
                      steps={steps}
                      nativeSymbol={symbolOf(owed.token.chainId)}
                    />
                  ))}
                </div>
                <div>
                  <HolderFacts tokens={tokens} addresses={addresses} symbolOf={symbolOf} />
                </div>
              </div>
              <History addresses={addresses} at={at} tokens={tokens} symbolOf={symbolOf} />
            </>
          );
        }}
      </Answered>
    </article>
  );
}
