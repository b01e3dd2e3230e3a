import type { LakePlace } from './lakePlace.js';
import { LocalPlace } from './localPlace.js';

/** Opens a folder, as a command line names it. */
export async function openPlace(where: string): Promise<LakePlace> {
  return new LocalPlace(where);
}
