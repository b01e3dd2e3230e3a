import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';

/** A parsed file that still knows where its values stand. */
export interface YamlFile {
  readonly contents: unknown;
  readonly syntaxErrors: readonly { line: number; column: number; reason: string }[];
  /** Line of the value at that path, else of what is around it. */
  lineOf(path: readonly PropertyKey[]): number | null;
  /** Line of a key inside the map at that path. */
  lineOfKey(path: readonly PropertyKey[], key: string): number | null;
}

/** Parses YAML 1.2. An unquoted 0x… stays text: as a number, an address would lose digits. */
export function yamlDocument(source: string, lines: LineCounter = new LineCounter()): Document {
  return parseDocument(source, {
    lineCounter: lines,
    prettyErrors: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.format !== 'HEX'),
  });
}

/** The same with the places of values and errors. */
export function parseYaml(source: string): YamlFile {
  const lines = new LineCounter();
  const document = yamlDocument(source, lines);
  const lineAt = (range: readonly number[] | null | undefined) =>
    range?.[0] === undefined ? null : lines.linePos(range[0]).line;
  return {
    contents: document.errors.length === 0 ? document.toJS() : null,
    syntaxErrors: document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { line, column: col, reason: error.message };
    }),
    lineOf(path) {
      for (let length = path.length; length > 0; length -= 1) {
        const line = lineAt(nodeAt(document, path.slice(0, length))?.range);
        if (line !== null) return line;
      }
      return null;
    },
    lineOfKey(path, key) {
      const map = nodeAt(document, path);
      if (!isMap(map)) return null;
      const found = map.items.find((item) => isScalar(item.key) && item.key.value === key);
      return isScalar(found?.key) ? lineAt(found.key.range) : null;
    },
  };
}

function nodeAt(document: Document, path: readonly PropertyKey[]) {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node : null;
}
