import type { ClassType } from 'type-graphql';
import type { OperationColumns, OperationRecord } from '../../store/read/operations/operation.js';
import type { DeclaredField } from '../lists/engine/field.js';
import { ADDRESS } from '../lists/engine/fieldKinds.js';
import { labelResolvers } from '../lists/engine/labels.js';
import type { OperationOwner, OperationSet } from '../lists/engine/operationSet.js';
import type { OwnerField } from '../lists/engine/owners.js';
import { fieldResolver, queryResolver } from '../lists/engine/resolver.js';
import { paymentResolver } from '../objects/oracles/paymentAsset.js';
import { unitFields } from '../objects/units/unitResolver.js';
import type { ApiContext } from '../request/context.js';
import { operationTotals, type TotalsArgs, type TotalsNode } from './totals.js';
import { totalsArgs } from './totalsInputs.js';
import { type DescribedGroup, describeTotals } from './totalsTypes.js';
import type { MoneyMeasure } from './totalsValues.js';

/** What a list is added up by: fields of its rows or of their contracts. */
export interface TotalsDeclaration<Name extends string> {
  /** What the query `<name>Totals` answers. */
  readonly text: string;
  /** What is added up, in the plural; default: the rows. */
  readonly rows?: string;
  readonly groups: readonly Name[];
  /** Other names of groups in the answer, whose own steps have `from` and `to`. */
  readonly renamed?: Readonly<Partial<Record<Name, string>>>;
  readonly measures: readonly Name[];
  /** What the measures that are money are in. */
  readonly money?: Partial<Readonly<Record<Name, MoneyUnit>>>;
  /** The field that says what the amounts are in, where rows differ in it. */
  readonly asset?: Name;
  /** All amounts are in the asset that the filter names; default: in the chain's own coin. */
  readonly hasOneAsset?: boolean;
}

/** In the asset of the totals, in the chain's own coin, or in units of the token that rows belong to. */
export type MoneyUnit = 'asset' | 'native' | 'token';

/** The totals of a list. */
export interface ListTotals<Filter> {
  /** Makes the classes that add the query, and the labels of its groups. */
  resolvers(): readonly ClassType[];
  /** @throws ImoError and GraphQLError as `operationTotals` */
  read(
    context: ApiContext,
    groupBy: readonly string[],
    args: TotalsArgs<Filter>,
  ): Promise<TotalsNode[]>;
}

/** What the totals take from their list. */
export interface TotalsSource<Owner> {
  readonly name: string;
  readonly rows: string;
  readonly fields: Readonly<Record<string, DeclaredField<unknown>>>;
  readonly ownerFields: Readonly<Record<string, OwnerField<Owner>>>;
  /** Addresses that have labels. */
  readonly labelled: readonly string[];
  readonly Filter: ClassType<object>;
  readonly Where: ClassType<object>;
}

/**
 * Makes the totals of a list.
 *
 * @throws RangeError if it names a field that the list does not have
 */
export function listTotals<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  ReadFilter extends object,
  Owner extends OperationOwner,
  OwnerFilter extends object,
  Node,
>(
  source: TotalsSource<Owner>,
  {
    text,
    groups,
    measures,
    asset,
    money = {},
    renamed = {},
    hasOneAsset = false,
    rows = source.rows,
  }: TotalsDeclaration<string>,
  set: OperationSet<Columns, Row, ReadFilter, Owner, OwnerFilter, Node>,
): ListTotals<ReadFilter & OwnerFilter> {
  const { name: list, fields, Filter, Where } = source;
  const described = describeTotals<Owner>({
    name: list,
    rows,
    hasOneAsset,
    measures: Object.fromEntries(
      measures.map((measure) => {
        const { sql, text: description } = columnOf(list, measure, fields);
        return [measure, { sql, description }];
      }),
    ),
    groups: Object.fromEntries(
      groups.map((name) => {
        const group = groupOf(name, source);
        const field = renamed[name] ?? name;
        return [keyOf(field), { ...group, field }];
      }),
    ),
    ...(asset === undefined ? {} : { asset: groupOf(asset, source) }),
  });
  const read: ListTotals<ReadFilter & OwnerFilter>['read'] = async (context, groupBy, args) => {
    const filter: object = args.filter ?? {};
    const named = 'asset' in filter && filter.asset != null ? String(filter.asset) : 'native';
    const inTokens = measures.filter((measure) => money[measure] === 'token');
    const plan = { ...described.planFor(groupBy), inTokens };
    const units = moneyUnits<Owner>(
      named,
      asset === undefined ? null : groupOf(asset, source).sql,
      (owner) => String(source.ownerFields.token?.of(owner)),
    );
    const valued = measures.flatMap((measure, index): MoneyMeasure<Owner>[] => {
      const unit = money[measure];
      if (unit === undefined) return [];
      return [{ index, sql: columnOf(list, measure, fields).sql, ...units[unit] }];
    });
    const totals = await operationTotals(context, set, plan, args, valued);
    return hasOneAsset ? totals.map((node) => ({ ...node, asset: named })) : totals;
  };
  return {
    read,
    resolvers: () => [
      ...namesOfTotals(described.Totals, source, { groups, renamed, hasOneAsset, asset }),
      queryResolver({
        name: `${list.charAt(0).toLowerCase()}${list.slice(1)}Totals`,
        text,
        answer: [described.Totals],
        args: totalsArgs(Filter, Where, described),
        resolve: (context, args) => {
          const { groupBy, ...selection } = args as QueryArgs<ReadFilter & OwnerFilter>;
          return read(context, groupBy, selection);
        },
      }),
    ],
  };
}

/** What tells the groups of totals and their amounts apart, as people call it. */
function namesOfTotals(
  Totals: ClassType,
  { labelled, ownerFields }: TotalsSource<never>,
  {
    groups,
    renamed = {},
    hasOneAsset,
    asset,
  }: Pick<TotalsDeclaration<string>, 'groups' | 'renamed' | 'hasOneAsset' | 'asset'>,
): ClassType[] {
  const isNamed = (name: string) =>
    labelled.includes(name) || (name !== TOKEN && ownerFields[name]?.kind === ADDRESS);
  const named = groups.filter(isNamed).map((name) => ({ of: renamed[name] ?? name }));
  const labels = labelResolvers<TotalsNode>(named, ({ chainId }) => chainId);
  const unitOf = (field: string) =>
    unitFields<TotalsNode>(field, field, ({ chainId, [field]: unit }) => ({
      chainId,
      asset: (unit ?? null) as string | null,
    }));
  const fields = {
    ...labels,
    ...(groups.includes(TOKEN) ? unitOf(TOKEN) : {}),
    ...(hasOneAsset === true ? unitOf('asset') : {}),
  };
  return [
    ...(Object.keys(fields).length === 0 ? [] : [fieldResolver(Totals, fields)]),
    ...(asset === undefined ? [] : [paymentResolver(Totals)]),
  ];
}

const TOKEN = 'token';

type QueryArgs<Filter> = TotalsArgs<Filter> & { readonly groupBy: readonly string[] };

/** The token of the books whose number rows begin with: its own ones, or those in an ERC-20 that it shares. */
const TOKEN_ADDRESS = `(SELECT '0x' || encode(t.address, 'hex') FROM token t WHERE t.number =
  coalesce((SELECT r.token_number FROM revenue_asset r WHERE r.number = w.token_number), w.token_number))`;

/**
 * @param named the asset that the filter names
 * @param own the expression of the asset of each row, which forms the first group; null where all
 *   are of the named one
 * @param tokenOf the token of an owner of rows
 */
function moneyUnits<Owner extends OperationOwner>(
  named: string,
  own: string | null,
  tokenOf: (owner: Owner) => string,
): Readonly<Record<MoneyUnit, Pick<MoneyMeasure<Owner>, 'asset' | 'assetOf'>>> {
  return {
    asset:
      own === null
        ? { asset: (parameters) => `${parameters.add(named)}::text`, assetOf: () => named }
        : {
            asset: () => `coalesce(${own}, 'native')`,
            assetOf: ({ keys: [first] }) => String(first ?? 'native'),
          },
    native: { asset: () => `'native'::text`, assetOf: () => 'native' },
    token: {
      asset: () => TOKEN_ADDRESS,
      // Of several tokens, the sum itself is refused.
      assetOf({ chainId }, owners, ownerNumber) {
        const owner =
          ownerNumber === null
            ? [...owners.values()].find((one) => one.chainId === chainId)
            : owners.get(ownerNumber);
        return owner === undefined ? null : tokenOf(owner);
      },
    },
  };
}

/** `snapshotId` is grouped by `SNAPSHOT`, `sourceAddress` by `SOURCE_ADDRESS`. */
function keyOf(field: string): string {
  const words = field.replace(/Id$/, '').replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
  return words.toUpperCase();
}

function groupOf<Owner>(
  field: string,
  { name, fields, ownerFields }: TotalsSource<Owner>,
): DescribedGroup<Owner> {
  const ofOwner = ownerFields[field];
  if (ofOwner !== undefined) {
    const { kind, text, of } = ofOwner;
    return {
      field,
      sql: 'w.token_number',
      type: kind.type,
      description: text,
      decode(value, owners) {
        const owner = owners.get(Number(value));
        return owner === undefined ? null : of(owner);
      },
    };
  }
  const { kind, sql, text } = columnOf(name, field, fields);
  const decode = (value: unknown) => (value === null ? null : kind.decode(value));
  return { field, sql, type: kind.type, description: text, decode };
}

function columnOf(list: string, name: string, fields: TotalsSource<unknown>['fields']) {
  const declared = fields[name];
  const column = declared?.column ?? null;
  if (declared === undefined || column === null) {
    throw new RangeError(`the list ${list} cannot be added up by ${name}`);
  }
  return { kind: declared.kind, text: declared.text, sql: column.sql };
}
