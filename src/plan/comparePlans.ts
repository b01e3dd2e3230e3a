import type { JsonObject } from './canonical.js';
import { changedFields, changesOf, type EntryChange } from './changes.js';
import { keyOf, type ListName, type Manifest } from './manifest.js';
import type {
  AddedContract,
  BookKind,
  ContractKey,
  EntryFinding,
  Plan,
  PlanFacts,
  PlanRefusal,
  Reason,
  RebookedContract,
} from './plan.js';
import { changedSources } from './sources.js';

/** The lists whose entries have books of their own. */
export const KINDS: Readonly<Partial<Record<ListName, BookKind>>> = {
  tokens: 'token',
  sales: 'sale',
  collections: 'collection',
  oracles: 'oracle',
  lookThrough: 'pool',
};

/** The lists whose entries the chain is asked about when they come or change. */
const EXAMINED: ReadonlySet<ListName> = new Set([
  'tokens',
  'sales',
  'collections',
  'oracles',
  'lookThrough',
  'prices',
]);

/** How a finding about an entry is found again. */
export function findingKey({ list, key }: Pick<EntryChange, 'list' | 'key'>): string {
  return `${list} ${key}`;
}

/** The entries that the chain must be asked about: new ones, and those with another history or price. */
export function toExamine(stored: Manifest, wanted: Manifest): EntryChange[] {
  return changesOf(stored, wanted).entries.filter((change) => {
    if (change.after === null || !EXAMINED.has(change.list)) return false;
    if (change.before === null) return true;
    return [...changedFields(change).values()].some((effect) => effect !== 'name');
  });
}

/**
 * Says what a change of a chain's manifest means: which contracts come, go and are booked again, and why.
 * It reads nothing: all facts are in `facts`.
 *
 * @param stored what the live books are
 * @param wanted what the config wants them to be
 */
export function comparePlans(
  chainId: number,
  stored: Manifest,
  wanted: Manifest,
  facts: PlanFacts,
): Plan {
  const changes = changesOf(stored, wanted);
  const { entries } = changes;
  const books = entries.filter(({ list }) => KINDS[list] !== undefined);
  const added = books.filter(({ before }) => before === null).flatMap(addedContract(facts));
  const archived = books.filter(({ after }) => after === null).map(contractOf);
  const changed = entries.map((change) => ({ change, effects: changedFields(change) }));
  const withEffect = (wantedEffect: string) =>
    changed.flatMap(({ change, effects }) =>
      [...effects.values()].includes(wantedEffect as never) ? change : [],
    );
  const rebooked = rebookedContracts(stored, wanted, facts, { added, archived, books });
  const again = new Set(rebooked.map(textOf));
  return {
    chainId,
    isFirst: facts.indexedTo === null && facts.registered.length === 0,
    indexedTo: facts.indexedTo,
    wanted,
    changes,
    added,
    rebooked,
    archived,
    renamed: withEffect('name'),
    prices: entries.filter(({ list }) => list === 'prices'),
    labels: entries.filter(
      ({ list, before, after }) => list === 'labels' && (before === null || after === null),
    ),
    unaffected: withEffect('history').filter((change) => !again.has(textOf(contractOf(change)))),
    refused: [...entries.flatMap(refusalOf(facts)), ...(facts.alsoRefused ?? [])],
  };
}

const textOf = ({ kind, address }: ContractKey) => `${kind} ${address}`;

/** A contract of a list with books. */
function contractOf({ list, key }: EntryChange): ContractKey {
  const kind = KINDS[list];
  if (kind === undefined) throw new RangeError(`${list} have no books`);
  return { kind, address: key };
}

function addedContract({ findings, indexedTo }: PlanFacts) {
  return (change: EntryChange): AddedContract[] => {
    const finding = findings.get(findingKey(change));
    if (finding === undefined || 'refusal' in finding) return [];
    const { startBlock } = finding;
    const hasPast = indexedTo !== null && startBlock <= indexedTo;
    return [{ ...contractOf(change), startBlock, hasPast }];
  };
}

function refusalOf({ findings }: PlanFacts) {
  return (change: EntryChange): PlanRefusal[] => {
    const finding: EntryFinding | undefined = findings.get(findingKey(change));
    if (finding === undefined || !('refusal' in finding)) return [];
    return [{ entry: findingKey(change), ...finding.refusal }];
  };
}

interface Differences {
  readonly added: readonly AddedContract[];
  readonly archived: readonly ContractKey[];
  readonly books: readonly EntryChange[];
}

/** The contracts that stay and whose rows a fresh index of the wanted manifest may write otherwise. */
function rebookedContracts(
  stored: Manifest,
  wanted: Manifest,
  facts: PlanFacts,
  { added, archived, books }: Differences,
): RebookedContract[] {
  const reasons = reasonsOf(stored, wanted, facts, books);
  const late = added.filter(({ hasPast }) => hasPast);
  const moved = (kind: BookKind) => [...late, ...archived].some((one) => one.kind === kind);
  const staying = facts.registered.filter(
    (contract) => isWanted(stored, contract) && isWanted(wanted, contract),
  );
  return staying.flatMap((contract): RebookedContract[] => {
    const { kind, address, startBlock } = contract;
    const all: Reason[] = [...(reasons.get(textOf(contract)) ?? [])];
    const sharesMints = kind === 'token' || kind === 'collection';
    if (sharesMints && moved('collection')) all.push({ because: 'collections' });
    if (kind === 'collection' && moved('token')) all.push({ because: 'tokens' });
    if (kind === 'pool' && all.length === 0 && isAnotherPool(reasons))
      all.push({ because: 'pools' });
    const version = facts.versions[kind];
    const from = facts.bookedBy[kind] ?? null;
    if (from !== version) all.push({ because: 'version', from, to: version });
    const hasPast = facts.indexedTo !== null && startBlock <= facts.indexedTo;
    return all.length === 0 || !hasPast ? [] : [{ kind, address, startBlock, reasons: all }];
  });
}

/** Whether a pool has a config that gives other books. */
function isAnotherPool(reasons: ReadonlyMap<string, readonly Reason[]>): boolean {
  return [...reasons.keys()].some((key) => key.startsWith('pool '));
}

/** Reasons that lie in the entry itself, or in the addresses that money passed. */
function reasonsOf(
  stored: Manifest,
  wanted: Manifest,
  { findings, passedOn }: PlanFacts,
  books: readonly EntryChange[],
): Map<string, Reason[]> {
  const reasons = new Map<string, Reason[]>();
  const add = (contract: ContractKey, reason: Reason) => {
    const key = textOf(contract);
    reasons.set(key, [...(reasons.get(key) ?? []), reason]);
  };
  for (const change of books) {
    const effects = changedFields(change);
    const fields = [...effects].flatMap(([field, effect]) => (effect === 'history' ? field : []));
    const finding = findings.get(findingKey(change));
    const isSame = finding !== undefined && !('refusal' in finding) && finding.isSame;
    if (fields.length > 0 && !isSame) add(contractOf(change), { because: 'config', fields });
  }
  for (const source of changedSources(stored, wanted)) {
    for (const address of passedOn.get(source) ?? []) {
      add({ kind: 'token', address }, { because: 'source', address: source });
    }
  }
  return reasons;
}

/** Whether a manifest names a contract. */
export function isWanted(manifest: Manifest, { kind, address }: ContractKey): boolean {
  const list = (Object.keys(KINDS) as ListName[]).find((name) => KINDS[name] === kind);
  return (
    list !== undefined && manifest[list].some((entry: JsonObject) => keyOf(list, entry) === address)
  );
}
