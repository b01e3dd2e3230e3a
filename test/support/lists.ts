import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
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
