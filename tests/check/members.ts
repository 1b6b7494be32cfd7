// What the field tables declare, and what the code does with it: a parameter that is taken and never read is a promise that
// is not kept, and so is a member of an answer that nothing fills.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Row {
  member: string; // of the C struct; with dots when it is a member of a member
  name: string;
  type: string; // the struct whose member it is: the shape's, or the one that it begins with
  shape: string | null;
  stored: boolean; // read from the database by the table itself
}

export interface Shape {
  variable: string;
  type: string;
  file: string;
  rows: Row[];
}

export interface Method {
  name: string;
  file: string;
  params: string;
  result: string;
  run: string | null;
  /** The connection itself acts on it as well. */
  effect: boolean;
}

interface Fn {
  name: string;
  file: string;
  text: string; // signature and body
}

export interface Code {
  shapes: Shape[];
  methods: Method[];
  functions: Fn[];
  byName: Map<string, Fn[]>;
  inside: Set<string>; // "type.member" that the database fills by a row for the inside
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? sources(join(folder, one.name)) : /\.[ch]$/.test(one.name) ? [join(folder, one.name)] : [],
  );
}

const withoutComments = (code: string): string => code.replace(/\/\*[\s\S]*?\*\//g, ' ');

/** From an opening bracket to the one that closes it. */
function bracketed(code: string, open: number): string {
  let depth = 0;
  let quoted = false;
  for (let i = open; i < code.length; i++) {
    const c = code[i];
    if (c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === '(') depth++;
    else if (!quoted && c === ')' && --depth === 0) return code.slice(open, i + 1);
  }
  return code.slice(open);
}

const ROW =
  /\b(?:ROW|TEXT|TEXT_REQ|LINES|INT|INT_REQ|BOOL|TIME|TIME_REQ|UUID|UUID_REQ|ENUM|ENUM_REQ|JSON|OBJECT|LIST|TEXTS)\(\s*(\w+),\s*([\w.]+),(?:[\w\s*]+,)?\s*"(\w+)"/g;

function shapesOf(file: string, code: string): Shape[] {
  return [...code.matchAll(/\b(?:SHAPE|RECORD)\(\s*(\w+),\s*(\w+),\s*"\w+"/g)].map((found) => {
    const text = bracketed(code, found.index + found[0].indexOf('('));
    const rows = [...text.matchAll(ROW)].map((row): Row => {
      const all = bracketed(text, row.index + row[0].indexOf('('));
      return {
        type: row[1] ?? '',
        member: row[2] ?? '',
        name: row[3] ?? '',
        shape: /&(\w+)/.exec(all)?.[1] ?? null,
        stored: /\b(?:STORED|COMPUTED)\(/.test(all),
      };
    });
    return { variable: found[1] ?? '', type: found[2] ?? '', file, rows };
  });
}

function methodsOf(file: string, code: string): Method[] {
  return [...code.matchAll(/\bMETHOD\(\s*"([a-z_]+\.[a-z_]+)",.*?\bROLE_\w+,.*?(EFFECT_\w+),\s*&(\w+),\s*&(\w+),\s*(\w+)(?=[,)])/g)].map((found) => ({
    name: found[1] ?? '',
    file,
    effect: found[2] !== 'EFFECT_NONE',
    params: found[3] ?? '',
    result: found[4] ?? '',
    run: found[5] === 'NULL' ? null : (found[5] ?? null),
  }));
}

function functionsOf(file: string, code: string): Fn[] {
  return [...code.matchAll(/^([a-z][^;{}#]*?\b(\w+)\([^;{}]*\))\s*\n\{\n([\s\S]*?)^\}/gm)].map((found) => ({
    name: found[2] ?? '',
    file,
    text: `${found[1]}\n${found[3]}`,
  }));
}

export function read(root: string): Code {
  const code: Code = { shapes: [], methods: [], functions: [], byName: new Map(), inside: new Set() };
  for (const file of sources(join(root, 'server'))) {
    const text = withoutComments(readFileSync(file, 'utf8'));
    code.shapes.push(...shapesOf(file, text));
    code.methods.push(...methodsOf(file, text));
    code.functions.push(...functionsOf(file, text));
    for (const [, type, member] of text.matchAll(/\bINSIDE_\w+\(\s*(\w+),\s*(\w+),\s*(?:STORED|COMPUTED)\(/g)) code.inside.add(`${type}.${member}`);
  }
  for (const fn of code.functions) code.byName.set(fn.name, [...(code.byName.get(fn.name) ?? []), fn]);
  return code;
}

function shapeNamed(code: Code, variable: string, file: string): Shape | undefined {
  const all = code.shapes.filter((shape) => shape.variable === variable);
  return all.find((shape) => shape.file === file) ?? all[0];
}

/** The functions that `run` may come to: those of its own file before others of the same name. */
function reachable(code: Code, method: Method): Fn[] {
  const reached = new Set<Fn>();
  const waiting: Fn[] = [];
  const reach = (name: string, file: string): void => {
    const all = code.byName.get(name) ?? [];
    const own = all.filter((fn) => fn.file === file);
    for (const fn of own.length ? own : all) {
      if (reached.has(fn)) continue;
      reached.add(fn);
      waiting.push(fn);
    }
  };
  reach(method.run ?? '', method.file);
  if (method.effect) reach('apply_effect', method.file);
  for (let fn = waiting.pop(); fn; fn = waiting.pop()) {
    const body = fn.text.replace(/"(?:\\.|[^"\\])*"/g, '""');
    for (const [word] of body.matchAll(/\b[a-z]\w*\b/g)) if (word !== fn.name && code.byName.has(word)) reach(word, fn.file);
  }
  return [...reached];
}

/** Names of the variables of that type in a function. */
function variablesOf(fn: Fn, type: string): string[] {
  return [...fn.text.matchAll(new RegExp(`\\bstruct ${type}\\s+((?:\\*?\\s*\\w+(?:\\s*=[^,;()]*(?:\\([^;]*?\\))?[^,;()]*)?,?\\s*)+)`, 'g'))].flatMap((found) =>
    [...(found[1] ?? '').matchAll(/(?:^|[,*\s])\*?\s*(\w+)\s*(?=[=,;)[]|$)/g)].map((one) => one[1] ?? ''),
  );
}

const escaped = (text: string): string => text.replace(/\./g, '\\.');

/** An expression of that type, such as `p`, `items[i]`, or a cast. */
function expressions(fn: Fn, type: string): string {
  const variables = variablesOf(fn, type).map((name) => `\\b${name}(?:\\[[^\\]]*\\])?`);
  return `(?:${[...variables, `struct ${type} \\*\\)[^;]*?`].join('|')})`;
}

/** It and those that hold it: whoever writes one of these as JSON writes all that is in it. */
function holders(code: Code, shape: Shape, found = new Set<string>()): Set<string> {
  if (found.has(shape.variable)) return found;
  found.add(shape.variable);
  for (const outer of code.shapes) if (outer.rows.some((row) => row.shape === shape.variable)) holders(code, outer, found);
  return found;
}

function isRead(code: Code, fns: Fn[], shape: Shape, row: Row): boolean {
  const encoded = new RegExp(`field_encode\\(&(?:${[...holders(code, shape)].join('|')})\\b`);
  return fns.some((fn) => {
    if (encoded.test(fn.text)) return true;
    if (!fn.text.includes(`struct ${row.type}`)) return false;
    const head = row.member.split('.')[0] ?? '';
    return new RegExp(`${expressions(fn, row.type)}(?:->|\\.)(?:${escaped(row.member)}|${head})\\b(?!\\s*=[^=])`).test(fn.text);
  });
}

function isSet(code: Code, shape: Shape, row: Row): boolean {
  const member = escaped(row.member);
  const read = new RegExp(`\\bCOLUMNS\\(${shape.type},[^)]*\\b${member}\\b`);
  return code.functions.some((fn) => {
    if (read.test(fn.text)) return true;
    if (!new RegExp(`\\bstruct ${shape.type}\\b`).test(fn.text)) return false;
    return (
      new RegExp(`(?:->|\\.)${member}\\b(?:\\.\\w+)?\\s*(?:=[^=]|[+|&-]?=|\\+\\+)|&[\\w>.()-]*?(?:->|\\.)${member}\\b`).test(fn.text) ||
      (row.member.includes('.') && new RegExp(`(?:->|\\.)${row.member.split('.')[0]}\\s*=[^=]`).test(fn.text)) ||
      new RegExp(`struct ${shape.type}\\)\\{\\s*[^.}\\s]`).test(fn.text)
    );
  });
}

function* withInner(code: Code, shape: Shape, seen = new Set<Shape>()): Generator<[Shape, Row]> {
  if (seen.has(shape)) return;
  seen.add(shape);
  for (const row of shape.rows) {
    yield [shape, row];
    const inner = row.shape ? shapeNamed(code, row.shape, shape.file) : undefined;
    if (inner) yield* withInner(code, inner, seen);
  }
}

/** Parameters that no code of their method reads: "method: Shape.name". */
export function unread(code: Code): string[] {
  return code.methods
    .filter((method) => method.run)
    .flatMap((method) => {
      const shape = shapeNamed(code, method.params, method.file);
      if (!shape) return [];
      const fns = reachable(code, method);
      return [...withInner(code, shape)]
        .filter(([inner, row]) => !isRead(code, fns, inner, row))
        .map(([inner, row]) => `${method.name}: ${inner.type}.${row.name}`);
    });
}

/** Members of answers that nothing ever fills: "Shape.name". */
/** What is kept as JSON and read again by its table fills all of it. */
function decoded(code: Code): Set<string> {
  const whole = code.shapes.filter(({ variable }) => code.functions.some(({ text }) => text.includes(`field_decode(&${variable},`)));
  return new Set(whole.flatMap((shape) => [...withInner(code, shape)].map(([inner]) => inner.type)));
}

export function unset(code: Code): string[] {
  const found = new Set<string>();
  const whole = decoded(code);
  for (const method of code.methods) {
    const shape = shapeNamed(code, method.result, method.file);
    if (!shape || !method.run) continue;
    for (const [inner, row] of withInner(code, shape))
      if (!row.stored && !whole.has(inner.type) && !code.inside.has(`${row.type}.${row.member}`) && !isSet(code, inner, row))
        found.add(`${inner.type}.${row.name}`);
  }
  return [...found];
}
