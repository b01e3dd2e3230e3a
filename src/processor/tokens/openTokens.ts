import { type Address, checksummed } from '../../address.js';
import { detectToken } from '../../chain/contract/detect.js';
import type { ChainNode } from '../../chain/node.js';
import { assertAssetsFit } from '../../config/contracts/assets.js';
import { wantedPolicy } from '../../config/contracts/policy.js';
import type { ChainConfig, TokenConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { differingParts } from '../../ledger/policies/parts.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import { readTokens } from '../../store/read/tokens/tokens.js';
import { continues } from '../../store/registry/continues.js';
import { insertToken } from '../../store/registry/tokens.js';
import { readCursor } from '../../store/write/cursor.js';
import { awaitFirstAudit } from '../../store/write/firstAudits.js';
import { type Opening, reconcile } from '../desks/reconcile.js';
import type { IndexedToken } from './book/tokenBook.js';

interface OpenTokensOptions {
  readonly onWarning: (line: string) => void;
  /** Whether a token that cannot be indexed is left out. */
  readonly refuses: (address: Address, error: unknown) => boolean;
}

/**
 * Makes the configured tokens ready to index.
 *
 * @throws ImoError `TOKEN_POLICY_CHANGED`, `TOKEN_SHARES_NO_ASSETS`,
 *   `TOKEN_ASSET_ADDED_LATE`, and what `reconcile` and `detectToken` throw.
 */
export async function openTokens(
  db: SqlClient,
  node: ChainNode,
  chain: ChainConfig,
  { onWarning, refuses }: OpenTokensOptions,
): Promise<Opening<IndexedToken[]>> {
  const indexedTo = (await readCursor(db, chain.id))?.head.height ?? null;
  const assetsOf = new Map(chain.tokens.map(({ address, assets }) => [address, assets]));
  const tokens = await reconcile<TokenConfig, Omit<IndexedToken, 'assets'>>({
    kind: 'token',
    chain,
    configured: chain.tokens,
    known: (await readTokens(db, { chainId: chain.id })).filter(continues),
    indexedTo,
    assertUnchanged: assertSamePolicy,
    refuses,
    async detect(config) {
      const say = (reason: string) =>
        onWarning(
          `${checksummed(config.address)} is not rehearsed in full: ${reason}. The first audit is ` +
            'the proof of its policy.',
        );
      const detected = await detectToken(node, config, chain.startBlock, say);
      const { address, startBlock, policy, terms: first } = detected;
      assertAssetsFit({ address, policy, assets: config.assets });
      return {
        startBlock,
        insert: async (writer) => {
          const number = await insertToken(writer, chain.id, detected);
          if (chain.audit != null) await awaitFirstAudit(writer, number);
          return { number, address, startBlock, rules: { policy, first } };
        },
      };
    },
  });
  return {
    ...tokens,
    async write(writer) {
      const opened = (await tokens.write(writer)).map((token) =>
        withAssets(token, assetsOf.get(token.address) ?? []),
      );
      await assertAssetsKnown(writer, opened, indexedTo);
      return opened;
    },
  };
}

/** @throws ImoError `TOKEN_ASSET_ADDED_LATE` if a token was indexed without an asset of its config */
async function assertAssetsKnown(
  db: SqlClient,
  tokens: readonly IndexedToken[],
  indexedTo: number | null,
): Promise<void> {
  const known = await readRevenueAssets(db);
  for (const { number, address, startBlock, assets } of tokens) {
    if (indexedTo === null || indexedTo < startBlock) continue;
    const ofToken = known.filter(({ tokenNumber }) => tokenNumber === number);
    const late = assets.find((asset) => !ofToken.some((other) => other.asset === asset));
    if (late === undefined) continue;
    throw new ImoError(
      'TOKEN_ASSET_ADDED_LATE',
      `the config names the asset ${checksummed(late)} of ${checksummed(address)}, which was ` +
        'indexed without it',
      'Take it out of the config, or index into a new database with it.',
    );
  }
}

function withAssets(token: Omit<IndexedToken, 'assets'>, assets: readonly Address[]): IndexedToken {
  assertAssetsFit({ address: token.address, policy: token.rules.policy, assets });
  return { ...token, assets };
}

/** @throws ImoError `TOKEN_POLICY_CHANGED` if the config wants another policy than the books' */
function assertSamePolicy(
  { address, rules }: Omit<IndexedToken, 'assets'>,
  config: TokenConfig,
): void {
  const wanted = wantedPolicy(config);
  if (wanted === 'auto') return;
  const different = differingParts(wanted.parts, rules.policy.parts);
  if (different.length === 0) return;
  throw new ImoError(
    'TOKEN_POLICY_CHANGED',
    `token ${checksummed(address)} was indexed with policy ${rules.policy.name}, the config says ` +
      `${wanted.name}: they differ in ${different.join(', ')}`,
    'Correct the config, or index into another database.',
  );
}
