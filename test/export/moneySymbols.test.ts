import { getAddress } from 'ethers';
import { expect, test } from 'vitest';
import { COINS } from '../../src/books/knownCoins.js';
import { looksLikeMoney, trustedSymbol } from '../../src/books/moneySymbols.js';

const SOMEBODY = `0x${'12'.repeat(20)}`;

test.each([
  'USDC',
  'usdt',
  'WETH',
  'EUR',
  'ETH',
  'USDC.e',
  'USD₮0',
  'US\u200bDC',
  '\u202eUSDC',
  'U\u00adSDC',
  'ＵＳＤＣ',
  '𝐔𝐒𝐃𝐓',
  'UЅDС',
  'ՍՏDC',
  'ꓴꓢꓓꓚ',
  'ᴜꜱᴅᴄ',
  'Ü S D C',
  '$USDC',
  'U5DC',
  'WΞTH',
  'VVETH',
  'ΕΤΗ',
  'ЕТН',
  'DА1',
  'WETH2',
  'stETH',
  'gbp',
  'BTC',
])('a contract that calls itself %j does not count as money', (symbol) => {
  expect(looksLikeMoney(symbol)).toBe(true);
  expect(trustedSymbol(1, SOMEBODY, symbol)).toBeNull();
});

test.each(['OLM', 'MODL', 'NEURAL', 'LLAMA', 'モデル', 'ETHOS', 'IMO', 'B', ''])(
  'a contract that calls itself %j keeps its symbol',
  (symbol) => {
    expect(trustedSymbol(1, SOMEBODY, symbol)).toBe(symbol);
  },
);

test('money is known by its address, on its chain only, whatever it says', () => {
  const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48';
  expect(trustedSymbol(1, usdc, null)).toBe('USDC');
  expect(trustedSymbol(1, usdc.toLowerCase(), 'FREE')).toBe('USDC');
  expect(trustedSymbol(10, usdc, 'USDC')).toBeNull();
});

test('the addresses of the list have checksums, and each is one coin of a chain', () => {
  for (const coins of Object.values(COINS)) {
    const addresses = Object.values(coins);
    for (const address of addresses) expect(getAddress(address.toLowerCase())).toBe(address);
    expect(new Set(addresses).size).toBe(addresses.length);
  }
});
