import { knownCoins } from './knownCoins.js';

/** What stands for money, or for a coin that everybody knows, in tax programs. */
const MONEY = [
  ...Intl.supportedValuesOf('currency'),
  // Coins of chains, and what wraps or stakes them.
  ...'ETH BTC XBT BNB POL MATIC AVAX FTM S CRO XDAI MNT CELO SOL XRP ADA DOGE DOT TRX LTC BCH ATOM NEAR TON SUI'.split(
    ' ',
  ),
  ...'WETH WBNB WPOL WMATIC WAVAX WFTM WS WCRO WXDAI WMNT WCELO WBTC CBBTC TBTC STETH WSTETH RETH CBETH WEETH'.split(
    ' ',
  ),
  // Stablecoins without USD in their names, metals, and what is traded most.
  ...'DAI SDAI FRAX GHO EURC EURT EURS EURA EURCV AGEUR XAUT PAXG LINK UNI AAVE MKR ARB OP LDO'.split(
    ' ',
  ),
];
/** Nothing else begins so. */
const STEMS = ['WETH', 'WBTC', 'STETH', 'WSTETH'];

/** Letters that look like Latin ones (Unicode Technical Standard 39), those above the Latin each. */
const LOOK_ALIKES: readonly (readonly [latin: string, others: string])[] = [
  ['A', 'АаΑαᎪꓮᴀ4@'],
  ['B', 'ВΒᏴꓐʙ8₿'],
  ['C', 'СсϹϲᏟꓚᴄ¢'],
  ['D', 'ԀԁᎠꓓᴅĐđ'],
  ['E', 'ЕеΕεᎬꓰᴇΞ€3'],
  ['F', 'ꓝꜰϜ'],
  ['G', 'ԌᏀꓖɢ6'],
  ['H', 'НһΗᎻꓧʜĦħ'],
  ['I', 'ІіΙιӀᏆꓲɪıLlꓡʟŁł1|'],
  ['J', 'ЈјᎫꓙᴊ'],
  ['K', 'КкΚκᏦꓗᴋ'],
  ['M', 'МмΜᎷꓟᴍ'],
  ['N', 'ΝꓠɴПп'],
  ['O', 'ОоΟοσՕօꓳᴏØø0'],
  ['P', 'РрΡρᏢꓑᴘ'],
  ['R', 'ᎡꓣʀЯя'],
  ['S', 'ЅѕՏᏚꓢꜱ$5'],
  ['T', 'ТтΤτᎢꓔᴛŦŧ₮7'],
  ['U', 'ՍսυꓴᴜЦцµμ'],
  ['V', 'ѴѵνᏙꓦᴠ'],
  ['W', 'ԜԝωᎳꓪᴡ'],
  ['X', 'ХхΧχꓫ'],
  ['Y', 'УуΥүҮꓬʏ'],
  ['Z', 'ΖᏃꓜᴢ2'],
];
const LATIN: ReadonlyMap<string, string> = new Map(
  LOOK_ALIKES.flatMap(([latin, others]) => [...others].map((other) => [other, latin] as const)),
);

/**
 * How a symbol looks: without case, accents, marks, signs and what nobody sees, and with one letter for all
 * that look like it. Two symbols that a reader may take for each other have the same.
 */
function skeleton(symbol: string): string {
  const letters = [...symbol.normalize('NFKD')].map((letter) => LATIN.get(letter) ?? letter);
  const upper = letters.join('').toUpperCase();
  const looks = [...upper].map((letter) => LATIN.get(letter) ?? letter).join('');
  return looks.replaceAll(/[^A-Z]/g, '').replaceAll('VV', 'W');
}

const MONEY_LOOKS: ReadonlySet<string> = new Set(MONEY.map(skeleton));
const STEM_LOOKS = STEMS.map(skeleton);

/** Whether a reader or a tax program may take a symbol for money. */
export function looksLikeMoney(symbol: string): boolean {
  const looks = skeleton(symbol);
  if (MONEY_LOOKS.has(looks) || looks.includes('USD')) return true;
  return STEM_LOOKS.some((stem) => looks.startsWith(stem));
}

/**
 * The name of a contract next to an amount of money. A contract can choose any symbol, so symbols
 * of money come from a list of addresses, never from the contract.
 *
 * @returns `null` if its own symbol may be mistaken for money
 */
export function trustedSymbol(
  chainId: number,
  address: string,
  symbol: string | null,
): string | null {
  const known = knownCoins.get(`${chainId} ${address.toLowerCase()}`);
  if (known !== undefined) return known;
  return symbol === null || looksLikeMoney(symbol) ? null : symbol;
}

/** The same of a contract that is indexed. */
export function shownSymbol({
  chainId,
  address,
  symbol,
}: {
  readonly chainId: number;
  readonly address: string;
  readonly symbol: string | null;
}): string | null {
  return trustedSymbol(chainId, address, symbol);
}
