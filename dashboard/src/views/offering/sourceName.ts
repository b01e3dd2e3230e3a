import { shortHex } from '../../format/addresses.js';
import type { Texts } from '../../texts/en.js';
import { cut } from '../tokenName.js';
import type { Source } from './sources.js';

/** A source by its own name: the model of an oracle, the collection, the sale, the payer. */
export function sourceName(
  source: Source | null,
  names: ReadonlyMap<string, string>,
  t: Texts['offering'],
): string {
  if (source === null) return t.otherSources;
  const { address, modelId } = source;
  const kind = t.sources[source.source];
  if (address === null) return kind;
  const name = cut(names.get(address) ?? `${kind} ${shortHex(address)}`);
  return modelId === null ? name : t.modelOf(String(modelId), name);
}
