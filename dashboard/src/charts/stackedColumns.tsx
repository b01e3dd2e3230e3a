import { useId } from 'preact/hooks';
import { exactAmount, shortAmount } from '../format/amounts.js';
import { unitName } from '../parts/amount.js';
import { DataTable } from '../parts/dataTable.js';
import type { Unit } from '../parts/unit.js';
import { texts } from '../texts/texts.js';
import { ChartFrame } from './chartFrame.js';
import { AxisNames, Grid } from './grid.js';
import { apart, gridOf, largestOf, pixelsOf } from './scale.js';
import { Patterns, patternOf, Swatch } from './sourceMark.js';

const HEIGHT = 260;
const LEFT = 64;
const TOP = 28;
const BOTTOM = 28;
/** Room on the right for the names of the parts, where the drawing is wide. */
const NAMES = 148;
const WIDE = 720;
const LINE = 15;
const LONGEST_NAME = 20;

/** One column: what it is of, and its parts from the bottom up, as many as there are series. */
export interface Column {
  readonly name: string;
  readonly values: readonly bigint[];
  /** Also said of it. */
  readonly more?: string;
}

/** What a part of each column is: its name, and the number of its colour and pattern. */
export interface Series {
  readonly name: string;
  readonly mark: number;
}

interface Stack {
  readonly title: string;
  /** What one column is, e.g. a month. */
  readonly step: string;
  readonly columns: readonly Column[];
  readonly series: readonly Series[];
  readonly unit: Unit;
}

/** Columns of several parts, from zero; each part has its name next to it where there is room. */
export function StackedColumns({ title, step, columns, series, unit }: Stack) {
  const id = useId();
  const decimals = unit.decimals ?? 0;
  const grid = gridOf(largestOf(columns.map(sumOf)));
  const highest = grid.at(-1) ?? 0n;
  const plotOf = (width: number) => ({
    left: LEFT,
    right: width - (width >= WIDE ? NAMES : 0),
    top: TOP,
    bottom: HEIGHT - BOTTOM,
  });
  const stepOf = (width: number) => {
    const { left, right } = plotOf(width);
    return (right - left) / Math.max(1, columns.length);
  };
  const middle = (index: number, width: number) => LEFT + (index + 0.5) * stepOf(width);
  const pixels = (value: bigint) => pixelsOf(value, highest, HEIGHT - BOTTOM - TOP);
  return (
    <ChartFrame
      title={title}
      height={HEIGHT}
      points={columns.map((column, index) => ({
        name: column.name,
        lines: linesOf(column, series, unit),
        at: (width) => middle(index, width),
      }))}
      pointAt={(x, _, width) => {
        const index = Math.floor((x - LEFT) / stepOf(width));
        return index >= 0 && index < columns.length ? index : null;
      }}
      legend={<Legend series={series} />}
      table={<AsTable title={title} step={step} columns={columns} series={series} unit={unit} />}
    >
      {({ width, chosen }) => (
        <>
          <Patterns id={id} />
          <Grid
            plot={plotOf(width)}
            lines={grid}
            unit={unitName(unit)}
            textOf={(value) => shortAmount(value, decimals)}
          />
          {columns.map((column, index) => (
            <g key={column.name} class={chosen === index ? 'column chosen' : 'column'}>
              <rect
                class="catch"
                x={LEFT + index * stepOf(width)}
                y={TOP}
                width={stepOf(width)}
                height={HEIGHT - BOTTOM - TOP}
              />
              {stacked(column.values).map(({ value, below, part }) => {
                const mark = series[part]?.mark ?? 0;
                const pattern = patternOf(id, mark);
                const shape = {
                  x: LEFT + (index + 0.15) * stepOf(width),
                  y: HEIGHT - BOTTOM - pixels(below + value),
                  width: stepOf(width) * 0.7,
                  height: pixels(value),
                };
                return (
                  <g key={part}>
                    <rect class={`source-${mark}`} {...shape} />
                    {pattern !== null && <rect fill={pattern} {...shape} />}
                  </g>
                );
              })}
            </g>
          ))}
          <AxisNames
            names={columns.map(({ name }) => name)}
            at={(index) => middle(index, width)}
            y={HEIGHT - 8}
            room={plotOf(width).right - LEFT}
          />
          {width >= WIDE && (
            <PartNames columns={columns} series={series} x={width - NAMES + 8} pixels={pixels} />
          )}
        </>
      )}
    </ChartFrame>
  );
}

/** Names at the parts of the last column. */
function PartNames({
  columns,
  series,
  x,
  pixels,
}: {
  readonly columns: readonly Column[];
  readonly series: readonly Series[];
  readonly x: number;
  readonly pixels: (value: bigint) => number;
}) {
  const parts = stacked(columns.at(-1)?.values ?? []).toReversed();
  const wanted = parts.map(
    ({ value, below }) => HEIGHT - BOTTOM - pixels(below) - pixels(value) / 2 + 4,
  );
  const places = apart(wanted, LINE, HEIGHT - BOTTOM + 4);
  return (
    <g>
      {parts.map(({ part }, index) => (
        <text key={part} class="direct" x={x} y={places[index]}>
          {shortened(series[part]?.name ?? '')}
        </text>
      ))}
    </g>
  );
}

function shortened(name: string): string {
  const letters = [...name];
  return letters.length <= LONGEST_NAME ? name : `${letters.slice(0, LONGEST_NAME - 1).join('')}…`;
}

function Legend({ series }: { readonly series: readonly Series[] }) {
  return (
    <ul class="legend">
      {series.map(({ name, mark }) => (
        <li key={mark}>
          <Swatch mark={mark} /> <bdi>{name}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** The parts of a column that are there, each with what is below it. */
function stacked(values: readonly bigint[]) {
  let below = 0n;
  return values.flatMap((value, part) => {
    const start = below;
    below += value;
    return value === 0n ? [] : [{ value, part, below: start }];
  });
}

/** A column in words: the whole of it and its parts, exactly. */
function linesOf(column: Column, series: readonly Series[], unit: Unit): string[] {
  const decimals = unit.decimals ?? 0;
  const parts = column.values.flatMap((value, part) =>
    value === 0n ? [] : [`${series[part]?.name}: ${exactAmount(value, decimals)}`],
  );
  const more = column.more === undefined ? [] : [column.more];
  return [
    `${exactAmount(sumOf(column), decimals)} ${unitName(unit)}`,
    ...parts.toReversed(),
    ...more,
  ];
}

function AsTable({ title, step, columns, series, unit }: Stack) {
  const { charts } = texts.value;
  const decimals = unit.decimals ?? 0;
  return (
    <DataTable
      label={title}
      rows={columns}
      keyOf={({ name }) => name}
      columns={[
        { title: step, cell: ({ name }) => name },
        ...series.map(({ name }, part) => ({
          title: name,
          isNumber: true,
          cell: ({ values }: Column) => exactAmount(values[part] ?? 0n, decimals),
        })),
        {
          title: `${charts.all} (${unitName(unit)})`,
          isNumber: true,
          cell: (column) => exactAmount(sumOf(column), decimals),
        },
      ]}
    />
  );
}

function sumOf({ values }: Column): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}
