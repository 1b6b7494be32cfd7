import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deeds } from './imports.ts';

const lines = (...code: string[]) => deeds('one.ts', code.join('\n'));

test('A module that only says what there is, is quiet', () => {
  assert.deepEqual(
    lines(
      "import { a } from './a.ts';",
      'export const b = new Map<string, number>();',
      'export function c() { a(); }',
      'class D {}',
      'type E = string;',
      'export * from "./f.ts";',
    ),
    [],
  );
});

test('A call, an assignment, a loop and a wait at the top are deeds', () => {
  assert.deepEqual(lines('const a = 1;', 'listen();', 'window.x = a;', 'for (const b of []) b();', 'if (a) listen();', 'await listen();'), [2, 3, 4, 5, 6]);
});

test('So is a call beside a declaration, and not what runs later', () => {
  assert.deepEqual(lines('const end = client.on("entry", take);', 'export const timer = setInterval(tick, 1);', 'export default listen();'), [1, 2, 3]);
  assert.deepEqual(
    lines('export const start = () => client.on("entry", take);', 'class A { b = listen(); }', 'const views = VIEWS.map((view) => open(view));'),
    [],
  );
});
