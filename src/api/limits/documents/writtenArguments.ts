import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

/** An argument as a query writes it. */
export interface WrittenArgument {
  /** Name of the field in the query. */
  readonly field: string;
  readonly argument: GraphQLArgument;
  readonly value: ValueNode;
  /** Whether the field is part of the answer. */
  isAsked(variables: Variables): boolean;
}

/** The arguments of all fields of a selection, with those of its fragments. */
export class WrittenArguments {
  readonly found: WrittenArgument[] = [];
  private readonly fragments = new Map<string, FragmentDefinitionNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.fragments.set(definition.name.value, definition);
      }
    }
  }

  /** @param around directives of the selections that contain it */
  collect(
    { selections }: SelectionSetNode,
    parent: GraphQLCompositeType,
    around: readonly DirectiveNode[] = [],
  ): void {
    for (const selection of selections) {
      const directives = [...around, ...(selection.directives ?? [])];
      if (selection.kind === Kind.FIELD) {
        this.collectField(selection, parent, directives);
        continue;
      }
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.fragments.get(selection.name.value);
      if (inner === undefined) continue;
      const named = inner.typeCondition && this.schema.getType(inner.typeCondition.name.value);
      this.collect(inner.selectionSet, isCompositeType(named) ? named : parent, directives);
    }
  }

  private collectField(
    node: FieldNode,
    parent: GraphQLCompositeType,
    directives: readonly DirectiveNode[],
  ): void {
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const field = hasFields ? parent.getFields()[node.name.value] : undefined;
    if (field === undefined) return;
    const isAsked = (variables: Variables) => directives.every((one) => passes(one, variables));
    for (const { name, value } of node.arguments ?? []) {
      const argument = field.args.find((known) => known.name === name.value);
      if (argument !== undefined) this.found.push({ field: field.name, argument, value, isAsked });
    }
    const type = getNamedType(field.type);
    if (node.selectionSet !== undefined && isCompositeType(type)) {
      this.collect(node.selectionSet, type, directives);
    }
  }
}

/** Whether a directive leaves its selection in the answer: `@skip` and `@include` may not. */
function passes({ name, arguments: args = [] }: DirectiveNode, variables: Variables): boolean {
  const condition = args.find((argument) => argument.name.value === 'if');
  if (condition === undefined) return true;
  const value = valueFromASTUntyped(condition.value, variables);
  if (name.value === 'skip') return value !== true;
  return name.value !== 'include' || value !== false;
}
