import { Document, isAlias, isMap, isSeq, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { type Address, checksummed } from '../../address.js';
import { yamlDocument } from '../../config/file/yaml.js';
import { CONTRACT_LISTS, type Found, type FoundObject, type FoundValue } from '../found.js';
import { commentLines } from './commentLines.js';
import { likelyText } from './likely.js';

/** What a new entry of `chains` says; an entry that is there stays as it is. */
export interface ChainEntry {
  readonly id: number;
  readonly name: string;
  /** As the file has it: with `${NAME}` in place of a key. */
  readonly rpc: string;
  /** `null`: none. */
  readonly portal: string | null;
  /** A Portal that is not used, as a comment; `null`: none is known. */
  readonly knownPortal: string | null;
  readonly labels: readonly { readonly address: Address; readonly name: string }[];
}

const HEAD =
  ' What imo-ledger indexes, as `imo-ledger init` found it. Check the comments, and change what you like.\n' +
  ` In URLs, $\{NAME} is replaced by the environment variable NAME, so that this file needs no key.`;

/**
 * Adds contracts to the text of imo.yaml, or writes a new one. Comments and everything that is there
 * stay.
 *
 * @param source a valid imo.yaml; `null`: there is none yet
 */
export function manifestText(
  source: string | null,
  entry: ChainEntry,
  found: readonly Found[],
): string {
  const document = source === null ? newDocument() : yamlDocument(source);
  const chain = chainOf(document, entry);
  for (const list of CONTRACT_LISTS) {
    const certain = found.filter((one) => one.list === list && one.isCertain);
    const sequence = certain.length === 0 ? null : listOf(document, chain, list);
    for (const one of certain) sequence?.add(entryNode(document, one));
  }
  addLabels(document, chain, entry.labels);
  for (const list of CONTRACT_LISTS) {
    const likely = found.filter((one) => one.list === list && !one.isCertain);
    if (likely.length > 0) appendComment(chain, likelyText(list, likely));
  }
  return document.toString({ lineWidth: 0 });
}

function newDocument(): Document {
  const document = new Document({ chains: [] });
  document.commentBefore = HEAD;
  const chains = document.get('chains');
  if (isSeq(chains)) chains.flow = false;
  return document;
}

function chainOf(document: Document, entry: ChainEntry): YAMLMap {
  const chains = document.get('chains');
  if (!isSeq(chains)) throw new RangeError('chains is not a list');
  for (const item of chains.items) {
    const chain = isAlias(item) ? item.resolve(document) : item;
    if (isMap(chain) && Number(chain.get('id')) === entry.id) return chain;
  }
  const { id, name, rpc, portal, knownPortal } = entry;
  const keys = { id, name, rpc, ...(portal === null ? {} : { portal }) };
  const chain = document.createNode(keys);
  if (!isMap(chain)) throw new RangeError('a chain is not a map');
  if (portal === null && knownPortal !== null) {
    const rpcNode = chain.get('rpc', true);
    if (rpcNode instanceof Scalar) {
      rpcNode.comment = ` blocks are found faster with: portal: ${knownPortal}`;
    }
  }
  chains.flow = false;
  chains.add(chain);
  return chain;
}

function listOf(document: Document, chain: YAMLMap, list: string): YAMLSeq {
  const there = chain.get(list);
  const resolved = isAlias(there) ? there.resolve(document) : there;
  if (isSeq(resolved)) {
    if (resolved.items.length === 0) resolved.flow = false;
    return resolved;
  }
  const sequence = new YAMLSeq(document.schema);
  chain.set(list, sequence);
  return sequence;
}

function entryNode(document: Document, { address, keys, comments }: Found): YAMLMap {
  const node = new YAMLMap<unknown, unknown>(document.schema);
  node.set('address', quoted(checksummed(address)));
  for (const [key, value] of Object.entries(keys)) node.set(key, valueNode(document, value));
  node.commentBefore = commentLines(comments)
    .map((line) => ` ${line}`)
    .join('\n');
  return node;
}

function valueNode(document: Document, value: FoundValue): unknown {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return /^0x/i.test(value) ? quoted(value) : value;
  if (!isList(value)) {
    const node = new YAMLMap<unknown, unknown>(document.schema);
    for (const [key, fields] of Object.entries(value)) {
      const inner = document.createNode(fields);
      inner.flow = true;
      node.set(key, inner);
    }
    return node;
  }
  const list = document.createNode(value.map(quoted));
  list.flow = value.every((text) => text.startsWith('0x'));
  return list;
}

function isList(value: readonly string[] | FoundObject): value is readonly string[] {
  return Array.isArray(value);
}

function addLabels(document: Document, chain: YAMLMap, labels: ChainEntry['labels']): void {
  const [first] = labels;
  if (first === undefined) return;
  const list = listOf(document, chain, 'labels');
  const named = JSON.stringify(list.toJSON()).toLowerCase();
  for (const { address, name } of labels) {
    if (named.includes(address)) continue;
    const node = new YAMLMap<unknown, unknown>(document.schema);
    node.set('address', quoted(checksummed(address)));
    node.set('name', name);
    list.add(node);
  }
}

/** In quotes, or other readers of YAML would take it for a number. */
function quoted(address: string): Scalar {
  const scalar = new Scalar(address);
  scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

function appendComment(chain: YAMLMap, text: string): void {
  chain.comment = chain.comment == null ? text : `${chain.comment}\n${text}`;
}
