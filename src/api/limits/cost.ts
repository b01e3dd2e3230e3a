import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import { ENTRIES_PER_EVENT } from '../live/eventSize.js';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../pagination.js';
import { introspectionLengths } from './introspection.js';

const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

type Variables = Readonly<Record<string, unknown>>;

/** What is asked of one selection: some fields, and pages of others. */
interface Plan {
  readonly fields: number;
  readonly children: readonly { readonly rows: RowsOf; readonly plan: Plan }[];
}

/** How many rows of a selection there are at most. */
type RowsOf = (variables: Variables) => number;

const ONE: RowsOf = () => 1;
/** Lists of a subscription have no pages: an event carries so many entries of each at most. */
const ROWS_OF_EVENTS: ReadonlyMap<string, number> = new Map([
  ['added', ENTRIES_PER_EVENT],
  ['withdrawn', ENTRIES_PER_EVENT],
]);

/**
 * How many fields a query asks for at most: each counts as often as the rows of the lists that
 * it stands in, by their page sizes, whether those stand in the query, come as variables, or are
 * the default. Other lists are short, but for those of the schema about itself and of events.
 */
export class QueryCosts {
  private readonly plans = new WeakMap<OperationDefinitionNode, Plan>();
  private readonly lengths: ReadonlyMap<string, number>;

  constructor(private readonly schema: GraphQLSchema) {
    this.lengths = introspectionLengths(schema);
  }

  of(document: DocumentNode, operationName: string | null | undefined, given: Variables): number {
    const operations = document.definitions.filter(
      (definition): definition is OperationDefinitionNode =>
        definition.kind === Kind.OPERATION_DEFINITION &&
        (operationName == null || definition.name?.value === operationName),
    );
    return Math.max(
      0,
      ...operations.map((operation) =>
        costOf(this.planOf(operation, document), withDefaults(operation, given)),
      ),
    );
  }

  private planOf(operation: OperationDefinitionNode, document: DocumentNode): Plan {
    let plan = this.plans.get(operation);
    if (plan === undefined) {
      const root = this.schema.getRootType(operation.operation);
      const planner = new Planner(document, this.schema, this.lengths);
      plan =
        root == null ? { fields: 0, children: [] } : planner.plan(operation.selectionSet, root);
      this.plans.set(operation, plan);
    }
    return plan;
  }
}

class Planner {
  private readonly fragments = new Map<string, FragmentDefinitionNode>();

  constructor(
    document: DocumentNode,
    private readonly schema: GraphQLSchema,
    private readonly lengths: ReadonlyMap<string, number>,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.fragments.set(definition.name.value, definition);
      }
    }
  }

  /** Fragments are valid, and the whole is of a limited size: both were checked before. */
  plan(selectionSet: SelectionSetNode, parent: GraphQLCompositeType): Plan {
    let fields = 0;
    const children: { rows: RowsOf; plan: Plan }[] = [];
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        fields++;
        const child = this.childOf(selection, parent);
        if (child !== null) children.push(child);
        continue;
      }
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.fragments.get(selection.name.value);
      if (inner === undefined) continue;
      const named = inner.typeCondition && this.schema.getType(inner.typeCondition.name.value);
      const type = isCompositeType(named) ? named : parent;
      children.push({ rows: ONE, plan: this.plan(inner.selectionSet, type) });
    }
    return { fields, children };
  }

  private childOf(
    field: FieldNode,
    parent: GraphQLCompositeType,
  ): { rows: RowsOf; plan: Plan } | null {
    if (field.selectionSet === undefined) return null;
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const { value: name } = field.name;
    const definition = META_FIELDS.get(name) ?? (hasFields ? parent.getFields()[name] : undefined);
    const type = definition === undefined ? null : getNamedType(definition.type);
    if (definition === undefined || !isCompositeType(type)) return null;
    const rows = this.rowsOf(field, definition, parent);
    return { rows, plan: this.plan(field.selectionSet, type) };
  }

  private rowsOf(
    field: FieldNode,
    { name, args }: GraphQLField<unknown, unknown>,
    parent: GraphQLCompositeType,
  ): RowsOf {
    if (args.some((argument) => argument.name === 'first')) return pageSizeOf(field);
    const length = isIntrospectionType(parent)
      ? this.lengths.get(`${parent.name}.${name}`)
      : ROWS_OF_EVENTS.get(name);
    return length === undefined ? ONE : () => length;
  }
}

function pageSizeOf(field: FieldNode): RowsOf {
  const sizes = ['first', 'last'].flatMap((name): RowsOf[] => {
    const value = field.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value?.kind === Kind.INT) return [() => Number(value.value)];
    if (value?.kind === Kind.VARIABLE) return [(of) => sizeGiven(of[value.name.value])];
    return [];
  });
  return (variables) => {
    const size = Math.max(0, ...sizes.map((rows) => rows(variables)));
    return Math.min(size === 0 ? DEFAULT_PAGE_SIZE : size, MAX_PAGE_SIZE);
  };
}

function sizeGiven(value: unknown): number {
  const size = Number(value ?? 0);
  return Number.isFinite(size) ? size : 0;
}

function costOf({ fields, children }: Plan, variables: Variables): number {
  let cost = fields;
  for (const { rows, plan } of children) cost += rows(variables) * costOf(plan, variables);
  return cost;
}

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Variables) {
  const values: Record<string, unknown> = {};
  for (const { variable, defaultValue } of variableDefinitions) {
    if (defaultValue?.kind === Kind.INT) values[variable.name.value] = Number(defaultValue.value);
  }
  for (const [name, value] of Object.entries(given)) if (value !== undefined) values[name] = value;
  return values;
}
