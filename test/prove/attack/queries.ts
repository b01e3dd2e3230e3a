import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Random } from '../fuzz/random.js';

/** What exists in the books that are asked about. */
export interface KnownBooks {
  readonly chainId: number;
  readonly tokens: readonly string[];
  readonly accounts: readonly string[];
  readonly headBlock: number;
}

const DEEPEST = 4;
const SIZES = [1, 10, 50, 200, 1_000];

/**
 * Makes queries that the schema allows and that cost much: lists in each order, filtered, as of any block,
 * in lists, series, and all of it under many names.
 */
export class CostlyQueries {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly books: KnownBooks,
    private readonly random: Random,
  ) {}

  next(): string {
    const query = this.schema.getQueryType();
    if (query == null) throw new RangeError('the schema has no queries');
    const names = Object.values(query.getFields()).filter(({ name }) => name !== 'ledgerHash');
    const field = this.random.pick(names);
    const times = this.random.pick([1, 1, 1, 2, 5, 20, 150]);
    const parts = Array.from({ length: times }, (_, index) => `a${index}: ${this.field(field, 0)}`);
    return `{ ${parts.join(' ')} }`;
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    const args = field.args.flatMap((argument) => this.argument(argument));
    const asked = args.length === 0 ? field.name : `${field.name}(${args.join(', ')})`;
    return isObjectType(type) ? `${asked} { ${this.selection(type, depth + 1)} }` : asked;
  }

  private selection(type: GraphQLObjectType, depth: number): string {
    const fields = Object.values(type.getFields());
    const plain = fields.filter((field) => !isObjectType(getNamedType(field.type)));
    const inner = fields.filter((field) => isObjectType(getNamedType(field.type)));
    const chosen = plain
      .filter(() => this.random.next() < 0.6)
      .map((field) => this.field(field, depth));
    if (depth < DEEPEST) {
      for (const field of inner) {
        const isRow = ['nodes', 'edges', 'node'].includes(field.name);
        if (this.random.next() < (isRow ? 0.8 : 0.25)) chosen.push(this.field(field, depth));
      }
    }
    return ['__typename', ...chosen].join(' ');
  }

  private argument({ name, type }: GraphQLArgument): string[] {
    const isNeeded = isNonNullType(type);
    // "first" and "last" exclude each other, and cursors come from answers.
    if (['last', 'after', 'before'].includes(name)) return [];
    if (!isNeeded && this.random.next() < 0.5) return [];
    const value = this.value(name, type, 0);
    return value === null ? [] : [`${name}: ${value}`];
  }

  private value(name: string, type: GraphQLInputType, depth: number): string | null {
    const { chainId, tokens, accounts, headBlock } = this.books;
    const block = () => String(this.random.below(headBlock) + 1);
    const byName: Readonly<Record<string, () => string>> = {
      first: () => String(this.random.pick(SIZES)),
      at: () => `{block: ${block()}}`,
      chainId: () => String(chainId),
      token: () => `"${this.random.pick(tokens)}"`,
      address: () => `"${this.random.pick([...tokens, ...accounts])}"`,
      snapshotId: () => String(this.random.below(6) + 1),
      limitBytes: () => '100000',
      currency: () => '"USD"',
    };
    const known = byName[name];
    if (known !== undefined && !isInputObjectType(getNamedType(type))) return known();
    if (name === 'at') return byName.at?.() ?? null;
    return this.valueOf(type, depth);
  }

  private valueOf(type: GraphQLInputType, depth: number): string | null {
    if (isNonNullType(type)) return this.valueOf(type.ofType, depth);
    if (isListType(type)) {
      const value = this.valueOf(type.ofType, depth);
      return value === null ? null : `[${value}]`;
    }
    if (isEnumType(type)) return this.random.pick(type.getValues()).name;
    if (isInputObjectType(type)) return this.object(type, depth);
    const values: Readonly<Record<string, () => string>> = {
      Boolean: () => String(this.random.next() < 0.5),
      Int: () => String(this.random.below(1_000)),
      SafeInt: () => String(this.random.below(this.books.headBlock) + 1),
      BigInt: () => `"${10 ** this.random.below(20)}"`.replace('+', ''),
      Address: () => `"${this.random.pick(this.books.accounts)}"`,
      DateTime: () => `"${new Date(1_767_225_600_000 - this.random.below(1e10)).toISOString()}"`,
      String: () => '"a"',
    };
    return values[type.name]?.() ?? null;
  }

  private object(
    type: Extract<GraphQLInputType, { getFields(): object }>,
    depth: number,
  ): string | null {
    if (depth > 2) return null;
    const fields = Object.values(type.getFields() as Record<string, GraphQLArgument>);
    const chosen = fields.filter(() => this.random.next() < 2 / fields.length);
    const parts = chosen.flatMap(({ name, type: of }) => {
      const value = this.value(name, of, depth + 1);
      return value === null ? [] : [`${name}: ${value}`];
    });
    return parts.length === 0 ? null : `{${parts.join(', ')}}`;
  }
}
