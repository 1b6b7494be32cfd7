// Pictures within the words of an answer, what goes with them, and what of a mail comes along when it is quoted.
import assert from 'node:assert/strict';
import { afterEach, describe, it, mock } from 'node:test';
import type { Attachment, Upload } from '@throughline/protocol';
import { draftOf, isBegun } from '../src/composer/drafts.ts';
import { tooMuch } from '../src/composer/limits.ts';
import { asFiles, filesOf, withoutPictures } from '../src/composer/pictures.ts';
import { forwardMail, quoteMail } from '../src/composer/quoting.ts';
import { client } from '../src/connection/client.ts';
import { startWords } from '../src/i18n/index.ts';
import { entry } from './kit.ts';

startWords();

const upload = (name: string, part: Partial<Upload> = {}): Upload => ({
  upload: `handle of ${name}`,
  expires_at: '2999-01-01T00:00:00Z',
  name,
  type: 'image/png',
  size: 3,
  sha256: name,
  url: `/attachments/${name}`,
  cid: null,
  ...part,
});
const names = (files: readonly Upload[]): (string | null)[] => files.map(({ name }) => name);

describe('pictures of an answer', () => {
  const files = [upload('a', { cid: 'a1' }), upload('gone', { cid: 'b1' }), upload('beside')];

  it('go with the words that name them; who was taken out of them does not', () => {
    const { within, beside } = filesOf({ text: 'See ![a \\] x](cid:a1) and ![other](https://b1.example)', rich: true, files });
    assert.deepEqual([names(within), names(beside)], [['a'], ['beside']]);
    assert.deepEqual(names(filesOf({ text: '![a](cid:a1)', rich: false, files }).within), [], 'typed, where nothing is formatted');
    assert.equal(isBegun({ ...draftOf('nobody').get(), files: files.slice(0, 2) }), false);
  });

  it('are files where no picture is shown, and the words say where they were', () => {
    const { text, files: sent } = withoutPictures('See **![a \\] x](cid:a1)**', true, files.slice(0, 1));
    assert.equal(text, 'See **\\[image: a \\] x\\]**');
    assert.deepEqual(
      sent.map(({ cid }) => cid),
      [null],
    );
    const kept = asFiles({ text: '![a](cid:a1)', rich: true, files });
    assert.deepEqual(
      kept.map(({ name, cid }) => [name, cid]),
      [
        ['a', null],
        ['beside', null],
      ],
    );
  });
});

describe('pictures of a mail that is quoted', () => {
  afterEach(() => mock.restoreAll());
  const held = (name: string, cid: string | null): Attachment => ({ ...upload(name), cid, inline: cid !== null, fetch: null, scan: null, found: null });
  const ways = ['other', 'help'].map((channel_id) => ({ usable: true, identity_id: 'boss', channel_id }));
  const given = (all: readonly Attachment[]): void =>
    void mock.method(client, 'call', () => Promise.resolve({ files: all.map(({ name, cid }) => upload(name ?? '', { cid })), ways }));

  it('stand where its words name them, and else below, under ids of our own; its other files stay', async () => {
    const attachments = [held('one.png', 'x@y'), held('two.png', 'z@y'), held('three.png', 'w@y'), held('bill', null)];
    given(attachments);
    await quoteMail('quoting', entry({ medium: 'email', text: 'Here [cid:z@y] and\n[image: one.png] *so*', attachments }));
    const { text, plain, files } = draftOf('quoting').get();
    const cids = files.map(({ cid }) => cid ?? '');
    assert.deepEqual(names(files), ['one.png', 'two.png', 'three.png']);
    for (const cid of cids) assert.match(cid, /^[a-z0-9]{32}$/);
    const quote = `> Here ![two.png](cid:${cids[1]}) and\n> ![one.png](cid:${cids[0]}) \\*so\\*\n> ![three.png](cid:${cids[2]})`;
    assert.ok(text.endsWith(quote), text);
    assert.ok(plain.endsWith('> Here [image: two.png] and\n> [image: one.png] *so*\n> [image: three.png]'), plain);
  });

  it('come along when it is sent on, as do its other files', async () => {
    const attachments = [held('one.png', 'x@y'), held('bill', null)];
    given(attachments);
    await forwardMail('forwarding', entry({ medium: 'email', channel_id: 'help', occurred_at: '2026-11-28T10:00:00Z', text: 'See', attachments }));
    const draft = draftOf('forwarding').get();
    const { within, beside } = filesOf(draft);
    assert.deepEqual(draft.way, { identity_id: 'boss', channel_id: 'help' }, 'by the address that the customer wrote to');
    assert.match(draft.plain, /\n> Date: .*2026/);
    assert.deepEqual([names(within), names(beside)], [['one.png'], ['bill']]);
  });
});

describe('what is too much', () => {
  const limits = { files_max: 20, file_bytes_max: 18_000_000, files_bytes_max: 18_000_000, has_subject: true };
  const file = (name: string, size: number) => ({ name, size });

  it('is told with its name, and by mail as it leaves', () => {
    assert.equal(tooMuch(limits, [file('a', 9_000_000), file('b', 9_000_000)]), null);
    const words = tooMuch(limits, [file('a', 9_000_000), file('b', 9_500_000)]) ?? '';
    for (const part of ['18.5 MB', '25.3 MB', '18 MB', '24.6 MB', 'largest is b']) assert.ok(words.includes(part), `${part} in ${words}`);
    assert.match(tooMuch(limits, [file('film', 19_000_000)]) ?? '', /^film has 19 MB.*26 MB/);
    assert.doesNotMatch(tooMuch({ ...limits, has_subject: false }, [file('film', 19_000_000)]) ?? '', /26 MB/);
  });
});
