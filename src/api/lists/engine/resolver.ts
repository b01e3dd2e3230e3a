import type { GraphQLResolveInfo } from 'graphql';
import {
  Args,
  type ClassType,
  Ctx,
  FieldResolver,
  Info,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { ApiContext } from '../../request/context.js';
import type { FieldType } from './fieldKinds.js';

/** A field that is computed on demand. */
export interface ResolvedField<Node> {
  /** A function, because the type may be defined later. */
  readonly shows: () => FieldType | [FieldType];
  readonly text: string;
  /** `items`: only the items of a list. */
  readonly isNullable?: boolean | 'items';
  readonly deprecated?: string;
  readonly args?: ClassType;
  resolve(node: Node, context: ApiContext, args: object): unknown;
}

/** A query that a list adds to the schema. */
export interface ListQuery {
  readonly name: string;
  readonly text: string;
  readonly answer: ClassType | [ClassType];
  readonly args: ClassType;
  resolve(context: ApiContext, args: object, info: GraphQLResolveInfo): unknown;
}

/** Makes the resolver of a query, which is otherwise a class with decorators. */
export function queryResolver({ name, text, answer, args, resolve }: ListQuery): ClassType {
  class QueryResolver {}
  const { prototype } = QueryResolver;
  const method = methodOf(
    prototype,
    name,
    (given: object, context: ApiContext, info: GraphQLResolveInfo) => resolve(context, given, info),
  );
  Args(() => args)(prototype, name, 0);
  Ctx()(prototype, name, 1);
  Info()(prototype, name, 2);
  Query(() => answer as ClassType, { nullable: true, description: text })(prototype, name, method);
  Resolver()(QueryResolver);
  return QueryResolver;
}

/** Makes the resolver of fields of a type. */
export function fieldResolver<Node>(
  Row: ClassType,
  fields: Readonly<Record<string, ResolvedField<Node>>>,
): ClassType {
  class RowResolver {}
  const { prototype } = RowResolver;
  for (const [name, declared] of Object.entries(fields)) {
    const { shows, isNullable: nullable, text: description, deprecated, args } = declared;
    const method = methodOf(prototype, name, (node: Node, context: ApiContext, given: object) =>
      declared.resolve(node, context, given),
    );
    Root()(prototype, name, 0);
    Ctx()(prototype, name, 1);
    if (args !== undefined) Args(() => args)(prototype, name, 2);
    const options = { nullable, description, deprecationReason: deprecated };
    FieldResolver(() => shows() as ClassType, options)(prototype, name, method);
  }
  Resolver(() => Row)(RowResolver);
  return RowResolver;
}

function methodOf(prototype: object, name: string, value: unknown): PropertyDescriptor {
  const method = { value, configurable: true, enumerable: false, writable: true };
  Object.defineProperty(prototype, name, method);
  return method;
}
