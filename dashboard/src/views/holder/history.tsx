import { ledger } from '../../ledger/client.js';
import { type AtInput, HolderClaimsDocument } from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { Time } from '../../parts/time.js';
import { texts } from '../../texts/texts.js';
import { tokenTitle } from '../tokenName.js';
import { type OwedToken, unitOf } from './owed.js';

/** What was claimed, the newest first. */
export function History({
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
  const { holder: t, table } = texts.value;
  const known = useAnswer(`claims ${addresses} ${JSON.stringify(at)}`, async (signal) => {
    const answers = await Promise.all(
      addresses.map((address) => ledger.query(HolderClaimsDocument, { address, at }, signal)),
    );
    const rows = answers.flatMap(({ data }) => data.claims?.nodes ?? []);
    return {
      data: rows.toSorted((a, b) => b.timestamp.localeCompare(a.timestamp)),
      marks: {},
    };
  });
  return (
    <Section title={t.history}>
      <Answered known={known} lines={6}>
        {(claims) =>
          claims.length === 0 ? (
            <p class="empty">{t.noClaims}</p>
          ) : (
            <section class="scroll" aria-label={t.history}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{table.time}</th>
                    <th scope="col">{table.token}</th>
                    <th scope="col">{table.snapshot}</th>
                    <th scope="col" class="number">
                      {table.amount}
                    </th>
                    <th scope="col">{table.transaction}</th>
                  </tr>
                </thead>
                <tbody>
                  {claims.map((claim) => (
                    <tr key={claim.id}>
                      <td>
                        <Time moment={claim.timestamp} />
                      </td>
                      <td>
                        <bdi>{tokenOf(claim.token, tokens)}</bdi>
                      </td>
                      <td>{claim.snapshotId}</td>
                      <td class="number">
                        <Amount value={claim.amountWei} unit={claimUnit(claim, tokens, symbolOf)} />
                      </td>
                      <td>
                        {claim.transactionHash != null && <Address hex={claim.transactionHash} />}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )
        }
      </Answered>
    </Section>
  );
}

function tokenOf(
  { chainId, address }: { readonly chainId: number; readonly address: string },
  tokens: readonly OwedToken[],
): string {
  const owed = tokens.find(({ token }) => token.chainId === chainId && token.address === address);
  return owed?.token.symbol ?? tokenTitle(owed?.token ?? { address });
}

/** What a claim was paid in: an asset of its token. */
function claimUnit(
  {
    token,
    asset = null,
  }: {
    readonly token: { readonly chainId: number; readonly address: string };
    readonly asset?: string | null;
  },
  tokens: readonly OwedToken[],
  symbolOf: (chainId: number) => string,
) {
  const owed = tokens.find(
    (one) => one.token.chainId === token.chainId && one.token.address === token.address,
  );
  const found = owed?.assets.find(({ address }) => address === asset);
  return unitOf(found ?? { address: asset, symbol: null, decimals: null }, symbolOf(token.chainId));
}
