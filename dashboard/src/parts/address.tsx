import { shortHex, spokenHex } from '../format/addresses.js';
import { Exact } from './exact.js';

/** An account or a hash: its label if it has one, and the whole of it on hover, focus and copy. */
export function Address({
  hex,
  label = null,
}: {
  readonly hex: string;
  readonly label?: string | null;
}) {
  const spoken = label === null ? spokenHex(hex) : `${label}, ${spokenHex(hex)}`;
  return (
    <Exact exact={hex} spoken={spoken} className={label === null ? 'hex' : 'label'}>
      {label === null ? shortHex(hex) : <bdi>{label}</bdi>}
    </Exact>
  );
}
