// The tangle test finds what is planted, and nothing in code that keeps the rules.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrows, circles, faults, readSources, type Known, type Source } from './tangles.ts';

const NOTHING: Known = { tangled: [], long: [], shared: [] };

function source(path: string, code: string, lines = 10): Source {
  return { path: `server/${path}`, code, lines };
}

/** The includes of the planted code, without a file on disk. */
function found(sources: Source[], includes: Record<string, string[]> = {}, known = NOTHING): string[] {
  return faults(sources, (path) => (includes[path.replace('server/', '')] ?? []).map((one) => `server/${one}`), known);
}

test('a circle of includes is found, also through a header and over three files', () => {
  const sources = ['web/a.c', 'web/a.h', 'web/b.c', 'web/b.h', 'web/c.h'].map((path) => source(path, ''));
  const round = { 'web/a.c': ['web/b.h'], 'web/b.h': ['web/c.h'], 'web/c.h': ['web/a.h'] };
  const [fault, ...others] = found(sources, round);
  assert.match(fault ?? '', /a circle: server\/web\/a, server\/web\/b, server\/web\/c/);
  assert.deepEqual(others, []);
  assert.deepEqual(found(sources, { 'web/a.c': ['web/b.h', 'web/c.h'], 'web/b.h': ['web/c.h'] }), []);
});

test('a use of what another file defines counts, whoever has declared it', () => {
  const sources = [
    source('desk/a.c', 'int a_run(void)\n{\n    return b_run();\n}\n'),
    source('desk/b.c', 'int b_run(void)\n{\n    return A_TABLE[0];\n}\n'),
    source('desk/a2.c', 'const int A_TABLE[] = {1};\nint a2(void)\n{\n    return a_run();\n}\n'),
  ];
  assert.deepEqual(circles(arrows(sources, () => [])), [['server/desk/a', 'server/desk/a2', 'server/desk/b']]);
});

test('members, tags and static functions with such a name are no use', () => {
  const sources = [
    source('desk/a.c', 'int run(void)\n{\n    return go();\n}\n'),
    source('desk/b.c', 'int go(void)\n{\n    return x->run + y.run + sizeof(struct run);\n}\n'),
    source('desk/c.c', 'static int go(void)\n{\n    return 1;\n}\nint c(void)\n{\n    return go();\n}\n'),
  ];
  const known = arrows(sources, () => []);
  assert.deepEqual([...(known.get('server/desk/b') ?? [])], []);
  assert.deepEqual([...(known.get('server/desk/c') ?? [])], []);
});

test('a known circle is excused, but takes in no other file and stays on no list without need', () => {
  const sources = ['db/a.h', 'db/b.h', 'db/c.h'].map((path) => source(path, ''));
  const two = { 'db/a.h': ['db/b.h'], 'db/b.h': ['db/a.h'] };
  const known = { ...NOTHING, tangled: [['server/db/a', 'server/db/b']] };
  assert.deepEqual(found(sources, two, known), []);
  assert.equal(found(sources, { ...two, 'db/b.h': ['db/c.h'], 'db/c.h': ['db/a.h'] }, known).length, 1);
  assert.deepEqual(found(sources, {}, known).length, 2);
});

test('a file that is too long is found; in web/ sooner', () => {
  const long = { ...NOTHING, long: ['server/api/b.c'] };
  assert.equal(found([source('web/a.c', '', 301)]).length, 1);
  assert.deepEqual(found([source('web/a.c', '', 300), source('api/a.c', '', 500)]), []);
  assert.equal(found([source('api/a.c', '', 501)]).length, 1);
  assert.deepEqual(found([source('api/b.c', '', 501)], {}, long), []);
  assert.match(found([source('api/b.c', '', 500)], {}, long)[0] ?? '', /take it off LONG/);
});

test('a static function name in two files is found; in web/ nothing excuses it', () => {
  const code = 'static bool take(int x)\n{\n    return x;\n}\n';
  const shared = { ...NOTHING, shared: ['take'] };
  assert.match(found([source('api/a.c', code), source('desk/b.c', code)])[0] ?? '', /static take\(\) is in server\/api\/a\.c and server\/desk\/b\.c/);
  assert.deepEqual(found([source('api/a.c', code), source('desk/b.c', code)], {}, shared), []);
  assert.equal(found([source('api/a.c', code), source('desk/b.c', code), source('web/c.c', code)], {}, shared).length, 1);
  assert.match(found([source('api/a.c', code)], {}, shared)[0] ?? '', /take it off SHARED_STATIC/);
});

test('it sees the arrows of the server itself', () => {
  const { sources, includesOf } = readSources(new URL('../..', import.meta.url).pathname);
  const known = arrows(sources, includesOf);
  assert.ok(known.get('server/web/call/rpc')?.has('server/web/state/server'));
  assert.ok(known.get('server/api/methods')?.has('server/api/agent'), 'by a table that it names');
});
