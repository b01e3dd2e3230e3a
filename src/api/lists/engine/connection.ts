import { type GraphQLSchema, isObjectType } from 'graphql';
import { type ClassType, Field, ObjectType } from 'type-graphql';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { Page } from '../../../store/read/query/keysetPage.js';
import { AsOfType } from '../../objects/chains/asOf.js';
import type { ApiContext } from '../../request/context.js';
import { SafeIntScalar } from '../../values/scalars.js';
import { type CursorCodec, encodeCursor } from './cursor.js';

/** A page of a list as a Relay cursor connection. */
export interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: PageInfoType;
  readonly asOf: readonly AsOf[];
  /** Counts only when a client asks: a count reads the whole list. */
  totalCount(): Promise<number>;
}

@ObjectType('PageInfo', { simpleResolvers: true, description: 'Where a page lies in its list.' })
export class PageInfoType {
  @Field(() => Boolean, { description: 'Whether there are rows after this page.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there are rows before this page.' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'For "before", to read back.' })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'For "after", to read on.' })
  readonly endCursor!: string | null;
}

/**
 * Makes the types `<name>Connection` and `<name>Edge`.
 *
 * @param rows plural name of what the list contains
 * @param as another name of the list for clients
 */
export function connectionType(
  Node: ClassType,
  name: string,
  rows: string,
  as = { name: `${name}Connection`, description: `A page of ${rows}.` },
): ClassType<Connection<unknown>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One of the ${rows}.` })
  class EdgeType {
    @Field(() => Node, { description: 'The row itself.' })
    readonly node!: object;

    @Field(() => String, {
      description: 'Opaque place of the row in this list, for "after" and "before".',
    })
    readonly cursor!: string;
  }

  @ObjectType(as.name, { simpleResolvers: true, description: as.description })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The rows with their cursors.' })
    readonly edges!: readonly EdgeType[];

    @Field(() => [Node], { description: 'The rows.' })
    readonly nodes!: readonly object[];

    @Field(() => PageInfoType, { description: 'How to continue.' })
    readonly pageInfo!: PageInfoType;

    @Field(() => [AsOfType], {
      description:
        'The block on each chain that this page holds for; ask for later pages "at" it to see one consistent list.',
    })
    readonly asOf!: readonly AsOf[];

    @Field(() => SafeIntScalar, {
      description: 'Rows in the whole list. Ask only if you need it: all of them are counted.',
    })
    readonly totalCount!: number | (() => Promise<number>);
  }
  // Resolvers receive what `connection` makes.
  return ConnectionType as ClassType<Connection<unknown>>;
}

/**
 * Makes `totalCount` available to resolvers: the query compiler does not call methods by itself.
 */
export function resolveCounts(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const { pageInfo, totalCount } = type.getFields();
    if (pageInfo === undefined || totalCount === undefined) continue;
    totalCount.resolve = (list: Connection<unknown> | { readonly totalCount: number }) =>
      typeof list.totalCount === 'number' ? list.totalCount : list.totalCount();
  }
}

/** The parts of a connection. */
export interface ConnectionSource<Row, Key, Node> {
  readonly page: Page<Row>;
  readonly codec: CursorCodec<Key>;
  readonly asOf: readonly AsOf[];
  keyOf(row: Row): Key;
  toNode(row: Row): Node;
  count(): Promise<number>;
}

export function connection<Row, Key, Node>(
  source: ConnectionSource<Row, Key, Node>,
): Connection<Node> {
  return new PageConnection(source);
}

/**
 * Cursors are made on demand: they cost more than rows, and most clients need only the last one.
 */
class PageConnection<Row, Key, Node> implements Connection<Node> {
  readonly nodes: readonly Node[];
  readonly asOf: readonly AsOf[];

  constructor(private readonly source: ConnectionSource<Row, Key, Node>) {
    this.nodes = source.page.rows.map((row) => source.toNode(row));
    this.asOf = source.asOf;
  }

  get edges(): readonly { readonly node: Node; readonly cursor: string }[] {
    const { rows } = this.source.page;
    return this.nodes.flatMap((node, index) => {
      const cursor = this.cursorOf(rows[index]);
      return cursor === null ? [] : [{ node, cursor }];
    });
  }

  get pageInfo(): PageInfoType {
    const { rows, hasNextPage, hasPreviousPage } = this.source.page;
    return {
      hasNextPage,
      hasPreviousPage,
      startCursor: this.cursorOf(rows.at(0)),
      endCursor: this.cursorOf(rows.at(-1)),
    };
  }

  totalCount(): Promise<number> {
    return this.source.count();
  }

  private cursorOf(row: Row | undefined): string | null {
    const { codec, keyOf } = this.source;
    return row === undefined ? null : encodeCursor(codec, keyOf(row));
  }
}

/**
 * Counts the rows of a list towards the limits of its request.
 *
 * @throws ImoError `QUERY_TOO_LARGE`
 */
export async function counted<Node>(
  { budget }: ApiContext,
  list: Promise<Connection<Node>>,
): Promise<Connection<Node>> {
  budget.spendRows((await list).nodes.length);
  return list;
}
