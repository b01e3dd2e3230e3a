import { ClaimablePiece } from './claimablePiece.js';
import { server } from './piece.js';
import { RevenuePiece } from './revenuePiece.js';

/** @param base where the server is that the script came from: the pieces ask it, and link to its page */
export function definePieces(base: URL): void {
  server.base = base;
  const pieces = { 'imo-claimable': ClaimablePiece, 'imo-revenue': RevenuePiece };
  for (const [name, piece] of Object.entries(pieces)) {
    // Two scripts of one page may ask for the same.
    if (customElements.get(name) === undefined) customElements.define(name, piece);
  }
}
