import { type Address, checksummed } from '../../address.js';
import { detectToken } from '../../chain/contract/detect.js';
import type { ChainNode } from '../../chain/node.js';
import { assertAssetsFit } from '../../config/contracts/assets.js';
import type { ChainConfig, TokenConfig } from '../../config/types.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
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
 * @throws ImoError of `assertAssetsFit`, and what `reconcile` and `detectToken` throw
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
      return (await tokens.write(writer)).map((token) =>
        withAssets(token, assetsOf.get(token.address) ?? []),
      );
    },
  };
}

function withAssets(token: Omit<IndexedToken, 'assets'>, assets: readonly Address[]): IndexedToken {
  assertAssetsFit({ address: token.address, policy: token.rules.policy, assets });
  return { ...token, assets };
}
