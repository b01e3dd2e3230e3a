import { columnHeights } from './columns.js';

const WIDTH = 120;
const HEIGHT = 28;

/** So many small columns, from zero; the numbers are elsewhere. */
export function Sparkline({ values }: { readonly values: readonly bigint[] }) {
  if (values.length === 0) return null;
  const step = WIDTH / values.length;
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      {columnHeights(values).map((height, index) => (
        <rect
          key={index}
          x={index * step}
          y={HEIGHT - Math.max(1, height * HEIGHT)}
          width={Math.max(1, step - 1)}
          height={Math.max(1, height * HEIGHT)}
        />
      ))}
    </svg>
  );
}
