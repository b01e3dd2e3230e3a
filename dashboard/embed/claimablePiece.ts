import { PieceClaimableDocument } from '../src/ledger/generated/pieces.js';
import type { PieceTexts } from '../src/texts/en.js';
import { ask } from './ask.js';
import type { Wanted } from './attributes.js';
import { type Figures, figuresOf, type NoFigures, tokenOf } from './figures.js';
import { Piece, server } from './piece.js';

/** `<imo-claimable address token>`: what an address can claim of a token now. */
export class ClaimablePiece extends Piece {
  protected override readonly takesAddress = true;

  protected override titleIn({ claimable }: PieceTexts): string {
    return claimable;
  }

  protected override pathOf({ address }: Wanted): string {
    return `holders/${address}`;
  }

  protected override async read(wanted: Wanted, signal: AbortSignal): Promise<Figures | NoFigures> {
    const variables = { address: wanted.address ?? '', token: wanted.token };
    const data = await ask(server.base, PieceClaimableDocument, variables, signal);
    const token = tokenOf(data.tokens?.nodes ?? [], wanted);
    if (typeof token === 'string') return token;
    // Who never held it has no position, and nothing to claim.
    const position = data.holder?.positions.find(
      (one) => one.token.chainId === token.chainId && one.token.address === token.address,
    );
    return figuresOf(
      token,
      data.status,
      position?.entitlement.totalClaimableWei ?? 0n,
      (position?.assetEntitlements ?? []).map(({ asset, entitlement }) => ({
        asset,
        value: entitlement.totalClaimableWei,
      })),
      this.texts.point,
    );
  }
}
