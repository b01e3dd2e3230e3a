import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { inputError } from '../../errors.js';
import { type Variables, type WrittenArgument, WrittenArguments } from './writtenArguments.js';

/**
 * Arguments that select no rows: the page, the steps of a series, the length of a text, and the
 * moment, which answers state in `asOf`. Null means their default, as for all others that have one.
 */
const WITHOUT_CONDITION = new Set([
  'first',
  'after',
  'last',
  'before',
  'at',
  'block',
  'interval',
  'limitBytes',
]);

/**
 * Rejects conditions that are null, whose variable is missing, or that compare with nothing. They
 * would let everything through: "my claims" would become everybody's. A condition that is absent
 * stays absent. Hasura 2 has the same rule.
 */
export class GivenConditions {
  private readonly written = new WeakMap<OperationDefinitionNode, readonly WrittenArgument[]>();

  constructor(private readonly schema: GraphQLSchema) {}

  /**
   * @param document valid, of a limited size
   * @returns GraphQLError `CONDITION_WITHOUT_VALUE`; `null`: all conditions have values
   */
  errorIn(
    document: DocumentNode,
    operationName: string | null | undefined,
    given: Variables,
  ): GraphQLError | null {
    for (const operation of document.definitions) {
      if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
      if (operationName != null && operation.name?.value !== operationName) continue;
      const written = this.argumentsOf(operation, document);
      if (written.length === 0) continue;
      const variables = withDefaults(operation, given);
      for (const one of written) {
        const lacking = one.isAsked(variables) ? lackingIn(one, variables) : null;
        if (lacking !== null) return withoutValue(one.field, lacking);
      }
    }
    return null;
  }

  private argumentsOf(operation: OperationDefinitionNode, document: DocumentNode) {
    let written = this.written.get(operation);
    if (written === undefined) {
      const root = this.schema.getRootType(operation.operation);
      const collected = new WrittenArguments(this.schema, document);
      if (root != null) collected.collect(operation.selectionSet, root);
      written = collected.found;
      this.written.set(operation, written);
    }
    return written;
  }
}

/** What lacks a value, and why. */
interface Lacking {
  readonly path: string;
  readonly why: string;
}

function lackingIn({ argument, value }: WrittenArgument, variables: Variables): Lacking | null {
  const hasDefault = WITHOUT_CONDITION.has(argument.name) || isNonNullType(argument.type);
  if (hasDefault && lacksValue(value, variables)) return null;
  return inLiteral(value, argument.type, argument.name, variables, true);
}

function lacksValue(value: ValueNode, variables: Variables): boolean {
  if (value.kind === Kind.NULL) return true;
  return value.kind === Kind.VARIABLE && variables[value.name.value] == null;
}

/** @param isWhole whether it is the whole argument: a filter without conditions is absent. */
function inLiteral(
  value: ValueNode,
  type: GraphQLInputType,
  path: string,
  variables: Variables,
  isWhole: boolean,
): Lacking | null {
  if (value.kind === Kind.NULL) return { path, why: 'is null' };
  if (value.kind === Kind.VARIABLE) {
    const { value: name } = value.name;
    if (variables[name] === undefined) return { path, why: `needs the variable $${name}` };
    return inValue(variables[name], type, path, isWhole);
  }
  const inner = getNamedType(type);
  if (value.kind === Kind.LIST) {
    return first(value.values, (item, index) =>
      inLiteral(item, inner, `${path}[${index}]`, variables, false),
    );
  }
  if (value.kind !== Kind.OBJECT || !isInputObjectType(inner)) return null;
  if (value.fields.length === 0) return ofEmpty(path, isWhole);
  return first(value.fields, ({ name, value: of }) => {
    const field = inner.getFields()[name.value];
    return field === undefined
      ? null
      : inLiteral(of, field.type, `${path}.${name.value}`, variables, false);
  });
}

/** A value of a variable. */
function inValue(
  value: unknown,
  type: GraphQLInputType,
  path: string,
  isWhole: boolean,
): Lacking | null {
  if (value === null || value === undefined) return { path, why: 'is null' };
  const inner = getNamedType(type);
  if (Array.isArray(value) && isListType(getNullableType(type))) {
    return first(value, (item, index) => inValue(item, inner, `${path}[${index}]`, false));
  }
  if (typeof value !== 'object' || !isInputObjectType(inner)) return null;
  const fields = Object.entries(value);
  if (fields.length === 0) return ofEmpty(path, isWhole);
  return first(fields, ([name, of]) => {
    const field = inner.getFields()[name];
    return field === undefined ? null : inValue(of, field.type, `${path}.${name}`, false);
  });
}

function ofEmpty(path: string, isWhole: boolean): Lacking | null {
  return isWhole && path !== 'at' ? null : { path, why: 'has no value' };
}

function first<Item>(
  items: readonly Item[],
  lacking: (item: Item, index: number) => Lacking | null,
): Lacking | null {
  for (const [index, item] of items.entries()) {
    const found = lacking(item, index);
    if (found !== null) return found;
  }
  return null;
}

/** A variable that the execution rejects when it is missing. */
const REQUIRED = Symbol('required');

/** Only what is given or has a default: a variable without either is missing. */
function withDefaults(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Variables,
): Variables {
  const values: Record<string, unknown> = {};
  for (const { variable, type, defaultValue } of variableDefinitions) {
    const { value: name } = variable.name;
    const isDefaulted = given[name] === undefined && defaultValue !== undefined;
    if (isDefaulted) values[name] = valueFromASTUntyped(defaultValue);
    else if (given[name] != null) values[name] = given[name];
    else if (type.kind === Kind.NON_NULL_TYPE) values[name] = REQUIRED;
    else if (given[name] === null) values[name] = null;
  }
  return values;
}

function withoutValue(field: string, { path, why }: Lacking): GraphQLError {
  return inputError(
    'CONDITION_WITHOUT_VALUE',
    `the condition "${path}" of ${field} ${why}`,
    'Send a value, or leave the condition out to select everything. {_isNull: true} finds rows without a value.',
  );
}
