import { afterAll } from 'vitest';
import { type Anvil, type AnvilOptions, startAnvil as start } from '../../devnet/anvil.js';

export type { Anvil, AnvilOptions };

const running: Anvil[] = [];

/** Starts a local chain; it ends with the test file, if not before. */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const anvil = await start(options);
  running.push(anvil);
  return anvil;
}

afterAll(async () => {
  await Promise.all(running.splice(0).map((anvil) => anvil.stop()));
});
