import { type ClassType, Field, InputType } from 'type-graphql';
import type { FieldComparison, Where } from '../../../store/read/query/where.js';

/** The comparison of a field, and the meaning of the field. */
export interface WhereField<Value> {
  readonly type: ClassType<FieldComparison<Value>>;
  readonly description: string;
}

/** All fields that a list can be filtered by. */
export type WhereFields<Values extends object> = {
  readonly [Field in keyof Values]-?: WhereField<NonNullable<Values[Field]>>;
};

/** Makes the input type `<name>Where`. @param rows plural name of what the list contains */
export function whereInput<Values extends object>(
  name: string,
  rows: string,
  fields: WhereFields<Values>,
): ClassType<Where<Values>> {
  class WhereInput {}
  const declare = (field: string, type: () => ClassType | [ClassType], description: string) =>
    Field(type, { nullable: true, description })(WhereInput.prototype, field);
  for (const field of Object.keys(fields) as (keyof Values & string)[]) {
    const { type, description } = fields[field];
    declare(field, () => type, description);
  }
  declare('_and', () => [WhereInput], 'All of these hold.');
  declare(
    '_or',
    () => [WhereInput],
    'At least one of these holds; none does if the list is empty.',
  );
  declare('_not', () => WhereInput, 'This does not hold.');
  InputType(`${name}Where`, {
    description: `Which ${rows}, by their own fields; all that is given must hold.`,
  })(WhereInput);
  return WhereInput as ClassType<Where<Values>>;
}
