import { type GraphQLSchema, isEnumType, isInputObjectType, isObjectType } from 'graphql';

/**
 * How long the lists are that a schema has of itself, by type and field: those of a type are as
 * long as on an average of all types, so that `types { fields { … } }` counts what it answers.
 */
export function introspectionLengths(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const types = Object.values(schema.getTypeMap());
  const fields = types.filter(isObjectType).flatMap((type) => Object.values(type.getFields()));
  const inputs = types.filter(isInputObjectType).flatMap((type) => Object.values(type.getFields()));
  const values = types.filter(isEnumType).flatMap((type) => type.getValues());
  const args = fields.flatMap((field) => field.args);
  const average = (all: readonly unknown[], of: readonly unknown[]) =>
    Math.max(1, Math.ceil(all.length / Math.max(1, of.length)));
  return new Map([
    ['__Schema.types', types.length],
    ['__Schema.directives', schema.getDirectives().length],
    ['__Type.fields', average(fields, types)],
    ['__Type.inputFields', average(inputs, types)],
    ['__Type.enumValues', average(values, types)],
    ['__Field.args', average(args, fields)],
  ]);
}
