import { isAddress } from '../src/format/addresses.js';

/** What the attributes of a piece ask for. */
export interface Wanted {
  readonly token: string;
  /** `null`: the piece takes none. */
  readonly address: string | null;
  /** `null`: the only chain that has the token. */
  readonly chainId: number | null;
}

/** The attributes, or the name of the first that cannot be read. */
export function wantedBy(
  attributeOf: (name: string) => string | null,
  takesAddress: boolean,
): Wanted | { readonly wrong: 'token' | 'address' | 'chain' } {
  const token = attributeOf('token')?.trim() ?? '';
  if (!isAddress(token)) return { wrong: 'token' };
  const address = attributeOf('address')?.trim() ?? '';
  if (takesAddress && !isAddress(address)) return { wrong: 'address' };
  const chain = attributeOf('chain')?.trim() ?? '';
  if (chain !== '' && !/^[1-9]\d{0,14}$/.test(chain)) return { wrong: 'chain' };
  return {
    token,
    address: takesAddress ? address : null,
    chainId: chain === '' ? null : Number(chain),
  };
}
