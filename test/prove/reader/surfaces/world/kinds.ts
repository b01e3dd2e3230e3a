import { functions as erc20 } from '../../../../../src/abi/erc20.js';
import { ask, askRows } from '../../answers.js';
import { atBlock, ofToken, TOKENS } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import { viewsOf } from '../../viewCalls.js';

const NAMES = ['holders without contracts', 'held without contracts'] as const;

const HOLDERS = `query ($chainId: SafeInt!, $token: Address!, $at: AtInput, $where: HolderWhere,
    $first: Int, $after: String) {
  rows: holders(chainId: $chainId, token: $token, at: $at, where: $where, first: $first, after: $after) {
    nodes { balance } pageInfo { hasNextPage endCursor } } }`;
const SERIES = `query ($chainId: SafeInt!, $token: Address!, $at: AtInput) {
  tokenSeries(chainId: $chainId, token: $token, at: $at, interval: MONTH) { holdersWithoutContracts } }`;
/** An account may lend itself code (EIP-7702) without being a contract. */
const LENT = '0xef0100';

/** The holders that are not contracts. */
export const kindSurfaces: readonly Surface[] = [
  {
    surface: 'code on the chain',
    names: NAMES,
    async read({ chain }, draw, sheet) {
      const { block } = draw.until;
      const { address: to, holders } = draw.token;
      const calls = holders.map((account) => ({ to, data: erc20.balanceOf.encode({ account }) }));
      const balances = await viewsOf(chain, block, calls);
      let count = 0;
      let sum = 0n;
      for (const [place, holder] of holders.entries()) {
        const balance = balances[place] ?? 0n;
        if (balance === 0n) continue;
        const code = await chain.rpc.call<string>('eth_getCode', [holder, 'latest']);
        if (code !== '0x' && !code.startsWith(LENT)) continue;
        count += 1;
        sum += balance;
      }
      const of = { ...ofToken(draw, atBlock(block)), asset: TOKENS };
      sheet.put({ ...of, name: 'holders without contracts' }, count);
      sheet.put({ ...of, name: 'held without contracts' }, sum);
    },
  },
  {
    surface: 'GraphQL kinds of holders',
    names: NAMES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      const { at, block } = draw.until;
      const variables = { chainId, token: draw.token.address, ...(at === null ? {} : { at }) };
      const where = { balance: { _gt: '0' }, isContract: { _eq: false } };
      const rows = await askRows<{ readonly balance: string }>(url, HOLDERS, {
        ...variables,
        where,
      });
      const of = { ...ofToken(draw, atBlock(block)), asset: TOKENS };
      sheet.put({ ...of, name: 'holders without contracts' }, rows.length);
      const sum = rows.reduce((all, { balance }) => all + BigInt(balance), 0n);
      sheet.put({ ...of, name: 'held without contracts' }, sum);
      const { tokenSeries } = await ask<{
        tokenSeries: readonly { readonly holdersWithoutContracts: number | null }[];
      }>(url, SERIES, variables);
      const last = tokenSeries.at(-1)?.holdersWithoutContracts;
      if (last !== undefined)
        sheet.put({ ...of, name: 'holders without contracts' }, last ?? 'unread');
    },
  },
];
