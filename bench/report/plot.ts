import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Plot } from './report.js';

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 760;
/** Of the title, the legend and the axis. */
const FRAME = 100;
const LINES = 240;
/** Of the labels of an axis of numbers, and of one character. */
const NUMBER_WIDTH = 60;
const CHARACTER = 6.5;
const BAR = 18;
const GAP = 14;
/** Read on white and on black alike, also by those who do not see red and green apart. */
const COLOURS = ['#3b6fb6', '#c9822b', '#5f8f4e', '#8a5aa5'];
const INK = '#75797f';

/** The picture as SVG. The same figures give the same bytes. */
export function svgOf(plot: Plot): string {
  const isLines = plot.shape === 'lines';
  const height =
    FRAME + (isLines ? LINES : plot.categories.length * (plot.series.length * BAR + GAP));
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const names = { type: 'category', data: [...plot.categories] } as const;
  const values = {
    type: 'value',
    name: plot.unit,
    nameLocation: 'end',
    axisLabel: { color: INK },
    splitLine: { lineStyle: { color: INK, opacity: 0.3 } },
  } as const;
  const label = {
    axisLabel: { color: INK },
    axisTick: { show: false },
  } as const;
  chart.setOption({
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: 'sans-serif', color: INK },
    title: { text: plot.title, left: 0, top: 0, textStyle: { color: INK, fontSize: 14 } },
    legend: {
      show: plot.series.length > 1,
      top: 34,
      left: 0,
      icon: 'rect',
      textStyle: { color: INK },
    },
    grid: {
      left: isLines ? NUMBER_WIDTH : labelWidth(plot.categories),
      right: 90,
      top: 72,
      bottom: 30,
      outerBoundsMode: 'none',
    },
    ...(isLines
      ? { xAxis: { ...names, ...label }, yAxis: values }
      : { xAxis: values, yAxis: { ...names, ...label, inverse: true } }),
    series: plot.series.map(({ name, values: data }) => ({
      name,
      type: isLines ? 'line' : 'bar',
      data: [...data],
      label: { show: true, position: isLines ? 'top' : 'right', color: INK },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // A picture does not change below the mouse. The library numbers the pictures of a process.
  const still = svg
    .replaceAll(/<style[\s\S]*?<\/style>/g, '')
    .replaceAll(/ class="[^"]*"/g, '')
    .replaceAll(/\bzr\d+-/g, '')
    .replace('>', `><title>${plot.title}</title>`);
  return `${still}\n`;
}

/** Room for the longest name, without measuring fonts. */
function labelWidth(names: readonly string[]): number {
  return 12 + CHARACTER * Math.max(...names.map(({ length }) => length));
}
