import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { ChartFrame } from './chartFrame.js';
import { momentsBetween, pixelsOf } from './scale.js';
import { Patterns, patternOf } from './sourceMark.js';

const LEFT = 44;
const RIGHT = 12;
const TOP = 24;
const BOTTOM = 28;
const ROW = 22;
const BAR = 14;
const DAY_MS = 86_400_000;
/** Of the whole time, that is left for what is to come. */
const FUTURE = 0.12;

/** Half of the name of the next one, which stands over its line. */
const NEXT_NAME = 48;

/** A time in which something can be done: here a snapshot can be claimed. */
export interface Span {
  readonly id: string;
  readonly name: string;
  readonly from: number;
  /** When it ended; `null`: it has not. */
  readonly to: number | null;
  /** How much of the whole is done. */
  readonly done: bigint;
  readonly whole: bigint;
  readonly lines: readonly string[];
}

/** Spans of time below each other, each filled by how much of it is done; the newest is at the top. */
export function TimeLine({
  title,
  spans,
  now,
  next,
  nextName,
  nowName,
  dateOf,
  table,
  legend,
}: {
  readonly title: string;
  readonly spans: readonly Span[];
  /** The moment of the page. */
  readonly now: number;
  /** When the next one may start; `null`: it is not known, or any moment. */
  readonly next: number | null;
  readonly nextName: string;
  readonly nowName: string;
  readonly dateOf: (moment: number) => string;
  readonly table: ComponentChildren;
  readonly legend: ComponentChildren;
}) {
  const id = useId();
  const first = Math.min(now - DAY_MS, ...spans.map(({ from }) => from));
  const known = Math.max(now, next ?? now);
  const last = known + (known - first) * FUTURE;
  const height = TOP + spans.length * ROW + BOTTOM;
  const xOf = (moment: number, width: number) =>
    LEFT + ((width - LEFT - RIGHT) * (moment - first)) / (last - first);
  return (
    <ChartFrame
      title={title}
      height={height}
      points={spans.map(({ name, lines, from }) => ({
        name,
        lines,
        at: (width) => xOf(from, width),
      }))}
      pointAt={(_, y) => {
        const row = Math.floor((y - TOP) / ROW);
        return row >= 0 && row < spans.length ? row : null;
      }}
      legend={legend}
      table={table}
    >
      {({ width, chosen }) => (
        <>
          <Patterns id={id} />
          {momentsBetween(first, known, width >= 600 ? 5 : 3).map((moment) => (
            <g key={moment} class="grid">
              <line x1={xOf(moment, width)} x2={xOf(moment, width)} y1={TOP} y2={height - BOTTOM} />
              <text
                class="axis"
                x={xOf(moment, width)}
                y={height - 8}
                text-anchor={moment === first ? 'start' : 'middle'}
              >
                {moment === now ? nowName : dateOf(moment)}
              </text>
            </g>
          ))}
          {spans.map((span, row) => {
            const start = xOf(span.from, width);
            const end = span.to === null ? width - RIGHT : xOf(span.to, width);
            const y = TOP + row * ROW + (ROW - BAR) / 2;
            const size = Math.max(3, end - start);
            const done = pixelsOf(span.done, span.whole, size);
            const shape = { x: start, y, width: size, height: BAR };
            return (
              <g key={span.id} class={chosen === row ? 'column chosen' : 'column'}>
                <rect class="catch" x="0" y={TOP + row * ROW} width={width} height={ROW} />
                <text class="axis" x={LEFT - 8} y={y + 11} text-anchor="end">
                  {span.id}
                </text>
                <rect class={span.to === null ? 'open' : 'over'} {...shape} rx="3" />
                {span.to !== null && <rect fill={patternOf(id, 1) ?? 'none'} {...shape} rx="3" />}
                <rect class="source-2" x={start} y={y} width={done} height={BAR} rx="3" />
              </g>
            );
          })}
          <line
            class="cursor"
            x1={xOf(now, width)}
            x2={xOf(now, width)}
            y1={TOP}
            y2={height - BOTTOM}
          />
          {next !== null && next > now && (
            <g class="next">
              <line x1={xOf(next, width)} x2={xOf(next, width)} y1={TOP} y2={height - BOTTOM} />
              <text
                class="direct"
                x={Math.min(xOf(next, width) + NEXT_NAME, width)}
                y={14}
                text-anchor="end"
              >
                {nextName}
              </text>
            </g>
          )}
        </>
      )}
    </ChartFrame>
  );
}
