import { useLocation } from 'preact-iso';
import { isAddress } from '../../format/addresses.js';
import { ledger } from '../../ledger/client.js';
import { useCurrencies } from '../../ledger/currencies.js';
import { PersonPlansDocument } from '../../ledger/generated/holder.js';
import { chains } from '../../ledger/heads.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Answered } from '../../parts/answered.js';
import { ExplorerLink } from '../../parts/explorerLink.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { texts } from '../../texts/texts.js';
import { NotFound } from '../notFound.js';
import { AddAddress } from './addAddress.js';
import { askPerson } from './askPerson.js';
import { BigNumber } from './bigNumber.js';
import { CostBasis } from './costBasis.js';
import { Earned } from './earned.js';
import { usePersonWorth } from './fiat.js';
import { History } from './history.js';
import { HolderFacts } from './holderFacts.js';
import { MovedBetween } from './movedBetween.js';
import { TokenOwed } from './tokenOwed.js';

/** More than this is not a person, and would cost the server too much. */
const ADDRESSES_AT_MOST = 20;

/** What a person can claim, and until when. */
export function HolderView({ addresses: given = '' }: { readonly addresses?: string }) {
  const addresses = addressesOf(decodeURIComponent(given));
  if (
    addresses.length === 0 ||
    !addresses.every(isAddress) ||
    addresses.length > ADDRESSES_AT_MOST
  ) {
    return <NotFound text={given} />;
  }
  return <Person addresses={addresses} />;
}

/** Each address once, however it is written. */
function addressesOf(text: string): string[] {
  const all = text.split(',').filter((one) => one !== '');
  return [...new Map(all.map((one) => [one.toLowerCase(), one])).values()];
}

function Person({ addresses }: { readonly addresses: readonly string[] }) {
  const { holder: t } = texts.value;
  const at = atOfPage();
  const currencies = useCurrencies();
  const { worth, isComing } = usePersonWorth(addresses, currencies, at);
  const known = useAnswer(`owed ${addresses} ${JSON.stringify(at)}`, (signal) =>
    askPerson(addresses, at, signal),
  );
  // Plans are made for now only.
  const plans = useAnswer(at === undefined ? `plans ${addresses}` : null, async (signal) => {
    const { data } = await ledger.query(PersonPlansDocument, { holders: [...addresses] }, signal);
    return { data: (data.claimPlans ?? []).flatMap(({ steps }) => steps), marks: {} };
  });
  // Deadlines come with the amounts: nothing jumps.
  const isPlanning = at === undefined && plans.data === null && plans.failure === null;
  const symbolOf = (chainId: number) =>
    chains.value?.find((chain) => chain.chainId === chainId)?.nativeSymbol ?? 'ETH';
  return (
    <article class="view holder">
      <Head addresses={addresses} />
      <Answered known={isPlanning ? { ...known, data: null } : known} lines={8}>
        {({ tokens, participations }) => {
          const steps = plans.data ?? [];
          if (tokens.length === 0) return <p class="empty">{t.nothing}</p>;
          return (
            <>
              <div class="two-columns">
                <div>
                  <BigNumber
                    tokens={tokens}
                    steps={steps}
                    currencies={currencies}
                    worth={worth}
                    isComing={isComing}
                    isPlanned={plans.data !== null}
                    symbolOf={symbolOf}
                  />
                  {addresses.length > 1 && (
                    <MovedBetween addresses={addresses} at={at} tokens={tokens} />
                  )}
                  {tokens.map((owed) => (
                    <TokenOwed
                      key={`${owed.token.chainId} ${owed.token.address}`}
                      owed={owed}
                      steps={steps}
                      isNow={at === undefined}
                      nativeSymbol={symbolOf(owed.token.chainId)}
                    />
                  ))}
                </div>
                <div>
                  <HolderFacts
                    tokens={tokens}
                    addresses={addresses}
                    currency={currencies.chosen}
                    worth={worth}
                    isComing={isComing}
                    symbolOf={symbolOf}
                  />
                </div>
              </div>
              <Earned addresses={addresses} at={at} tokens={tokens} symbolOf={symbolOf} />
              <CostBasis participations={participations} tokens={tokens} symbolOf={symbolOf} />
              <History addresses={addresses} at={at} tokens={tokens} symbolOf={symbolOf} />
            </>
          );
        }}
      </Answered>
    </article>
  );
}

function Head({ addresses }: { readonly addresses: readonly string[] }) {
  const { holder: t } = texts.value;
  const { route } = useLocation();
  const [chain] = chains.value ?? [];
  return (
    <header class="view-head">
      <h1>{addresses.length === 1 ? t.title : t.titleOfSeveral}</h1>
      <ul class="addresses">
        {addresses.map((address) => (
          <li key={address}>
            <Address hex={address} />{' '}
            {chain !== undefined && (
              <ExplorerLink chainId={chain.chainId} kind="address" of={address} />
            )}
            {addresses.length > 1 && (
              <button
                type="button"
                class="button quiet icon"
                aria-label={`${t.without} ${address}`}
                onClick={() => route(links.holder(addresses.filter((one) => one !== address)))}
              >
                ×
              </button>
            )}
          </li>
        ))}
        {addresses.length < ADDRESSES_AT_MOST && (
          <li>
            <AddAddress
              onAdd={(more) => {
                const all = addressesOf([...addresses, ...more].join(','));
                route(links.holder(all.slice(0, ADDRESSES_AT_MOST)));
              }}
            />
          </li>
        )}
      </ul>
    </header>
  );
}
