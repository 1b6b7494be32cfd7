// Answers go out: by mail with threading, by LINE and WhatsApp by their own rules; what fails is tried again, said, or
// left uncertain, and never sent twice.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import {
  composeMail,
  deliver,
  lineRequest,
  lineTextEvent,
  newMessageId,
  rfc822Request,
  type WhatsAppHook,
  whatsAppRequest,
  whatsAppStatus,
  whatsAppText,
} from '../../agent-web/play/providers.ts';
import type { Entry, Way } from '../../agent-web/protocol/src/generated.ts';
import { randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

describe('delivery', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let cookie: string;
  let mail: { url: string; token: string };
  let line: { url: string; channelSecret: string };
  let whatsApp: WhatsAppHook;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ whatsAppHook: () => whatsApp, statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '4' } } });
    const post = await server.channel('email', 'Support', { address: 'help@shop.example', display_name: 'Shop', smtp_url: sink.smtpUrl });
    mail = { url: post.url, token: post.secrets['token'] ?? '' };
    const chat = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la', api_url: sink.lineUrl });
    line = { url: chat.url, channelSecret: 'ls' };
    const wa = await server.channel('whatsapp', 'WhatsApp', { app_secret: 'ws', access_token: 'wt', phone_number_id: '77', api_url: sink.whatsAppUrl });
    whatsApp = { url: wa.url, appSecret: 'ws', phoneNumberId: '77' };
    cookie = await server.login();
    agent = await server.agent(cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function take(request: Parameters<typeof deliver>[0]): Promise<void> {
    const sent = await deliver(request);
    assert.ok(sent.status >= 200 && sent.status < 300, `${sent.status} ${sent.text}`);
  }

  async function person(preview: string): Promise<{ customer: string; way: Way }> {
    const row = (await agent.call('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === preview);
    assert.ok(row, `no conversation shows "${preview}"`);
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.best);
    assert.ok(way, 'nobody can be answered');
    return { customer: row.customer_id, way };
  }

  async function answer(to: { customer: string; way: Way }, text: string, more = {}): Promise<Entry> {
    await agent.call('timeline.watch', { customer_id: to.customer });
    return await agent.call('message.send', {
      customer_id: to.customer,
      identity_id: to.way.identity_id ?? '',
      channel_id: to.way.channel_id,
      client_id: randomUUID(),
      text,
      ...more,
    });
  }

  const becomes = (entry: Entry, delivery: Entry['delivery']): Promise<Entry> =>
    waitFor(
      `the answer is ${delivery}`,
      () =>
        agent
          .pushed('entry')
          .map((push) => push.entry)
          .find((one) => one.id === entry.id && one.delivery === delivery),
      40_000,
    );
  const caught = (text: string): typeof sink.messages => sink.messages.filter((one) => one.text.includes(text));

  it('answers a mail in its thread, with a file, from the address of the channel', async () => {
    const messageId = newMessageId('mia@example.com');
    const picture = Buffer.from('not really a picture');
    await take(
      rfc822Request(
        mail,
        await composeMail({
          from: 'mia@example.com',
          fromName: 'Mia Müller',
          to: 'help@shop.example',
          subject: 'Teekanne',
          text: 'Wo bleibt die Kanne?',
          messageId,
          attachments: [{ name: 'kanne.png', type: 'image/png', data: picture }],
        }),
      ),
    );
    const to = await person('Wo bleibt die Kanne?');
    const page = await agent.call('timeline.page', { customer_id: to.customer });
    const file = page.entries[0]?.attachments?.[0];
    assert.equal(file?.sha256, createHash('sha256').update(picture).digest('hex'));
    assert.equal(file?.size, picture.length);
    const bytes = await fetch(`${server.url}${file?.url}`, { headers: { authorization: `Bearer ${server.token}` } });
    assert.deepEqual(Buffer.from(await bytes.arrayBuffer()), picture);
    assert.equal((await fetch(`${server.url}${file?.url}`)).status, 401, 'a file is for those who are logged in');

    const stored = await server.upload('antwort.txt', 'unterwegs', { cookie });
    const sent = await answer(to, 'Sie ist unterwegs.', { attachments: [{ upload: stored.upload, name: 'antwort.txt', type: 'text/plain' }] });
    assert.equal(sent.delivery, 'queued');
    await becomes(sent, 'sent');
    const got = caught('Sie ist unterwegs.')[0];
    assert.equal(got?.to, 'mia@example.com');
    assert.equal(got?.subject, 'Re: Teekanne');
    assert.equal(got?.headers?.['in-reply-to'], messageId);
    assert.match(got?.headers?.['references'] ?? '', new RegExp(messageId.replace(/[.+]/g, '\\$&')));
    assert.equal(got?.attachments[0]?.sha256, stored.sha256);
    assert.match(got?.headers?.['from'] ?? '', /help@shop\.example/);
    const full = await agent.call('entry.get', { id: sent.id });
    assert.equal(full.external_id, got?.external_id, 'the entry knows the id that it left with');
  });

  it('takes an answer back while there is time, and not after', async () => {
    await take(rfc822Request(mail, await composeMail({ from: 'undo@example.com', fromName: 'U', to: 'help@shop.example', subject: 'x', text: 'undo me' })));
    const to = await person('undo me');
    const sent = await answer(to, 'a slip of the pen');
    const cancelled = await agent.call('message.cancel', { id: sent.id });
    assert.equal(cancelled.delivery, 'cancelled');
    const second = await answer(to, 'as I meant it');
    await becomes(second, 'sent');
    await assert.rejects(agent.call('message.cancel', { id: second.id }), /has left already/);
    assert.equal(caught('a slip of the pen').length, 0);
    assert.equal(caught('as I meant it').length, 1);
  });

  it('sends once, whatever the client repeats', async () => {
    await take(lineRequest(line, [lineTextEvent('U-once', 'once please')]));
    const to = await person('once please');
    const params = {
      customer_id: to.customer,
      identity_id: to.way.identity_id ?? '',
      channel_id: to.way.channel_id,
      client_id: randomUUID(),
      text: 'here it is, once',
    };
    await agent.call('timeline.watch', { customer_id: to.customer });
    const [first, second] = await Promise.all([agent.call('message.send', params), agent.call('message.send', params)]);
    assert.equal(first.id, second.id);
    await becomes(first, 'sent');
    assert.equal(caught('here it is, once').length, 1);
    const other = await server.agent((await server.newAgent('Some Body')).cookie);
    await assert.rejects(other.call('message.send', params), /taken by something else/);
    other.close();
  });

  it('tries again with the same key when LINE throttles or its answer is lost, and sends once', async () => {
    await take(lineRequest(line, [lineTextEvent('U-retry', 'try hard')]));
    const to = await person('try hard');
    sink.setMode({ channel: 'line', status: 429, retry_after: 1, times: 1 });
    const throttled = await answer(to, 'after a 429');
    await becomes(throttled, 'sent');
    assert.equal(caught('after a 429').length, 1);
  });

  it('lets WhatsApp receipts settle what became of an answer, in whatever order they come', async () => {
    await take(whatsAppRequest(whatsApp, [whatsAppText('819011112222', 'Ken', 'are you there?')]));
    const to = await person('are you there?');
    assert.ok(to.way.window_until, 'the window is told');
    const sent = await answer(to, 'yes we are');
    const read = await becomes(sent, 'read');
    const got = caught('yes we are')[0];
    assert.equal(read.external_id, got?.external_id);
    await take(whatsAppRequest(whatsApp, [whatsAppStatus(got?.external_id ?? '', '819011112222', 'delivered')]));
    assert.equal((await agent.call('entry.get', { id: sent.id })).delivery, 'read', 'a late receipt does not undo a better one');
  });

  it('does not send again when WhatsApp may have taken it: uncertain, until a receipt tells', async () => {
    await take(whatsAppRequest(whatsApp, [whatsAppText('819033334444', 'Rin', 'lost answer')]));
    const to = await person('lost answer');
    sink.setMode({ channel: 'whatsapp', status: 0, times: 1, keep: true });
    const sent = await answer(to, 'did you get it?');
    const now = await waitFor(
      'it is uncertain, or settled already',
      () =>
        agent
          .pushed('entry')
          .map((push) => push.entry)
          .find((one) => one.id === sent.id && !['queued'].includes(one.delivery)),
      40_000,
    );
    assert.ok(['uncertain', 'sent', 'delivered', 'read'].includes(now.delivery), now.delivery);
    assert.equal(caught('did you get it?').length, 1);
  });

  it('says why an answer was refused for good, and sends it again on demand', async () => {
    await take(whatsAppRequest(whatsApp, [whatsAppText('819055556666', 'Sora', 'refuse me')]));
    const to = await person('refuse me');
    sink.setMode({ channel: 'whatsapp', status: 400, times: 1, body: { error: { message: 'Re-engagement message', type: 'OAuthException', code: 131047 } } });
    const sent = await answer(to, 'too late?');
    const failed = await becomes(sent, 'failed');
    assert.deepEqual(failed.delivery_error, [{ code: 'whatsapp_window', params: { code: 131047 } }]);
    await agent.call('message.retry', { id: sent.id });
    await waitFor('it is sent', () =>
      agent.pushed('entry').some((push) => push.entry.id === sent.id && ['sent', 'delivered', 'read'].includes(push.entry.delivery)),
    );
    assert.equal(caught('too late?').length, 1);
  });

  it('a broken channel holds up no other', async () => {
    await take(whatsAppRequest(whatsApp, [whatsAppText('819077778888', 'Blocked', 'blocked channel')]));
    await take(lineRequest(line, [lineTextEvent('U-free', 'free channel')]));
    const blocked = await person('blocked channel');
    const free = await person('free channel');
    sink.setMode({ channel: 'whatsapp', status: 503, times: 1000 });
    const stuck = await answer(blocked, 'stuck for now');
    const through = await answer(free, 'goes through');
    await becomes(through, 'sent');
    assert.equal((await agent.call('entry.get', { id: stuck.id })).delivery, 'queued');
    sink.setMode({ channel: 'whatsapp', status: 503, times: 0 });
  });

  it('writes down that an answer has left, though the provider gives it an id that another one has', async () => {
    await take(lineRequest(line, [lineTextEvent('U-twice', 'two answers please')]));
    const to = await person('two answers please');
    sink.setMode({ channel: 'line', status: 200, times: 2, body: { sentMessages: [{ id: '47110815' }] } });
    const first = await answer(to, 'the first');
    await becomes(first, 'sent');
    const second = await answer(to, 'the second');
    await becomes(second, 'sent');
    assert.notEqual((await agent.call('entry.get', { id: first.id })).external_id, (await agent.call('entry.get', { id: second.id })).external_id);
  });

  it('hears a provider that wants to be left alone, but for no longer than an hour', async () => {
    const slow = await server.channel('line', 'Slow', { channel_secret: 'slow', access_token: 'la', api_url: sink.lineUrl });
    await take(lineRequest({ url: slow.url, channelSecret: 'slow' }, [lineTextEvent('U-slow', 'no hurry')]));
    const to = await person('no hurry');
    sink.setMode({ channel: 'line', status: 429, retry_after: 36_000, times: 1 });
    const sent = await answer(to, 'in an hour');
    const wait = (): number =>
      Number(
        server
          .sql(
            `SELECT d.at / 60000 - UNIX_TIMESTAMP() / 60 FROM due d JOIN outbox o ON o.id = d.noun_key WHERE d.what = 0 AND d.holder = 0 AND o.attempts = 1 AND o.entry_id = UNHEX(REPLACE('${sent.id}', '-', ''))`,
          )
          .trim() || 0,
      );
    const minutes = await waitFor('it is put off', wait);
    assert.ok(minutes > 55 && minutes < 61, `${minutes} minutes`);
  });

  it('refuses what cannot be sent, and names the field', async () => {
    await take(lineRequest(line, [lineTextEvent('U-bad', 'bad answers')]));
    const to = await person('bad answers');
    const refused = (params: object): Promise<{ field: string; message: string }> =>
      answer(to, 'x', params).then(
        () => assert.fail('it was taken'),
        (error: { field: string; message: string }) => error,
      );
    assert.equal((await refused({ text: '' })).field, 'text');
    assert.equal((await refused({ text: '字'.repeat(5001) })).field, 'text');
    assert.equal((await refused({ attachments: [{ upload: 'a'.repeat(43), name: 'x' }] })).field, 'attachments');
    assert.equal((await refused({ channel_id: randomUUID() })).field, 'channel_id');
    assert.equal((await refused({ customer_id: randomUUID() })).field, 'customer_id');
    assert.equal((await refused({ surprise: 1 })).field, 'surprise');
  });
});
