/** One kind of change of a config. */
export type ChangeKind = {
  readonly name: string;
  /** The contracts have books of their own. */
  readonly isBooked: boolean;
} & (
  | { readonly does: 'comes' | 'comes again' | 'goes'; readonly lists: readonly string[] }
  | {
      readonly does: 'varies';
      readonly lists: readonly string[];
      /** What is another afterwards: one of these fields at least. */
      readonly fields: readonly string[];
    }
  | { readonly does: 'sets'; readonly setting: 'finality' | 'name' }
);

const BOOKED: Readonly<Record<string, readonly string[]>> = {
  token: ['tokens'],
  sale: ['sales'],
  collection: ['collections'],
  oracle: ['oracles'],
  pool: ['lookThrough'],
};
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  label: ['labels'],
  feed: ['prices'],
  factory: ['tokensFrom', 'collectionsFrom', 'salesFrom'],
};
const BOOKED_LISTS = Object.values(BOOKED).flat();

function comingAndGoing(
  nouns: Readonly<Record<string, readonly string[]>>,
  isBooked: boolean,
): ChangeKind[] {
  return Object.entries(nouns).flatMap(([noun, lists]): ChangeKind[] =>
    (['comes', 'goes'] as const).map((does) => ({
      name: `${noun} ${does}`,
      isBooked,
      lists,
      does,
    })),
  );
}

function varying(name: string, lists: readonly string[], ...fields: string[]): ChangeKind {
  return { name, isBooked: false, does: 'varies', lists, fields };
}

/** Every kind of change that a life draws. */
export const CHANGE_KINDS: readonly ChangeKind[] = [
  ...comingAndGoing(BOOKED, true),
  ...comingAndGoing(OTHERS, false),
  {
    name: 'archived contract comes again',
    isBooked: true,
    does: 'comes again',
    lists: BOOKED_LISTS,
  },
  varying('policy hint changes', ['tokens'], 'policy'),
  varying('mapping of a sale changes', ['sales'], 'mapping'),
  varying('pool changes', ['lookThrough'], 'kind', 'mapping', 'token'),
  varying('start block changes', BOOKED_LISTS, 'startBlock'),
  varying('feed changes', ['prices'], 'staleAfterSeconds'),
  varying('label is renamed', ['labels'], 'name'),
  varying('contract is renamed', BOOKED_LISTS, 'label'),
  { name: 'finality changes', isBooked: false, does: 'sets', setting: 'finality' },
  { name: 'chain is renamed', isBooked: false, does: 'sets', setting: 'name' },
];
