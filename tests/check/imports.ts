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

/** The lines on which it does something. */
export function deeds(path: string, code: string): number[] {
  const { program, errors } = parseSync(path, code);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  return program.body.filter(({ type }) => !QUIET.has(type)).map(({ start }) => code.slice(0, start).split('\n').length);
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
