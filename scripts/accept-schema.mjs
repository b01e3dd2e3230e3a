// Accepts the schema of the API as what clients may rely on: `npm run schema:accept`.
// A test refuses every change that breaks a client of the accepted schema. Run this at a release,
// or when a break is meant: then say in CHANGELOG.md what breaks, and what to write instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges } from 'graphql';

const CURRENT = 'schema/schema.generated.graphql';
const ACCEPTED = 'schema/schema.accepted.graphql';

const current = readFileSync(CURRENT, 'utf8');
const breaks = findBreakingChanges(
  buildSchema(readFileSync(ACCEPTED, 'utf8')),
  buildSchema(current),
);
writeFileSync(ACCEPTED, current);
console.log(`${ACCEPTED} is now the schema of ${CURRENT}.`);
if (breaks.length > 0) {
  console.log(`It breaks clients in ${breaks.length} places; describe them in CHANGELOG.md:`);
  for (const { type, description } of breaks) console.log(`- ${type}: ${description}`);
}
