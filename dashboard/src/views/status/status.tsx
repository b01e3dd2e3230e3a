import { count } from '../../format/amounts.js';
import { chains } from '../../ledger/heads.js';
import { Skeleton, Unknown } from '../../parts/card.js';
import { Time } from '../../parts/time.js';
import { texts } from '../../texts/texts.js';

/** The chains, and how far they are. */
export function StatusView() {
  const { status: t } = texts.value;
  return (
    <article class="view">
      <h1>{t.title}</h1>
      {chains.value === null ? (
        <Skeleton lines={4} />
      ) : (
        <section class="scroll card" aria-label={t.title}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t.chain}</th>
                <th scope="col" class="number">
                  {t.indexed}
                </th>
                <th scope="col">{t.time}</th>
                <th scope="col" class="number">
                  {t.final}
                </th>
                <th scope="col" class="number">
                  {t.behind}
                </th>
              </tr>
            </thead>
            <tbody>
              {chains.value.map((chain) => (
                <tr key={chain.chainId}>
                  <th scope="row">
                    <bdi>{chain.name ?? chain.chainId}</bdi>
                  </th>
                  <td class="number">
                    {chain.indexed == null ? t.nothing : count(chain.indexed.block)}
                  </td>
                  <td>
                    {chain.indexed?.timestamp == null ? (
                      <Unknown why={t.noTime} />
                    ) : (
                      <Time moment={chain.indexed.timestamp} />
                    )}
                  </td>
                  <td class="number">
                    {chain.finalizedBlock == null ? t.nothing : count(chain.finalizedBlock)}
                  </td>
                  <td class="number">
                    {chain.lagBlocks == null ? <Unknown why={t.noHead} /> : count(chain.lagBlocks)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </article>
  );
}
