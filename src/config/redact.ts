/** URLs inside other text, without the punctuation after them: messages, output of child processes. */
const URL_IN_TEXT =
  /\b(?:https?|wss?|postgres(?:ql)?):\/\/[^\s"'`<>()[\]{}\\]*[^\s"'`<>()[\]{}\\.,:;!?]/g;

/**
 * A URL without what may be a secret: scheme, host and port are kept; user, password, path
 * and query, where providers put API keys, become `…`.
 */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return `(not a URL, ${url.length} characters)`;
  const { protocol, host, username, password, pathname, search, hash } = new URL(url);
  if (host === '') return `${protocol}…`;
  const hidden = username + password + pathname.replace(/^\/$/, '') + search + hash;
  return `${protocol}//${host}${hidden === '' ? '' : '/…'}`;
}

/** Any text, with every URL in it redacted. */
export function redactText(text: string): string {
  return text.replace(URL_IN_TEXT, redactUrl);
}
