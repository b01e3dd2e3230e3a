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
  valueFromASTUntyped,
} from 'graphql';
import { introspectionLengths } from '../documents/introspection.js';
import { type Sizes, UNKNOWN_SIZES } from './bookSizes.js';
import { databaseCost } from './databaseCost.js';
import { listBound, yieldsList } from './listBounds.js';
import { type Given, holdersIn, isPageArgument, pageSizeOf } from './pageSize.js';
import { isSeries, seriesSize } from './seriesSize.js';

const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

/** What an operation asks for at most, known before anything is read. */
export interface QueryCost {
  /** Values in the answer; long texts count for each 200 bytes. */
  readonly values: number;
  /** Of the database, in points of 0.05 ms. */
  readonly database: number;
  /** Both together: what `limits.cost` limits. */
  readonly points: number;
  /** Entries of each list, by type and field: there may not be more. */
  readonly entries: ReadonlyMap<string, number>;
}

interface Plan {
  readonly fields: number;
  readonly texts: readonly NumberOf[];
  readonly database: readonly NumberOf[];
  readonly children: readonly Child[];
}

interface Child {
  /** Type and field of a list that has no pages. */
  readonly list: string | null;
  readonly rows: NumberOf;
  readonly least: number;
  readonly plan: Plan;
}

type NumberOf = (variables: Given, sizes: Sizes) => number;

const ONE: NumberOf = () => 1;
/** Pages that are never longer than there are contracts. */
const PAGES_OF_CONTRACTS: Readonly<Record<string, 'tokens'>> = { TokenConnection: 'tokens' };
const NO_PLAN: Plan = { fields: 0, texts: [], database: [], children: [] };
/** Long texts cost less to put together than many values. */
const BYTES_OF_A_VALUE = 200;
/** Of all texts of a request: with more, the answer is too large. */
const TEXT_BYTES_AT_MOST = 20_000_000;

/** Computes the cost of operations; arguments may be in the query, or come as variables. */
export class QueryCosts {
  private readonly plans = new WeakMap<OperationDefinitionNode, Plan>();
  private readonly lengths: ReadonlyMap<string, number>;

  constructor(private readonly schema: GraphQLSchema) {
    this.lengths = introspectionLengths(schema);
  }

  of(
    document: DocumentNode,
    operationName: string | null | undefined,
    given: Given,
    sizes: Sizes = UNKNOWN_SIZES,
  ): QueryCost {
    const costs = document.definitions
      .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
      .filter(({ name }) => operationName == null || name?.value === operationName)
      .map((operation) =>
        costOf(this.planOf(operation, document), withDefaults(operation, given), sizes),
      );
    return costs.reduce((one, other) => (other.points > one.points ? other : one), NOTHING);
  }

  private planOf(operation: OperationDefinitionNode, document: DocumentNode): Plan {
    let plan = this.plans.get(operation);
    if (plan === undefined) {
      const root = this.schema.getRootType(operation.operation);
      const planner = new Planner(document, this.schema, this.lengths);
      plan = root == null ? NO_PLAN : planner.plan(operation.selectionSet, root, ONE);
      this.plans.set(operation, plan);
    }
    return plan;
  }
}

const NOTHING: QueryCost = { values: 0, database: 0, points: 0, entries: new Map() };

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

  /**
   * Fragments are valid, and the whole is of a limited size: both were checked before.
   *
   * @param page rows of the page that the selection is of
   */
  plan(selectionSet: SelectionSetNode, parent: GraphQLCompositeType, page: NumberOf): Plan {
    const plan = {
      fields: 0,
      texts: [] as NumberOf[],
      database: [] as NumberOf[],
      children: [] as Child[],
    };
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        plan.fields++;
        this.addField(plan, selection, parent, page);
        continue;
      }
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : this.fragments.get(selection.name.value);
      if (inner === undefined) continue;
      const named = inner.typeCondition && this.schema.getType(inner.typeCondition.name.value);
      const type = isCompositeType(named) ? named : parent;
      const ofFragment = this.plan(inner.selectionSet, type, page);
      plan.children.push({ list: null, rows: ONE, least: 0, plan: ofFragment });
    }
    return plan;
  }

  private addField(
    plan: { texts: NumberOf[]; database: NumberOf[]; children: Child[] },
    node: FieldNode,
    parent: GraphQLCompositeType,
    page: NumberOf,
  ): void {
    const hasFields = isObjectType(parent) || isInterfaceType(parent);
    const { value: name } = node.name;
    const field = META_FIELDS.get(name) ?? (hasFields ? parent.getFields()[name] : undefined);
    if (field === undefined) return;
    const given = (variables: Given) => argumentsOf(node, field, variables);
    const database = databaseCost(parent, field);
    if (database !== null) {
      plan.database.push((variables, { millions }) => database(given(variables), millions));
    }
    if (field.args.some((argument) => argument.name === 'limitBytes')) {
      plan.texts.push((variables) => Math.max(0, Number(given(variables).limitBytes) || 0));
    }
    const type = getNamedType(field.type);
    const innerPage = field.args.some(isPageArgument)
      ? (variables: Given) => pageSizeOf(given(variables))
      : ONE;
    const inner =
      node.selectionSet !== undefined && isCompositeType(type)
        ? this.plan(node.selectionSet, type, innerPage)
        : NO_PLAN;
    if (!yieldsList(field.type)) {
      if (inner !== NO_PLAN) plan.children.push({ list: null, rows: ONE, least: 0, plan: inner });
      return;
    }
    const bound = listBound(parent, field);
    plan.children.push({
      // A page or a series is as long as its arguments say.
      list: bound === null && !isSeries(field) ? null : `${parent.name}.${name}`,
      rows: this.rowsOf(parent, field, page, given),
      least: bound?.least ?? 0,
      // The entries of a list of plain values are values themselves.
      plan: inner === NO_PLAN ? { ...NO_PLAN, fields: 1 } : inner,
    });
  }

  private rowsOf(
    parent: GraphQLCompositeType,
    field: GraphQLField<unknown, unknown>,
    page: NumberOf,
    given: (variables: Given) => Given,
  ): NumberOf {
    const bound = listBound(parent, field);
    if (bound !== null) {
      const { each } = bound;
      if (each === 'holders') return (variables) => holdersIn(given(variables));
      return typeof each === 'number' ? () => each : (_, sizes) => sizes[each];
    }
    if (isSeries(field)) return (variables, sizes) => seriesSize(given(variables), sizes);
    if (isIntrospectionType(parent)) {
      const length = this.lengths.get(`${parent.name}.${field.name}`) ?? 1;
      return () => length;
    }
    const most = PAGES_OF_CONTRACTS[parent.name];
    if (most === undefined) return page;
    return (variables, sizes) => Math.min(page(variables, sizes), sizes[most]);
  }
}

function argumentsOf(
  { arguments: args = [] }: FieldNode,
  field: GraphQLField<unknown, unknown>,
  variables: Given,
): Given {
  const given: Record<string, unknown> = {};
  for (const { name, defaultValue } of field.args) given[name] = defaultValue;
  for (const { name, value } of args) {
    const written = valueFromASTUntyped(value, variables);
    if (written !== undefined) given[name.value] = written;
  }
  return given;
}

function costOf(plan: Plan, variables: Given, sizes: Sizes): QueryCost {
  const cost = { values: 0, database: 0, textBytes: 0 };
  const entries = new Map<string, number>();
  const add = ({ fields, texts, database, children }: Plan, parents: number): void => {
    cost.values += fields * parents;
    for (const bytes of texts) cost.textBytes += bytes(variables, sizes) * parents;
    for (const points of database) cost.database += points(variables, sizes) * parents;
    for (const { list, rows, least, plan: inner } of children) {
      const count = Math.max(rows(variables, sizes) * parents, least);
      // More may be indexed by now than was known when the sizes were read.
      const most = Math.max(count, rows(variables, UNKNOWN_SIZES) * parents);
      if (list !== null) entries.set(list, (entries.get(list) ?? 0) + most);
      add(inner, count);
    }
  };
  add(plan, 1);
  const ofTexts = Math.min(cost.textBytes, TEXT_BYTES_AT_MOST) / BYTES_OF_A_VALUE;
  const values = Math.ceil(cost.values + ofTexts);
  const database = Math.ceil(cost.database);
  return { values, database, points: values + database, entries };
}

function withDefaults({ variableDefinitions = [] }: OperationDefinitionNode, given: Given): Given {
  const values: Record<string, unknown> = {};
  for (const { variable, defaultValue } of variableDefinitions) {
    if (defaultValue !== undefined) {
      values[variable.name.value] = valueFromASTUntyped(defaultValue);
    }
  }
  for (const [name, value] of Object.entries(given)) if (value !== undefined) values[name] = value;
  return values;
}
