import { groupedBy } from '../../format/grouped.js';
import { type OwedToken, type Person, sumOf, tokenOf } from './owed.js';

type Participation = Person['participations'][number];

/** What a person paid for one token in one kind of money, and what came back of it. */
export interface Cost {
  readonly key: string;
  readonly chainId: number;
  readonly tokenAddress: string;
  /** `null`: it is not indexed, or was never held. */
  readonly token: OwedToken['token'] | null;
  readonly raise: Participation['costBasis']['raise'];
  readonly paid: bigint;
  readonly got: bigint;
  readonly isFinal: boolean;
  /** Claimed, claimable and paid for burned tokens, in the same money; `null`: the token shares other money. */
  readonly earned: bigint | null;
}

/** What sales cost, by token and money. Sales in the same money are one row, since the tokens are the same. */
export function costsOf(
  participations: readonly Participation[],
  tokens: readonly OwedToken[],
): Cost[] {
  const byToken = groupedBy(
    participations.filter(({ costBasis }) => costBasis.paid > 0n || costBasis.got > 0n),
    ({ sale, costBasis }) =>
      `${sale.chainId} ${sale.tokenAddress} ${costBasis.raise.address ?? ''}`,
  );
  return [...byToken].flatMap(([key, same]): Cost[] => {
    const [first] = same;
    if (first === undefined) return [];
    const { sale, costBasis } = first;
    const { chainId, tokenAddress } = sale;
    const owed = tokenOf(tokens, { chainId, address: tokenAddress });
    const money = costBasis.raise.address ?? null;
    const asset = owed?.assets.find(({ address }) => address === money);
    return [
      {
        key,
        chainId,
        tokenAddress,
        token: owed?.token ?? null,
        raise: costBasis.raise,
        paid: sumOf(same, (one) => one.costBasis.paid),
        got: sumOf(same, (one) => one.costBasis.got),
        isFinal: same.every((one) => one.costBasis.isFinal),
        earned: asset === undefined ? null : asset.claimed + asset.claimable + asset.redeemed,
      },
    ];
  });
}
