/** Bytes as lower-case hex. */
export type Hex = `0x${string}`;

type SqlType =
  | 'text'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'boolean'
  | 'bytea'
  | 'bytea[]'
  | 'timestamptz'
  | 'jsonb';

/** A column, as schema.graphql declares it. */
export interface TableColumn {
  /** In the database. */
  readonly name: string;
  /** `numeric` has 78 digits and no fraction. */
  readonly type: SqlType;
  /** What bytes or a text are; `reference` is the id of another row of the same owner. */
  readonly holds: 'address' | 'hash' | 'utf8' | 'reference' | null;
  readonly isNullable: boolean;
  /** Whether it goes into the ledger hash if its table does. */
  readonly isHashed: boolean;
  readonly text: string | null;
  /** The unit of an amount; `null` if it is not an amount, or if the table has the unit. */
  readonly unit: string | null;
}

/** A table, as schema.graphql declares it; src/model/tables has one of each. */
export interface Table {
  readonly name: string;
  readonly text: string;
  /** The column of the number that its rows belong to; it begins the primary key. */
  readonly owner: string | null;
  /** Whether its rows belong to an owner and a block: a rollback deletes them. */
  readonly isByBlock: boolean;
  /** Whether the ledger hash has its rows. */
  readonly isHashed: boolean;
  /** The columns of each unique index besides the primary key. */
  readonly uniques: readonly (readonly string[])[];
  /** By the name of the field, in the order of schema.graphql. */
  readonly columns: Readonly<Record<string, TableColumn>>;
}

/** A column that can be anything, is never missing and is hashed, but for what `rest` says. */
export function column<const Name extends string, const Text extends string | null = null>(
  name: Name,
  type: SqlType,
  rest: Partial<Omit<TableColumn, 'name' | 'type' | 'text'>> & { readonly text?: Text } = {},
): TableColumn & { readonly name: Name; readonly text: Text } {
  const usual = { holds: null, isNullable: false, isHashed: true, unit: null };
  const text = (rest.text ?? null) as Text;
  return { ...usual, ...rest, name, type, text };
}

/** A row as it is written: bytes are any text that is hex, and whole numbers may be of either type. */
export type Written<Row> = { readonly [Field in keyof Row]: WrittenValue<Row[Field]> };
type WrittenValue<Value> = Value extends Hex
  ? string
  : Value extends number
    ? number | bigint
    : Value;

/** A table that has the columns of a row. */
export type TableOf<Row> = Table & {
  readonly columns: Readonly<Record<keyof Row & string, TableColumn>>;
};

/** What COPY has to know of a table. */
export type CopiedTable = Pick<Table, 'name' | 'columns'>;

/** All columns, in the order of the values in a line for COPY. */
export function quotedColumns({ columns }: CopiedTable): string[] {
  return Object.values(columns).map(({ name }) => `"${name}"`);
}
