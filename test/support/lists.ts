import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Answer } from '../api/support.js';

/** A field of the API's schema. */
export interface SchemaField {
  readonly type: string;
  readonly name: string;
  readonly args: readonly GraphQLArgument[];
  readonly field: GraphQLField<unknown, unknown>;
}

/** All fields of all objects. */
export function fieldsOf(schema: GraphQLSchema): SchemaField[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__')) return [];
    return Object.values(type.getFields()).map((field) => ({
      type: type.name,
      name: field.name,
      args: field.args,
      field,
    }));
  });
}

/** Whether it is a page of a list, whatever it is called. */
export function isConnection(type: GraphQLNamedType | undefined): boolean {
  const has = isObjectType(type) ? type.getFields() : {};
  return has.edges !== undefined && has.pageInfo !== undefined;
}

/** The innermost part of an answer that has a field, down the first of everything. */
export function partWith(data: Answer['data'], field: string): Answer['data'] {
  if (data === undefined || data === null) throw new RangeError(`no part has ${field}`);
  return data[field] === undefined ? partWith(Object.values(data)[0], field) : data;
}

/** A condition of a list on a label. */
export interface LabelCondition {
  readonly list: SchemaField;
  readonly name: string;
  /** The fields that show the label in a row, from the outside in; none: the rows do not show it. */
  readonly shown: readonly string[];
}

/** The conditions on labels, of all lists with pages. */
export function labelConditions(schema: GraphQLSchema): LabelCondition[] {
  return fieldsOf(schema).flatMap((list) => {
    const where = getNamedType(list.args.find(({ name }) => name === 'where')?.type);
    const page = getNamedType(list.field.type);
    const Row = getNamedType(isObjectType(page) ? page.getFields().nodes?.type : undefined);
    if (!isInputObjectType(where) || !isObjectType(Row)) return [];
    const labels = labelsShown(Row);
    return Object.keys(where.getFields())
      .filter((name) => /label$/i.test(name))
      .map((name) => ({ list, name, shown: labels.get(name) ?? [] }));
  });
}

/** The labels of a row, and of the objects that it has one of: `sale { label }` is the label of `sale`. */
function labelsShown(Row: GraphQLObjectType): ReadonlyMap<string, readonly string[]> {
  const shown = new Map<string, readonly string[]>();
  const own = Object.values(Row.getFields());
  for (const { name, type } of own) {
    const inner = getNamedType(type);
    if (!isObjectType(inner) || isListType(getNullableType(type))) continue;
    for (const { name: part } of Object.values(inner.getFields())) {
      if (part === 'label') shown.set(`${name}Label`, [name, part]);
      else if (part.endsWith('Label') && !shown.has(part)) shown.set(part, [name, part]);
    }
  }
  for (const { name } of own) if (/label$/i.test(name)) shown.set(name, [name]);
  return shown;
}
