/** Texts of the schema about what contracts are called. */
export const SYMBOL_TEXT =
  'What to show: the symbol of a known coin by its address, else symbol() of the contract. Null where that may ' +
  'be mistaken for money (USDC, ETH, EUR, look-alikes) and the address is not that of the coin.';
export const ON_CHAIN_SYMBOL_TEXT =
  'symbol() of the contract as it is, if it has it. A contract calls itself what it likes: do not show it as money.';
