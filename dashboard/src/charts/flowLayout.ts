import { groupedBy } from '../format/grouped.js';
import { largestOf, pixelsOf } from './scale.js';

/** A place that money is at, in a column from the left. */
export interface FlowNode {
  readonly id: string;
  readonly column: number;
  readonly value: bigint;
}

/** Money that came from one place to another. */
export interface FlowLink {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
}

/** Where a node is, in pixels from the top. */
export type PlacedNode<Node extends FlowNode> = Node & {
  readonly y: number;
  readonly height: number;
};

/** A link as a band: where it starts and ends, from its upper edge. */
export interface PlacedLink extends FlowLink {
  readonly y0: number;
  readonly y1: number;
  readonly thickness: number;
}

/** However little it is, it can be seen. */
const THINNEST = 2;

/**
 * The links that do not add up: of every node with links, what comes in is its value, and so is what goes out.
 *
 * @returns ids of the nodes that break it; empty: all is well
 */
export function brokenNodes(nodes: readonly FlowNode[], links: readonly FlowLink[]): string[] {
  return nodes
    .filter(({ id, value }) => {
      const into = links.filter(({ to }) => to === id);
      const out = links.filter(({ from }) => from === id);
      return [into, out].some((side) => side.length > 0 && sumOf(side) !== value);
    })
    .map(({ id }) => id);
}

/** Places nodes below each other, column by column, in the order in which they are given. Empty ones are left out. */
export function placeFlow<Node extends FlowNode>(
  nodes: readonly Node[],
  links: readonly FlowLink[],
  { height, gap }: { readonly height: number; readonly gap: number },
): { readonly nodes: PlacedNode<Node>[]; readonly links: PlacedLink[] } {
  const columns = [
    ...groupedBy(
      nodes.filter(({ value }) => value > 0n),
      ({ column }) => column,
    ),
  ];
  const most = largestOf(columns.map(([, members]) => sumOf(members)));
  const gaps = Math.max(0, ...columns.map(([, members]) => (members.length - 1) * gap));
  const pixels = (value: bigint) => Math.max(THINNEST, pixelsOf(value, most, height - gaps));
  const placed = columns.flatMap(([, members]) => {
    const used = members.reduce((sum, { value }) => sum + pixels(value), 0);
    let y = (height - used - (members.length - 1) * gap) / 2;
    return members.map((node) => {
      const place = { ...node, y, height: pixels(node.value) };
      y += place.height + gap;
      return place;
    });
  });
  const byId = new Map(placed.map((node) => [node.id, node]));
  const leaving = new Map<string, number>();
  const arriving = new Map<string, number>();
  const bands = links.flatMap((link): PlacedLink[] => {
    const from = byId.get(link.from);
    const to = byId.get(link.to);
    if (from === undefined || to === undefined || link.value === 0n) return [];
    const thickness = pixels(link.value);
    const y0 = from.y + (leaving.get(link.from) ?? 0);
    const y1 = to.y + (arriving.get(link.to) ?? 0);
    leaving.set(link.from, (leaving.get(link.from) ?? 0) + thickness);
    arriving.set(link.to, (arriving.get(link.to) ?? 0) + thickness);
    return [{ ...link, y0, y1, thickness }];
  });
  return { nodes: placed, links: bands };
}

function sumOf(parts: readonly { readonly value: bigint }[]): bigint {
  return parts.reduce((sum, { value }) => sum + value, 0n);
}
