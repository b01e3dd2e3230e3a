// Makes src/model/tables from schema.graphql: for each table its descriptor, the types of its rows,
// the line that COPY reads and the decoder of what PostgreSQL answers.
import { Kind, parse } from 'graphql';

/** The numbers of ours that rows belong to. */
const OWNERS = [
  'tokenNumber',
  'contractNumber',
  'saleNumber',
  'poolNumber',
  'collectionNumber',
  'feedNumber',
];
/** Where a row of an owner stands; what else it has is what it says. */
const PLACE = [
  'id',
  ...OWNERS,
  'blockNumber',
  'timestamp',
  'transactionHash',
  'transactionIndex',
  'position',
];
const SQL_TYPES = {
  ID: 'text',
  String: 'text',
  Int: 'integer',
  Boolean: 'boolean',
  Bytes: 'bytea',
  DateTime: 'timestamptz',
  JSON: 'jsonb',
};
const BIGINT_FIELDS = ['blockNumber', 'startBlock', 'archivedBlock', 'chainId'];
/** In a row of ours, in what PostgreSQL answers, and in a line for COPY. */
const TYPES = {
  text: { row: 'string', answer: 'string' },
  integer: { row: 'number', answer: 'number' },
  bigint: { row: 'number', answer: 'number' },
  numeric: { row: 'bigint', answer: 'string', read: 'BigInt', readNull: 'optionalBigInt' },
  boolean: { row: 'boolean', answer: 'boolean' },
  timestamptz: { row: 'Date', answer: 'Date' },
  jsonb: { row: 'unknown', answer: 'unknown' },
  bytea: {
    row: 'Hex',
    answer: 'Buffer',
    read: 'hexOf',
    readNull: 'optionalHex',
    write: 'copyBytes',
    writeNull: 'copyOptionalBytes',
  },
  utf8: {
    row: 'string',
    answer: 'Buffer',
    read: 'utf8Of',
    readNull: 'optionalUtf8',
    write: 'copyUtf8',
    writeNull: 'copyOptionalUtf8',
  },
  'bytea[]': {
    row: 'readonly Hex[]',
    answer: 'readonly Buffer[]',
    read: 'hexList',
    write: 'copyByteList',
  },
};

const READERS = Object.values(TYPES).flatMap(({ read, readNull }) => [read, readNull]);
const WRITERS = Object.values(TYPES).flatMap(({ write, writeNull }) => [write, writeNull]);

/** The source of each file, by its name. */
export function tableFiles(schema) {
  const entities = parse(schema).definitions.filter(
    (node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && has(node, 'entity'),
  );
  const tables = entities.map(tableOf);
  const files = tables.map((table) => [`${camel(table.name)}.ts`, sourceOf(table)]);
  return new Map([...files, ['index.ts', indexOf(tables)]]);
}

function tableOf(node) {
  const columns = node.fields.map((field) => columnOf(node, field));
  const owner = columns.find(({ field }) => OWNERS.includes(field)) ?? null;
  const isByBlock = owner !== null && columns.some(({ field }) => field === 'blockNumber');
  return {
    entity: node.name.value,
    name: snake(node.name.value),
    text: textOf(node),
    owner,
    isByBlock,
    isHashed: isByBlock && !has(node, 'unhashed'),
    isCopied: has(node, 'copied'),
    uniques: [
      ...columns.filter(({ isUnique }) => isUnique).map(({ name }) => [name]),
      ...node.directives.filter(({ name }) => name.value === 'index').map(uniqueOf),
    ],
    columns,
  };
}

function uniqueOf(index) {
  const argument = (name) => index.arguments.find((given) => given.name.value === name)?.value;
  if (argument('unique')?.value !== true) throw new Error('only unique indexes are declared');
  return argument('fields').values.map(({ value }) => snake(value));
}

function columnOf(entity, node) {
  const isNullable = node.type.kind !== Kind.NON_NULL_TYPE;
  const type = isNullable ? node.type : node.type.type;
  const field = node.name.value;
  const [, text, unit = null] = /^(.*?)(?: ?In: ([^.]+)\.)?$/s.exec(textOf(node) ?? '');
  return {
    field,
    name: snake(field),
    type: type.kind === Kind.LIST_TYPE ? 'bytea[]' : sqlType(entity, field, type.name.value),
    holds:
      ['address', 'hash', 'utf8', 'reference'].find((directive) => has(node, directive)) ?? null,
    isNullable,
    isUnique: has(node, 'unique'),
    isHashed: !has(node, 'unhashed'),
    text: text === '' ? null : text,
    unit,
  };
}

function sqlType(entity, field, type) {
  if (type !== 'BigInt') return SQL_TYPES[type] ?? fail(`no column can be of type ${type}`);
  const isBlock = entity.name.value === 'Block' && field === 'number';
  return isBlock || BIGINT_FIELDS.includes(field) ? 'bigint' : 'numeric';
}

function sourceOf(table) {
  const { entity, name, text, owner, columns, isCopied } = table;
  const place = owner === null || !table.isByBlock ? [] : PLACE;
  const own = columns.filter(({ field }) => !place.includes(field));
  const constant = name.toUpperCase();
  const parts = [
    `/** ${text} The columns of one row${place.length > 0 ? ', but for its place' : ''}. */
export interface ${entity}Row {
${own.map((column) => `${comment(column)}  readonly ${column.field}: ${rowType(column)};`).join('\n')}
}`,
    `/** The same as PostgreSQL answers it. */
export interface ${entity}Columns {
${own.map((column) => `  readonly ${column.name}: ${orNull(typeOf(column).answer, column)};`).join('\n')}
}`,
    `export const ${constant} = {
  name: '${name}',
  text: ${literal(text)},
  owner: ${owner === null ? null : `'${owner.name}'`},
  isByBlock: ${table.isByBlock},
  isHashed: ${table.isHashed},
  uniques: ${literal(table.uniques)},
  columns: {
${columns.map(descriptor).join('\n')}
  },
} as const satisfies Table;`,
    ...(isCopied ? [lineOf(table, place)] : []),
    `export function decode${entity}(row: ${entity}Columns): ${entity}Row {
  return {
${own.map((column) => `    ${column.field}: ${decoded(column)},`).join('\n')}
  };
}`,
  ];
  return `${imports(parts.join('\n'))}\n\n${parts.join('\n\n')}\n`;
}

/** Straight-line code: it makes most of the lines that a backfill writes. */
function lineOf({ entity, name, columns }, place) {
  const isPlace = ({ field }) => place.includes(field);
  const placed = columns.filter((column) => isPlace(column) && column.field !== 'id');
  const values = columns.map((column) => {
    if (column.field === 'id') return `\${id}`;
    return written(`${isPlace(column) ? 'place' : 'row'}.${column.field}`, column);
  });
  return `/** One row for COPY. @param place its timestamp in ISO 8601 */
export function ${camel(name)}Line(
  id: string,
  place: {
${placed.map((column) => `    readonly ${column.field}: ${placeType(column)};`).join('\n')}
  },
  row: Written<${entity}Row>,
): string {
  return (
    ${values.map((value, index) => `\`${value}${index === values.length - 1 ? '\\n' : '\\t'}\``).join(' +\n    ')}
  );
}`;
}

/** How a column's values are written and read. */
function typeOf({ type, holds }) {
  return TYPES[holds === 'utf8' ? holds : type];
}

function written(value, column) {
  const { isNullable } = column;
  const { write, writeNull } = typeOf(column);
  if (write === undefined) return isNullable ? `\${${value} ?? NULL}` : `\${${value}}`;
  return `\${${isNullable ? writeNull : write}(${value})}`;
}

function decoded(column) {
  const { name, isNullable } = column;
  const { read, readNull } = typeOf(column);
  return read === undefined ? `row.${name}` : `${isNullable ? readNull : read}(row.${name})`;
}

function rowType(column) {
  const { row } = typeOf(column);
  return orNull(column.holds === 'address' ? row.replace('Hex', 'Address') : row, column);
}

function placeType(column) {
  if (column.type === 'timestamptz' || column.type === 'bytea') return orNull('string', column);
  return orNull(TYPES[column.type].row, column);
}

function orNull(type, { isNullable }) {
  return isNullable ? `${type} | null` : type;
}

/** What a column is beyond its name and type, as far as it is not as usual. */
function descriptor({ field, name, type, holds, isNullable, isHashed, text, unit }) {
  const rest = {
    ...(holds === null ? {} : { holds }),
    ...(isNullable ? { isNullable } : {}),
    ...(isHashed ? {} : { isHashed }),
    ...(text === null ? {} : { text }),
    ...(unit === null ? {} : { unit }),
  };
  const options = Object.keys(rest).length === 0 ? '' : `, ${literal(rest)}`;
  return `    ${field}: column('${name}', '${type}'${options}),`;
}

function comment({ text, unit }) {
  const sentences = [text, unit === null ? null : `In: ${unit}.`].filter((part) => part !== null);
  return sentences.length === 0 ? '' : `  /** ${sentences.join(' ')} */\n`;
}

function imports(source) {
  const used = (names) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(source));
  const line = (names, module, keyword = '') =>
    names.length === 0 ? '' : `import ${keyword}{ ${names.join(', ')} } from '${module}';\n`;
  return (
    line(used(['Address']), '../../address.js', 'type ') +
    line(used(READERS.filter(isName)), '../columnValues.js') +
    line(used([...WRITERS.filter(isName), 'NULL']), '../copyText.js') +
    line(
      ['column', ...used(['Hex', 'Table', 'Written']).map((name) => `type ${name}`)],
      '../table.js',
    )
  ).trimEnd();
}

function indexOf(tables) {
  const lines = tables.map(
    ({ name }) => `import { ${name.toUpperCase()} } from './${camel(name)}.js';`,
  );
  return `import type { Table } from '../table.js';
${lines.join('\n')}

/** Every table with an entity. */
export const TABLES: readonly Table[] = [
${tables.map(({ name }) => `  ${name.toUpperCase()},`).join('\n')}
];
`;
}

const isName = (name) => name !== undefined && name !== 'BigInt';
const has = (node, directive) => node.directives.some(({ name }) => name.value === directive);
const textOf = (node) => node.description?.value ?? null;
const literal = (value) => JSON.stringify(value);
const snake = (name) => name.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

function fail(message) {
  throw new Error(message);
}
