// What is written to whom by what way, and that it is not lost.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Agent, Channel } from '@throughline/protocol';
import { directory } from '../src/directory/directory.ts';
import { drafted } from '../src/composer/drafted.ts';
import { clearDraft, draftOf, restoreDraft, startDrafts, type Draft } from '../src/composer/drafts.ts';
import { newestIn, newestNews } from '../src/composer/news.ts';
import { forget, keep, keptOf, type Pending } from '../src/composer/outbox.ts';
import { pendingOf, takeBack } from '../src/composer/sending.ts';
import { addressesOf, addressIn, answeredMail, othersOf, replySubject } from '../src/composer/mail.ts';
import { chooseWay, lengthOf, wordsBy } from '../src/composer/ways.ts';
import { readStored, writeStored } from '../src/lib/storage.ts';
import { session } from '../src/session/session.ts';
import { entry, way } from './kit.ts';

const draft = (part: Partial<Draft> = {}): Draft => ({
  mode: 'reply',
  text: '',
  rich: false,
  plain: '',
  note: '',
  subject: null,
  answers: null,
  cc: null,
  bcc: [],
  from: null,
  way: null,
  files: [],
  fresh: false,
  seen: null,
  ...part,
});

describe('the way', () => {
  const line = way({ identity_id: 'i1', channel_id: 'line' });
  const mail = way({ identity_id: 'i2', channel_id: 'mail', best: true });
  const shut = way({ identity_id: 'i3', channel_id: 'whatsapp', usable: false });

  it('is the chosen one, else the best, else one that is open', () => {
    assert.equal(chooseWay([line, mail], draft({ way: { identity_id: 'i1', channel_id: 'line' } })), line);
    assert.equal(chooseWay([line, mail], draft()), mail);
    assert.equal(chooseWay([shut, line], draft()), line);
    assert.equal(chooseWay([shut], draft()), null);
    assert.equal(chooseWay([], draft()), null);
  });

  it('is the best when the chosen one has gone, or leads to nobody', () => {
    assert.equal(chooseWay([line, mail], draft({ way: { identity_id: 'i1', channel_id: 'other' } })), mail);
    assert.equal(chooseWay([line, mail], draft({ way: { identity_id: 'other', channel_id: 'line' } })), mail);
    const nobody = way({ identity_id: null, channel_id: 'line' });
    assert.equal(chooseWay([nobody, mail], draft({ way: { identity_id: 'null', channel_id: 'line' } })), mail);
  });

  it('is the first of those that would do', () => {
    const twice = [way({ channel_id: 'a' }), way({ channel_id: 'b' })];
    assert.equal(chooseWay(twice, draft()), twice[0]);
    const best = [way({ channel_id: 'a', best: true }), way({ channel_id: 'b', best: true })];
    assert.equal(chooseWay(best, draft()), best[0]);
  });

  it('stays the chosen one when it is shut: the reason is shown, nothing goes elsewhere unasked', () => {
    assert.equal(chooseWay([shut, mail], draft({ way: { identity_id: 'i3', channel_id: 'whatsapp' } })), shut);
  });

  it('counts as the provider does', () => {
    assert.deepEqual(
      ['utf16', 'codepoints', 'bytes'].map((unit) => lengthOf('a😀あ', unit)),
      [4, 3, 8],
    );
  });
});

describe('an answer by mail', () => {
  const by = way({ identity_id: 'i2', channel_id: 'mail', address: 'mia@example.com', has_subject: true });
  const came = (subject: string, part = {}) => entry({ medium: 'email', direction: 'in', identity_id: 'i2', channel_id: 'mail', subject, ...part });
  const none = { answers: null, fresh: false };
  directory.patch({ channels: [{ addresses: ['help@shop.example', 'info@shop.example'] } as Channel] });

  it('answers the newest mail of the address, by whichever channel it came, or the one that was chosen', () => {
    const [first, second, theirs, ours] = [
      came('First', { id: 'a' }),
      came('Second', { id: 'b', channel_id: 'other' }),
      came('Theirs', { identity_id: 'x' }),
      came('Ours', { direction: 'out' }),
    ];
    const all = [first, second, theirs, ours];
    assert.equal(answeredMail(all, by, none), second);
    assert.equal(answeredMail(all, by, { answers: 'a', fresh: false }), first);
    assert.equal(answeredMail(all, by, { answers: 'a', fresh: true }), null);
    assert.equal(answeredMail([came('Closed', { closed: true })], by, none), null);
    assert.equal(answeredMail(all, way(), none), null);
  });

  it('has its subject', () => {
    assert.deepEqual([came('Second'), came('RE: Second'), came(''), null].map(replySubject), ['Re: Second', 'RE: Second', '', '']);
  });

  it('goes to all who had the mail, but for its author and ourselves', () => {
    const to = ['Shop <HELP@shop.example>', 'Jo <jo@example.com>'];
    const cc = ['jo@example.com', 'info+1a2b@shop.example', 'MIA@example.com', 'Doe, Ann <ann@example.com>', 'undisclosed-recipients:;'];
    assert.deepEqual(othersOf(came('x', { payload: { from: 'mia@example.com', to, cc } }), by), {
      cc: ['Jo <jo@example.com>', 'Doe, Ann <ann@example.com>'],
      unseen: false,
    });
    assert.deepEqual(othersOf(came('x', { payload: { to: ['help@shop.example'] } }), by), { cc: [], unseen: false });
    assert.deepEqual(othersOf(null, by), { cc: [], unseen: false });
  });

  it('goes to its author alone when we had it behind the backs of the others', () => {
    assert.deepEqual(othersOf(came('x', { payload: { to: ['jo@example.com'], cc: ['ann@example.com'] } }), by), { cc: [], unseen: true });
  });

  it('answers one of ours to all who had that', () => {
    const mail = came('x', { direction: 'out', payload: { to: ['mia@example.com', 'jo@example.com'], cc: ['ann@example.com'] } });
    assert.deepEqual(othersOf(mail, by), { cc: ['jo@example.com', 'ann@example.com'], unseen: false });
  });

  it('takes addresses as they are typed and pasted', () => {
    assert.deepEqual(addressesOf('a@b.example, "Doe, Ann" <ann@b.example>;\n c@d.example\n'), ['a@b.example', '"Doe, Ann" <ann@b.example>', 'c@d.example']);
    assert.deepEqual(
      ['A@B.example', 'Ann <ann@b.example>', 'ann', 'a b@c.example', '@c.example', 'a@', 'a@b.example.', '山田 <hanako@例え.jp>'].map(addressIn),
      ['a@b.example', 'ann@b.example', null, null, null, null, null, 'hanako@例え.jp'],
    );
    assert.deepEqual(['"A b"@c.example', 'Ann <"a\\"b"@c.example>', 'a@[192.0.2.1]', '"a"b"@c.example', '"a b@c.example', 'a@[]'].map(addressIn), [
      '"a b"@c.example',
      '"a\\"b"@c.example',
      'a@[192.0.2.1]',
      null,
      null,
      null,
    ]);
  });
});

describe('what is typed', () => {
  const formatted = draft({ text: '**now**', rich: true, plain: 'now', note: 'hm' });

  it('has its marks where the way shows them, and is plain where it does not', () => {
    assert.deepEqual(wordsBy(formatted, way({ rich: 'html' })), { words: '**now**', rich: true });
    assert.deepEqual(wordsBy(formatted, way({ rich: 'none' })), { words: 'now', rich: false });
    assert.deepEqual(wordsBy({ ...formatted, text: '2 * 3 * 4', rich: false, plain: '' }, way({ rich: 'none' })), { words: '2 * 3 * 4', rich: false });
    assert.deepEqual(wordsBy({ ...formatted, mode: 'note' }, way({ rich: 'html' })), { words: 'hm', rich: false });
  });
});

describe('news', () => {
  it('are the last thing that came from the person, and no note or visit', () => {
    const entries = [
      entry({ id: 'a' }),
      entry({ id: 'b', kind: 'call' }),
      entry({ id: 'c', direction: 'out' }),
      entry({ id: 'd', kind: 'visit' }),
      entry({ id: 'e', kind: 'note' }),
    ];
    assert.equal(newestIn(entries)?.id, 'b');
    assert.equal(newestIn([]), null);
    assert.equal(newestIn([entry({ id: 'only' }), entry({ direction: 'out' })])?.id, 'only');
    assert.equal(newestIn([entry({ direction: 'out' })]), null);
  });

  it('is also what a colleague has answered, but neither one’s own nor a bot’s', () => {
    const answer = (id: string, part: object) => entry({ id, direction: 'out', author_kind: 'agent', author_id: 'colleague', ...part });
    const came = entry({ id: 'came' });
    assert.equal(newestNews([came, answer('theirs', {})], 'me')?.id, 'theirs');
    assert.equal(newestNews([answer('theirs', {}), came], 'me')?.id, 'came');
    assert.equal(newestNews([came, answer('mine', { author_id: 'me' })], 'me')?.id, 'came');
    assert.equal(newestNews([came, answer('bot', { author_kind: 'bot' })], 'me')?.id, 'came');
    assert.equal(newestNews([came, answer('undone', { delivery: 'cancelled' })], 'me')?.id, 'came');
    assert.equal(newestNews([answer('theirs', {})], 'me')?.id, 'theirs');
    assert.equal(newestNews([], 'me'), null);
  });
});

describe('a draft', () => {
  it('is put back above what has been typed meanwhile', () => {
    draftOf('back').patch({ text: 'typed since', note: 'n' });
    restoreDraft('back', { text: 'not sent', mode: 'reply' });
    assert.equal(draftOf('back').get().text, 'not sent\n\ntyped since');
    assert.equal(draftOf('back').get().note, 'n');
  });

  it('loses nothing, and makes no marks of what was typed as plain text, when one of the two is formatted', () => {
    const plainText = '2 * 3 * 4\n1. one';
    const escaped = '2 \\* 3 \\* 4\n1\\. one';
    draftOf('plain below').patch({ text: plainText });
    restoreDraft('plain below', { mode: 'reply', text: '**not** sent', rich: true, plain: 'not sent' });
    const { text, rich, plain } = draftOf('plain below').get();
    assert.deepEqual({ text, rich, plain }, { text: `**not** sent\n\n${escaped}`, rich: true, plain: `not sent\n\n${plainText}` });
    draftOf('plain above').patch({ text: '**since**', rich: true, plain: 'since' });
    restoreDraft('plain above', { mode: 'reply', text: plainText });
    assert.equal(draftOf('plain above').get().text, `${escaped}\n\n**since**`);
    assert.equal(draftOf('plain above').get().plain, `${plainText}\n\nsince`);
  });

  it('keeps the note when the answer has gone, and the answer when the note has', () => {
    draftOf('sent').set(draft({ text: 'answer', note: 'note', way: { identity_id: 'i', channel_id: 'c' } }));
    clearDraft('sent');
    assert.deepEqual([draftOf('sent').get().text, draftOf('sent').get().note, draftOf('sent').get().way?.channel_id], ['', 'note', 'c']);
    const answer = draft({ text: 'answer', subject: 'Something new', fresh: true, seen: 'e1' });
    draftOf('noted').set({ ...answer, mode: 'note', note: 'note' });
    clearDraft('noted');
    assert.deepEqual(draftOf('noted').get(), answer);
  });

  it('outlives the page as soon as there is something in it, and not longer', () => {
    const parts: Partial<Draft>[] = [
      { text: 'x' },
      { note: 'x' },
      { way: { identity_id: 'i', channel_id: 'c' } },
      { files: [{ upload: 'u', name: 'n', type: 't', expires_at: '2999-01-01T00:00:00Z' } as Draft['files'][number]] },
    ];
    for (const [index, part] of parts.entries()) {
      draftOf(`part${index}`).patch(part);
      assert.deepEqual(JSON.parse(readStored(`draft..part${index}`) ?? 'null'), { ...draft(), ...part });
      draftOf(`part${index}`).set(draft());
      assert.equal(readStored(`draft..part${index}`), null);
    }
  });

  it('of the last hundred people is kept, the oldest goes', () => {
    for (let i = 0; i < 101; i++) draftOf(`many${i}`).patch({ text: 'words' });
    assert.equal(readStored('draft..many0'), null);
    for (const i of [1, 100]) assert.ok(readStored(`draft..many${i}`), `${i}`);
    draftOf('many1').patch({ text: 'more words' });
    draftOf('many101').patch({ text: 'words' });
    assert.ok(readStored('draft..many1'), 'it was written to since');
    assert.equal(readStored('draft..many2'), null);
  });

  it('with files loses them with the answer, and keeps them when only the note has gone', () => {
    const files = [{ upload: 'u' }] as unknown as Draft['files'];
    draftOf('filed').set(draft({ mode: 'note', text: 'answer', note: 'n', files }));
    clearDraft('filed');
    assert.equal(draftOf('filed').get().files.length, 1);
    draftOf('filed').set(draft({ mode: 'note', note: 'n', files }));
    clearDraft('filed');
    assert.equal(draftOf('filed').get().files.length, 0, 'they went with the note');
  });

  it('is nothing when what is stored cannot be read, and has no file that the server has forgotten', () => {
    writeStored('draft..broken', '{');
    assert.equal(draftOf('broken').get().text, '');
    const file = (upload: string, expires_at: string) => ({ upload, expires_at, name: upload, type: 'text/plain' });
    writeStored('draft..files', JSON.stringify({ text: 'kept', files: [file('old', '2020-01-01T00:00:00Z'), file('new', '2999-01-01T00:00:00Z')] }));
    assert.deepEqual(
      [
        draftOf('files').get().text,
        draftOf('files')
          .get()
          .files.map(({ upload }) => upload),
      ],
      ['kept', ['new']],
    );
  });

  it('is typed on whatever else lies where drafts are kept', () => {
    const stored = ['5', '"x"', '[]', '{"text":5,"note":{},"files":5}', '{"text":null,"files":[null],"subject":{}}'];
    for (const [i, odd] of stored.entries()) {
      writeStored(`draft..odd${i}`, odd);
      const { text, note, subject, files } = draftOf(`odd${i}`).get();
      assert.deepEqual({ text, note, subject, files }, { text: '', note: '', subject: null, files: [] }, odd);
    }
    for (const [i, odd] of ['5', '{}', '{', '[null,5,"c"]'].entries()) {
      writeStored('drafts.', odd);
      draftOf(`kept${i}`).patch({ text: 'words' });
      assert.match(readStored(`draft..kept${i}`) ?? '', /words/, odd);
      assert.match(readStored('drafts.') ?? '', new RegExp(`kept${i}`), odd);
    }
  });

  it('marks its person once somebody is logged in, and as other tabs of the same agent change it', (t) => {
    const tabs: ((event: { key: string | null }) => void)[] = [];
    Object.assign(globalThis, { window: { addEventListener: (_: string, listener: (event: { key: string | null }) => void) => tabs.push(listener) } });
    const put = (agent: string, id: string, text: string) => writeStored(`draft.${agent}.${id}`, JSON.stringify(draft({ text })));
    put('a1', 'p1', 'begun before');
    put('a2', 'p2', "somebody else's");
    writeStored('drafts.a1', JSON.stringify(['p1']));
    startDrafts();
    t.after(() => session.set({ phase: 'out' }));
    session.set({ phase: 'in', agent: { id: 'a1' } as Agent, version: '', asOf: null });
    assert.equal(drafted.get().get('p1'), 'begun before');
    put('a1', 'p3', 'in another tab');
    for (const tell of tabs) for (const key of ['a1.p3', 'a2.p2']) tell({ key: `throughline.draft.${key}` });
    assert.equal(drafted.get().get('p3'), 'in another tab');
    assert.equal(drafted.get().has('p2'), false);
  });
});

describe('what was sent and is not confirmed', () => {
  const pending = (clientId: string, at: number): Pending => ({
    clientId,
    customerId: 'p',
    kind: 'message',
    way: null,
    subject: null,
    answers: null,
    cc: [],
    bcc: [],
    text: clientId,
    fresh: false,
    files: [],
    at,
    after: null,
    next: null,
    error: null,
  });

  it('is kept for each agent, oldest first, until it is forgotten', () => {
    keep('ada', pending('second', 2));
    keep('ada', pending('first', 1));
    keep('berta', pending('hers', 0));
    writeStored('out.ada.broken', '{');
    for (const [i, odd] of ['5', '[]', 'null'].entries()) writeStored(`out.ada.odd${i}`, odd);
    for (const part of [{ files: null }, { files: [null] }, { text: 5 }, { customerId: {} }, { error: {} }])
      writeStored(`out.ada.odd${JSON.stringify(part)}`, JSON.stringify({ ...pending('odd', 0), ...part }));
    assert.deepEqual(
      keptOf('ada').map(({ clientId }) => clientId),
      ['first', 'second'],
    );
    forget('ada', 'first');
    assert.deepEqual(
      keptOf('ada').map(({ clientId }) => clientId),
      ['second'],
    );
    assert.deepEqual(
      keptOf('berta').map(({ clientId }) => clientId),
      ['hers'],
    );
  });

  it('goes back to where it was typed, and leaves what else was begun as it is', () => {
    const begun = draft({ text: 'new', subject: 'Something new', fresh: true });
    draftOf('p').set(begun);
    takeBack({ ...pending('noted', 1), kind: 'note' });
    assert.deepEqual(draftOf('p').get(), { ...begun, mode: 'note', note: 'noted' });
    draftOf('p').set(draft());
    takeBack({ ...pending('answered', 1), subject: 'Old', fresh: true });
    assert.deepEqual(draftOf('p').get(), draft({ text: 'answered', subject: 'Old', cc: [], fresh: true }));
  });

  it('is not shown twice when its entry has come by push before the answer', () => {
    const all = [pending('a', 1), { ...pending('b', 2), customerId: 'other' }, pending('c', 3)];
    assert.deepEqual(
      pendingOf(all, 'p', [entry({ id: 'a' })]).map(({ clientId }) => clientId),
      ['c'],
    );
  });
});
