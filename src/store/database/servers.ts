/** The parts of a PostgreSQL URL: the text before its hosts, the hosts, and the rest. */
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^@/?]*@)?)([^/?]*)(.*)$/;
/** Settings of libpq that choose among the hosts. We choose by whether the caller writes. */
const CHOICE = ['target_session_attrs', 'load_balance_hosts'];

/**
 * Returns one URL for each host of a PostgreSQL URL, in its order: `host1:5432,host2:5432`, as
 * libpq accepts it. A URL with one host is returned unchanged.
 */
export function serversOf(url: string): readonly [string, ...string[]] {
  const parts = PARTS.exec(url);
  if (parts === null) return [url];
  const [, before = '', hosts = '', after = ''] = parts;
  const [first = url, ...others] = hosts
    .split(',')
    .map((host) => withoutChoice(before + host + after));
  return [first, ...others];
}

function withoutChoice(url: string): string {
  if (!URL.canParse(url)) return url;
  const changed = new URL(url);
  if (!CHOICE.some((name) => changed.searchParams.has(name))) return url;
  for (const name of CHOICE) changed.searchParams.delete(name);
  return changed.href;
}
