import { shortHex } from '../../format/addresses.js';
import { count } from '../../format/amounts.js';
import { ledger } from '../../ledger/client.js';
import {
  type ContentTextFragment,
  GalleryDocument,
  type GalleryQuery,
} from '../../ledger/generated/markets.js';
import { SELDOM_MS, useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Figure } from '../../parts/card.js';
import { Choice } from '../../parts/choice.js';
import { Time } from '../../parts/time.js';
import { links } from '../../place/links.js';
import { atOfPage } from '../../place/moment.js';
import { useParameter } from '../../place/parameters.js';
import { Say } from '../../texts/say.js';
import { texts } from '../../texts/texts.js';
import { NotFound } from '../notFound.js';
import { cut } from '../tokenName.js';
import { textToShow } from './contentText.js';
import { coinOf, usePages } from './list.js';

type Token = NonNullable<GalleryQuery['aigcTokens']>['nodes'][number];
type Collection = NonNullable<GalleryQuery['collections']>['nodes'][number];

const PROMPTS = ['all', 'known', 'unknown'] as const;

/** A collection with its AI content: what was asked, what was made, and what proves both. */
export function GalleryView({
  chainId = '',
  collection = '',
}: {
  readonly chainId?: string;
  readonly collection?: string;
}) {
  const { markets: t } = texts.value;
  const chain = Number(chainId);
  const at = atOfPage();
  const [wanted, choose] = useParameter('prompt');
  const prompt = PROMPTS.find((one) => one === wanted) ?? 'all';
  const { page, turn } = usePages();
  const isValid = /^0x[\da-f]{40}$/i.test(collection) && Number.isSafeInteger(chain) && chain > 0;
  const filter = {
    chainId: chain,
    collection,
    ...(prompt === 'all' ? {} : { isPromptKnown: prompt === 'known' }),
  };
  const known = useAnswer(
    isValid ? `gallery ${JSON.stringify([filter, at, page])}` : null,
    (signal) =>
      ledger.query(GalleryDocument, { chainId: chain, collection, filter, at, ...page }, signal),
    SELDOM_MS,
  );
  if (!isValid) return <NotFound text={`${chainId}/${collection}`} />;
  return (
    <Answered known={known} lines={12}>
      {({ collections, aigcTokens }) => {
        const found = collections?.nodes[0];
        if (found === undefined) return <p class="empty">{t.none}</p>;
        return (
          <article class="view">
            <Head collection={found} />
            <Choice
              label={t.promptChoice}
              values={PROMPTS.map((value) => ({ value, name: t.promptFilters[value] }))}
              value={prompt}
              onChoose={(value) => choose(value === 'all' ? null : value)}
            />
            {aigcTokens == null || aigcTokens.nodes.length === 0 ? (
              <p class="empty">{t.noContent}</p>
            ) : (
              <ul class="cards gallery">
                {aigcTokens.nodes.map((token) => (
                  <li key={String(token.tokenId)}>
                    <Piece token={token} chainId={found.chainId} />
                  </li>
                ))}
              </ul>
            )}
            {aigcTokens?.pageInfo.hasNextPage === true && (
              <p class="pager">
                <button
                  type="button"
                  class="button"
                  onClick={() => turn(aigcTokens.pageInfo.endCursor ?? null)}
                >
                  {texts.value.offering.following}
                </button>
              </p>
            )}
          </article>
        );
      }}
    </Answered>
  );
}

function Head({ collection }: { readonly collection: Collection }) {
  const { markets: t } = texts.value;
  const { chainId, address, label, name, isErc7007, proofType } = collection;
  const title = label ?? name;
  return (
    <>
      <header class="view-head">
        <h1>
          <bdi>{title == null ? shortHex(address) : cut(title)}</bdi>
        </h1>
        <p class="muted">
          <Address hex={address} /> · {isErc7007 ? 'ERC-7007' : t.otherStandard}
          {proofType != null && ` · ${t.proofTypes[proofType]}`}
        </p>
        <p class="lead">{t.contentNote}</p>
      </header>
      <dl class="figures card">
        <Figure name={t.supply}>{count(collection.supply)}</Figure>
        <Figure name={t.minted}>{count(collection.minted)}</Figure>
        <Figure name={t.paid}>
          <Amount value={collection.paidWei} unit={coinOf(chainId)} />
        </Figure>
        <Figure name={t.revenue}>
          <Amount value={collection.revenueWei} unit={coinOf(chainId)} />
        </Figure>
      </dl>
    </>
  );
}

/** One piece of content. All of its texts are by strangers: they are shown as text, cut, and never run. */
function Piece({ token, chainId }: { readonly token: Token; readonly chainId: number }) {
  const { markets: t } = texts.value;
  const { tokenId, owner, data, firstMintedAt } = token;
  const promptVerdict = token.promptVerdict ?? 'NONE';
  const contentVerdict = data?.contentVerdict ?? 'NONE';
  return (
    <section class="card piece">
      <header class="card-head">
        <h2 title={String(tokenId)}>
          <bdi>#{cut(String(tokenId), 16)}</bdi>
        </h2>
        <span class={`verdict ${contentVerdict.toLowerCase()}`}>
          {t.contentVerdicts[contentVerdict]}
        </span>
      </header>
      <h3>{t.prompt}</h3>
      <Content content={token.prompt ?? null} />
      <p class="muted small">{t.promptVerdicts[promptVerdict]}</p>
      <h3>{t.content}</h3>
      <Content content={data?.content ?? null} />
      <p class="muted small">
        {data?.finality != null && <>{t.finalities[data.finality]} · </>}
        {data?.modelId != null && data.oracle != null ? (
          <a href={links.model(chainId, data.oracle, data.modelId)}>
            {t.oneModel(String(data.modelId))}
          </a>
        ) : (
          t.noModel
        )}
      </p>
      <p class="muted small">
        {owner == null ? t.burned : <Say text={t.ownedBy} owner={<Address hex={owner} />} />}
      </p>
      <p class="muted small">
        <Time moment={firstMintedAt} />
      </p>
    </section>
  );
}

function Content({ content }: { readonly content: ContentTextFragment | null }) {
  const { markets: t } = texts.value;
  if (content === null || !content.isKnown || content.bytes == null) {
    return (
      <p class="content none">
        {content === null ? (
          t.noBytes
        ) : (
          <Say text={t.onlyHash} hash={<Address hex={content.hash} />} />
        )}
      </p>
    );
  }
  const { text, byteLength, isTruncated } = content.bytes;
  if (text == null) return <p class="content none">{t.notText(count(byteLength))}</p>;
  return (
    <>
      <pre class="content" dir="auto">
        {textToShow(text)}
      </pre>
      {isTruncated && <p class="muted small">{t.truncated(count(byteLength))}</p>}
    </>
  );
}
