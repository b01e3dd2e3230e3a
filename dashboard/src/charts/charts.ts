/** All drawings, in one file that is loaded when the first of them is seen. */
export { Flow } from './flow.js';
export { LineChart } from './lineChart.js';
export { StackedColumns } from './stackedColumns.js';
export { TimeLine } from './timeLine.js';
