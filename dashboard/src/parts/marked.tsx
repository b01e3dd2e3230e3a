import type { Marks } from '@imo-ledger/client';
import { texts } from '../texts/texts.js';

const KINDS = ['held', 'disagreements', 'paused', 'unaudited', 'provisional', 'archived'] as const;

/** What the server says against the figures: never left out. */
export function Marked({ marks }: { readonly marks: Marks }) {
  const present = KINDS.filter((kind) => (marks[kind]?.length ?? 0) > 0);
  if (present.length === 0) return null;
  return (
    <ul class="notice warning marks">
      {present.map((kind) => (
        <li key={kind}>{texts.value.marks[kind]}</li>
      ))}
    </ul>
  );
}
