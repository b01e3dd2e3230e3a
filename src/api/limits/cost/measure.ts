import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** The size of a query's text, fragments counted wherever they are spread. */
export interface QuerySize {
  /** Fields inside fields. Introspection is nested deeper and costs little: not counted. */
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  readonly directives: number;
}

const NOTHING: QuerySize = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/**
 * Measures the largest operation of a document. Each fragment is looked into once, however often
 * it is spread: fragments that spread others twice each are as long as 2^n when written out.
 */
export function measureQuery(document: DocumentNode): QuerySize {
  const measured = new Map<FragmentDefinitionNode, QuerySize>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }

  const ofFragment = (name: string): QuerySize => {
    const fragment = fragments.get(name);
    if (fragment === undefined) return NOTHING;
    let size = measured.get(fragment);
    if (size === undefined) {
      // One that (wrongly) contains itself is refused by the rules of GraphQL.
      measured.set(fragment, NOTHING);
      size = ofSelection(fragment.selectionSet);
      measured.set(fragment, size);
    }
    return size;
  };

  const ofSelection = (selectionSet: SelectionSetNode | undefined): QuerySize => {
    let { depth, fields, aliases, directives } = NOTHING;
    for (const selection of selectionSet?.selections ?? []) {
      const isField = selection.kind === Kind.FIELD;
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : ofSelection(selection.selectionSet);
      const isIntrospection = isField && selection.name.value.startsWith('__');
      if (!isIntrospection) depth = Math.max(depth, inner.depth + Number(isField));
      fields += inner.fields + Number(isField);
      aliases += inner.aliases + Number(isField && selection.alias !== undefined);
      directives += inner.directives + (selection.directives?.length ?? 0);
    }
    return { depth, fields, aliases, directives };
  };

  let largest = NOTHING;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const size = ofSelection(definition.selectionSet);
    const ownDirectives = definition.directives?.length ?? 0;
    largest = {
      depth: Math.max(largest.depth, size.depth),
      fields: Math.max(largest.fields, size.fields),
      aliases: Math.max(largest.aliases, size.aliases),
      directives: Math.max(largest.directives, size.directives + ownDirectives),
    };
  }
  return largest;
}
