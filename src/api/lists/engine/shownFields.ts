import { type Selected, selectedRowFields } from '../../request/selection.js';
import { labelField } from './labels.js';

/** Every row is read with its place. */
const OF_PLACE = [
  '__typename',
  'id',
  'block',
  'timestamp',
  'transactionHash',
  'transactionIndex',
  'position',
];

/** The parts of the declaration of a list that its fields depend on. */
export interface ShownFields {
  /** Those that are shown as they are in the rows, or come from the contract. */
  readonly fields: object;
  /** Fields whose labels are shown too. */
  readonly labelled?: readonly string[];
  /** Fields that are computed. Without an entry in `needs`, they need all of a row. */
  readonly resolved?: object;
  /** What fields that are computed or come from elsewhere need. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  /** What every row needs. */
  readonly nodeNeeds?: readonly string[];
}

/** The fields of the rows that a client's selection of their list needs; `null`: all of them. */
export type NeededFields = (selected: Selected) => ReadonlySet<string> | null;

/** Finds out what a list has to read. Of a field that its declaration does not know, nobody knows what it needs. */
export function neededFields(declared: ShownFields): NeededFields {
  const { labelled = [], resolved = {}, nodeNeeds = [] } = declared;
  const needs = new Map<string, readonly string[]>();
  for (const name of OF_PLACE) needs.set(name, []);
  for (const name of Object.keys(declared.fields)) needs.set(name, [name]);
  for (const name of Object.keys(resolved)) needs.delete(name);
  for (const of of labelled) needs.set(labelField(of), [of]);
  for (const [name, fields] of Object.entries(declared.needs ?? {})) needs.set(name, fields);
  return (selected) => {
    const needed = new Set(nodeNeeds);
    for (const name of selectedRowFields(selected)) {
      const fields = needs.get(name);
      if (fields === undefined) return null;
      for (const field of fields) needed.add(field);
    }
    return needed;
  };
}
