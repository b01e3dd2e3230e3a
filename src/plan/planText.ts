import { type Address, checksummed } from '../address.js';
import { changedFields, type EntryChange } from './changes.js';
import type { PlanCost } from './cost.js';
import { isEmptyPlan, joiningContracts, type Plan, type Reason } from './plan.js';

/** Lists of one kind of change that are longer than this are cut off. */
const LINES_AT_MOST = 20;

/** What a plan means, in lines for people; the first line names the chain. @param more lines at the end */
export function planText(plan: Plan, cost: PlanCost | null, more: readonly string[] = []): string {
  return `${[...planLines(plan, cost), ...more].join('\n')}\n`;
}

export function planLines(plan: Plan, cost: PlanCost | null): string[] {
  const { chainId, indexedTo, wanted } = plan;
  const title = `${wanted.name} (chain ${chainId})`;
  if (plan.isFirst) return [`${title}: nothing is indexed yet. ${firstText(plan)}`];
  if (isEmptyPlan(plan)) return [`${title}: the books are as the config wants them.`];
  if (plan.refused.length > 0)
    return [`${title}: the config cannot be applied. Nothing changes.`, ...refusals(plan)];
  const indexed =
    indexedTo === null ? 'no block is indexed yet' : `indexed to block ${count(indexedTo)}`;
  return [
    `${title}, ${indexed}:`,
    ...some(plan.added, ({ kind, address, startBlock, hasPast }) => {
      const start = `+ ${kind} ${name(address)}, from block ${count(startBlock)}`;
      return hasPast ? `${start}: its history is read next to the live books` : start;
    }),
    ...some(plan.rebooked, ({ kind, address, reasons }) => {
      const because = [...new Set(reasons.map(reasonText))].join('; ');
      return `~ ${kind} ${name(address)} is booked again: ${because}`;
    }),
    ...some(plan.archived, ({ kind, address }) => {
      return `- ${kind} ${name(address)} is archived: its books stay readable and end here`;
    }),
    ...some(plan.labels, ({ key, before, after }) => {
      const label = after ?? before;
      return `${after === null ? '-' : '+'} label ${name(key)} "${String(label?.name)}"`;
    }),
    ...some(plan.prices, ({ key, before, after }) => {
      const sign = before === null ? '+' : after === null ? '-' : '~';
      const [asset = '', currency, aggregator = ''] = key.split(' ');
      const of = `price of ${name(asset)} in ${currency} by ${name(aggregator)}`;
      return `${sign} ${of}${after === null ? ' is removed' : ': its rounds are read at the start'}`;
    }),
    ...nameLines(plan),
    ...some(plan.unaffected, (change) => {
      const fields = [...changedFields(change).keys()].join(', ');
      return `= ${change.list} ${name(change.key)}: another ${fields} gives the same books`;
    }),
    ...costLines(plan, cost),
  ];
}

function nameLines({ changes, renamed }: Plan): string[] {
  const { name: ofChain } = changes;
  const chain = ofChain === null ? [] : [`  the chain is called "${ofChain.after}" at once`];
  const entries = some(renamed, (change) => {
    const field = change.list === 'labels' ? 'name' : 'label';
    const text = change.after?.[field];
    const shown =
      text === null || text === undefined ? 'has no label' : `is called "${String(text)}"`;
    return `  ${singular(change)} ${name(change.key)} ${shown} at once`;
  });
  return [...chain, ...entries];
}

function costLines(plan: Plan, cost: PlanCost | null): string[] {
  const joining = joiningContracts(plan);
  if (cost === null || joining.length === 0) return [];
  const blocks = count(Math.max(cost.toBlock - cost.fromBlock + 1, 0));
  const contracts = joining.length === 1 ? '1 contract' : `${count(joining.length)} contracts`;
  const rows =
    cost.knownRows === 0
      ? ''
      : ` ${joining.length === 1 ? 'Its' : 'Their'} rows now: about ${count(cost.knownRows)}.`;
  return [
    `${contracts} will join: ${blocks} blocks from block ${count(cost.fromBlock)} on, from the cache where it has them.${rows}`,
    'The live books continue as they are until then.',
  ];
}

function refusals({ refused }: Plan): string[] {
  return some(refused, ({ entry, code, message, hint }) => {
    const [list = '', ...key] = entry.split(' ');
    return `${list} ${key.map(name).join(' ')}: ${code}: ${message}\n    ${hint}`;
  });
}

function reasonText(reason: Reason): string {
  switch (reason.because) {
    case 'config':
      return `another ${reason.fields.join(', ')}`;
    case 'version':
      return `this program books version ${reason.to}, the books are of version ${reason.from ?? 'unknown'}`;
    case 'source':
      return `money of it passed ${name(reason.address)}`;
    case 'collections':
      return 'royalties and mints depend on the collections';
    case 'pools':
      return 'what is behind a pool depends on the others';
    case 'tokens':
      return 'what mints pass on depends on the tokens';
  }
}

function firstText({ wanted }: Plan): string {
  const { tokens, sales, collections, oracles, lookThrough } = wanted;
  const lists = [tokens, sales, collections, oracles, lookThrough];
  const all = lists.reduce((sum, list) => sum + list.length, 0);
  return `imo-ledger index reads ${all === 1 ? 'the contract' : `all ${count(all)} contracts`} of the config.`;
}

const SINGULAR = {
  tokens: 'token',
  labels: 'label',
  sales: 'sale',
  collections: 'collection',
  oracles: 'oracle',
  lookThrough: 'pool',
  prices: 'price',
} as const;

function singular({ list }: EntryChange): string {
  return SINGULAR[list];
}

function some<Row>(rows: readonly Row[], line: (row: Row) => string): string[] {
  const shown = rows.slice(0, LINES_AT_MOST).map((row) => `  ${line(row)}`);
  const rest = rows.length - shown.length;
  return rest === 0 ? shown : [...shown, `  … and ${count(rest)} more`];
}

/** An address for people, and any other word as it is. */
function name(word: string): string {
  return /^0x[0-9a-f]{40}$/.test(word) ? checksummed(word as Address) : word;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
