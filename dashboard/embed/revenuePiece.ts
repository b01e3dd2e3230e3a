import { PieceRevenueDocument } from '../src/ledger/generated/pieces.js';
import type { PieceTexts } from '../src/texts/en.js';
import { ask } from './ask.js';
import type { Wanted } from './attributes.js';
import { type Figures, figuresOf, type NoFigures, tokenOf } from './figures.js';
import { Piece, server } from './piece.js';

/** `<imo-revenue token>`: all revenue that reached a token so far. */
export class RevenuePiece extends Piece {
  protected override readonly takesAddress = false;

  protected override titleIn({ revenue }: PieceTexts): string {
    return revenue;
  }

  protected override pathOf({ chainId, token }: Wanted): string {
    return chainId === null ? '' : `offerings/${chainId}/${token}`;
  }

  protected override async read(wanted: Wanted, signal: AbortSignal): Promise<Figures | NoFigures> {
    const data = await ask(server.base, PieceRevenueDocument, { token: wanted.token }, signal);
    const token = tokenOf(data.tokens?.nodes ?? [], wanted);
    if (typeof token === 'string') return token;
    return figuresOf(
      token,
      data.status,
      token.receivedWei,
      token.assets.map((asset) => ({ asset, value: asset.received })),
      this.texts.point,
    );
  }
}
