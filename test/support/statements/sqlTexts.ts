/** A text of a source file: a string, or a template whose holes are `${…}`. */
export interface SourceText {
  readonly text: string;
  readonly line: number;
}

/** Every string and template of a TypeScript source, those inside the holes of templates apart. */
export function textsOf(source: string): SourceText[] {
  return new Scanner(source).scan();
}

/** A hole with anything else than the name of a value. */
const OPAQUE = `\${…}`;

class Scanner {
  private place = 0;
  private readonly texts: SourceText[] = [];

  constructor(private readonly source: string) {}

  scan(): SourceText[] {
    while (this.place < this.source.length) this.skipCode();
    return this.texts;
  }

  /** Passes one comment, text or character of code. */
  private skipCode(): void {
    const { source, place } = this;
    const two = source.slice(place, place + 2);
    if (two === '//') this.place = endOf(source, '\n', place);
    else if (two === '/*') this.place = endOf(source, '*/', place) + 2;
    else if (source[place] === '`') this.readTemplate();
    else if (source[place] === "'" || source[place] === '"') this.readString();
    else this.place += 1;
  }

  private readString(): void {
    const { source, place } = this;
    const quote = source[place];
    let end = place + 1;
    while (end < source.length && source[end] !== quote && source[end] !== '\n') {
      end += source[end] === '\\' ? 2 : 1;
    }
    this.keep(source.slice(place + 1, end), place);
    this.place = end + 1;
  }

  private readTemplate(): void {
    const { source, place: start } = this;
    let text = '';
    this.place += 1;
    while (this.place < source.length && source[this.place] !== '`') {
      if (source.startsWith('${', this.place)) text += this.readHole();
      else {
        const length = source[this.place] === '\\' ? 2 : 1;
        text += source.slice(this.place, this.place + length);
        this.place += length;
      }
    }
    this.place += 1;
    this.keep(text, start);
  }

  /** @returns the hole as one word without brackets, if it is an expression without texts */
  private readHole(): string {
    const start = this.place;
    this.place += 2;
    for (let depth = 1; depth > 0 && this.place < this.source.length; ) {
      const character = this.source[this.place];
      if (character === '{') depth += 1;
      if (character === '}') depth -= 1;
      if (depth === 0) this.place += 1;
      else this.skipCode();
    }
    const code = this.source.slice(start + 2, this.place - 1).trim();
    return /^[\w.$]+$/.test(code) ? `\${${code}}` : OPAQUE;
  }

  private keep(text: string, place: number): void {
    this.texts.push({ text, line: this.source.slice(0, place).split('\n').length });
  }
}

function endOf(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found === -1 ? source.length : found;
}
