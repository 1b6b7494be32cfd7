import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildRows } from '../src/timeline/rows.ts';
import { keepingRows } from '../src/timeline/sameRows.ts';
import { entry } from './kit.ts';

const NOW = Date.parse('2026-03-10T18:00:00.000Z');
const at = (id: string, time: string, part = {}) => entry({ id, occurred_at: `2026-03-${time}:00.000Z`, ...part });

test('A row that is as it was is the same object; one that differs is not', () => {
  const keep = keepingRows();
  const old = [at('a', '09T12:00'), at('v', '09T13:00', { kind: 'visit' }), at('b', '10T12:00')];
  const first = keep(buildRows(old, [], false, NOW));
  const more = keep(buildRows([...old, at('c', '10T12:01')], [], false, NOW));
  assert.equal(more.length, first.length + 1);
  for (const [index, row] of first.entries()) assert.equal(more[index], row, row.key);
  const changed = keep(buildRows([at('a', '09T12:00', { text: 'other words' }), ...old.slice(1), at('c', '10T12:01')], [], false, NOW));
  assert.deepEqual(
    changed.filter((row, index) => row !== more[index]).map(({ key }) => key),
    ['a', 'c'], // another object each time it is asked for
  );
  const before = keep(buildRows(old, [], false, NOW));
  const grouped = keep(buildRows([old[0]!, old[1]!, at('w', '09T14:00', { kind: 'visit' }), old[2]!], [], false, NOW));
  assert.deepEqual(
    grouped.filter((row) => !before.includes(row)).map(({ key }) => key),
    ['q-v'],
  );
});
