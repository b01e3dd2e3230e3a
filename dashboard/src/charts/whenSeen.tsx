import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { texts } from '../texts/texts.js';

type Charts = typeof import('./charts.js');

/** Loads this far before it comes into sight. */
const AHEAD = '300px';

/** A drawing, loaded when its place is nearly seen, or printed. */
export function WhenSeen({
  height,
  children,
}: {
  /** In pixels, of the drawing: nothing jumps when it comes. */
  readonly height: number;
  readonly children: (charts: Charts) => ComponentChildren;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [charts, setCharts] = useState<Charts | 'failed' | null>(null);
  // Before the browser does anything else: a page may be printed as soon as it has the place.
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const load = () => {
      stop();
      import('./charts.js').then(setCharts, () => setCharts('failed'));
    };
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) load();
      },
      { rootMargin: AHEAD },
    );
    const stop = () => {
      observer.disconnect();
      removeEventListener('beforeprint', load);
    };
    observer.observe(element);
    addEventListener('beforeprint', load);
    return stop;
  }, []);
  if (charts === 'failed') return <p class="empty">{texts.value.charts.failed}</p>;
  if (charts !== null) return <>{children(charts)}</>;
  return <div ref={place} class="chart-place" style={{ minHeight: `${height}px` }} />;
}
