// A formatted answer is written once, as Markdown, and each channel gets what it can show of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import type { Caught } from '../../agent-web/play/caught.ts';
import { composeMail, deliver, lineRequest, lineTextEvent, lineUserId, rfc822Request, whatsAppRequest } from '../../agent-web/play/providers.ts';
import type { Entry, Way } from '../../agent-web/protocol/src/generated.ts';
import { ApiError, endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const MARKDOWN = 'Dear *Ann*,\n\n- **one**\n- [two](https://shop.example/?a=1&b=2)\n\n[bad](javascript:alert(1)) <b>raw</b> 2\\*3\\*4';
const PLAIN = 'Dear Ann,\n\n- one\n- two (https://shop.example/?a=1&b=2)\n\nbad <b>raw</b> 2*3*4';
const HTML =
  '<p>Dear <em>Ann</em>,</p>\n<ul>\n<li><strong>one</strong></li>\n<li><a href="https://shop.example/?a=1&amp;b=2">two</a></li>\n</ul>\n<p>bad &lt;b&gt;raw&lt;/b&gt; 2*3*4</p>';

describe('a formatted answer', () => {
  const ends: (() => Promise<void>)[] = [];
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let cookie = '';
  let hook = { url: '', token: '' };

  before(async () => {
    sink = await startCatchAll();
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn));
    ({ cookie } = await server.newAgent('Eva'));
    agent = await server.agent(cookie);
  });
  after(() => endAll(ends.reverse()));

  const ways = new Map<string, { customer_id: string; identity_id: string; channel_id: string }>();
  async function wayOf(wrote: string, medium: Way['medium']): Promise<{ customer_id: string; identity_id: string; channel_id: string }> {
    const row = await waitFor('the conversation', async () =>
      (await agent.call('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === wrote),
    );
    const found = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.medium === medium && one.usable);
    assert.ok(found?.identity_id);
    return { customer_id: row.customer_id, identity_id: found.identity_id, channel_id: found.channel_id };
  }
  /** To who wrote so, by the same means. */
  async function answer(wrote: string, medium: Way['medium'], more: object = {}): Promise<Entry> {
    const way = ways.get(wrote) ?? (await wayOf(wrote, medium));
    ways.set(wrote, way);
    return await agent.call('message.send', { ...way, client_id: randomUUID(), text: MARKDOWN, format: 'markdown', ...more });
  }
  const caught = (entry: Entry, channel: Caught['channel']): Promise<Caught> =>
    waitFor(`what was sent by ${channel}`, () =>
      sink.messages.find((one) => one.channel === channel && (channel !== 'email' || one.external_id.includes(entry.id))),
    );

  it('is HTML and text by mail; the timeline has both, and what was written', async () => {
    const mail = await server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: sink.smtpUrl });
    const raw = await composeMail({ from: 'ann@example.com', fromName: 'Ann', to: 'help@shop.example', subject: 'Tea', text: 'mail question' });
    hook = { url: mail.url, token: mail.secrets['token'] ?? '' };
    assert.equal((await deliver(rfc822Request(hook, raw))).status, 200);
    const entry = await answer('mail question', 'email');
    assert.deepEqual([entry.text, entry.html, entry.payload?.markdown], [PLAIN, HTML, MARKDOWN]);
    const got = await caught(entry, 'email');
    assert.deepEqual([got.text.trim(), got.html?.trim()], [PLAIN, HTML]);
    assert.match(got.headers?.['content-type'] ?? '', /^multipart\/alternative/);
    const [row] = (await agent.call('conversation.list', { view: 'all' })).conversations;
    assert.equal(row?.preview?.startsWith('Dear Ann, - one'), true, row?.preview ?? '');
    // A repeat is the same answer, and another one under its id is refused.
    const again = { client_id: entry.id };
    assert.equal((await answer('mail question', 'email', again)).id, entry.id);
    await assert.rejects(answer('mail question', 'email', { ...again, text: '**other**' }), ApiError);
  });

  it('that has no marks is a plain mail', async () => {
    const raw = await composeMail({ from: 'bob@example.com', fromName: 'Bob', to: 'help@shop.example', subject: 'Tea', text: 'second question' });
    assert.equal((await deliver(rfc822Request(hook, raw))).status, 200);
    const entry = await answer('second question', 'email', { text: 'Hello\n\n2\\*3\\*4' });
    assert.deepEqual([entry.text, entry.html, entry.payload?.markdown], ['Hello\n\n2*3*4', null, undefined]);
    const got = await caught(entry, 'email');
    assert.equal(got.html, undefined);
    assert.match(got.headers?.['content-type'] ?? '', /^text\/plain/);
  });

  it('has the marks of WhatsApp there, and none on LINE', async () => {
    const shop = await server.channel('whatsapp', 'WhatsApp', { app_secret: 'ws', access_token: 'wt', phone_number_id: '77', api_url: sink.whatsAppUrl });
    const wa = { from: '819011110001', id: 'wamid.1', timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: 'whatsapp question' } };
    const contacts = [{ profile: { name: 'Wa' }, wa_id: wa.from }];
    assert.equal((await deliver(whatsAppRequest({ url: shop.url, appSecret: 'ws', phoneNumberId: '77' }, [{ contacts, messages: [wa] }]))).status, 200);
    const byWhatsApp = await answer('whatsapp question', 'whatsapp');
    assert.deepEqual([byWhatsApp.text, byWhatsApp.html], [PLAIN, HTML]);
    assert.equal((await caught(byWhatsApp, 'whatsapp')).text, PLAIN.replace('Ann', '_Ann_').replace('one', '*one*'));

    const line = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'lt', api_url: sink.lineUrl });
    assert.equal((await deliver(lineRequest({ url: line.url, channelSecret: 'ls' }, [lineTextEvent(lineUserId(), 'line question')]))).status, 200);
    const byLine = await answer('line question', 'line');
    assert.deepEqual([byLine.text, byLine.html, byLine.payload?.markdown], [PLAIN, null, undefined]);
    assert.equal((await caught(byLine, 'line')).text, PLAIN);
  });

  it('is refused when nothing of it can be seen', async () => {
    await assert.rejects(answer('line question', 'line', { text: '> > >' }), ApiError);
  });

  it('takes as many and as large files as its channel, and no more', async () => {
    const files = Array.from({ length: 3 }, (_, n) => ({ name: `${n}.bin`, size: 7_000_000 }));
    const attachments = [];
    for (const { name, size } of files)
      attachments.push({ name, upload: (await server.upload(name, new Uint8Array(size).fill(size % 251), { cookie })).upload });
    await assert.rejects(answer('mail question', 'email', { attachments }), /18000000/);
    await answer('mail question', 'email', { attachments: attachments.slice(1) });
  });
});
