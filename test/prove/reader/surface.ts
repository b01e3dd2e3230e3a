import type { Draw } from './draw.js';
import type { FigureSheet } from './figures.js';
import type { SurfaceNames } from './gaps.js';
import type { ReaderWorld } from './world.js';

/** A place where people and programs read figures. */
export interface Surface extends SurfaceNames {
  /** Asked for some draws only. */
  readonly isSlow?: boolean;
  /** Reads what the surface says about a draw. */
  read(world: ReaderWorld, draw: Draw, sheet: FigureSheet): Promise<void>;
}
