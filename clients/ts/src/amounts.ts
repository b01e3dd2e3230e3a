import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import { AMOUNT_FIELDS } from './generated/amountFields.js';

type Fields = Readonly<Record<string, string>>;
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

const ROOTS: Readonly<Record<string, string>> = {
  query: 'Query',
  subscription: 'Subscription',
  mutation: 'Mutation',
};

/**
 * Turns the amounts of an answer, which JSON has as strings of digits, into `bigint`, in place.
 *
 * @param operation the operation of `document` that was answered; default: its only one
 */
export function decodeAmounts(document: DocumentNode, data: unknown, operation?: string): void {
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
  const { operation: kind, selectionSet } = operationOf(document, operation);
  decode(data, selectionSet.selections, ROOTS[kind] ?? '', fragments);
}

/** @throws TypeError if the document has not the one operation that is meant */
export function operationOf(document: DocumentNode, name?: string): OperationDefinitionNode {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const [operation, other] = operations.filter(
    (candidate) => name === undefined || candidate.name?.value === name,
  );
  if (operation === undefined) throw new TypeError(`no operation ${name ?? ''} in the document`);
  if (other !== undefined) throw new TypeError('several operations in the document: name one');
  return operation;
}

function decode(
  value: unknown,
  selections: readonly SelectionNode[],
  type: string,
  fragments: Fragments,
): void {
  if (Array.isArray(value)) {
    for (const item of value) decode(item, selections, type, fragments);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const row = value as Record<string, unknown>;
  for (const selection of selections) decodeSelection(row, selection, type, fragments);
}

function decodeSelection(
  row: Record<string, unknown>,
  selection: SelectionNode,
  type: string,
  fragments: Fragments,
): void {
  if (selection.kind === Kind.INLINE_FRAGMENT) {
    const { typeCondition, selectionSet } = selection;
    decode(row, selectionSet.selections, typeCondition?.name.value ?? type, fragments);
    return;
  }
  if (selection.kind === Kind.FRAGMENT_SPREAD) {
    const fragment = fragments.get(selection.name.value);
    if (fragment === undefined) return;
    decode(row, fragment.selectionSet.selections, fragment.typeCondition.name.value, fragments);
    return;
  }
  const fields: Fields | undefined = AMOUNT_FIELDS[type];
  const of = fields?.[selection.name.value];
  if (of === undefined) return;
  const key = selection.alias?.value ?? selection.name.value;
  if (of === 'BigInt') row[key] = amountOf(row[key]);
  else decode(row[key], selection.selectionSet?.selections ?? [], of, fragments);
}

/** A field may be selected twice: what is decoded stays. */
function amountOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(amountOf);
  return typeof value === 'string' ? BigInt(value) : value;
}
