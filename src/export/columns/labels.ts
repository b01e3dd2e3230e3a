import { foreignText } from './columns.js';
import type { Column } from './dataset.js';

/** `name(chain_id, address, name)`: what the config calls addresses, each once, for WITH. */
export const NAME_TABLE = `name AS MATERIALIZED (
    SELECT chain_id, address, name FROM label
    UNION ALL
    SELECT c.chain_id, c.address, c.label FROM contract c
    WHERE c.label IS NOT NULL AND NOT EXISTS (
      SELECT FROM label l WHERE l.chain_id = c.chain_id AND l.address = c.address)
  )`;

/** SQL of the bytes of addresses, by the names of their columns. */
export type Labelled = Readonly<Record<string, string>>;

/** Columns with the label of each address after its column; `labelJoins` finds them. */
export function withLabels(columns: readonly Column[], labelled: Labelled): Column[] {
  return columns.flatMap((one) =>
    one.name in labelled ? [one, labelColumn(one.name, `${nameRow(one.name)}.name`)] : [one],
  );
}

/** The label of the address in a column. */
export function labelColumn(of: string, sql: string, name = `${baseName(of)}_label`): Column {
  return foreignText(
    name,
    sql,
    `Name that the config gives \`${of}\`: its label, or that of the contract. Null where it has none.`,
  );
}

/** FROM items that find the labels of addresses in `NAME_TABLE`. @param chain SQL of the chain id */
export function labelJoins(chain: string, labelled: Labelled): string {
  return Object.entries(labelled)
    .map(
      ([of, bytes]) => `LEFT JOIN name ${nameRow(of)}
        ON ${nameRow(of)}.chain_id = ${chain} AND ${nameRow(of)}.address = ${bytes}`,
    )
    .join('\n');
}

function baseName(column: string): string {
  return column.replace(/_address$/, '');
}

function nameRow(column: string): string {
  return `${baseName(column)}_name`;
}
