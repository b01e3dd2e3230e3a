import { readFileSync } from 'node:fs';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';
import relay, { type OperationDescriptor } from 'relay-runtime';

const { createOperationDescriptor, Environment, Network, RecordSource, Store } = relay;

/** What relay-compiler makes of a field, for the store and for its readers alike. */
interface CompiledField {
  readonly kind: 'ScalarField' | 'LinkedField';
  readonly alias: null;
  readonly name: string;
  readonly args: readonly { kind: 'Literal'; name: string; value: unknown }[] | null;
  readonly storageKey: null;
  readonly concreteType?: string;
  readonly plural?: boolean;
  readonly selections?: readonly CompiledField[];
}

function compiled(type: GraphQLObjectType, field: FieldNode): CompiledField {
  const declared = type.getFields()[field.name.value];
  const args = (field.arguments ?? []).map((argument) => ({
    kind: 'Literal' as const,
    name: argument.name.value,
    value: valueFromASTUntyped(argument.value),
  }));
  const common = {
    alias: null,
    name: field.name.value,
    args: args.length === 0 ? null : args.sort((a, b) => (a.name < b.name ? -1 : 1)),
    storageKey: null,
  };
  const inner = declared === undefined ? undefined : getNamedType(declared.type);
  if (declared === undefined || isLeafType(inner)) return { kind: 'ScalarField', ...common };
  if (!isObjectType(inner)) throw new RangeError(`${field.name.value} is not an object`);
  const plain = isNonNullType(declared.type) ? declared.type.ofType : declared.type;
  return {
    kind: 'LinkedField',
    ...common,
    concreteType: inner.name,
    plural: isListType(plain),
    selections: selectionsOf(inner, field.selectionSet?.selections ?? []),
  };
}

function selectionsOf(type: GraphQLObjectType, selections: readonly unknown[]): CompiledField[] {
  return (selections as readonly FieldNode[]).map((field) => compiled(type, field));
}

type GetDataID = (value: { readonly id?: unknown }, typeName: string) => unknown;

/** The option of a recipe in docs/api.md. */
function documentedGetDataID(): GetDataID {
  const [, recipe] =
    /```ts\n(const getDataID[\s\S]*?)```/.exec(readFileSync('docs/api.md', 'utf8')) ?? [];
  if (recipe === undefined) throw new RangeError('docs/api.md has no recipe of Relay');
  return new Function(`${recipe}; return getDataID;`)() as GetDataID;
}

/** The store of Relay, with questions compiled as relay-compiler does it. */
export class RelayCache {
  private readonly environment = new Environment({
    getDataID: documentedGetDataID(),
    network: Network.create(() => Promise.reject(new Error('nothing is fetched'))),
    store: new Store(new RecordSource(), { gcReleaseBufferSize: 10_000 }),
  });
  private readonly operations = new Map<DocumentNode, OperationDescriptor>();

  constructor(private readonly schema: GraphQLSchema) {}

  write(question: DocumentNode, data: Record<string, unknown>): void {
    const operation = this.operationOf(question);
    this.environment.retain(operation);
    this.environment.commitPayload(operation, structuredClone(data));
  }

  /** What a component would show; `null`: Relay asks the server again. */
  read(question: DocumentNode): unknown {
    const operation = this.operationOf(question);
    const { isMissingData, data } = this.environment.lookup(operation.fragment);
    return isMissingData ? null : data;
  }

  private operationOf(question: DocumentNode): OperationDescriptor {
    const known = this.operations.get(question);
    if (known !== undefined) return known;
    const root = this.schema.getQueryType();
    const definition = question.definitions[0] as OperationDefinitionNode;
    if (root == null) throw new RangeError('the schema has no queries');
    const selections = selectionsOf(root, definition.selectionSet.selections);
    const name = `Question${this.operations.size}`;
    const operation = createOperationDescriptor(
      {
        kind: 'Request',
        fragment: {
          kind: 'Fragment',
          name,
          type: 'Query',
          metadata: null,
          argumentDefinitions: [],
          selections,
        },
        operation: { kind: 'Operation', name, argumentDefinitions: [], selections },
        params: { id: null, cacheID: name, name, operationKind: 'query', text: name, metadata: {} },
      } as unknown as Parameters<typeof createOperationDescriptor>[0],
      {},
    );
    this.operations.set(question, operation);
    return operation;
  }
}
