// What the sources say about the codes of errors: the texts stay where the errors are made.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

const CODE = /^(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|INTERNAL|UNEXPECTED|USAGE)$/;
/** Constants whose values are codes, and constants with hints by their codes. */
const CODES_NAME = /(?:^|_)CODES$/;
const HINTS_NAME = 'HINTS';
/** Values of enums, variables of the environment and errors of the system look like codes. */
const OTHERS = new Set(['EAI_AGAIN', 'IMO_LEDGER_PROGRESS', 'PG_VERSION', 'SQD_API_KEY']);

/** @returns {Map<string, {says: string, hint: string}[]>} by code, in alphabetical order */
export function errorCodes(root = 'src') {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('generated'))
    .toSorted()
    .map((name) => join(root, name));
  const programs = files.map((file) => parseSync(file, readFileSync(file, 'utf8')).program);
  const listed = new Map(programs.flatMap((program) => [...codeLists(program)]));
  const makers = new Map(programs.flatMap((program) => [...makersIn(program)]));
  const found = new Map();
  const add = (code, texts) => {
    if (OTHERS.has(code)) return;
    const known = found.get(code) ?? [];
    found.set(code, known);
    if (texts === null || known.some(({ says }) => says === texts.says)) return;
    known.push(texts);
  };
  for (const program of programs) {
    visit(program, (node) => {
      for (const { codes, texts } of errorsOf(node, listed)) {
        const callee = node.callee?.name;
        const made = texts === null && callee !== undefined ? (makers.get(callee) ?? []) : [texts];
        for (const code of codes) for (const one of made.length > 0 ? made : [null]) add(code, one);
      }
    });
  }
  return new Map([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The codes that constants list, by the names of these. */
function* codeLists(program) {
  const declared = [];
  visit(program, (node) => {
    if (node.type === 'VariableDeclarator' && CODES_NAME.test(node.id.name)) declared.push(node);
  });
  for (const { id, init } of declared) {
    const values = bare(init)?.properties?.map(({ value }) => value) ?? [];
    yield [id.name, values.flatMap((value) => codesOf(value))];
  }
}

/** Functions that make errors whose code is one of their parameters, with the texts of these. */
function* makersIn(program) {
  const declared = [];
  visit(program, (node) => {
    if (node.type === 'FunctionDeclaration') declared.push(node);
  });
  for (const { id, body } of declared) {
    const texts = [];
    visit(body, (node) => {
      if (node.type !== 'NewExpression') return;
      const [code, ...others] = node.arguments;
      const made = textsOf(others);
      if (code?.type === 'Identifier' && made !== null) texts.push(made);
    });
    if (texts.length > 0) yield [id.name, texts];
  }
}

function visit(node, onNode) {
  if (Array.isArray(node)) {
    for (const child of node) visit(child, onNode);
  } else if (node !== null && typeof node === 'object') {
    if (typeof node.type === 'string') onNode(node);
    for (const child of Object.values(node)) visit(child, onNode);
  }
}

/** Code, message and hint: arguments that follow each other, or properties of these names. */
function errorsOf(node, listed) {
  if (node.type === 'NewExpression' || node.type === 'CallExpression') {
    const codesAt = node.arguments.map((argument) => codesOf(argument, listed));
    const index = codesAt.findIndex((codes) => codes.length > 0);
    if (index < 0) return [];
    return [{ codes: codesAt[index], texts: textsOf(node.arguments.slice(index + 1)) }];
  }
  if (node.type === 'VariableDeclarator' && node.id.name === HINTS_NAME) return hintsOf(node.init);
  if (node.type === 'ReturnStatement') return [{ codes: codesOf(node.argument), texts: null }];
  if (node.type !== 'ObjectExpression') return [];
  const of = (name) => node.properties.find(({ key }) => key?.name === name)?.value;
  const hint = of('hint');
  const hasMore = node.properties.some(({ type }) => type === 'SpreadElement');
  if (hint === undefined) return hasMore ? [{ codes: codesOf(of('code')), texts: null }] : [];
  return [{ codes: codesOf(of('code')), texts: textsOf([of('message') ?? of('reason'), hint]) }];
}

/** Errors that others make, for which we have a hint. */
function hintsOf({ properties = [] }) {
  return properties
    .filter(({ key }) => CODE.test(key?.name ?? ''))
    .map(({ key, value }) => ({ codes: [key.name], texts: textsOf([undefined, value]) }));
}

function textsOf([message, remedy]) {
  const [says, hint] = [textOf(message), textOf(remedy)];
  return says === null && hint === null ? null : { says: says ?? '…', hint: hint ?? '…' };
}

const bare = (node) =>
  node?.type === 'TSSatisfiesExpression' || node?.type === 'TSAsExpression'
    ? node.expression
    : node;

function codesOf(node, listed = new Map()) {
  const { type, value, consequent, alternate, object } = bare(node) ?? {};
  if (type === 'MemberExpression') return listed.get(object.name) ?? [];
  if (type === 'ConditionalExpression') return [...codesOf(consequent), ...codesOf(alternate)];
  return type === 'Literal' && typeof value === 'string' && CODE.test(value) ? [value] : [];
}

/** The text of an expression, with `…` for what is known only when it happens; `null`: it is not a text. */
function textOf(node) {
  const { type, ...of } = bare(node) ?? {};
  if (type === 'Literal' && typeof of.value === 'string') return of.value;
  if (type === 'TemplateLiteral') return of.quasis.map(({ value }) => value.cooked).join('…');
  if (type === 'BinaryExpression' && of.operator === '+') {
    return `${textOf(of.left) ?? '…'}${textOf(of.right) ?? '…'}`;
  }
  if (type === 'ConditionalExpression') {
    const ways = [textOf(of.consequent), textOf(of.alternate)].filter((way) => way !== null);
    return ways.length === 0 ? null : ways.join(' / ');
  }
  return null;
}
