import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { texts } from '../texts/texts.js';

/** Until the place is measured. */
const FIRST_WIDTH = 640;
const NARROWEST = 240;
/** Half of a tip: it stays inside the drawing. */
const TIP = 120;

/** One point of a drawing, as the tip and a screen reader say it. */
export interface Point {
  readonly name: string;
  /** Exact values, a line each. */
  readonly lines: readonly string[];
  /** Where its tip is, as a part of the width from the left. */
  readonly at: (width: number) => number;
}

/**
 * What is around every drawing: its points by mouse, finger and arrow keys with the exact values, and the same as a
 * table.
 */
export function ChartFrame({
  title,
  height,
  points,
  pointAt,
  legend = null,
  note = null,
  table,
  children,
}: {
  readonly title: string;
  readonly height: number;
  readonly points: readonly Point[];
  /** The point below a place of the drawing; `null`: none. */
  readonly pointAt: (x: number, y: number, width: number) => number | null;
  readonly legend?: ComponentChildren;
  /** Below the drawing. */
  readonly note?: ComponentChildren;
  readonly table: ComponentChildren;
  readonly children: (drawing: {
    readonly width: number;
    readonly chosen: number | null;
  }) => ComponentChildren;
}) {
  const { charts } = texts.value;
  const [isTable, setTable] = useState(false);
  return (
    <figure class="chart">
      {isTable ? (
        table
      ) : (
        <Drawing title={title} height={height} points={points} pointAt={pointAt}>
          {children}
        </Drawing>
      )}
      <figcaption>
        {legend}
        <button type="button" class="button quiet" onClick={() => setTable(!isTable)}>
          {isTable ? charts.asChart : charts.asTable}
        </button>
      </figcaption>
      {note}
    </figure>
  );
}

function Drawing({
  title,
  height,
  points,
  pointAt,
  children,
}: {
  readonly title: string;
  readonly height: number;
  readonly points: readonly Point[];
  readonly pointAt: (x: number, y: number, width: number) => number | null;
  readonly children: (drawing: {
    readonly width: number;
    readonly chosen: number | null;
  }) => ComponentChildren;
}) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [place, width] = useWidth();
  const last = points.length - 1;
  const move = (event: KeyboardEvent) => {
    const next = movedBy(event.key, chosen, last);
    if (next === undefined) return;
    event.preventDefault();
    setChosen(next);
  };
  const point = chosen === null ? undefined : points[chosen];
  const hover = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setChosen(pointAt(event.clientX - box.left, event.clientY - box.top, width));
  };
  return (
    <div
      class="drawing"
      ref={place}
      role="slider"
      aria-label={title}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={chosen ?? 0}
      aria-valuetext={point === undefined ? texts.value.charts.keys : wordsOf(point)}
      tabIndex={0}
      onKeyDown={move}
      onBlur={() => setChosen(null)}
      onPointerMove={hover}
      onPointerDown={hover}
      onPointerLeave={() => setChosen(null)}
    >
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {children({ width, chosen })}
      </svg>
      {point !== undefined && (
        <div class="tip" aria-hidden="true" style={{ left: `${tipAt(point, width)}px` }}>
          <strong>
            <bdi>{point.name}</bdi>
          </strong>
          {point.lines.map((line) => (
            <div key={line}>
              <bdi>{line}</bdi>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** The point that a key leads to; `null`: to none; `undefined`: the key is not ours. */
function movedBy(key: string, chosen: number | null, last: number): number | null | undefined {
  if (key === 'Escape') return chosen === null ? undefined : null;
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key];
  if (by === undefined) return undefined;
  if (chosen === null) return by > 0 ? 0 : last;
  return Math.min(last, Math.max(0, chosen + by));
}

function wordsOf({ name, lines }: Point): string {
  return [name, ...lines].join(', ');
}

function tipAt({ at }: Point, width: number): number {
  return Math.min(Math.max(at(width), Math.min(TIP, width / 2)), Math.max(width - TIP, width / 2));
}

/** How wide a place is, in pixels: texts of a drawing keep their size. */
function useWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(FIRST_WIDTH);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = () => setWidth(Math.max(NARROWEST, element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width] as const;
}
