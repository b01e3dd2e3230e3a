/** The page that describes every code, in the repository. */
const ERRORS_PAGE = 'docs/errors.md';

/** Where an error is described. Every report of an error, of whatever form, links it so. */
export function errorDocs(code: string): string {
  return `${ERRORS_PAGE}#${code.toLowerCase()}`;
}

/**
 * An error that a user can act on: which value is at fault, why, and what to do.
 * The code is stable; programs may depend on it.
 */
export class ImoError extends Error {
  override readonly name = 'ImoError';

  constructor(
    /** Stable, upper case, e.g. `CONFIG_UNKNOWN_KEY`. */
    readonly code: string,
    /** What is wrong, with the value. Never contains a secret. */
    message: string,
    /** What to do about it. */
    readonly hint: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
