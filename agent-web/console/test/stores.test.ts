// Stores by key: reading changes nothing, and what nobody watches does not stay for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../src/lib/store.ts';
import { Stores } from '../src/lib/stores.ts';

const three = (dropped: string[] = []) => new Stores<string>({ make: (key) => `new ${key}`, most: 3, dropped: (value) => dropped.push(value) });

test('Who asks twice gets the same, and nothing is dropped by asking', () => {
  const stores = three();
  const first = stores.of('a');
  for (const key of ['b', 'c', 'd', 'e']) stores.of(key);
  assert.equal(stores.of('a'), first);
  assert.equal(first.get(), 'new a');
});

test('What is not known is not made by a push', () => {
  const stores = three();
  assert.equal(stores.known('a'), undefined);
  assert.equal(stores.size, 0);
});

test('The one that was not used for longest goes, and is told', () => {
  const dropped: string[] = [];
  const stores = three(dropped);
  for (const key of ['a', 'b', 'c', 'a', 'd']) stores.use(key);
  assert.deepEqual(dropped, ['new b']);
  assert.equal(stores.known('b'), undefined);
  assert.ok(stores.known('a'));
});

test('What is watched stays, however long ago it was used', () => {
  const stores = three();
  const end = stores.use('a').subscribe(() => undefined);
  for (let i = 0; i < 20; i++) stores.use(`${i}`);
  assert.ok(stores.known('a'));
  end();
  stores.use('last');
  assert.equal(stores.known('a'), undefined);
  assert.equal(stores.size, 3);
});

test('A change is told once, to those who watch this one; no change is not told', () => {
  const told: string[] = [];
  const stores = new Stores<string>({ make: () => '', most: 3, changed: (key, value) => told.push(`${key}=${value}`) });
  stores.of('a').subscribe(() => told.push('watcher of a'));
  stores.of('b').subscribe(() => told.push('watcher of b'));
  stores.of('a').set('x');
  stores.of('a').set('x');
  assert.deepEqual(told, ['a=x', 'watcher of a']);
});

test('A listener that leaves while it is told does not keep others from being told', () => {
  const store = new Store(0);
  const told: string[] = [];
  const leave = store.subscribe(() => {
    told.push('one');
    leave();
  });
  store.subscribe(() => told.push('two'));
  store.set(1);
  store.set((now) => now + 1);
  assert.deepEqual(told, ['one', 'two', 'two']);
});
