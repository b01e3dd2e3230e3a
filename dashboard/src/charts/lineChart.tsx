import { exactAmount } from '../format/amounts.js';
import { DataTable } from '../parts/dataTable.js';
import { ChartFrame } from './chartFrame.js';
import { AxisNames, Grid } from './grid.js';
import { apart, gridOf, largestOf, pixelsOf } from './scale.js';
import { Swatch } from './sourceMark.js';

const HEIGHT = 220;
const LEFT = 64;
const TOP = 28;
const BOTTOM = 28;
const NAMES = 148;
const WIDE = 720;
const LINE = 15;

/** One line: a value for each step. */
export interface Line {
  readonly name: string;
  readonly mark: number;
  readonly values: readonly bigint[];
}

/** Lines over time, from zero. */
export function LineChart({
  title,
  step,
  steps,
  lines,
  unit,
  textOf = (value) => exactAmount(value, 0),
}: {
  readonly title: string;
  /** What one step is, e.g. a day. */
  readonly step: string;
  readonly steps: readonly string[];
  readonly lines: readonly Line[];
  readonly unit: string;
  /** A value as it is written. */
  readonly textOf?: (value: bigint) => string;
}) {
  const grid = gridOf(largestOf(lines.flatMap(({ values }) => values)));
  const highest = grid.at(-1) ?? 0n;
  const rightOf = (width: number) => width - (width >= WIDE ? NAMES : 12);
  const xOf = (index: number, width: number) =>
    steps.length <= 1
      ? (LEFT + rightOf(width)) / 2
      : LEFT + 8 + ((rightOf(width) - LEFT - 16) * index) / (steps.length - 1);
  const yOf = (value: bigint) => HEIGHT - BOTTOM - pixelsOf(value, highest, HEIGHT - BOTTOM - TOP);
  return (
    <ChartFrame
      title={title}
      height={HEIGHT}
      points={steps.map((name, index) => ({
        name,
        lines: lines.map(({ name: of, values }) => `${of}: ${textOf(values[index] ?? 0n)} ${unit}`),
        at: (width) => xOf(index, width),
      }))}
      pointAt={(x, _, width) => nearest(steps.length, (index) => Math.abs(xOf(index, width) - x))}
      legend={
        <ul class="legend">
          {lines.map(({ name, mark }) => (
            <li key={mark}>
              <Swatch mark={mark} /> {name}
            </li>
          ))}
        </ul>
      }
      table={
        <DataTable
          label={title}
          rows={steps.map((name, index) => ({ name, index }))}
          keyOf={({ index }) => index}
          columns={[
            { title: step, cell: ({ name }) => name },
            ...lines.map(({ name, values }) => ({
              title: name,
              isNumber: true,
              cell: ({ index }: { readonly index: number }) => textOf(values[index] ?? 0n),
            })),
          ]}
        />
      }
    >
      {({ width, chosen }) => (
        <>
          <Grid
            plot={{ left: LEFT, right: rightOf(width), top: TOP, bottom: HEIGHT - BOTTOM }}
            lines={grid}
            unit={unit}
            textOf={textOf}
          />
          {chosen !== null && (
            <line
              class="cursor"
              x1={xOf(chosen, width)}
              x2={xOf(chosen, width)}
              y1={TOP}
              y2={HEIGHT - BOTTOM}
            />
          )}
          {lines.map(({ mark, values }, index) => (
            <g key={mark}>
              <polyline
                class={`line line-${mark}`}
                stroke-dasharray={index === 0 ? undefined : '6 4'}
                points={values.map((value, step) => `${xOf(step, width)},${yOf(value)}`).join(' ')}
              />
              {values.map((value, step) =>
                step === chosen || values.length === 1 ? (
                  <circle
                    key={step}
                    class={`source-${mark}`}
                    cx={xOf(step, width)}
                    cy={yOf(value)}
                    r="4"
                  />
                ) : null,
              )}
            </g>
          ))}
          <AxisNames
            names={steps}
            at={(index) => xOf(index, width)}
            y={HEIGHT - 8}
            room={rightOf(width) - LEFT}
          />
          {width >= WIDE && <LineNames lines={lines} x={width - NAMES + 8} yOf={yOf} />}
        </>
      )}
    </ChartFrame>
  );
}

/** Names at the ends of the lines. */
function LineNames({
  lines,
  x,
  yOf,
}: {
  readonly lines: readonly Line[];
  readonly x: number;
  readonly yOf: (value: bigint) => number;
}) {
  const ends = lines
    .map(({ name, values }) => ({ name, y: yOf(values.at(-1) ?? 0n) + 4 }))
    .toSorted((a, b) => a.y - b.y);
  const places = apart(
    ends.map(({ y }) => y),
    LINE,
    HEIGHT - BOTTOM + 4,
  );
  return (
    <g>
      {ends.map(({ name }, index) => (
        <text key={name} class="direct" x={x} y={places[index]}>
          {name}
        </text>
      ))}
    </g>
  );
}

function nearest(count: number, distance: (index: number) => number): number | null {
  let best: number | null = null;
  for (let index = 0; index < count; index++) {
    if (best === null || distance(index) < distance(best)) best = index;
  }
  return best;
}
