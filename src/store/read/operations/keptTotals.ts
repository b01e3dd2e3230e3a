import { blockSql, lastOperationSql, numberSql } from '../../ids.js';
import type { KeptDays, OperationSource } from './operation.js';
import { byId } from './operationSelect.js';

/** The question for some totals. */
export interface KeptRequest {
  readonly table: string;
  readonly source: OperationSource;
  readonly measures: readonly string[];
  readonly groups: readonly string[];
  readonly interval: string | null;
}

const OF_WINDOW = 'w.token_number';

/** Whether the days have the totals: those of all rows, in steps that are made of days. */
export function haveTotals(
  { measure, groups }: KeptDays,
  { table, source, ...asked }: KeptRequest,
): boolean {
  const all = byId(table, []);
  return (
    source.from === all.from &&
    source.where.length === all.where.length &&
    asked.interval !== 'hour' &&
    asked.measures.every((sql) => sql === measure) &&
    asked.groups.every((sql) => sql === OF_WINDOW || groups[sql] !== undefined)
  );
}

/** The column of a group in `keptTotalsItem`. */
export function keptGroup({ groups }: KeptDays, group: string): string {
  const column = groups[group];
  return column === undefined ? group : `p.${column}`;
}

/**
 * SQL of the items `p` of a window `w`: the kept days that are wholly in it, and the sums of the rows before and
 * after them. Days are kept in their order, so that those in the window have no gap.
 */
export function keptTotalsItem(days: KeptDays, table: string): string {
  const columns = Object.values(days.groups);
  const inWindow = `FROM ${days.table} d WHERE d.token_number = ${OF_WINDOW}
    AND d.first_block >= w.from_block AND d.last_block <= w.to_block`;
  const groups = Object.entries(days.groups).map(([sql, column]) => `${sql} AS ${column}`);
  const places = [1, ...columns.map((_, index) => index + 2)].join(', ');
  const rows = (where: string) => `SELECT
    ${[`date_trunc('day', o."timestamp", 'UTC') AS day`, ...groups].join(', ')}, count(*) AS count,
      sum(${days.measure}) AS sum, min(${days.measure}) AS min, max(${days.measure}) AS max
    FROM ${table} o WHERE o.token_number = ${OF_WINDOW} AND ${where} GROUP BY ${places}`;
  const firstId = `${numberSql(OF_WINDOW)} || '-' || ${blockSql('k.first_block')}`;
  return `(SELECT min(d.first_block) AS first_block, max(d.last_block) AS last_block ${inWindow}) k
    CROSS JOIN LATERAL (
      SELECT ${['d.day', ...columns.map((column) => `d.${column}`)].join(', ')}, d.count, d.sum, d.min, d.max
      ${inWindow}
      UNION ALL ${rows(`o.id >= w.from_id AND o.id <= coalesce(${firstId}, w.to_id)`)}
      UNION ALL ${rows(`k.last_block IS NOT NULL AND o.id <= w.to_id
        AND o.id > ${lastOperationSql(OF_WINDOW, 'k.last_block')}`)}
    ) p`;
}
