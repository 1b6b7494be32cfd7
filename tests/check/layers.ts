// The layer test: folders are the design, and the arrows between them point one way (docs/ARCHITECTURE.md).
//   layers.ts [ROOT]   prints each violation as file:line: text; exit status 1 when there is one
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The plain records of the channel contract: no behaviour, so that store and desk can take what a channel has read. */
const RECORDS = 'channel/inbound.h';

/** Folder of server/: the folders it may include from, beside itself; a single header where only that is meant. */
export const MAY_USE: Record<string, string[]> = {
  base: [],
  db: ['base'],
  store: ['db', 'base', RECORDS],
  channel: ['base'],
  // Processes of our own binary that have given up all rights, and the threads that ask them.
  apart: ['base'],
  // Takes strangers' bytes apart in such processes.
  parser: ['apart', 'channel', 'base'],
  // Small copies of strangers' pictures, made in such a process.
  picture: ['apart', 'base'],
  // The rules run inside a transaction of db/: they hold a connection, and write no SQL.
  desk: ['store', 'db', 'base', 'channel/channel.h', 'parser/parser.h', 'parser/known.h', 'parser/read_key.h', RECORDS],
  // Derived from the timelines, off their path: may be thrown away and made again.
  search: ['store', 'db', 'base'],
  // Long work in steps: imports, exports, erasures.
  task: ['desk', 'store', 'db', 'base', 'channel/channel.h', 'channel/charset.h', RECORDS],
  deliver: ['channel', 'store', 'desk', 'db', 'base'],
  // What a virus scanner says of files.
  scan: ['desk', 'store', 'db', 'base'],
  // Fetches what lies elsewhere, by the rules of the network and with the tokens of deliver.
  collect: ['deliver', 'channel', 'store', 'desk', 'db', 'base'],
  // From one server process to the others: bytes, and who has missed some.
  bus: ['base'],
  // A program of its own, beside the mail server.
  handover: ['base'],
  api: ['task', 'search', 'desk', 'store', 'channel', 'deliver', 'db', 'base'],
  web: ['api', 'bus', 'task', 'search', 'collect', 'deliver', 'scan', 'picture', 'parser', 'apart', 'channel', 'desk', 'store', 'db', 'base'],
  // server/*.c: the command line puts everything together.
  '.': ['web', 'api', 'bus', 'task', 'search', 'collect', 'deliver', 'scan', 'picture', 'parser', 'apart', 'channel', 'desk', 'store', 'db', 'base'],
};

/** Folders within a folder, from the bottom: each may include from itself and from those before it; what lies beside them, from all. */
export const INNER: Record<string, string[]> = {
  desk: ['ground', 'guard', 'profile', 'conversation', 'ingest', 'act', 'people'],
  web: ['loop', 'http', 'socket', 'hub', 'state', 'lmtp', 'call'],
};

/** Headers of libraries that belong to some folders alone. */
export const OWNED_HEADERS: [header: RegExp, folders: string[]][] = [
  [/^libwebsockets\.h$/, ['web/socket']],
  [/^uv\.h$/, ['web/loop', 'web/http', 'web/lmtp']],
  [/^(mysql|mariadb\/mysql|mysqld_error|errmsg|mariadb\/.*)\.h$/, ['db']],
  [/^curl\//, ['deliver', 'collect', 'handover']],
  [/^nats\//, ['bus']],
  [/^seccomp\.h$/, ['apart']],
  [/^(jpeglib|png|gif_lib)\.h$|^(webp|libheif)\//, ['picture']],
  [/^gmime\//, ['channel']],
  [/^rnp\//, ['channel']],
  [/^sqlite3\.h$/, ['search']],
  [/^libstemmer\.h$/, ['search']],
  [/^cld2\//, ['search']],
  [/^(zxcvbn|md4c)\.h$/, ['base']],
  [/^(csv|archive|archive_entry)\.h$/, ['task']],
];

/** SQL is written in these folders alone. */
const SQL_FOLDERS = ['store', 'db', 'search'];
const SQL = /"\s*(SELECT\s+.+|INSERT\s+(IGNORE\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|REPLACE\s+INTO\s)/;

export interface Violation {
  file: string;
  line: number;
  text: string;
}

export function sourceFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sourceFiles(path);
    return /\.(c|h|cc|cpp)$/.test(name) ? [path] : [];
  });
}

/** The text with comments blanked out; strings and line numbers stay. */
export function withoutComments(code: string): string {
  return code.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (token) =>
    token.startsWith('/') ? token.replace(/[^\n]/g, ' ') : token,
  );
}

/** Of an include within one folder. */
function innerFault(folder: string, inner: string, include: string): string | undefined {
  const order = INNER[folder] ?? [];
  const target = include.split('/').length > 2 ? (include.split('/')[1] ?? '') : '';
  const known = (one: string): boolean => one === '' || order.includes(one);
  if (!known(inner)) return `server/${folder}/${inner} is not in the order of ${folder}`;
  if (!known(target)) return `"${include}": ${folder} has no folder ${target} in its order`;
  if (inner === '' || (target !== '' && order.indexOf(target) <= order.indexOf(inner))) return undefined;
  return `${folder}/${inner} must not include "${include}"; it may use ${order.slice(0, order.indexOf(inner) + 1).join(', ')}`;
}

function includeFault(folder: string, inner: string, include: string, ours: boolean): string | undefined {
  if (!ours) {
    const owner = OWNED_HEADERS.find(([header]) => header.test(include));
    if (!owner || owner[1].includes(inner ? `${folder}/${inner}` : folder)) return undefined;
    return `<${include}> belongs to ${owner[1].join(', ')} alone`;
  }
  const target = include.split('/')[0] ?? '';
  if (!include.includes('/')) {
    if (folder === '.') return undefined;
    return `"${include}": write the folder too, "${folder}/${include}"`;
  }
  if (!(target in MAY_USE)) return `"${include}": server/ has no folder ${target} in the layer table`;
  const allowed = MAY_USE[folder] ?? [];
  if (target === folder) return innerFault(folder, inner, include);
  if (allowed.includes(target) || allowed.includes(include)) return undefined;
  return `${folder} must not include "${include}"; it may use ${allowed.join(', ') || 'nothing of ours'}`;
}

/** `file`: as server/web/hub/hub.c; `folder`: the first one below server/. */
export function fileViolations(folder: string, file: string, code: string): Violation[] {
  const inner = file
    .split('/')
    .slice(2, -1)
    .filter((part) => part !== '.')
    .join('/');
  return withoutComments(code)
    .split('\n')
    .flatMap((text, index) => {
      const found: string[] = [];
      const include = /^\s*#\s*include\s*([<"])([^>"]+)[>"]/.exec(text);
      if (include) {
        const fault = includeFault(folder, inner, include[2] ?? '', include[1] === '"');
        if (fault) found.push(fault);
      } else if (!SQL_FOLDERS.includes(folder) && SQL.test(text)) {
        found.push(`SQL belongs to ${SQL_FOLDERS.join(' and ')} alone`);
      }
      return found.map((fault) => ({ file, line: index + 1, text: fault }));
    });
}

export function violations(root: string): Violation[] {
  const server = join(root, 'server');
  if (!existsSync(server)) return [];
  return sourceFiles(server).flatMap((path) => {
    const parts = relative(server, path).split(sep);
    const folder = parts.length === 1 ? '.' : (parts[0] ?? '.');
    const file = relative(root, path).split(sep).join('/');
    if (!(folder in MAY_USE)) return [{ file, line: 1, text: `server/${folder} is not in the layer table` }];
    return fileViolations(folder, file, readFileSync(path, 'utf8'));
  });
}

if (import.meta.main) {
  const found = violations(process.argv[2] ?? process.cwd());
  for (const { file, line, text } of found) console.log(`${file}:${line}: ${text}`);
  process.exitCode = found.length > 0 ? 1 : 0;
}
