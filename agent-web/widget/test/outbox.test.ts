// What is kept in the browser, also where the browser does not want to.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Outbox } from '../src/outbox.ts';
import { Box, uuid } from '@throughline/protocol/browser';

class FakeStorage {
  readonly map = new Map<string, string>();
  full = false;
  get length(): number {
    return this.map.size;
  }
  key(i: number): string | null {
    return [...this.map.keys()][i] ?? null;
  }
  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.full) throw new Error('QuotaExceededError');
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
}

const storage = (fake: FakeStorage) => () => fake as unknown as Storage;
const blocked = (): Storage => {
  throw new Error('SecurityError');
};

it('keeps the order in which things were written, also within one millisecond', () => {
  const outbox = new Outbox(new Box('t', storage(new FakeStorage())));
  for (let i = 0; i < 50; i++) outbox.add(`message ${i}`, []);
  assert.deepEqual(
    outbox.list().map((message) => message.text),
    Array.from({ length: 50 }, (_, i) => `message ${i}`),
  );
});

it('is shared by tabs that never overwrite each other', () => {
  const fake = new FakeStorage();
  const [one, two] = [new Outbox(new Box('t', storage(fake))), new Outbox(new Box('t', storage(fake)))];
  const a = one.add('from one', []);
  const b = two.add('from two', []);
  one.remove(a.id);
  assert.deepEqual(
    one.list().map((message) => message.id),
    [b.id],
  );
  two.mark(b.id, 'refused');
  assert.equal(one.list()[0]?.error, 'refused');
  two.mark(b.id, undefined);
  assert.equal(one.list()[0]?.error, undefined);
  one.mark(a.id, 'gone already');
  assert.equal(one.list().length, 1, 'a mark does not bring back what was sent');
});

it('goes on in memory where storage is full or blocked', () => {
  const fake = new FakeStorage();
  const outbox = new Outbox(new Box('t', storage(fake)));
  outbox.add('stored', []);
  fake.full = true;
  const late = outbox.add('kept', []);
  assert.deepEqual(
    outbox.list().map((message) => message.text),
    ['stored', 'kept'],
  );
  outbox.remove(late.id);
  assert.equal(outbox.list().length, 1);
  const box = new Box('t', blocked);
  assert.equal(box.set('a', '1'), false);
  assert.equal(box.get('a'), '1');
  box.clear();
  assert.equal(box.get('a'), null);
});

it('touches nothing of others, and is not led astray by rubbish', () => {
  const fake = new FakeStorage();
  fake.setItem('basket', '3');
  fake.setItem('t:out:x', 'not json');
  fake.setItem('t:out:y', '{"id":1}');
  const box = new Box('t', storage(fake));
  assert.deepEqual(new Outbox(box).list(), []);
  box.clear();
  assert.deepEqual([...fake.map.keys()], ['basket']);
});

it('makes random UUIDs of version 4', () => {
  const made = new Set(Array.from({ length: 1000 }, uuid));
  assert.equal(made.size, 1000);
  for (const each of made) assert.match(each, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
