import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

const schema = buildSchema(readFileSync('schema/schema.generated.graphql', 'utf8'));
const files = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
);

/** The GraphQL examples of a document. */
function examplesIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, query = '']) => query);
}

describe('every query in the documents is valid', () => {
  it.each(files)('%s', (file) => {
    for (const query of examplesIn(file)) {
      expect(validate(schema, parse(query)).map(({ message }) => message)).toEqual([]);
    }
  });

  it('the README has one', () => {
    expect(examplesIn('README.md').length).toBeGreaterThan(0);
  });
});
