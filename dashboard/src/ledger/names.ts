import { useEffect, useState } from 'preact/hooks';
import { ledger } from './client.js';
import { NamesOfDocument } from './generated/documents.js';

/** Names stay while the config and the contracts do: each address is asked for once. */
const asked = new Map<string, Promise<string | null>>();

/** The names of addresses on a chain, by label, else as the contract calls itself. What has none is left out. */
export function useNames(
  chainId: number,
  addresses: readonly string[],
): ReadonlyMap<string, string> {
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const key = `${chainId} ${addresses.join(' ')}`;
  useEffect(() => {
    let isOver = false;
    void Promise.all(
      addresses.map(async (address) => [address, await nameOf(chainId, address)] as const),
    ).then((found) => {
      if (isOver) return;
      setNames(
        new Map(found.flatMap(([address, name]) => (name === null ? [] : [[address, name]]))),
      );
    });
    return () => {
      isOver = true;
    };
  }, [key]);
  return names;
}

function nameOf(chainId: number, address: string): Promise<string | null> {
  const key = `${chainId} ${address}`;
  const known = asked.get(key);
  if (known !== undefined) return known;
  const answer = ledger.query(NamesOfDocument, { text: address }).then(
    ({ data }) => {
      const hits = (data.search?.hits ?? []).filter((hit) => hit.chainId === chainId);
      const named =
        hits.find(({ label }) => label != null) ?? hits.find(({ name }) => name != null);
      return named?.label ?? named?.name ?? null;
    },
    () => {
      asked.delete(key);
      return null;
    },
  );
  asked.set(key, answer);
  return answer;
}
