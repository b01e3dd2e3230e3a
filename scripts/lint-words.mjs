// Finds words that texts do not use, and says what they use instead: in messages to users, documents, comments and
// names of tests.
import { readdirSync, readFileSync } from 'node:fs';
import { parseSync } from 'vite';
import { ownFiles } from './own-files.mjs';

const WORDS = JSON.parse(readFileSync(new URL('style-words.json', import.meta.url), 'utf8')).map(
  ({ avoid, use, except }) => ({
    avoid: new RegExp(avoid, 'i'),
    use,
    except: except === undefined ? null : new RegExp(except, 'gi'),
  }),
);
/** Statements for the database have the words of its language. */
const SQL = /\bSELECT\b|\bFROM\b/;
/** Names of fields and codes are not sentences. */
const SENTENCE = /[a-z] [a-z]/i;
/** Made from the sources, which are checked. */
const GENERATED_PAGES = new Set(['docs/errors.md', 'docs/data.md']);

/** What to use in place of the words of a text that are avoided. */
function faultsOf(text) {
  return WORDS.flatMap(({ avoid, use, except }) => {
    const said = except === null ? text : text.replaceAll(except, '');
    return avoid.test(said) ? [use] : [];
  });
}

const filesIn = (folder, ending) =>
  ownFiles(folder, ending).filter((file) => !file.slice(folder.length).includes('generated'));

/** Every string of `src` that reads like a sentence, every name of a test, and every comment. */
function* sourceTexts() {
  for (const file of ['src', 'test', 'devnet', 'bench'].flatMap((folder) =>
    filesIn(folder, '.ts'),
  )) {
    const source = readFileSync(file, 'utf8');
    const { program, comments } = parseSync(file, source);
    const placeOf = (start) => `${file}:${source.slice(0, start).split('\n').length}`;
    for (const { start, value } of comments) {
      const text = value.replaceAll(/\s*\n\s*\*?\s*/g, ' ').replaceAll(/`[^`]*`/g, '`…`');
      yield { place: placeOf(start), text: text.trim() };
    }
    for (const { start, text } of file.startsWith('src') ? strings(program) : names(program)) {
      if (!SENTENCE.test(text) || SQL.test(text)) continue;
      yield { place: placeOf(start), text: text.trim() };
    }
  }
}

/** Every line of the documents, without code. */
function* documentTexts() {
  const pages = readdirSync('.').filter((name) => name.endsWith('.md'));
  for (const file of [...pages, ...filesIn('docs', '.md'), 'bench/README.md']) {
    if (GENERATED_PAGES.has(file)) continue;
    const prose = readFileSync(file, 'utf8')
      .replace(/^```[\s\S]*?^```/gm, (code) => code.replaceAll(/[^\n]/g, ''))
      .replaceAll(/`[^`\n]*`|"[^"\n]*"/g, '…');
    for (const [index, text] of prose.split('\n').entries()) {
      yield { place: `${file}:${index + 1}`, text: text.trim() };
    }
  }
}

/** The strings of the first arguments of `describe`, `it` and `test`. */
function* names(node) {
  if (node === null || typeof node !== 'object') return;
  if (node.type === 'CallExpression') {
    let { callee } = node;
    while (callee?.type === 'MemberExpression' || callee?.type === 'CallExpression') {
      callee = callee.object ?? callee.callee;
    }
    if (/^(?:describe|it|test)$/.test(callee?.name)) yield* strings(node.arguments[0] ?? null);
  }
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) for (const one of child) yield* names(one);
    else yield* names(child);
  }
}

function* strings(node) {
  if (node === null || typeof node !== 'object') return;
  if (node.type === 'Literal' && typeof node.value === 'string') {
    yield { start: node.start, text: node.value };
  }
  if (node.type === 'TemplateElement') yield { start: node.start, text: node.value.raw };
  for (const child of Object.values(node)) {
    if (Array.isArray(child)) for (const one of child) yield* strings(one);
    else yield* strings(child);
  }
}

// Texts in place of the sources may be given as arguments.
const given = process.argv.slice(2).map((text, index) => ({ place: `text ${index + 1}`, text }));
const texts = given.length > 0 ? given : [...sourceTexts(), ...documentTexts()];
const faults = texts.flatMap((text) => faultsOf(text.text).map((use) => ({ ...text, use })));
for (const { place, text, use } of faults) {
  process.stderr.write(`${place}: "${text}"\n  use ${use}\n`);
}
if (faults.length > 0) process.exitCode = 1;
