// What pages of others load, at an address that stays the same. The pieces themselves are in a file that is named by its content.
const here = import.meta.url;

void import('./pieces.js').then(({ definePieces }) => definePieces(new URL('../', here)));
