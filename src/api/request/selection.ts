import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/** What a field is selected with. */
export type Selected = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>;

/**
 * The names of the fields that a client selects of what a field answers, those of fragments among them. A field
 * that a directive may leave out counts.
 */
export function selectedFields({ fieldNodes, fragments }: Selected): ReadonlySet<string> {
  return namesIn(fieldsBelow(fieldNodes, fragments));
}

/** The same of the rows of a list with pages: below `nodes`, and below the `node` of `edges`. */
export function selectedRowFields({ fieldNodes, fragments }: Selected): ReadonlySet<string> {
  const below = (nodes: readonly FieldNode[], wanted: string) =>
    fieldsBelow(nodes, fragments).filter(({ name }) => name.value === wanted);
  const rows = [...below(fieldNodes, 'nodes'), ...below(below(fieldNodes, 'edges'), 'node')];
  return namesIn(fieldsBelow(rows, fragments));
}

function namesIn(fields: readonly FieldNode[]): ReadonlySet<string> {
  return new Set(fields.map(({ name }) => name.value));
}

/** The fields inside fields. */
function fieldsBelow(nodes: readonly FieldNode[], fragments: Selected['fragments']): FieldNode[] {
  const found: FieldNode[] = [];
  const add = (selectionSet: SelectionSetNode | undefined): void => {
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind === Kind.FIELD) found.push(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) add(selection.selectionSet);
      else add(fragments[selection.name.value]?.selectionSet);
    }
  };
  for (const { selectionSet } of nodes) add(selectionSet);
  return found;
}
