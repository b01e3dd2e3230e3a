const WIDTH = 100;

/** Comments as lines that people can read; what a contract calls itself may have anything in it. */
export function commentLines(comments: readonly string[]): string[] {
  return comments.flatMap((comment) => {
    const lines: string[] = [];
    let line = '';
    for (const word of comment.split(/[\s\u0085]+/)) {
      const longer = line === '' ? word : `${line} ${word}`;
      if (line !== '' && longer.length > WIDTH) {
        lines.push(line);
        line = `  ${word}`;
      } else line = longer;
    }
    return [...lines, line];
  });
}
