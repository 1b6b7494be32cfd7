// Pictures within the words of an answer: by mail they stand in the HTML, whose parts are of the one mail (RFC 2387, RFC 2392); elsewhere they
// are files. What is checked is the mail that left, read by another's parser.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { composeMail, deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import type { Entry, MessageFile, Way } from '../../agent-web/protocol/src/generated.ts';
import { type MailChannel, mailChannel } from './desk.ts';
import { ApiError, endAll, freePort, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('pictures within an answer', () => {
  const ends: (() => Promise<void> | void)[] = [];
  const mails: { raw: string; mail: ParsedMail }[] = [];
  let server: Server;
  let agent: Socket;
  let cookie = '';
  let mail: MailChannel;
  let picture: string;
  let bill: string;

  before(async () => {
    const port = await freePort();
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      onData: (stream, _session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const raw = Buffer.concat(parts);
          simpleParser(raw, { skipImageLinks: true }).then((read) => {
            mails.push({ raw: raw.toString(), mail: read });
            done();
          }, done);
        });
      },
    });
    smtp.on('error', () => {});
    await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', () => resolve()));
    ends.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    ({ cookie } = await server.newAgent('Eva'));
    agent = await server.agent(cookie);
    mail = await mailChannel(server, 'Mail', { address: 'help@shop.example', smtp_url: `smtp://127.0.0.1:${port}` });
    picture = (await server.upload('shot.png', PIXEL, { cookie }, 'image/png')).upload;
    bill = (await server.upload('bill.pdf', 'bill', { cookie }, 'application/pdf')).upload;
  });
  after(() => endAll(ends.reverse()));

  const shot = (cid: string, name = 'shot.png'): MessageFile => ({ upload: picture, name, type: 'image/png', cid });

  let people = 0;
  /** Somebody has written; the way by which they are answered. */
  async function wrote(more: Partial<Parameters<typeof composeMail>[0]> = {}): Promise<{ customer_id: string; way: Way; entry: Entry }> {
    const text = more.text ?? `question ${++people}`;
    const raw = await composeMail({ from: `p${++people}@example.com`, fromName: 'P', to: 'help@shop.example', subject: 'Tea', ...more, text });
    assert.equal((await deliver(rfc822Request(mail, raw))).status, 200);
    const row = await waitFor('the conversation', async () =>
      (await agent.call('conversation.list', { view: 'all' })).conversations.find(({ preview }) => preview?.includes(text)),
    );
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.channel_id === mail.id);
    const [entry] = (await agent.call('timeline.page', { customer_id: row.customer_id })).entries;
    assert.ok(way && entry);
    return { customer_id: row.customer_id, way, entry };
  }
  const answer = (customer_id: string, { identity_id, channel_id }: Way, text: string, attachments: MessageFile[]): Promise<Entry> =>
    agent.call('message.send', { customer_id, identity_id: identity_id ?? '', channel_id, client_id: randomUUID(), text, format: 'markdown', attachments });
  const left = (text: string): Promise<(typeof mails)[number]> =>
    waitFor(`the mail with ${text}`, () => mails.find((one) => one.mail.text?.includes(text)), 20_000);

  it('stand in the HTML of a mail, with other files around; the plain text says where', async () => {
    const { customer_id, way } = await wrote();
    assert.equal(way.rich, 'pictures');
    const entry = await answer(customer_id, way, 'First *see* ![shot.png](cid:a1.b2), then the bill', [
      { upload: bill, name: 'bill.pdf', type: 'application/pdf' },
      shot('a1.b2'),
    ]);
    assert.equal(entry.text, 'First see [image: shot.png], then the bill');
    assert.equal(entry.html, '<p>First <em>see</em> <img src="cid:a1.b2" alt="shot.png">, then the bill</p>');
    assert.deepEqual(
      entry.attachments?.map(({ name, cid, inline }) => [name, cid, inline]),
      [
        ['bill.pdf', null, false],
        ['shot.png', 'a1.b2', true],
      ],
    );
    const { raw, mail: got } = await left('then the bill');
    const inside = got.attachments.find(({ filename }) => filename === 'shot.png');
    assert.deepEqual(inside?.content, PIXEL);
    assert.deepEqual([inside?.cid, inside?.contentId, inside?.contentDisposition, inside?.related], ['a1.b2', '<a1.b2>', 'inline', true]);
    assert.ok(String(got.html).includes('<img src="cid:a1.b2" alt="shot.png">'));
    assert.equal(got.text?.trim(), entry.text);
    const beside = got.attachments.find(({ filename }) => filename === 'bill.pdf');
    assert.deepEqual([beside?.contentDisposition, beside?.related], ['attachment', undefined]);
    assert.match(raw, /multipart\/mixed[^]*multipart\/alternative[^]*text\/plain[^]*multipart\/related[^]*text\/html[^]*image\/png[^]*application\/pdf/);
  });

  it('need nothing around them when there is no other file, and no words', async () => {
    const { customer_id, way } = await wrote();
    await answer(customer_id, way, '![alone.png](cid:alone)', [shot('alone', 'alone.png')]);
    const { raw, mail: got } = await left('[image: alone.png]');
    assert.match(got.headers.get('content-type') ? raw : '', /^Content-Type: multipart\/alternative/im);
    assert.doesNotMatch(raw, /multipart\/mixed/);
    assert.equal(got.attachments.length, 1);
  });

  it('that the text does not show are files like others', async () => {
    const { customer_id, way } = await wrote();
    const entry = await answer(customer_id, way, 'Nothing *shown*', [shot('unseen')]);
    assert.deepEqual(
      entry.attachments?.map(({ inline }) => inline),
      [false],
    );
    const { raw, mail: got } = await left('Nothing shown');
    assert.doesNotMatch(raw, /multipart\/related/);
    assert.equal(got.attachments[0]?.contentDisposition, 'attachment');
  });

  it('are refused by name when no file has them, or none that is a picture; ids are plain and each for one', async () => {
    const { customer_id, way } = await wrote();
    const refused = (text: string, files: MessageFile[], why: RegExp) =>
      assert.rejects(answer(customer_id, way, text, files), (error) => error instanceof ApiError && why.test(error.message));
    await refused('![x](cid:nobody1)', [shot('a1')], /nobody1/);
    await refused('![x](cid:b1)', [{ upload: bill, name: 'bill.pdf', type: 'application/pdf', cid: 'b1' }], /b1/);
    await refused('![x](cid:a1)', [shot('a1'), shot('a1', 'other.png')], /a1 cannot be the cid/);
    for (const cid of ['a b', 'a"b', 'a@b', 'x'.repeat(65)]) await refused('x', [shot(cid)], /cannot be the cid/);
    // What only looks like one is text.
    await answer(customer_id, way, 'typed \\![x](cid:nobody1) and `![x](cid:nobody2)`', []);
  });

  it('are files where HTML with pictures is not shown', async () => {
    const own = await server.channel('api', 'App', { delivery_url: 'http://127.0.0.1:9/', medium: 'sms' });
    const identity = { kind: 'external' as const, value: 'S-9' };
    await server.api('entries.put', { channel_id: own.id, entries: [{ kind: 'message', direction: 'in', identity, external_id: 'u1', text: 'by app' }] });
    const row = await waitFor('the conversation', async () =>
      (await agent.call('conversation.list', { view: 'all' })).conversations.find(({ preview }) => preview === 'by app'),
    );
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find(
      (one) => one.channel_id === own.id && one.identity_id !== null,
    );
    assert.equal(way?.rich, 'html');
    const entry = await answer(row.customer_id, way, '*See* ![shot.png](cid:a1)', [shot('a1')]);
    assert.deepEqual([entry.text, entry.html], ['See [image: shot.png]', '<p><em>See</em> [image: shot.png]</p>']);
    assert.deepEqual(
      entry.attachments?.map(({ name, inline }) => [name, inline]),
      [['shot.png', false]],
    );
    await assert.rejects(answer(row.customer_id, way, '![x](cid:nobody3)', []), /nobody3/);
  });

  it('of a mail that came in are told apart from its files, so that they can come along; an entry that is moved keeps them', async () => {
    const { entry } = await wrote({
      text: 'shown inside',
      html: '<p>shown inside <img src="cid:one@there"></p>',
      attachments: [
        { name: 'one.png', type: 'image/png', data: PIXEL, cid: 'one@there' },
        { name: 'two.png', type: 'image/png', data: PIXEL },
      ],
    });
    const { files } = await agent.call('entry.files', { id: entry.id });
    assert.deepEqual(
      files.map(({ name, cid }) => [name, cid]),
      [
        ['one.png', 'one@there'],
        ['two.png', null],
      ],
    );
    const to = await wrote();
    const moved = await agent.call('entry.move', { entry_id: entry.id, customer_id: to.customer_id, reason: 'theirs' });
    const kept = (one: Entry) => [one.html, one.attachments?.map(({ name, cid, inline }) => [name, cid, inline])];
    assert.deepEqual(kept(moved), kept(entry));
    const [inside] = files;
    assert.ok(inside);
    await answer(to.customer_id, to.way, '> ![one.png](cid:own1)\n\nas quoted', [{ upload: inside.upload, name: 'one.png', type: 'image/png', cid: 'own1' }]);
    assert.deepEqual((await left('as quoted')).mail.attachments[0]?.content, PIXEL);
  });
});
