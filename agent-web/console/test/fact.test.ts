// One fact of a conversation is changed by itself, and only as long as it is as it was seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallError, type Conversation } from '@throughline/protocol';
import { changeFact, ChangedSince, hasChanged, type Fact as FactOf } from '../src/actions/fact.ts';
import { conversation } from './kit.ts';

type Fact<W> = FactOf<Conversation, W>;

const stale = () => new CallError('conflict', 'It has changed.', { data: { field: 'version', reason: 'changed' } });

/** A server with one conversation, and what happens to it while a call is on its way. */
function server(start: Conversation, meanwhile: Partial<Conversation>[] = []) {
  let row = start;
  const bump = (part: Partial<Conversation>) => (row = { ...row, ...part, version: (row.version ?? 0) + 1 });
  const assignee: Fact<string | null> = {
    read: ({ assignee_id }) => assignee_id,
    put: async (from, assignee_id) => {
      const next = meanwhile.shift();
      if (next) bump(next);
      if (from.version !== row.version) throw stale();
      return bump({ assignee_id });
    },
  };
  return { assignee, get: async () => row, row: () => row };
}

test('It is changed, and says what was before', async () => {
  const one = server(conversation({ version: 4 }));
  const made = await changeFact(one.assignee, one.row(), 'me', one.get);
  assert.equal(made.before.assignee_id, null);
  assert.equal(made.after.assignee_id, 'me');
  assert.ok(hasChanged(made));
});

test('What else has changed meanwhile is kept, and what was replaced is what was there then', async () => {
  const one = server(conversation({ version: 4 }), [{ preview: 'a new message' }, { unread: 3 }]);
  const made = await changeFact(one.assignee, one.row(), 'me', one.get);
  assert.deepEqual([made.after.preview, made.after.unread, made.after.assignee_id], ['a new message', 3, 'me']);
  assert.equal(made.before.unread, 3);
});

test('The same fact, changed by somebody else, is left alone', async () => {
  const one = server(conversation({ version: 4 }), [{ assignee_id: 'somebody' }]);
  await assert.rejects(
    changeFact(one.assignee, one.row(), 'me', one.get),
    (error) => error instanceof ChangedSince && (error.now as Conversation).assignee_id === 'somebody',
  );
  assert.equal(one.row().assignee_id, 'somebody');
});

test('What is so already is no change, and has nothing to undo', async () => {
  const one = server(conversation({ version: 4 }), [{ assignee_id: 'me' }]);
  const made = await changeFact(one.assignee, one.row(), 'me', one.get);
  assert.equal(hasChanged(made), false);
  assert.equal(one.row().version, 5);
});

test('A mark tells the same fact made again from the one that was seen', async () => {
  const one = server(conversation({ status: 'resolved', resolved_at: 'noon', version: 4 }));
  const standing: Fact<string> = {
    read: ({ status }) => status,
    mark: ({ status, resolved_at }) => [status, resolved_at],
    put: async () => {
      throw stale();
    },
  };
  const seen = conversation({ status: 'resolved', resolved_at: 'eleven', version: 2 });
  await assert.rejects(changeFact(standing, seen, 'open', one.get), ChangedSince);
});

test('It gives up when the conversation never stands still, and tells any other refusal as it is', async () => {
  const restless = server(
    conversation({ version: 1 }),
    Array.from({ length: 50 }, (_, unread) => ({ unread })),
  );
  await assert.rejects(changeFact(restless.assignee, restless.row(), 'me', restless.get), CallError);
  assert.equal(restless.row().assignee_id, null);
  let puts = 0;
  const forbidding: Fact<string | null> = {
    read: ({ assignee_id }) => assignee_id,
    put: async () => {
      puts++;
      throw new CallError('conflict', 'It cannot be.', { data: { field: 'agent_id' } });
    },
  };
  await assert.rejects(changeFact(forbidding, conversation(), 'me', restless.get), /It cannot be/);
  assert.equal(puts, 1, 'which trying again would not change');
});
