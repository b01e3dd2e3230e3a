import { z } from 'zod';
import { redactUrl } from '../redact.js';
import { refuseField } from './fields.js';

/**
 * The URL of a block explorer, without a slash at its end. Readers of the page follow it, so it has no secret: no
 * user, no password, no query.
 */
export const explorerField = z.string().transform((text, context): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isWeb = url !== null && ['http:', 'https:'].includes(url.protocol);
  const isPlain = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (!isWeb || !isPlain) {
    refuseField(
      context,
      'CONFIG_BAD_URL',
      isWeb
        ? `${redactUrl(text)} has more than a host and a path: readers of the page see it`
        : `${redactUrl(text)} is not a URL that starts with http:// or https://`,
      'Write the URL of the first page of the explorer, e.g. https://etherscan.io.',
    );
    return z.NEVER;
  }
  return url.href.replace(/\/+$/, '');
});
