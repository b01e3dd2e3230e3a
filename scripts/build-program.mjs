// Joins the compiled command line into few files, in dist/program: `npm run build:program`.
// Node.js takes a second longer to load 1,000 files one by one than to load these.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Packages of hundreds of small modules. The others are loaded from node_modules as they are. */
const JOINED = [
  /^ethers$/,
  /^@adraffy\//,
  /^@noble\//,
  /^aes-js$/,
  /^hash-wasm$/,
  /^zod$/,
  /^zod-openapi$/,
  /^yaml$/,
  /^commander$/,
  /^prom-client$/,
  /^cli-progress$/,
  /^@subsquid\/(evm-|rpc-client|http-client|logger|util-)/,
];
const modulePath = (file) => fileURLToPath(new URL(`../dist/src/${file}`, import.meta.url));
const verbPath = (verb) => modulePath(`cli/${verb}.js`);
/** What `imo-ledger index` runs, from its verb on. */
const INDEXING = [
  verbPath('index'),
  ...['processor/run.js', 'store/database/migrate.js'].map(modulePath),
];
/** What its threads run. */
const READING = 'chain/source/threads/readingThread.js';
/** Verbs that are not to load what they do not need. */
const OTHERS = ['status', 'export', 'statement', 'search'];
/** What so many of them import is common. */
const MOST = 2;

/**
 * Modules that get a file together. The bundler alone makes 130 files of them, which load in twice the time. What one of the
 * other verbs imports too has a file for the two.
 */
const files = {
  common: new Set(),
  reading: new Set(),
  indexing: new Set(),
  ...Object.fromEntries(OTHERS.map((verb) => [withVerb(verb), new Set()])),
};

function withVerb(verb) {
  return `with-${verb}`;
}

const inFewFiles = {
  name: 'in-few-files',
  buildEnd() {
    const closureOf = (...entries) => {
      const closure = new Set(entries);
      for (const id of closure) {
        for (const imported of this.getModuleInfo(id)?.importedIds ?? []) closure.add(imported);
      }
      return closure;
    };
    const always = closureOf(verbPath('main'));
    const reading = closureOf(modulePath(READING));
    const others = OTHERS.map((verb) => [verb, closureOf(verbPath(verb))]);
    for (const id of closureOf(...INDEXING)) {
      if (always.has(id)) continue;
      const importing = others.filter(([, closure]) => closure.has(id));
      const [[only] = []] = importing;
      if (only === undefined) files[reading.has(id) ? 'reading' : 'indexing'].add(id);
      else files[importing.length >= MOST ? 'common' : withVerb(only)].add(id);
    }
  },
};

/** The RPC client of Subsquid loads its WebSocket client for every endpoint: here when the first one is needed. */
const lateWebSocket = {
  name: 'late-web-socket',
  transform(code, id) {
    if (!id.endsWith('/@subsquid/rpc-client/lib/transport/ws.js')) return null;
    const early = 'const websocket_1 = require("websocket");';
    if (!code.includes(early)) throw new Error(`${id} loads "websocket" in another way`);
    const late =
      'const websocket_1 = { get w3cwebsocket() { return require("websocket").w3cwebsocket; } };';
    return { code: code.replace(early, late), map: null };
  },
};

await build({
  configFile: false,
  root: fileURLToPath(new URL('..', import.meta.url)),
  logLevel: 'error',
  ssr: { noExternal: JOINED },
  build: {
    ssr: true,
    rolldownOptions: {
      plugins: [lateWebSocket, inFewFiles],
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: Object.entries(files).map(([name, ids]) => ({ name, test: (id) => ids.has(id) })),
        },
      },
      input: {
        main: 'dist/src/cli/main.js',
        statementWorker: 'dist/src/export/statement/make/statementWorker.js',
        readingThread: modulePath(READING),
      },
    },
    outDir: 'dist/program',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    // The notices that the licences of the joined packages ask for.
    license: { fileName: 'LICENSES.md' },
  },
});
