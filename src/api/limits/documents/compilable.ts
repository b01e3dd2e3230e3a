import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInputObjectType,
  typeFromAST,
} from 'graphql';

/**
 * Whether an operation can be compiled. The compiler writes out how to read each variable,
 * with all that its type holds: of a type that holds itself, like `where` with its `_and`, that
 * is code without end.
 */
export function isCompilable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string,
): boolean {
  const operation = getOperationAST(document, operationName || undefined);
  return (operation?.variableDefinitions ?? []).every(({ type: written }) => {
    const type = typeFromAST(schema, written);
    return type !== undefined && !holdsItself(type as GraphQLInputType);
  });
}

/** @param holders types on the way to this one */
function holdsItself(type: GraphQLInputType, holders: readonly string[] = []): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return false;
  if (holders.includes(named.name)) return true;
  const way = [...holders, named.name];
  return Object.values(named.getFields()).some((field) => holdsItself(field.type, way));
}
