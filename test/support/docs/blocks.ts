import { readdirSync, readFileSync } from 'node:fs';

/** A fenced block of a page. */
export interface Block {
  readonly file: string;
  /** Of the opening fence; counts from 1. */
  readonly line: number;
  /** Empty where the fence names none. */
  readonly language: string;
  readonly text: string;
}

/** Everything that people read first, and all that it links. */
const PAGES = [
  ...readdirSync('.').filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md'),
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync('docs/run').map((name) => `docs/run/${name}`),
  'bench/README.md',
  'clients/ts/README.md',
];

/** All fenced blocks of the documents, in their order. */
export function documentedBlocks(): Block[] {
  return PAGES.flatMap((file) => blocksOf(file, readFileSync(file, 'utf8')));
}

function blocksOf(file: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open: { line: number; language: string; lines: string[] } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const [, language] = /^\s*```(\w*)\s*$/.exec(line) ?? [];
    if (open === null) {
      if (language !== undefined) open = { line: index + 1, language, lines: [] };
    } else if (language === '') {
      blocks.push({ file, line: open.line, language: open.language, text: open.lines.join('\n') });
      open = null;
    } else {
      open.lines.push(line);
    }
  }
  if (open !== null) throw new Error(`${file}:${open.line}: the block is not closed`);
  return blocks;
}
