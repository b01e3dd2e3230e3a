import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openSync } from 'fontkit';
import { isVisible, plainSigns } from '../layout/plainSigns.js';

const PDFMAKE = dirname(createRequire(import.meta.url).resolve('pdfmake/package.json'));

/** Where the fonts lie that pdfmake brings: Latin, Greek and Cyrillic letters. */
export const FONT_FOLDER = join(PDFMAKE, 'fonts', 'Roboto');

export function fontFile(weight: 'Regular' | 'Medium'): string {
  return join(FONT_FOLDER, `Roboto-${weight}.ttf`);
}

/** Writes what the fonts have no letters for as Unicode numbers: else it would be empty boxes. */
export class PdfText {
  /** Whether something was. */
  hasNumbers = false;
  private readonly shown: ReadonlySet<number>;

  constructor() {
    const regular = openSync(fontFile('Regular'));
    const medium = openSync(fontFile('Medium'));
    if (!('characterSet' in regular && 'characterSet' in medium)) {
      throw new RangeError('a font of pdfmake is a collection of fonts');
    }
    const inMedium = new Set(medium.characterSet);
    this.shown = new Set(regular.characterSet.filter((code) => inMedium.has(code)));
  }

  readonly write = (text: string): string => {
    const written = plainSigns(
      text,
      (sign) => isVisible(sign) && this.shown.has(sign.codePointAt(0) ?? 0),
    );
    this.hasNumbers ||= written !== text;
    return written;
  };
}
