// Finds words that docs and messages to users do not use, and says what they use instead.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

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

/** What to use in place of the words of a text that are avoided. */
function faultsOf(text) {
  return WORDS.flatMap(({ avoid, use, except }) => {
    const said = except === null ? text : text.replaceAll(except, '');
    return avoid.test(said) ? [use] : [];
  });
}

/** Every string in the sources that reads like a sentence. */
function* messages(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!name.endsWith('.ts') || name.includes('generated')) continue;
    const file = join(folder, name);
    const source = readFileSync(file, 'utf8');
    for (const { start, text } of strings(parseSync(file, source).program)) {
      if (!SENTENCE.test(text) || SQL.test(text)) continue;
      const line = source.slice(0, start).split('\n').length;
      yield { place: `${file}:${line}`, text: text.trim() };
    }
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
const texts = process.argv.slice(2).map((text, index) => ({ place: `text ${index + 1}`, text }));
const faults = (texts.length > 0 ? texts : [...messages('src')]).flatMap(({ place, text }) =>
  faultsOf(text).map((use) => ({ place, text, use })),
);
for (const { place, text, use } of faults) {
  process.stderr.write(`${place}: "${text}"\n  use ${use}\n`);
}
if (faults.length > 0) process.exitCode = 1;
