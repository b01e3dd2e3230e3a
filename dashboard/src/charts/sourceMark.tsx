import { useId } from 'preact/hooks';

const TILE = 8;
/**
 * What is drawn over the colour of a series, by its mark; the first is plain. Who sees no colours tells them apart.
 */
const PATTERNS: readonly (string | null)[] = [
  null,
  'M-2 10L10-2M-6 6L6-6M2 14L14 2',
  'M4 3.99V4.01',
  'M-2-2L10 10M-6 2L6 14M2-6L14 6',
  'M0 4H8',
  'M4 0V8',
  'M0 4H8M4 0V8',
  'M0 0L8 8M8 0L0 8',
];

/** The patterns of a drawing; its shapes refer to them by `patternOf`. */
export function Patterns({ id }: { readonly id: string }) {
  return (
    <defs>
      {PATTERNS.map((path, mark) =>
        path === null ? null : (
          <pattern
            key={path}
            id={`${id}-${mark}`}
            width={TILE}
            height={TILE}
            patternUnits="userSpaceOnUse"
          >
            <path d={path} class="pattern" />
          </pattern>
        ),
      )}
    </defs>
  );
}

/** What fills the second layer of a shape; `null`: it has none. */
export function patternOf(id: string, mark: number): string | null {
  return PATTERNS[mark] == null ? null : `url(#${id}-${mark})`;
}

/** A small field with colour and pattern, next to a name. */
export function Swatch({ mark }: { readonly mark: number }) {
  const id = useId();
  const pattern = patternOf(id, mark);
  return (
    <svg class="swatch" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <Patterns id={id} />
      <rect class={`source-${mark}`} width="16" height="16" rx="3" />
      {pattern !== null && <rect fill={pattern} width="16" height="16" rx="3" />}
    </svg>
  );
}
