// sides.ts FOLDER: the console and the widget are read from left to right or from right to left, so their style sheets speak of start
// and end (margin-inline-start, inset-inline-end, text-align: start), not of left and right. What must name a side is listed here.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = 'agent-web/{console,widget}/src/**/*.{css,ts,tsx}';

/** Declarations that stay as they are, by their file, each with its reason. */
export const EXCEPTIONS: Record<string, { says: string; because: string }[]> = {
  'agent-web/widget/src/style/launcher.css': [
    { says: 'right: max(20px, env(safe-area-inset-right))', because: 'the shop has chosen that side, and a phone names its edges so' },
    { says: 'left: max(20px, env(safe-area-inset-left))', because: 'the shop has chosen that side, and a phone names its edges so' },
  ],
  'agent-web/widget/src/style/log.css': [
    { says: 'text-align: right', because: "under [dir='rtl'] alone: our words begin where the page's lines begin, whichever way they run themselves" },
  ],
};

const SIDE = /^(?:(?:scroll-)?(?:margin|padding)-(?:left|right)|border-(?:left|right)(?:-\w+)?|border-(?:top|bottom)-(?:left|right)-radius|left|right)$/;
const ALIGNED = /^(?:text-align|float|clear|caption-side)$/;
const FOUR = /^(?:margin|padding|inset|border-(?:width|style|color)|scroll-(?:margin|padding))$/;
const MOVED = /^(?:transform|translate)$/;

/** What stands between spaces, those in brackets aside. */
const partsOf = (value: string): string[] => value.match(/(?:[^\s()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+/g) ?? [];

function isSided(property: string, value: string): boolean {
  const parts = partsOf(value.replace(/!important/, ''));
  if (SIDE.test(property)) return true;
  if (ALIGNED.test(property)) return /\b(?:left|right)\b/.test(value);
  if (FOUR.test(property)) return parts.length === 4 && parts[1] !== parts[3];
  if (property === 'border-radius')
    return parts.length > 1 && !parts.includes('/') && (parts[0] !== parts[1] || (parts[3] ?? parts[1]) !== (parts[2] ?? parts[0]));
  if (MOVED.test(property))
    return /translateX|translate(?:3d)?\(\s*-?[1-9.]/.test(value) || (property === 'translate' && !/^(?:0\w*|none)$/.test(parts[0] ?? ''));
  return false;
}

const DECLARATION = /(?<=[{;\s'"`])([a-z-]+):\s*([^;{}]+)(?=[;}])/g;
/** A style that a component writes: its names are those of the DOM. */
const INLINE = /\bstyle=\{\{([\s\S]*?)\}\}/g;
const NAMED = /(?<![\w.])((?:margin|padding|border)(?:Left|Right)\w*|left|right)\s*:/g;

/** The declarations that name a side, with their lines. */
export function sidesIn(path: string, code: string): { line: number; says: string }[] {
  const text = code.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const lineOf = (at: number) => text.slice(0, at).split('\n').length;
  const found: { line: number; says: string }[] = [];
  const sheet = path.endsWith('.css');
  // In script only what is plainly a style sheet's: `left: …` is anything there.
  for (const { 1: property = '', 2: value = '', index } of text.matchAll(DECLARATION))
    if ((sheet || property.includes('-')) && isSided(property, value.trim())) found.push({ line: lineOf(index), says: `${property}: ${value.trim()}` });
  if (!sheet)
    for (const style of text.matchAll(INLINE))
      for (const { 1: name = '', index } of style[1]!.matchAll(NAMED)) found.push({ line: lineOf(style.index + index), says: name });
  return found;
}

export function check(root: string): string[] {
  const used = new Set<string>();
  const wrong = globSync(SOURCES, { cwd: root })
    .sort()
    .flatMap((path) =>
      sidesIn(path, readFileSync(join(root, path), 'utf8'))
        .filter(({ says }) => {
          const fine = EXCEPTIONS[path]?.some((one) => one.says === says) ?? false;
          if (fine) used.add(`${path}: ${says}`);
          return !fine;
        })
        .map(({ line, says }) => `${path}:${line}: "${says}" names a side: say start or end, or give the reason in tests/check/sides.ts`),
    );
  const listed = Object.entries(EXCEPTIONS).flatMap(([path, all]) => all.map(({ says }) => `${path}: ${says}`));
  return [...wrong, ...listed.filter((one) => !used.has(one)).map((one) => `${one}: is listed in tests/check/sides.ts, and is not there`)];
}

if (import.meta.main) {
  const found = check(process.argv[2] ?? '.');
  for (const one of found) console.log(one);
  if (found.length > 0) process.exitCode = 1;
}
