/** Why the server, or the way to it, gave no answer. */
export class ImoLedgerFailure extends Error {
  override readonly name = 'ImoLedgerFailure';

  /**
   * @param code stable: one of docs/errors.md, or `UNREACHABLE`, `TIMEOUT`, `HTTP_<status>`, `BAD_ANSWER`,
   *   `MOMENT_REPLACED`, `NO_PAGES` of this client
   * @param hint what to do about it; `null` where the server says nothing
   * @param path the field of the answer; `null` where it is the whole request
   */
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string | null = null,
    readonly path: readonly (string | number)[] | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

interface ServerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly hint?: string };
}

/** The first error of an answer. */
export function failureOf([error]: readonly ServerError[]): ImoLedgerFailure {
  const { message = 'the answer has no data', path, extensions } = error ?? {};
  return new ImoLedgerFailure(
    extensions?.code ?? 'BAD_ANSWER',
    message,
    extensions?.hint ?? null,
    path ?? null,
  );
}
