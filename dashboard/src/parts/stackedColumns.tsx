import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { exactAmount, shortAmount } from '../format/amounts.js';
import { texts } from '../texts/texts.js';
import { unitName } from './amount.js';
import { gridOf, largestOf } from './columns.js';
import type { Unit } from './unit.js';

/** Until the place is measured. */
const FIRST_WIDTH = 640;
const HEIGHT = 220;
const LEFT = 64;
const BOTTOM = 24;
const TOP = 10;
const PARTS = 10_000n;

/** One column: what it is of, and its parts from the bottom up, as many as there are names. */
export interface Column {
  readonly name: string;
  readonly values: readonly bigint[];
}

/** Columns of several parts, from zero; arrow keys move between them, and the same is there as a table. */
export function StackedColumns({
  title,
  columns,
  names,
  unit,
}: {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly names: readonly string[];
  readonly unit: Unit;
}) {
  const { charts } = texts.value;
  const [isTable, setTable] = useState(false);
  return (
    <figure class="chart">
      {isTable ? (
        <AsTable title={title} columns={columns} names={names} unit={unit} />
      ) : (
        <Drawing title={title} columns={columns} names={names} unit={unit} />
      )}
      <figcaption>
        <ul class="legend">
          {names.map((name, index) => (
            <li key={name}>
              <span class={`swatch source-${index}`} aria-hidden="true" /> {name}
            </li>
          ))}
        </ul>
        <button type="button" class="button quiet" onClick={() => setTable(!isTable)}>
          {isTable ? charts.asChart : charts.asTable}
        </button>
      </figcaption>
    </figure>
  );
}

interface DrawingProps {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly names: readonly string[];
  readonly unit: Unit;
}

function Drawing({ title, columns, names, unit }: DrawingProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [place, width] = useWidth();
  const decimals = unit.decimals ?? 0;
  const grid = gridOf(largestOf(columns.map(sumOf)));
  const top = grid.at(-1) ?? 0n;
  const room = HEIGHT - TOP - BOTTOM;
  const pixels = (value: bigint) =>
    top === 0n ? 0 : (Number((value * PARTS) / top) / Number(PARTS)) * room;
  const step = (width - LEFT) / Math.max(1, columns.length);
  const move = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setChosen(Math.min(columns.length - 1, Math.max(0, (chosen ?? -by) + by)));
  };
  const labelEvery = Math.ceil(columns.length / 6);
  const told = chosen === null ? null : columns[chosen];
  return (
    <div
      class="drawing"
      ref={place}
      role="slider"
      aria-label={title}
      aria-valuemin={0}
      aria-valuemax={columns.length - 1}
      aria-valuenow={chosen ?? 0}
      aria-valuetext={told == null ? title : wordsOf(told, names, unit)}
      tabIndex={0}
      onKeyDown={move}
      onBlur={() => setChosen(null)}
      onMouseMove={(event) => setChosen(columnAt(event, columns.length))}
      onMouseLeave={() => setChosen(null)}
    >
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
        {grid.map((value) => (
          <g key={String(value)} class="grid">
            <line
              x1={LEFT}
              x2={width}
              y1={HEIGHT - BOTTOM - pixels(value)}
              y2={HEIGHT - BOTTOM - pixels(value)}
            />
            <text x={LEFT - 8} y={HEIGHT - BOTTOM - pixels(value) + 4} text-anchor="end">
              {shortAmount(value, decimals)}
            </text>
          </g>
        ))}
        {columns.map((column, index) => {
          let below = 0n;
          return (
            <g key={column.name} class={chosen === index ? 'column chosen' : 'column'}>
              <rect class="catch" x={LEFT + index * step} y={TOP} width={step} height={room} />
              {column.values.map((value, part) => {
                const start = HEIGHT - BOTTOM - pixels(below + value);
                below += value;
                return (
                  <rect
                    key={names[part]}
                    class={`source-${part}`}
                    x={LEFT + index * step + step * 0.15}
                    y={start}
                    width={step * 0.7}
                    height={pixels(value)}
                  />
                );
              })}
              {index % labelEvery === 0 && (
                <text
                  class="axis"
                  x={LEFT + index * step + step / 2}
                  y={HEIGHT - 6}
                  text-anchor="middle"
                >
                  {column.name}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <p class="told" aria-hidden="true">
        {told == null ? unitName(unit) : wordsOf(told, names, unit)}
      </p>
    </div>
  );
}

/** How wide a place is, in pixels: texts of a drawing keep their size. */
function useWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(FIRST_WIDTH);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = () => setWidth(Math.max(240, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width] as const;
}

/** The column below the mouse; `null`: left or right of all. */
function columnAt(event: MouseEvent, columns: number): number | null {
  const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const index = Math.floor(((event.clientX - left - LEFT) / (width - LEFT)) * columns);
  return index >= 0 && index < columns ? index : null;
}

/** A column in words: the whole of it, exactly, and its parts. */
function wordsOf(column: Column, names: readonly string[], unit: Unit): string {
  const decimals = unit.decimals ?? 0;
  const parts = column.values.flatMap((value, part) =>
    value === 0n ? [] : [`${names[part]} ${shortAmount(value, decimals)}`],
  );
  const all = `${exactAmount(sumOf(column), decimals)} ${unitName(unit)}`;
  return [`${column.name}: ${all}`, ...parts].join(' · ');
}

function AsTable({ title, columns, names, unit }: DrawingProps) {
  const { charts } = texts.value;
  const decimals = unit.decimals ?? 0;
  return (
    <section class="scroll" aria-label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{charts.step}</th>
            {names.map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
            <th scope="col" class="number">
              {charts.all} ({unitName(unit)})
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.name}>
              <th scope="row">{column.name}</th>
              {column.values.map((value, part) => (
                <td key={names[part]} class="number">
                  {exactAmount(value, decimals)}
                </td>
              ))}
              <td class="number">{exactAmount(sumOf(column), decimals)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function sumOf({ values }: Column): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}
