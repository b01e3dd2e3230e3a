/** How often something is written where no line can be replaced. */
const EVERY_MS = 5_000;

/** A line on stderr about what is being done: replaced on a terminal, else repeated now and then. */
export function progressLine() {
  const { stderr } = process;
  let last = performance.now();
  let isShown = false;
  return {
    show(text: string): void {
      if (stderr.isTTY) {
        stderr.write(`\r\u001b[2K${text.slice(0, Math.max(stderr.columns - 1, 20))}`);
        isShown = true;
      } else if (performance.now() - last > EVERY_MS) {
        last = performance.now();
        stderr.write(`${text}\n`);
      }
    },
    clear(): void {
      if (isShown) stderr.write('\r\u001b[2K');
      isShown = false;
    },
  };
}
