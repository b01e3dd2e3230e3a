import { redactText } from '../config/redact.js';

/** Shorter parts of a URL are words like `v3`, which say nothing. */
const SECRET_LENGTH = 6;

/**
 * A text of a server without what may be a secret of the URL that it was asked at: a server may repeat
 * the key in its refusal.
 */
export function withoutPartsOf(url: string, text: string): string {
  if (!URL.canParse(url)) return redactText(text);
  const { username, password, pathname, searchParams } = new URL(url);
  const parts = [username, password, ...pathname.split('/'), ...searchParams.values()];
  return parts
    .flatMap((part) => [part, decodeURIComponent(part)])
    .filter(({ length }) => length >= SECRET_LENGTH)
    .reduce((left, part) => left.replaceAll(part, '…'), redactText(text));
}
