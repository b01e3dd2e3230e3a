import type { ChainConfig } from '../../../config/types.js';
import type { Finder } from '../finders/finder.js';
import { GatewayFinder } from './gatewayFinder.js';
import { PortalFinder } from './portalFinder.js';

/** The services of SQD that the config names, the Portal first. */
export function sqdFinders({
  portal = null,
  gatewayUrl,
  gatewayKey = null,
}: Pick<ChainConfig, 'portal' | 'gatewayUrl' | 'gatewayKey'>): Finder[] {
  const finders: Finder[] = [];
  if (portal !== null) finders.push(new PortalFinder(portal));
  if (gatewayUrl !== null) finders.push(new GatewayFinder({ url: gatewayUrl, key: gatewayKey }));
  return finders;
}
