import { inflateSync } from 'node:zlib';

/** Texts of each page of a PDF as pdfkit writes it, in the order in which they are drawn. */
export function pdfPages(pdf: Buffer): string[] {
  const objects = objectsOf(pdf);
  const objectAt = (number: string | undefined) => objects.get(number ?? '') ?? NOTHING;
  const fonts = new Map<string, Map<string, string>>();
  for (const { text } of objects.values()) {
    for (const [, name = '', font] of text.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const [, unicode] = /\/ToUnicode (\d+) 0 R/.exec(objectAt(font).text) ?? [];
      fonts.set(name, charactersOf(objectAt(unicode).stream));
    }
  }
  const pages = [...objects.values()].filter(({ text }) => /\/Type \/Page\n/.test(text));
  return pages.map(({ text }) => {
    const [, contents] = /\/Contents (\d+) 0 R/.exec(text) ?? [];
    return drawnTexts(objectAt(contents).stream, fonts);
  });
}

interface PdfObject {
  readonly text: string;
  /** Inflated. */
  readonly stream: string;
}

const NOTHING: PdfObject = { text: '', stream: '' };

function objectsOf(pdf: Buffer): Map<string, PdfObject> {
  const whole = pdf.toString('latin1');
  const objects = new Map<string, PdfObject>();
  for (const { 1: number = '', index } of whole.matchAll(/^(\d+) 0 obj$/gm)) {
    const end = whole.indexOf('\nendobj', index);
    const begin = whole.indexOf('stream\n', index);
    const text = whole.slice(index, begin === -1 || begin > end ? end : begin);
    const [, length] = /\/Length (\d+)/.exec(text) ?? [];
    const isDeflated = text.includes('/FlateDecode') && length !== undefined && begin !== -1;
    const from = begin + 'stream\n'.length;
    const stream = isDeflated ? inflateSync(pdf.subarray(from, from + Number(length))) : null;
    objects.set(number, { text, stream: stream?.toString('latin1') ?? '' });
  }
  return objects;
}

/** By the four hex digits of a glyph; pdfkit lists them one after the other. */
function charactersOf(unicode: string): Map<string, string> {
  const characters = new Map<string, string>();
  for (const [, first = '', , list = ''] of unicode.matchAll(/<(\w{4})> <(\w{4})> \[(.*?)\]/g)) {
    // A ligature is several codes: `<0066 0069>` of "fi".
    [...list.matchAll(/<([\w ]*)>/g)].forEach(([, hex = ''], index) => {
      const glyph = (Number.parseInt(first, 16) + index).toString(16).padStart(4, '0');
      const codes = hex.match(/\w{4}/g) ?? [];
      characters.set(glyph, String.fromCharCode(...codes.map((code) => Number.parseInt(code, 16))));
    });
  }
  return characters;
}

function drawnTexts(stream: string, fonts: ReadonlyMap<string, Map<string, string>>): string {
  let font = new Map<string, string>();
  const texts: string[] = [];
  for (const [, name, glyphs] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[(.*?)\] TJ/g)) {
    if (name !== undefined) font = fonts.get(name) ?? font;
    const hex = [...(glyphs ?? '').matchAll(/<(\w+)>/g)].map(([, digits]) => digits).join('');
    texts.push((hex.match(/\w{4}/g) ?? []).map((glyph) => font.get(glyph) ?? '?').join(''));
  }
  return texts.filter((text) => text !== '').join(' ');
}
