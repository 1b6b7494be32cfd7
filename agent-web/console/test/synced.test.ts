// Drafts on the server: two browsers of one agent lose nothing of each other, and nothing is tried in vain for ever.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it, mock } from 'node:test';
import { CallError, type Draft as Wire, type DraftKept } from '@throughline/protocol';
import { client, connection } from '../src/connection/client.ts';
import { draftOf, EMPTY } from '../src/composer/drafts.ts';
import { startSynced, syncedOf } from '../src/composer/synced.ts';
import { session } from '../src/session/session.ts';
import { personRead } from '../src/timeline/person.ts';
import { answering, entry, tick, withPage } from './kit.ts';

type Push = (params: unknown) => void;
const pushes = new Map<string, Push>();
const resyncs: (() => unknown)[] = [];
const ME = 'eva';

/** What the server has. */
const there = new Map<string, DraftKept>();
let asked: { method: string; params: Record<string, unknown> }[] = [];
let refusal: CallError | null = null;
let sent: string[] = [];
const saves = () => asked.filter(({ method, params }) => method === 'draft.save' && params['customer_id'] === 'rae').length;

const wire = (text: string): Wire => ({ ...EMPTY, text, cc: [], cc_chosen: false, bcc: [], files: [] }) as unknown as Wire;
const kept = (customer_id: string, version: number, text: string | null): DraftKept =>
  ({ customer_id, saved: false, version, saved_at: '2099-01-01T00:00:00.000Z', beginning: text, draft: text === null ? null : wire(text) }) as DraftKept;
const settle = async () => {
  for (let i = 0; i < 8; i++) await tick();
};
const pass = async (ms: number) => {
  mock.timers.tick(ms);
  await settle();
};
const type = (id: string, text: string) => draftOf(id).patch({ text });
/** Another browser saves. */
const elsewhere = async (id: string, version: number, text: string) => {
  there.set(id, kept(id, version, text));
  pushes.get('draft')?.({ customer_id: id, agent_id: ME, version });
  await settle();
};
/** The connection is back. */
const again = async () => {
  for (const resync of resyncs) await resync();
  await settle();
};

before(() => {
  withPage();
  mock.timers.enable({ apis: ['setTimeout'] });
  mock.method(client, 'getState', () => ({ phase: 'live', since: 0, nextTry: null }));
  mock.method(client, 'on', (name: string, handler: Push) => void pushes.set(name, handler));
  mock.method(client, 'onOpen', (resync: () => unknown) => resyncs.push(resync));
  session.set({ phase: 'in', agent: { id: ME } } as never);
  connection.set({ phase: 'live' } as never);
  startSynced();
});

beforeEach(() => {
  there.clear();
  refusal = null;
  sent = [];
  asked = answering({
    'draft.get': ({ customer_id }) => there.get(String(customer_id)) ?? kept(String(customer_id), 0, null),
    'draft.list': () => ({ drafts: [...there.values()] }),
    'draft.save': ({ customer_id, version, draft }) => {
      if (refusal) throw refusal;
      const id = String(customer_id);
      const now = there.get(id) ?? kept(id, 0, null);
      if (now.version !== version) return now;
      if (draft === null) there.delete(id);
      else there.set(id, { ...kept(id, now.version + 1, (draft as Wire).text) });
      return { ...(there.get(id) ?? kept(id, 0, null)), saved: true };
    },
    'timeline.page': () => ({ entries: sent.map((text) => entry({ direction: 'out', author_kind: 'agent', author_id: ME, text })), more: false }),
  });
});

describe('drafts of two browsers', () => {
  it('who types keeps the screen, whatever the clocks say; what others wrote is offered, all of it', async () => {
    type('mia', 'typed here');
    await elsewhere('mia', 5, 'written there');
    assert.equal(draftOf('mia').get().text, 'typed here');
    assert.equal(syncedOf('mia').get().other?.text, 'written there');
    type('mia', 'typed here, and more');
    await elsewhere('mia', 9, 'and something else');
    assert.equal(draftOf('mia').get().text, 'typed here, and more');
    assert.equal(syncedOf('mia').get().other?.text, 'written there\n\nand something else');
    type('mia', 'typed here, and more still');
    await elsewhere('mia', 12, 'written there\n\nand something else, grown');
    assert.equal(syncedOf('mia').get().other?.text, 'written there\n\nand something else, grown', 'nothing twice');
  });

  it('what is refused is tried again when it has changed, and what did not arrive every ten seconds', async () => {
    refusal = new CallError('invalid', 'too long');
    type('rae', 'refused');
    await pass(1500);
    assert.equal(saves(), 1);
    for (let i = 0; i < 5; i++) await pass(10_000);
    assert.equal(saves(), 1);
    type('rae', 'better');
    await pass(1500);
    assert.equal(saves(), 2);
    refusal = new CallError('unavailable', 'no database');
    type('rae', 'better still');
    await pass(1500);
    await pass(10_000);
    assert.equal(saves(), 4);
    refusal = null;
    await pass(10_000);
    assert.equal(there.get('rae')?.draft?.text, 'better still');
  });

  it('what a restored database does not have is saved anew; what was sent is gone', async () => {
    for (const id of ['tom', 'ida']) {
      type(id, `words to ${id}`);
      await pass(1500);
    }
    there.clear();
    sent = ['words  to ida'];
    await again();
    await pass(1500);
    assert.equal(draftOf('tom').get().text, 'words to tom');
    assert.equal(there.get('tom')?.draft?.text, 'words to tom');
    assert.equal(draftOf('ida').get().text, '');
    assert.equal(there.has('ida'), false);
    there.clear();
    sent = [];
    personRead.emit({ id: 'tom', draftVersion: 0 });
    await settle();
    await pass(1500);
    assert.equal(there.get('tom')?.draft?.text, 'words to tom', 'also when it is opened');
  });

  it('what was begun elsewhere is here also when the page is opened at the person', async () => {
    there.set('liv', kept('liv', 7, 'begun elsewhere'));
    connection.set({ phase: 'catching_up' } as never);
    personRead.emit({ id: 'liv', draftVersion: 7 });
    await settle();
    connection.set({ phase: 'live' } as never);
    await settle();
    assert.equal(draftOf('liv').get().text, 'begun elsewhere');
  });

  it('who is opened is asked for only when another draft is there than is known', async () => {
    const gets = () => asked.filter(({ method }) => method === 'draft.get').length;
    type('joe', 'known');
    await pass(1500);
    const { version } = syncedOf('joe').get();
    personRead.emit({ id: 'joe', draftVersion: version });
    personRead.emit({ id: 'kim', draftVersion: 0 });
    await settle();
    assert.equal(gets(), 0);
    there.set('joe', kept('joe', version + 5, 'from elsewhere'));
    personRead.emit({ id: 'joe', draftVersion: version + 5 });
    await settle();
    assert.equal(gets(), 1);
    assert.equal(draftOf('joe').get().text, 'from elsewhere');
  });

  it('what is emptied in another browser while this one looks is empty here', async () => {
    type('una', 'in both');
    await pass(1500);
    there.delete('una');
    pushes.get('draft')?.({ customer_id: 'una', agent_id: ME, version: 0 });
    await settle();
    assert.equal(draftOf('una').get().text, '');
  });
});
