import { createProgram, exitCodeOf } from './program.js';
import { nameRuntime } from './wiring/runtimeName.js';
import { verbFirst } from './wiring/verbFirst.js';

// The reader of our output has gone (`… | head`): end as after a signal, once.
process.stdout.once('error', () => {
  process.stdout.on('error', () => undefined);
  process.kill(process.pid, 'SIGTERM');
});

nameRuntime();

// Libraries leave sockets and timers behind: when the verb is done, so are we.
process.exit(await run());

async function run(): Promise<number> {
  try {
    const args = verbFirst(process.argv.slice(2));
    await (await createProgram(args)).parseAsync(args, { from: 'user' });
    // A verb that found something wrong, as it was asked to, says so.
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitCodeOf(error);
  }
}
