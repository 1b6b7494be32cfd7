// The tangle test: which file of server/ knows which. A file is its .c and .h together; it knows another when it includes its
// header, or uses a function or a variable that the other defines. Refused are circles, files that are too long, and static
// functions with the same name in two files (a reader who searches for it finds both).
//   tangles.ts [ROOT]   prints each fault; exit status 1 when there is one
// What was so when the test was written is listed by name below. These lists only get shorter: what is on them without need
// is a fault too.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { sourceFiles, withoutComments } from './layers.ts';
import { LONG, SHARED_STATIC, TANGLED } from './tangles.known.ts';

/** Lines of a file, by what its path begins with; the first that fits. */
const LINES_MAX: [path: string, lines: number][] = [
  ['server/web/', 300],
  ['server/', 500],
];
/** Here nothing is excused. */
const STRICT = 'server/web/';

export interface Source {
  path: string; // of the file: server/web/hub/hub.c
  code: string; // without comments and strings
  lines: number;
}

export interface Known {
  tangled: string[][]; // groups of files without their endings
  long: string[];
  shared: string[]; // names of static functions
}

const withoutStrings = (code: string): string => code.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, '""');

/** A file's two halves have one name. */
const stem = (path: string): string => path.replace(/\.(c|h|cc)$/, '');

const FUNCTION = /^(?!static\b|typedef\b|extern\b|return\b|else\b)[A-Za-z_][\w \t*]*?\b(\w+)\([^;{}]*\)\s*\{/gm;
const VARIABLE = /^(?!static\b|typedef\b|extern\b|return\b|(?:struct|union|enum)\s+\w+\s*;)[A-Za-z_][\w \t*]*?\b(\w+)(?:\[[^\]]*\])*\s*(?:=[^=]|;)/gm;
const STATIC = /^static\s(?:inline\s)?[\w \t*]*?\b(\w+)\([^;{}]*\)\s*\{/gm;

/** Tables that a macro defines. */
const TABLE = /^METHODS\((\w+)/gm;

const names = (code: string, pattern: RegExp): string[] => [...code.matchAll(pattern)].map((found) => found[1] ?? '');

/** Everything that is named, but members and tags. */
function usedNames(code: string): Set<string> {
  return new Set([...code.matchAll(/(?<!\.|->|\bstruct\s|\benum\s)\b[A-Za-z_]\w*/g)].map((found) => found[0]));
}

/** File without its ending: those that it knows. */
export function arrows(sources: Source[], includesOf: (path: string) => string[]): Map<string, Set<string>> {
  const home = new Map<string, string>(); // what is defined: where
  for (const { path, code } of sources) {
    if (path.endsWith('.h')) continue;
    // What C++ keeps in a namespace looks like a variable for all.
    const variables = path.endsWith('.c') ? names(code, VARIABLE) : [];
    for (const name of [...names(code, FUNCTION), ...names(code, TABLE), ...variables]) home.set(name, stem(path));
  }
  const known = new Map<string, Set<string>>();
  for (const { path, code } of sources) {
    const own = stem(path);
    const to = known.get(own) ?? new Set<string>();
    known.set(own, to);
    for (const include of includesOf(path)) to.add(stem(include));
    if (path.endsWith('.h')) continue;
    const statics = new Set(names(code, STATIC));
    for (const name of usedNames(code)) {
      const at = home.get(name);
      if (at && !statics.has(name)) to.add(at);
    }
  }
  for (const [own, to] of known) to.delete(own);
  return known;
}

/** Tarjan: groups of files of which each knows each other, by whatever way. */
export function circles(known: Map<string, Set<string>>): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (at: string): number => {
    let lowest = order.size;
    order.set(at, lowest);
    low.set(at, lowest);
    stack.push(at);
    for (const to of known.get(at) ?? []) {
      if (!known.has(to)) continue;
      if (!order.has(to)) lowest = Math.min(lowest, visit(to));
      else if (stack.includes(to)) lowest = Math.min(lowest, order.get(to) ?? lowest);
    }
    low.set(at, lowest);
    if (lowest === order.get(at)) {
      const group = stack.splice(stack.indexOf(at));
      if (group.length > 1) found.push(group.sort());
    }
    return lowest;
  };
  for (const at of known.keys()) if (!order.has(at)) visit(at);
  return found;
}

function tangleFaults(found: string[][], known: string[][]): string[] {
  const faults = found.flatMap((group) => {
    if (known.some((one) => group.every((file) => one.includes(file)))) return [];
    return [`a circle: ${group.join(', ')}: give the lower one a table of functions, or the common part a file of its own`];
  });
  const stale = known.flat().filter((file) => !found.some((group) => group.includes(file)));
  return [...faults, ...stale.map((file) => `${file} is in no circle any more: take it off TANGLED`)];
}

function lengthFaults(sources: Source[], long: string[]): string[] {
  return sources.flatMap(({ path, lines }) => {
    const max = LINES_MAX.find(([begin]) => path.startsWith(begin))?.[1] ?? Infinity;
    const excused = long.includes(path);
    if (lines > max) return excused ? [] : [`${path} has ${lines} lines; ${max} are the most: divide it`];
    return excused ? [`${path} is no longer too long: take it off LONG`] : [];
  });
}

function staticFaults(sources: Source[], shared: string[]): string[] {
  const files = new Map<string, string[]>();
  for (const { path, code } of sources) for (const name of new Set(names(code, STATIC))) files.set(name, [...(files.get(name) ?? []), path]);
  const faults = [...files].flatMap(([name, where]) => {
    if (where.length < 2 || (shared.includes(name) && !where.some((path) => path.startsWith(STRICT)))) return [];
    return [`static ${name}() is in ${where.join(' and ')}: give one of them a name that says more`];
  });
  const stale = shared.filter((name) => (files.get(name) ?? []).length < 2);
  return [...faults, ...stale.map((name) => `static ${name}() is in one file at most: take it off SHARED_STATIC`)];
}

export function faults(sources: Source[], includesOf: (path: string) => string[], known: Known): string[] {
  return [...tangleFaults(circles(arrows(sources, includesOf)), known.tangled), ...lengthFaults(sources, known.long), ...staticFaults(sources, known.shared)];
}

export function readSources(root: string): { sources: Source[]; includesOf: (path: string) => string[] } {
  const server = join(root, 'server');
  const includes = new Map<string, string[]>();
  const sources = sourceFiles(server).map((file) => {
    const text = readFileSync(file, 'utf8');
    const path = relative(root, file);
    const code = withoutComments(text);
    const ours = [...code.matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)].map((one) => `server/${one[1]}`);
    includes.set(
      path,
      ours.filter((one) => existsSync(join(root, one))),
    );
    return { path, code: withoutStrings(code), lines: text.split('\n').length - 1 };
  });
  return { sources, includesOf: (path) => includes.get(path) ?? [] };
}

if (import.meta.main) {
  const { sources, includesOf } = readSources(process.argv[2] ?? process.cwd());
  const found = faults(sources, includesOf, { tangled: TANGLED, long: LONG, shared: SHARED_STATIC });
  for (const fault of found) console.log(fault);
  process.exitCode = found.length > 0 ? 1 : 0;
}
