/** How every bar of progress looks: on stderr, because the result goes to stdout. */
export const BAR_STYLE = {
  barCompleteChar: '█',
  barIncompleteChar: '░',
  barsize: 24,
  hideCursor: true,
  stream: process.stderr,
  fps: 5,
} as const;

/** Where there is a log and not a terminal, a line comes so often. */
export const LINE_EVERY_MS = 5_000;
