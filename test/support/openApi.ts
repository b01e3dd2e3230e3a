import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

interface Document {
  readonly paths: Readonly<
    Record<string, { readonly get: { readonly responses: Readonly<Record<string, Described>> } }>
  >;
}

const DOCUMENT = 'openapi.json';

/** The description that a server has of itself, to hold its answers against. */
export class Description {
  private readonly schemas = new Ajv2020({ strict: false, allErrors: true });

  private constructor(private readonly document: Document) {
    formats.default(this.schemas);
    this.schemas.addSchema(document, DOCUMENT);
  }

  static async of({ port }: RunningApi): Promise<Description> {
    const response = await fetch(`http://127.0.0.1:${port}/v1/openapi.json`);
    return new Description((await response.json()) as Document);
  }

  /** Fails unless status, type and body of an answer are as described for its path. */
  async assertFits(path: string, response: Response): Promise<void> {
    const { responses } = this.document.paths[path]?.get ?? { responses: {} };
    const { status } = response;
    const named = [String(status), `${Math.floor(status / 100)}XX`];
    const name = named.find((one) => one in responses) ?? 'default';
    const described = responses[name];
    expect(described, `${path} ${status}`).toBeDefined();
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    const text = await response.text();
    if (described?.content === undefined) {
      expect(text).toBe('');
      return;
    }
    expect(Object.keys(described.content)).toContain(type);
    if (!/[/+]json$/.test(type)) return;
    const pointer = ['paths', path, 'get', 'responses', name, 'content', type, 'schema'];
    const $ref = `${DOCUMENT}#/${pointer.map(escaped).join('/')}`;
    this.schemas.validate({ $ref }, JSON.parse(text));
    expect(this.schemas.errors ?? []).toEqual([]);
  }
}

/** A part of a JSON pointer inside of a URL. */
function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
