import type { ClassType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { nameSql } from '../../../store/read/names/addressNames.js';
import { type DeclaredField, type ListFields, optional } from './field.js';
import { TEXT } from './fieldKinds.js';
import { fieldResolver, type ResolvedField } from './resolver.js';

/** The name of the field with the label of the address in another field. */
export function labelField(of: string): string {
  return of === 'address' ? 'label' : `${of.replace(/Address$/, '')}Label`;
}

/** What the label of the address in a field is. */
export const labelText = (of: string) =>
  `Name that the config gives \`${of}\`: its label, or that of the contract; null: none.` as const;

/** What the label of the contract in a field is. */
export const ownerLabelText = (of: string) =>
  `Label of \`${of}\` in imo.yaml; no value: it has none.` as const;

/** Conditions on the label of the contract that a row belongs to. @param of the field with the contract */
export function ownerLabel<Owner extends { readonly label: string | null }>(of: string) {
  return { kind: TEXT, text: ownerLabelText(of), of: ({ label }: Owner) => label };
}

/**
 * Fields with the labels of addresses, that a list can be filtered by.
 *
 * @param chain SQL of the chain id of a row
 * @throws RangeError if an address has no column
 */
export function labelFields(
  fields: ListFields,
  labelled: readonly string[],
  chain: string,
): Record<string, DeclaredField<string, true>> {
  const declared = labelled.map((name) => {
    const field = fields[name];
    const column = field !== undefined && 'kind' in field ? field.column : null;
    if (column === null) throw new RangeError(`${name} has no column, so no label`);
    return [labelField(name), optional(TEXT, labelText(name), `(${nameSql(chain, column.sql)})`)];
  });
  return Object.fromEntries(declared);
}

/** Resolves the labels of addresses. @param chainOf the chain of a node */
export function labelResolvers<Node extends object>(
  labelled: readonly { readonly of: string; readonly text?: string }[],
  chainOf: (node: Node) => number,
): Record<string, ResolvedField<Node>> {
  const resolved = labelled.map(({ of, text = labelText(of) }): [string, ResolvedField<Node>] => [
    labelField(of),
    {
      shows: () => String,
      text,
      isNullable: true,
      resolve(node, { loaders }) {
        const address = (node as Readonly<Record<string, Address | null | undefined>>)[of];
        if (address == null) return null;
        return loaders.addressName.load({ chainId: chainOf(node), address });
      },
    },
  ]);
  return Object.fromEntries(resolved);
}

/** The class that resolves the labels of the rows of a list. */
export function labelResolver<Node extends object>(
  Row: ClassType,
  labelled: readonly string[],
  chainOf: (node: Node) => number,
): ClassType {
  return fieldResolver(
    Row,
    labelResolvers(
      labelled.map((of) => ({ of })),
      chainOf,
    ),
  );
}
