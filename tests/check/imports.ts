// imports.ts FOLDER: a module of the browser code does nothing when it is imported. Whoever wants to listen, ask or draw says
// so in a function, which the entry (main.ts, main.tsx) calls; so logic can be tested without a browser.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';

const SOURCES = 'agent-web/{console,protocol,widget}/src/**/*.{ts,tsx}';
const ENTRY = /\/main\.tsx?$/;
/** What only says what there is. */
const QUIET = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ExportDefaultDeclaration',
  'FunctionDeclaration',
  'ClassDeclaration',
  'VariableDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'TSModuleDeclaration',
]);

/** What may be called to say what there is: it listens to nobody and tells nobody. */
const QUIET_CALLS = new Set(['memo', 'later', 'createContext', 'createLucideIcon', 'map', 'join', 'test', 'now', 'getState', 'empty']);
/** Its inside runs later, or never. */
const LATER = /Function|^Class|^TS/;

interface Node {
  type: string;
  start: number;
  callee?: Node & { name?: string; property?: { name?: string } };
}

function loudCalls(node: unknown): Node[] {
  if (Array.isArray(node)) return node.flatMap(loudCalls);
  if (!node || typeof node !== 'object') return [];
  const one = node as Node;
  if (LATER.test(one.type)) return [];
  const name = one.callee?.name ?? one.callee?.property?.name ?? '';
  const loud = one.type === 'CallExpression' && !QUIET_CALLS.has(name);
  return [...(loud ? [one] : []), ...Object.values(one).flatMap(loudCalls)];
}

/** The lines on which it does something. */
export function deeds(path: string, code: string): number[] {
  const { program, errors } = parseSync(path, code);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const found = (program.body as unknown as Node[]).flatMap((node) => (QUIET.has(node.type) ? loudCalls(node) : [node]));
  return found.map(({ start }) => code.slice(0, start).split('\n').length);
}

export function check(root: string): string[] {
  return globSync(SOURCES, { cwd: root })
    .filter((path) => !ENTRY.test(path))
    .sort()
    .flatMap((path) => deeds(path, readFileSync(join(root, path), 'utf8')).map((line) => `${path}:${line}: does something when it is imported`));
}

if (import.meta.main) {
  const found = check(process.argv[2] ?? '.');
  for (const line of found) console.log(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
