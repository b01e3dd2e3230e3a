import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { temporaryFolder } from '../temporaryFolder.js';
import { installIfMissing, run } from './debianPackage.js';

/** The rules that docs/taxes.md gives to hledger. */
function documentedRules(): string {
  const [, rules] = /```\n(skip 1\n[\s\S]*?)```/.exec(readFileSync('docs/taxes.md', 'utf8')) ?? [];
  if (rules === undefined) throw new Error('docs/taxes.md has no rules for hledger');
  return rules;
}

/**
 * What the real hledger reads in a file of the `koinly` layout, after `hledger check`.
 *
 * @returns by account, by coin: the balance as decimal text
 */
export async function hledgerBalances(csv: string): Promise<Map<string, Map<string, string>>> {
  await installIfMissing('hledger', '--version', 'hledger');
  const file = join(await temporaryFolder(), 'koinly.csv');
  await writeFile(file, csv);
  await writeFile(`${file}.rules`, documentedRules());
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  await run('hledger', ['-f', file, 'check'], { env });
  const args = ['-f', file, 'balance', '-O', 'csv', '--layout', 'bare', '--no-total', '--flat'];
  const { stdout } = await run('hledger', args, { env });
  const balances = new Map<string, Map<string, string>>();
  for (const row of parse(stdout, { columns: true }) as Record<string, string>[]) {
    const { account = '', commodity = '', balance = '' } = row;
    const coins = balances.get(account) ?? new Map<string, string>();
    balances.set(account, coins.set(commodity, balance));
  }
  return balances;
}
