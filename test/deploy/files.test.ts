import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DCLinter } from 'dclint';
import { validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../src/cli/program.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const run = promisify(execFile);
const read = (file: string) => readFileSync(file, 'utf8');

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
}
const compose = parse(read('compose.yaml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};

test('the Dockerfile is valid, runs as another user than root, and copies what exists', () => {
  const dockerfile = read('Dockerfile');
  expect(validate(dockerfile)).toEqual([]);
  expect([...dockerfile.matchAll(/^USER (\S+)$/gm)].map(([, user]) => user)).toEqual(['node']);
  expect(dockerfile).toContain('HEALTHCHECK');
  const copied = [...dockerfile.matchAll(/^COPY --from=build (.+) \S+$/gm)]
    .flatMap(([, sources = '']) => sources.split(' '))
    .map((source) => source.replace('/build/', ''));
  expect(copied.filter((source) => !source.startsWith('dist/') && !existsSync(source))).toEqual([]);
  expect(copied.length).toBeGreaterThan(6);
});

test('compose.yaml fits the schema of Compose, and what it mounts exists', () => {
  const linter = new DCLinter({ rules: {}, quiet: false, debug: false, exclude: [] });
  const files: readonly { readonly messages: readonly { readonly rule: string }[] }[] =
    linter.lintFiles(['compose.yaml'], false);
  const found = files.flatMap(({ messages }) => messages);
  // Ours has the order in which services start.
  expect(found.filter(({ rule }) => !rule.endsWith('-order'))).toEqual([]);
  const mounted = Object.values(compose.services)
    .flatMap(({ volumes = [] }) => volumes)
    .flatMap((volume) => (volume.startsWith('./') ? [volume.split(':', 1)[0] ?? ''] : []));
  expect(mounted.filter((path) => !existsSync(path))).toEqual([]);
  expect(Object.keys(compose.services)).toEqual(
    expect.arrayContaining(['postgres', 'replica', 'pgbouncer', 'prometheus', 'grafana', 'api-2']),
  );
});

test('every command of compose.yaml and of the units is one of the program', async () => {
  const units = ['index', 'serve'].map((role) => {
    const [, line = ''] = /^ExecStart=\S+ (.*)$/m.exec(
      read(`deploy/systemd/imo-ledger-${role}@.service`),
    ) ?? [''];
    return line.split(' ');
  });
  const services = Object.values(compose.services).filter(
    ({ image }) => image === 'imo-ledger:local',
  );
  const commands = [...units, ...services.map(({ command = [] }) => [...command])];
  expect(commands).toHaveLength(7);
  const names = [...new Set(commands.map(([name = '']) => name))];
  const programs = await Promise.all(names.map((name) => createProgram([name])));
  const verbs = programs.flatMap((program) => program.commands);
  const wrong = commands.filter(([name, ...args]) => {
    const known = verbs.find((verb) => verb.name() === name)?.options.map(({ long }) => long);
    return !args.filter((arg) => arg.startsWith('--')).every((arg) => known?.includes(arg));
  });
  expect(wrong).toEqual([]);
});

test('alert rules and the dashboard name only metrics that the program has', () => {
  const [index, health, api] = [
    'src/cli/wiring/indexMetrics.ts',
    'src/api/operate/metrics.ts',
    'src/api/http/apiMetrics.ts',
  ].map(read);
  const used = ['deploy/prometheus/alerts.yml', 'deploy/grafana/operation.json']
    .flatMap((file) => [...read(file).matchAll(/imo_ledger_\w+/g)])
    .map(([name]) => name.replace(/_bucket$/, ''));
  const isKnown = (name: string) => {
    const [, ofIndex] = /^imo_ledger_index_(.*)/.exec(name) ?? [];
    if (ofIndex !== undefined) return index?.includes(`name: '${ofIndex}'`);
    if (api?.includes(`'${name}'`)) return true;
    return health?.includes(`'${name.replace('imo_ledger_', '')}'`);
  };
  expect([...new Set(used)].filter((name) => !isKnown(name))).toEqual([]);
  expect(used.length).toBeGreaterThan(15);
});

/** Programs that check their own files; `.ci/run` installs them. */
const CHECKS: readonly (readonly [program: string, name: string, check: () => Promise<unknown>])[] =
  [
    [
      'promtool',
      'Prometheus accepts its configuration and the alert rules',
      () => run('promtool', ['check', 'config', 'deploy/prometheus/prometheus.yml']),
    ],
    [
      'caddy',
      'Caddy accepts its file',
      () => run('caddy', ['adapt', '--validate', '--config', 'deploy/caddy/Caddyfile']),
    ],
    [
      'systemd-analyze',
      'systemd accepts the units',
      async () => {
        const folder = await temporaryFolder();
        for (const role of ['index', 'serve']) {
          const text = read(`deploy/systemd/imo-ledger-${role}@.service`);
          const file = join(folder, `imo-ledger-${role}@1.service`);
          await writeFile(file, text.replace('/usr/local/bin/imo-ledger', '/bin/true'));
          const { stderr } = await run('systemd-analyze', ['verify', '--man=no', file]);
          expect(stderr).toBe('');
        }
      },
    ],
    [
      'nginx',
      'nginx accepts both of its files',
      async () => {
        for (const name of ['imo-ledger.conf', 'compose.conf']) {
          const folder = await temporaryFolder();
          const text = read(`deploy/nginx/${name}`)
            .replaceAll(/api-(\d):/g, '127.0.0.$1:')
            .replace('/var/cache/nginx', folder);
          await writeFile(join(folder, 'site.conf'), text);
          const main = `pid ${folder}/pid; events {} http { include ${folder}/site.conf; }`;
          await writeFile(join(folder, 'nginx.conf'), main);
          await run('nginx', ['-t', '-q', '-p', folder, '-c', join(folder, 'nginx.conf')]);
        }
      },
    ],
  ];

describe('programs check their own files', () => {
  for (const [program, name, check] of CHECKS) {
    const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
    const isThere = folders.some((folder) => existsSync(resolve(folder, program)));
    if (!isThere) process.stderr.write(`skipped: ${program} is missing\n`);
    test.runIf(isThere)(name, async () => void (await check()));
  }
});
