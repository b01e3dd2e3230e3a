import type { Marks } from '@imo-ledger/client';
import { ledger } from '../../ledger/client.js';
import {
  AccountPositionsDocument,
  type AtInput,
  PersonPositionsDocument,
} from '../../ledger/generated/holder.js';
import { type OwedToken, owedTokens, type Person } from './owed.js';

/** A person, with what each token owes it. */
export interface PersonOwed {
  readonly tokens: readonly OwedToken[];
  readonly participations: Person['participations'];
}

/**
 * Asks what several addresses are owed as one person, and then for the snapshots of each of them at the same
 * blocks: all figures belong together.
 */
export async function askPerson(
  holders: readonly string[],
  at: AtInput | undefined,
  signal: AbortSignal,
): Promise<{ readonly data: PersonOwed; readonly marks: Marks }> {
  const { data, marks } = await ledger.query(
    PersonPositionsDocument,
    { holders: [...holders], at },
    signal,
  );
  const person = data.person;
  if (person == null) return { data: { tokens: [], participations: [] }, marks };
  const chainIds = new Set(person.positions.map(({ token }) => token.chainId));
  const answers = await Promise.all(
    person.asOf
      .filter(({ chainId }) => chainIds.has(chainId))
      .flatMap(({ chainId, block }) =>
        holders.map((address) =>
          ledger.query(AccountPositionsDocument, { address, chainId, block }, signal),
        ),
      ),
  );
  const accounts = answers.flatMap((answer) => answer.data.holder?.positions ?? []);
  return {
    data: { tokens: owedTokens(person, accounts), participations: person.participations },
    marks,
  };
}
