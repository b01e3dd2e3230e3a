import { largestOf, pixelsOf } from '../charts/scale.js';

const WIDTH = 120;
const HEIGHT = 28;

/** So many small columns, from zero; the numbers are elsewhere. */
export function Sparkline({ values }: { readonly values: readonly bigint[] }) {
  if (values.length === 0) return null;
  const step = WIDTH / values.length;
  const largest = largestOf(values);
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      aria-hidden="true"
    >
      {values.map((value, index) => {
        const height = Math.max(1, pixelsOf(value, largest, HEIGHT));
        return (
          <rect
            key={index}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(1, step - 1)}
            height={height}
          />
        );
      })}
    </svg>
  );
}
