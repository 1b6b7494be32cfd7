// What small events say, with whom a call was, and which files a mail shows in its text.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Entry } from '@throughline/protocol';
import { startWords, t } from '../src/i18n/index.ts';
import { namesakes, tellApart } from '../src/identity/hints.ts';
import { nameOf, personName } from '../src/lib/personName.ts';
import { ACTIVITIES } from '../src/timeline/activities.ts';
import { numberOf } from '../src/timeline/calls.ts';
import { isNamed } from '../src/timeline/mailRules.ts';
import { quietIcon, quietWords } from '../src/timeline/quietWords.ts';
import { bestWay } from '../src/composer/ways.ts';
import { entry, way } from './kit.ts';

before(startWords);

describe('small events', () => {
  const said = (payload: Entry['payload'], part: Partial<Entry> = {}) => quietWords(t, entry({ kind: 'activity', text: null, payload, ...part }), 'Ana');

  it('name the conversation, and what has become of it', () => {
    assert.equal(said({ action: 'assigned', number: 12, agent_id: 'b', agent_name: 'Ben' }), 'Ana assigned #12 to Ben');
    assert.equal(said({ action: 'assigned', number: 12, agent_id: 'a', agent_name: 'Ana' }, { author_id: 'a' }), 'Ana took #12');
    assert.equal(said({ action: 'assigned', number: 12, agent_id: null }), 'Ana removed the assignee of #12');
    assert.equal(said({ action: 'priority', number: 12, priority: 'urgent' }), 'Ana changed the priority of #12: Urgent');
    assert.equal(said({ action: 'status', status: 'resolved', number: 12 }), 'Ana resolved #12');
    assert.equal(said({ action: 'status', status: 'resolved' }), 'Ana resolved the conversation');
    assert.equal(said({ action: 'status', status: 'snoozed', number: 12 }), 'Ana snoozed #12 until they write');
  });

  it('do not say that somebody did what happened by itself', () => {
    assert.equal(said({ action: 'status', status: 'open', why: 'snooze_ended', number: 12 }), 'The snooze of #12 ended');
  });

  it('say what a person has agreed to, and how we know', () => {
    assert.match(said({ action: 'consent', consent: 'granted', address: 'a@b.example', source: 'by phone' }), /we may write to a@b\.example · by phone$/);
    assert.match(said({ action: 'consent', consent: 'refused', address: 'a@b.example' }), /may not write to a@b\.example/);
  });

  it('tell a visit to a store from a page that was looked at', () => {
    const page = entry({ kind: 'visit', payload: { url: 'https://shop.example/tea', title: 'Tea' } });
    const store = entry({ kind: 'visit', payload: { title: 'Kyoto' } });
    assert.equal(quietWords(t, page, ''), 'Looked at Tea');
    assert.equal(quietWords(t, store, ''), 'Visited the store: Kyoto');
    assert.notEqual(quietIcon(page), quietIcon(store));
  });

  it('say what kind they are where nothing else is known', () => {
    assert.equal(said({ action: 'of a later server' }), 'Event (activity)');
    assert.ok(Object.keys(ACTIVITIES).length >= 9);
  });
});

describe('a call', () => {
  const phone = { id: 'i', kind: 'phone', value: '+81312345678' } as const;

  it('says with which number it was', () => {
    const call = (part: Partial<Entry>) => numberOf(entry({ kind: 'call', channel_id: 'ch', ...part }), [phone]);
    assert.equal(call({ payload: { from: '+4930' } }), '+4930');
    assert.equal(call({ payload: { to: '+4930', from: '+1' }, direction: 'out' }), '+4930');
    assert.equal(call({ payload: {} }), '+81312345678', 'what it is filed under');
    assert.equal(call({ payload: {}, identity_id: 'other' }), null);
  });

  it('says that the number was withheld, and so does the name', () => {
    const caller = { id: 'i', kind: 'external', value: 'call:CA123' } as const;
    assert.equal(numberOf(entry({ kind: 'call', channel_id: 'ch', payload: { from: 'anonymous' } }), [caller]), 'number withheld');
    assert.equal(personName('call:CA123'), 'Caller, number withheld');
  });
});

describe('a file that is sent as part of a mail', () => {
  it('is shown by the text when a picture in it names it', () => {
    assert.ok(isNamed('<img src="cid:Pic@Mail">', '<pic@mail>'));
    assert.ok(isNamed("<img src='cid:a%40b'>", 'a@b'));
    assert.ok(!isNamed('<p>cid:</p><img src="cid:other@mail">', 'pic@mail'));
    assert.ok(!isNamed('<p>text</p>', null));
  });
});

describe('people of one name', () => {
  const marks: Record<string, string[]> = {
    a: ['Aoyama', '+81312345678', 'mia@one.example'],
    b: ['Aoyama', 'mia@two.example'],
    c: [],
  };

  it('are told apart by the shortest mark that none of the others has', () => {
    assert.deepEqual(
      [...tellApart(['a', 'b', 'c'], (id) => marks[id] ?? [])],
      [
        ['a', '+81312345678'],
        ['b', 'mia@two.example'],
      ],
    );
  });

  it('are those that read the same, whoever has two rows', () => {
    assert.deepEqual(
      namesakes([
        { id: 'a', name: 'Mia Sato' },
        { id: 'a', name: 'Mia Sato' },
        { id: 'b', name: 'mia sato' },
        { id: 'd', name: 'Ken' },
        { id: 'e', name: null },
        { id: 'f', name: '' },
      ]),
      [
        ['a', 'b'],
        ['e', 'f'],
      ],
    );
  });

  it('have the same name wherever it stands, when nobody has named them', () => {
    const customer = {
      name: null,
      identities: [
        { name: null, value: 'x@y.example' },
        { name: 'Visitor AB12', value: 'ab12' },
      ],
    };
    assert.equal(nameOf(customer), 'Visitor AB12');
    assert.equal(nameOf({ ...customer, identities: [] }), 'Unknown person');
  });
});

describe('the best way to answer', () => {
  const now = Date.parse('2026-03-10T12:00:00.000Z');
  const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const both = (chatAgo: number, mailAgo: number, best: 'chat' | 'email') => [
    way({ channel_id: 'c', medium: 'chat', best: best === 'chat', last_here_at: ago(chatAgo) }),
    way({ channel_id: 'm', medium: 'email', best: best === 'email', last_here_at: ago(mailAgo) }),
  ];
  const bestOf = (ways: ReturnType<typeof both>, here: boolean) => bestWay(ways, { here, now })?.medium;

  it('is the chat only while the visitor is, or was just, there', () => {
    assert.equal(bestOf(both(5, 60, 'chat'), false), 'chat');
    assert.equal(bestOf(both(10, 60, 'chat'), false), 'email', 'the server said so ten minutes ago');
    assert.equal(bestOf(both(50, 60, 'email'), true), 'chat', 'they are there without a word');
    assert.equal(bestOf(both(60, 5, 'email'), true), 'email', 'they have gone on by mail');
    assert.equal(bestWay([way({ medium: 'chat', best: true, last_here_at: ago(600) })], { here: false, now })?.medium, 'chat', 'there is no other');
  });
});
