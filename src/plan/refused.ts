import { ImoError } from '../errors.js';
import type { Plan } from './plan.js';

/**
 * Refuses a config that cannot be applied, before anything of it is.
 *
 * @throws ImoError with the code of the first refusal; its message counts the others
 */
export function assertApplicable({ refused }: Plan): void {
  const [first, ...others] = refused;
  if (first === undefined) return;
  const more =
    others.length === 0 ? '' : ` (and ${others.length} more; \`imo-ledger plan\` shows all)`;
  throw new ImoError(first.code, `${first.message}${more}`, first.hint);
}
