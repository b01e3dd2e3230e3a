import { pixelsOf } from './scale.js';

/** The place of a drawing inside its axes, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Lines across from zero up, with their values and the unit above them. */
export function Grid({
  plot: { left, right, top, bottom },
  lines,
  unit,
  textOf,
}: {
  readonly plot: Plot;
  readonly lines: readonly bigint[];
  readonly unit: string;
  readonly textOf: (value: bigint) => string;
}) {
  const highest = lines.at(-1) ?? 0n;
  return (
    <g class="grid">
      <text class="axis" x={0} y={12}>
        {unit}
      </text>
      {lines.map((value) => {
        const y = bottom - pixelsOf(value, highest, bottom - top);
        return (
          <g key={String(value)}>
            <line x1={left} x2={right} y1={y} y2={y} />
            <text class="axis" x={left - 8} y={y + 4} text-anchor="end">
              {textOf(value)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** Names below the points of an axis: as many as there is room for. */
export function AxisNames({
  names,
  at,
  y,
  room,
}: {
  readonly names: readonly string[];
  readonly at: (index: number) => number;
  readonly y: number;
  /** In pixels, for all of them. */
  readonly room: number;
}) {
  const longest = Math.max(1, ...names.map(({ length }) => length)) * 7 + 12;
  const every = Math.max(1, Math.ceil((names.length * longest) / Math.max(1, room)));
  return (
    <g>
      {names.map((name, index) =>
        index % every === 0 ? (
          <text key={`${index} ${name}`} class="axis" x={at(index)} y={y} text-anchor="middle">
            {name}
          </text>
        ) : null,
      )}
    </g>
  );
}
