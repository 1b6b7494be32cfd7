// What is done with many conversations, and its undoing.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CallError, type Conversation } from '@throughline/protocol';
import { reopenMany, resolveMany } from '../src/actions/conversation.ts';
import { entryActions } from '../src/actions/entry.ts';
import { actions } from '../src/actions/registry.ts';
import { REMOTE } from '../src/actions/remote.ts';
import { startWords } from '../src/i18n/index.ts';
import { answering, conversation, withPage } from './kit.ts';

withPage();
startWords();
const rows = new Map<string, Conversation>();
let broken: string | null = null;
let asked: { method: string; params: Record<string, unknown> }[] = [];
const listed = () => [...rows.values()];
const statuses = () => listed().map(({ status }) => status);
const change = (id: string, part: Partial<Conversation>) => rows.set(id, { ...rows.get(id)!, ...part, version: rows.get(id)!.version! + 1 });

beforeEach(() => {
  rows.clear();
  broken = null;
  for (const id of ['a', 'b', 'c']) rows.set(id, conversation({ id, customer_id: id, version: 3 }));
  asked = answering({
    'conversation.get': ({ id }) => rows.get(String(id)),
    'conversation.resolve_many': ({ conversations }) => {
      const done: Conversation[] = [];
      for (const { id, version } of conversations as { id: string; version: number }[]) {
        if (id === broken) throw new CallError('unavailable', 'The database cannot be reached.');
        if (rows.get(id)?.version !== version) continue;
        change(id, { status: 'resolved', snoozed_until: null, resolved_at: `at ${version}` });
        done.push(rows.get(id)!);
      }
      return { resolved: done.length, conversations: done };
    },
    'conversation.set_status': ({ id, status, until, version }) => {
      const row = rows.get(String(id))!;
      if (id === broken) throw new CallError('unavailable', 'The database cannot be reached.');
      if (row.version !== version) throw new CallError('conflict', 'It has changed.', { data: { field: 'version', reason: 'changed' } });
      if (status === 'snoozed' && row.status === 'resolved') throw new CallError('conflict', 'It is resolved; reopen it before you snooze it.');
      const resolved_at = status === 'resolved' ? `at ${row.version}` : null;
      change(row.id, { status: status as Conversation['status'], snoozed_until: (until as string) ?? null, resolved_at });
      return rows.get(row.id);
    },
  });
});

test('Each is put back to where it was: open, or asleep until then', async () => {
  change('b', { status: 'snoozed', snoozed_until: 'then' });
  const { made } = await resolveMany(listed());
  assert.deepEqual(statuses(), ['resolved', 'resolved', 'resolved']);
  assert.equal((await reopenMany(made)).words, null);
  assert.deepEqual(statuses(), ['open', 'snoozed', 'open']);
  assert.equal(rows.get('b')?.snoozed_until, 'then');
});

test('One that somebody has resolved before is not theirs to take back', async () => {
  const shown = listed();
  change('b', { status: 'resolved', resolved_at: 'by somebody' });
  const { made, left } = await resolveMany(shown);
  assert.equal(made.length, 2);
  assert.equal(left, 1);
  await reopenMany(made);
  assert.deepEqual(statuses(), ['open', 'resolved', 'open']);
});

test('One that has moved on since is left alone, and said', async () => {
  const { made } = await resolveMany(listed());
  change('b', { status: 'snoozed', snoozed_until: 'then' });
  change('c', { assignee_id: 'somebody' });
  assert.equal((await reopenMany(made)).words, '1 was changed since and is left as it is.');
  assert.deepEqual(statuses(), ['open', 'snoozed', 'open']);
  assert.equal(rows.get('c')?.assignee_id, 'somebody');
});

test('What was done can be undone though the rest could not be done', async () => {
  const many = Array.from({ length: 250 }, (_, i) => `more ${i}`);
  for (const id of many) rows.set(id, conversation({ id, customer_id: id, version: 3 }));
  broken = 'more 240';
  const { made, failed } = await resolveMany(listed());
  assert.ok(failed instanceof CallError);
  assert.equal(made.length, 200);
  broken = null;
  await reopenMany(made);
  assert.ok(made.every(({ before }) => rows.get(before.id)?.status === 'open'));
});

test('Nothing is asked for what is resolved already', async () => {
  for (const id of ['a', 'b', 'c']) change(id, { status: 'resolved', resolved_at: 'before' });
  assert.deepEqual(await resolveMany(listed()), { made: [], left: 0, failed: null });
  assert.equal(asked.length, 0);
});

test('Nothing is changed without the version that was seen', async () => {
  const { made } = await resolveMany(listed());
  await reopenMany(made);
  const writes = asked.filter(({ method }) => method === 'conversation.set_status');
  assert.equal(writes.length, 3);
  assert.ok(writes.every(({ params }) => typeof params['version'] === 'number'));
});

test('What is off while the server is away are actions that there are', () => {
  const known = new Set([...actions, ...entryActions].map(({ id }) => id));
  assert.deepEqual(
    [...REMOTE].filter((id) => !known.has(id)),
    [],
  );
  for (const id of ['log_contact', 'assign_note']) assert.ok(REMOTE.has(id), id);
});
