import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Free bytes of the disk with a path, or with the folder that it will be made in; `null` where this
 * machine does not show it.
 */
export async function freeBytes(path: string): Promise<number | null> {
  for (let place = path; ; place = dirname(place)) {
    const disk = await statfs(place).catch(() => null);
    if (disk !== null) return disk.bavail * disk.bsize;
    if (place === dirname(place)) return null;
  }
}

/** 1.5 GB */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
