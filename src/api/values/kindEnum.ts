import { registerEnumType } from 'type-graphql';

/** The name of a kind in the API: `fixed-price` is FIXED_PRICE there, `AigcData` AIGC_DATA. */
type ValueName<
  Kind extends string,
  Written extends string = '',
> = Kind extends `${infer Letter}${infer Rest}`
  ? Letter extends '-'
    ? ValueName<Rest, `${Written}_`>
    : Letter extends Lowercase<Letter>
      ? ValueName<Rest, `${Written}${Uppercase<Letter>}`>
      : ValueName<Rest, Written extends '' ? Letter : `${Written}_${Letter}`>
  : Written;

/** A GraphQL enum as an object: the name that a client writes, and the kind that we work with. */
export type KindEnum<Kind extends string> = { readonly [Value in Kind as ValueName<Value>]: Value };

/**
 * Registers a GraphQL enum with a value for each kind of a list that another room has. A kind without a
 * text does not compile.
 *
 * @param texts in the order of the values
 */
export function kindEnum<Kind extends string>(
  name: string,
  description: string,
  texts: Readonly<Record<Kind, string>>,
): KindEnum<Kind> {
  const values: Record<string, string> = {};
  const valuesConfig: Record<string, { description: string }> = {};
  for (const [kind, text] of Object.entries<string>(texts)) {
    const value = valueName(kind);
    values[value] = kind;
    valuesConfig[value] = { description: text };
  }
  registerEnumType(values, { name, description, valuesConfig });
  return values as KindEnum<Kind>;
}

function valueName(kind: string): string {
  return kind
    .replace(/(?<=.)[A-Z]/g, '_$&')
    .replaceAll('-', '_')
    .toUpperCase();
}
