import type { LakePlace } from './lakePlace.js';
import { LocalPlace } from './localPlace.js';

/**
 * Opens a folder, or a prefix of a bucket, as a command line names it.
 *
 * @throws ImoError `LAKE_BAD_PLACE` or `LAKE_NO_S3_CLIENT`
 */
export async function openPlace(where: string, env: NodeJS.ProcessEnv): Promise<LakePlace> {
  if (!where.includes('://')) return new LocalPlace(where);
  const { S3Place } = await import('./s3Place.js');
  return S3Place.open(where, env);
}
