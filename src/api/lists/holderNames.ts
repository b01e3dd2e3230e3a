import { namedSql, nameSql } from '../../store/read/names/addressNames.js';
import { textColumn, type Where, type WhereColumn } from '../../store/read/query/where.js';
import { mentions } from './engine/memoryList.js';
import { conjuncts } from './engine/whereScope.js';

const LABEL = new Set(['label']);

/** Whether conditions are about what holders are called. */
export function asksForNames(where: Where<object> | null | undefined): boolean {
  return mentions(where, LABEL);
}

/** Whether only accounts with a label can fulfil conditions. */
export function wantsName(where: Where<object>): boolean {
  return conjuncts(where as Where<{ label: string }>).some(({ label }) => {
    if (label == null) return false;
    const { _neq, _nin, _isNull, ...others } = label;
    return _isNull === false || Object.values(others).some((value) => value != null);
  });
}

/** The label of an account in the cache of holders of one chain. */
export function holderNameColumn(chainId: number): WhereColumn<string> {
  return textColumn(`(${nameSql(String(chainId), 'holder.account')})`);
}

/** A condition that only accounts with a label fulfil, for the cache of holders: there are few of them. */
export function holderHasName(chainId: number): string {
  return `holder.account IN (${namedSql(String(chainId))})`;
}
