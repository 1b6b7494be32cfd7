// No sentence is built in C for a screen: what people read goes by a saying (server/base/saying.h), and English text stands only
// where nobody but who runs the server reads it, or in the tables that document the API.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Literals of these calls and macros are for the log, the database, the command line or the API's documents. */
const FOR_OTHERS =
  /^(METHODS?|log_\w+|security_event\w*|error_english|error_print|fprintf|db_\w+|mysql_\w+|SHAPE|RECORD|SAYING|SAID|[A-Z_]*(TEXT|LINES|INT|BOOL|TIME|UUID|UUIDS|ENUM|JSON|OBJECT|LIST|ROW|KIND)(_REQ|S)?|_Static_assert|refuse_upgrade|asm)$/;
/** Tables at the outside of a function: rows of methods, settings and the like document. */
const TABLES = /\bconst (?:struct )?(\w+)[\s*\w]*(?:const )?\**\s*\w+\[[^\]]*\] = \{/;
/** Three words in a row, as in a sentence. SQL is in capitals. */
const SENTENCE = /\b[A-Za-z][a-z']*,? [a-z']+,? [a-z']+/;

export interface Found {
  file: string;
  line: number;
  text: string;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? sources(join(folder, one.name)) : /\.(c|cc)$/.test(one.name) ? [join(folder, one.name)] : [],
  );
}

/** Walks a file: which call, or which table outside of functions, does each literal stand in? */
export function sentencesIn(file: string, code: string): Found[] {
  const found: Found[] = [];
  const calls: string[] = [];
  let depth = 0;
  let line = 1;
  for (let i = 0; i < code.length; i++) {
    const rest = code.slice(i, i + 400);
    const c = code[i]!;
    if (c === '\n') line++;
    const comment = /^(\/\*[\s\S]*?\*\/|\/\/.*)/.exec(code.slice(i, i + 8000));
    const character = /^'(\\.|[^'\\])+'/.exec(rest);
    if (comment || character) {
      const [skipped] = (comment ?? character)!;
      line += skipped.split('\n').length - 1;
      i += skipped.length - 1;
    } else if (c === '"') {
      const [literal] = /^"(?:\\.|[^"\\])*"/.exec(code.slice(i, i + 8000)) ?? [''];
      const outside = depth === 0 || calls[0] === 'table';
      if (SENTENCE.test(literal) && !outside && !calls.some((name) => FOR_OTHERS.test(name))) found.push({ file, line, text: literal });
      i += literal.length - 1;
    } else if (c === '(') {
      calls.push(/(\w+)\s*$/.exec(code.slice(Math.max(0, i - 60), i))?.[1] ?? '');
      depth++;
    } else if (c === '{') {
      const before = code.slice(Math.max(0, i - 300), i + 1);
      const statement = before.slice(Math.max(before.lastIndexOf(';'), before.lastIndexOf('}')) + 1);
      calls.push(TABLES.test(statement) || /\bconst struct \w+ \w+ = \{$/.test(statement) ? 'table' : '{');
      depth++;
    } else if (c === ')' || c === '}') {
      calls.pop();
      depth--;
    }
  }
  return found;
}

export const sentences = (root: string): Found[] =>
  sources(join(root, 'server')).flatMap((path) => sentencesIn(relative(root, path), readFileSync(path, 'utf8')));
