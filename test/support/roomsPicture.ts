import { LAYERS, USES } from './rooms.js';

const BEGIN = '<!-- The picture is made by `npm run docs:architecture`. -->\n';
const END = '<!-- End of the picture. -->\n';
const NAMES_PER_LINE = 3;

/** A page with its picture drawn again. */
export function withPicture(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error('the page has no picture');
  return `${before}${BEGIN}\n\`\`\`mermaid\n${picture()}\`\`\`\n\n${END}${after}`;
}

/** The rooms of `src` as a Mermaid chart: what uses the others is above them. */
function picture(): string {
  const rooms = Object.keys(USES).map((room) => `  ${room}["${labelOf(room)}"]`);
  const arrows = Object.keys(USES).flatMap((room) =>
    shortArrows(room, USES).map((used) => `  ${room} --> ${used}`),
  );
  return `${['flowchart TB', ...rooms, ...arrows].join('\n')}\n`;
}

function labelOf(room: string): string {
  const inside = (LAYERS[room] ?? [])
    .flatMap((layer) => layer.split(' '))
    .filter((name) => !name.endsWith('.ts'));
  const lines = [`<b>${room}</b>`];
  for (let from = 0; from < inside.length; from += NAMES_PER_LINE) {
    lines.push(inside.slice(from, from + NAMES_PER_LINE).join(' · '));
  }
  return lines.join('<br/>');
}

/** What a node uses, without what it reaches through another one that it uses. */
export function shortArrows(
  node: string,
  uses: Readonly<Record<string, readonly string[]>>,
): string[] {
  const own = uses[node] ?? [];
  return own.filter((used) => !own.some((other) => reachedFrom(other, uses).has(used)));
}

function reachedFrom(
  node: string,
  uses: Readonly<Record<string, readonly string[]>>,
): ReadonlySet<string> {
  const reached = new Set(uses[node]);
  for (const next of reached) for (const used of uses[next] ?? []) reached.add(used);
  return reached;
}
