import { type Anvil, type AnvilOptions, startAnvil as start } from '../../../devnet/anvil.js';
import { atEndOfFile } from '../endOfFile.js';

export type { Anvil, AnvilOptions };

/** Starts a local chain; it ends with the test file, if not before. */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const anvil = await start(options);
  atEndOfFile(anvil.stop);
  return anvil;
}
