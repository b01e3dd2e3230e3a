/**
 * The honest client of `npm run attack:api` in a process of its own, so that the attackers do not slow it
 * down: options as JSON in the first argument, the report on the only line.
 */
import { askHonestly, type HonestOptions } from './honest.js';

const options = JSON.parse(process.argv[2] ?? '{}') as HonestOptions;
process.stdout.write(`${JSON.stringify(await askHonestly(options))}\n`);
