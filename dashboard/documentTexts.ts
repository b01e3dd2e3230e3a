import { createHash } from 'node:crypto';
import { type DocumentNode, Kind, print } from 'graphql';

/**
 * The operations of generated documents by their SHA-256, as the client sends them: what a server that answers listed
 * queries only has to list.
 */
export function documentTexts(modules: readonly object[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const document of modules.flatMap((module) => Object.values(module))) {
    if (!isOperation(document)) continue;
    const text = print(document);
    texts[createHash('sha256').update(text).digest('hex')] = text;
  }
  return texts;
}

/** Fragments are exported too; the operations that use them have them inside. */
function isOperation(value: unknown): value is DocumentNode {
  const definitions = (value as DocumentNode | null)?.definitions;
  return definitions?.some(({ kind }) => kind === Kind.OPERATION_DEFINITION) ?? false;
}
