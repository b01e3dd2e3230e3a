import { createInterface } from 'node:readline/promises';
import { ImoError } from '../../errors.js';

/**
 * Asks on the terminal before something is lost. Elsewhere, `--yes` has to say it.
 *
 * @param what a sentence about what is lost
 * @throws ImoError `NOT_CONFIRMED` if the answer is not "yes", or nobody can be asked
 */
export async function confirm(
  what: string,
  { yes = false, signal }: { readonly yes?: boolean; readonly signal: AbortSignal },
): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new ImoError(
      'NOT_CONFIRMED',
      `${what} Nobody can be asked here`,
      'Nothing is changed. Add --yes to do it without a question.',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${what}\nType "yes" to do it: `, { signal });
    if (answer.trim().toLowerCase() === 'yes') return;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    terminal.close();
  }
  throw new ImoError(
    'NOT_CONFIRMED',
    `${what} It was not confirmed`,
    'Nothing is changed. Answer "yes" to do it.',
  );
}
