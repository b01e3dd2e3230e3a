import type { ComponentChildren } from 'preact';
import { exactAmount, shortAmount } from '../format/amounts.js';
import { unitName } from '../parts/amount.js';
import type { Unit } from '../parts/unit.js';
import { ChartFrame } from './chartFrame.js';
import { type FlowLink, type FlowNode, type PlacedNode, placeFlow } from './flowLayout.js';
import { apart } from './scale.js';
import { Swatch } from './sourceMark.js';

const HEIGHT = 340;
const PAD = 16;
const GAP = 20;
const BAR = 12;
/** Room for the names of the last column. */
const NAMES = { wide: 210, narrow: 158 };
const WIDE = 620;
/** Two lines of text. */
const NAME = 34;

/** A place that money is at, as it is drawn. */
export interface FlowPlace extends FlowNode {
  readonly name: string;
  readonly mark: number;
  /** It is not part of the sums: money that has not arrived yet. */
  readonly isOutside?: boolean;
}

/** Where money came from and where it is now: bands as thick as the amounts, from the left to the right. */
export function Flow({
  title,
  places,
  links,
  unit,
  table,
}: {
  readonly title: string;
  readonly places: readonly FlowPlace[];
  readonly links: readonly FlowLink[];
  readonly unit: Unit;
  readonly table: ComponentChildren;
}) {
  const decimals = unit.decimals ?? 0;
  const placed = placeFlow(places, links, { height: HEIGHT - 2 * PAD, gap: GAP });
  const last = Math.max(...placed.nodes.map(({ column }) => column));
  const xOf = (column: number, width: number) =>
    (column * (width - (width >= WIDE ? NAMES.wide : NAMES.narrow) - BAR)) / Math.max(1, last);
  const byId = new Map(placed.nodes.map((node) => [node.id, node]));
  const amountOf = (node: FlowPlace) => `${shortAmount(node.value, decimals)} ${unitName(unit)}`;
  return (
    <ChartFrame
      title={title}
      height={HEIGHT}
      points={placed.nodes.map((node) => ({
        name: node.name,
        lines: [`${exactAmount(node.value, decimals)} ${unitName(unit)}`],
        at: (width) => xOf(node.column, width) + BAR / 2,
      }))}
      pointAt={(x, y, width) => nodeAt(placed.nodes, x, y - PAD, (column) => xOf(column, width))}
      legend={
        <ul class="legend only-narrow">
          {placed.nodes
            .filter(({ column, isOutside }) => column === 0 && isOutside !== true)
            .map((node) => (
              <li key={node.id}>
                <Swatch mark={node.mark} /> {node.name} <span class="muted">{amountOf(node)}</span>
              </li>
            ))}
        </ul>
      }
      table={table}
    >
      {({ width, chosen }) => (
        <g transform={`translate(0 ${PAD})`}>
          {placed.links.map(({ from, to, y0, y1, thickness }) => {
            const start = xOf(byId.get(from)?.column ?? 0, width) + BAR;
            const end = xOf(byId.get(to)?.column ?? 0, width);
            const isChosen = [from, to].includes(placed.nodes[chosen ?? -1]?.id ?? '');
            return (
              <path
                key={`${from} ${to}`}
                class={`band band-${byId.get(to)?.mark ?? 0} ${isChosen ? 'chosen' : ''}`}
                d={bandOf(start, y0, end, y1, thickness)}
              />
            );
          })}
          {placed.nodes.map((node, index) => (
            <rect
              key={node.id}
              class={[
                node.isOutside === true ? 'outside' : `source-${node.mark}`,
                chosen === index ? 'node chosen' : 'node',
              ].join(' ')}
              x={xOf(node.column, width)}
              y={node.y}
              width={BAR}
              height={node.height}
              rx="2"
            />
          ))}
          {Array.from({ length: last + 1 }, (_, column) =>
            width >= WIDE || column === last ? (
              <Names
                key={column}
                nodes={placed.nodes.filter((node) => node.column === column)}
                x={xOf(column, width) + BAR + 6}
                amountOf={amountOf}
              />
            ) : null,
          )}
        </g>
      )}
    </ChartFrame>
  );
}

function Names({
  nodes,
  x,
  amountOf,
}: {
  readonly nodes: readonly PlacedNode<FlowPlace>[];
  readonly x: number;
  readonly amountOf: (node: FlowPlace) => string;
}) {
  const wanted = nodes.map(({ y, height }) => y + height / 2 - 2);
  const places = apart(wanted, NAME, HEIGHT - 2 * PAD - 8);
  return (
    <g>
      {nodes.map((node, index) => (
        <g key={node.id}>
          <text class="direct" x={x} y={places[index]}>
            {node.name}
          </text>
          <text class="direct" x={x} y={(places[index] ?? 0) + 15}>
            {amountOf(node)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** A band between two places, with soft bends. */
function bandOf(x0: number, y0: number, x1: number, y1: number, thickness: number): string {
  const middle = (x0 + x1) / 2;
  return [
    `M${x0} ${y0}`,
    `C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`,
    `L${x1} ${y1 + thickness}`,
    `C${middle} ${y1 + thickness} ${middle} ${y0 + thickness} ${x0} ${y0 + thickness}`,
    'Z',
  ].join('');
}

/** The node below a place, or the nearest to it in the column on its left. */
function nodeAt(
  nodes: readonly PlacedNode<FlowPlace>[],
  x: number,
  y: number,
  xOf: (column: number) => number,
): number | null {
  const columns = [...new Set(nodes.map(({ column }) => column))];
  const column = columns.filter((one) => xOf(one) <= x + BAR).at(-1) ?? columns[0];
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, node] of nodes.entries()) {
    const distance = Math.abs(node.y + node.height / 2 - y);
    if (node.column !== column || distance >= least) continue;
    best = index;
    least = distance;
  }
  return best;
}
