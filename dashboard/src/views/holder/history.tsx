import { ledger } from '../../ledger/client.js';
import { type AtInput, HolderClaimsDocument } from '../../ledger/generated/documents.js';
import { useAnswer } from '../../ledger/useAnswer.js';
import { Address } from '../../parts/address.js';
import { Amount } from '../../parts/amount.js';
import { Answered } from '../../parts/answered.js';
import { Section } from '../../parts/card.js';
import { DataTable } from '../../parts/dataTable.js';
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
            <DataTable
              label={t.history}
              rows={claims}
              keyOf={({ id }) => id}
              columns={[
                { title: table.time, cell: ({ timestamp }) => <Time moment={timestamp} /> },
                { title: table.token, cell: ({ token }) => <bdi>{tokenOf(token, tokens)}</bdi> },
                { title: table.snapshot, cell: ({ snapshotId }) => snapshotId },
                {
                  title: table.amount,
                  isNumber: true,
                  cell: (claim) => (
                    <Amount value={claim.amountWei} unit={claimUnit(claim, tokens, symbolOf)} />
                  ),
                },
                {
                  title: table.transaction,
                  cell: ({ transactionHash }) =>
                    transactionHash != null && <Address hex={transactionHash} />,
                },
              ]}
            />
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
