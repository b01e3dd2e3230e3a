import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { type OracleRecord, readOracles } from '../../store/read/oracles/oracles.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import type { AskedIds } from './engine/askedIds.js';
import { ADDRESS } from './engine/fieldKinds.js';
import { ownerLabel } from './engine/labels.js';
import { assertKnownModels, assertKnownRequests } from './knownIds.js';

/** The AI oracles, as the owners of rows. */
export const OF_ORACLES = {
  fields: {
    oracle: { kind: ADDRESS, text: 'The oracle.', of: ({ address }: OracleRecord) => address },
    oracleLabel: ownerLabel<OracleRecord>('oracle'),
  },
  ownersOf: (
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    { oracle }: { readonly oracle?: Address | null },
  ) => oraclesOf(context, chains, oracle),
  async assertKnownIds(
    context: ApiContext,
    question: AskedIds,
    oracles: readonly OracleRecord[],
  ): Promise<void> {
    await assertKnownModels(context, question);
    await assertKnownRequests(context, question, oracles);
  },
};

/** @throws ImoError `UNKNOWN_ORACLE` if no oracle of the chains has the given address */
export async function oraclesOf(
  context: ApiContext,
  chains: ReadonlyMap<number, AsOf>,
  address: Address | null | undefined,
): Promise<OracleRecord[]> {
  const all = await readShared(context, ['oracles'], () => readOracles(context.db));
  const wanted = all.filter(
    (oracle) => chains.has(oracle.chainId) && (address == null || oracle.address === address),
  );
  if (address != null && wanted.length === 0) {
    throw new ImoError(
      'UNKNOWN_ORACLE',
      `${checksummed(address)} is not an indexed AI oracle`,
      'Add it to `oracles` of its chain in imo.yaml to index it.',
    );
  }
  return wanted;
}
