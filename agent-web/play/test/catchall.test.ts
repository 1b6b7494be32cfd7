// The catch-all answers as the providers do, fails when asked to, and keeps what it was given.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, beforeEach, test } from 'node:test';
import nodemailer from 'nodemailer';
import { startCatchAll } from '../catchall.ts';
import { CAUGHT_CHANNELS } from '../caught.ts';

const received: { body: string; signature: string }[] = [];
let onReceived: () => void = () => undefined;
const webhook = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    received.push({ body, signature: String(request.headers['x-hub-signature-256']) });
    response.end();
    onReceived();
  });
});
await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
const webhookUrl = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;

const catchAll = await startCatchAll({
  statusDelayMs: 1,
  whatsAppHook: (id) => (id === '111' ? { url: webhookUrl, appSecret: 'app', phoneNumberId: '111' } : undefined),
});
after(async () => {
  await catchAll.close();
  webhook.close();
});
beforeEach(() => catchAll.clear());

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(catchAll.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer token', ...headers },
    body: JSON.stringify(body),
  });
}

// The answers' shapes are what is tested.
async function object(response: Response | Promise<Response>): Promise<any> {
  return (await response).json();
}

const push = { to: 'U1', messages: [{ type: 'text', text: 'お届けは明日です。' }] };

test('its page names every channel, and shows each alone', async () => {
  const page = await (await fetch(catchAll.url)).text();
  for (const channel of CAUGHT_CHANNELS) assert.match(page, new RegExp(`data-channel="${channel}"[^]*NAMES = .*\\b${channel}: '`), channel);
});

test('LINE: a repeated retry key is 409 and keeps nothing twice', async () => {
  const key = { 'x-line-retry-key': '7e3d0f0a-58a5-4d4e-9d0e-3f5a3f0a0001' };
  const first = await post('/line/v2/bot/message/push', push, key);
  assert.equal(first.status, 200);
  const again = await post('/line/v2/bot/message/push', push, key);
  assert.equal(again.status, 409);
  assert.equal(again.headers.get('x-line-accepted-request-id'), first.headers.get('x-line-request-id'));
  assert.equal(catchAll.messages.length, 1);
  assert.equal(catchAll.messages[0]?.text, 'お届けは明日です。');
});

test('LINE: a reply token works once, and takes no retry key', async () => {
  const reply = { replyToken: 't1', messages: push.messages };
  assert.equal((await post('/line/v2/bot/message/reply', reply, { 'x-line-retry-key': 'k' })).status, 400);
  assert.equal((await post('/line/v2/bot/message/reply', reply)).status, 200);
  const again = await post('/line/v2/bot/message/reply', reply);
  assert.equal(again.status, 400);
  assert.equal((await object(again)).message, 'Invalid reply token');
});

test('LINE: without a token 401, with a text too long 400', async () => {
  assert.equal((await post('/line/v2/bot/message/push', push, { authorization: '' })).status, 401);
  const long = { to: 'U1', messages: [{ type: 'text', text: 'x'.repeat(5001) }] };
  assert.equal((await post('/line/v2/bot/message/push', long)).status, 400);
});

test('WhatsApp: answers with a wamid, then tells sent, delivered and read, signed', async () => {
  received.length = 0;
  const three = new Promise<void>((resolve) => {
    onReceived = () => received.length === 3 && resolve();
  });
  const sent = await post('/whatsapp/111/messages', { messaging_product: 'whatsapp', to: '+46 70 1', type: 'text', text: { body: 'Hej' } });
  const id = (await object(sent)).messages[0].id as string;
  assert.match(id, /^wamid\./);
  await three;
  const states = received.map(({ body }) => JSON.parse(body).entry[0].changes[0].value.statuses[0]);
  assert.deepEqual(
    states.map((one) => one.status),
    ['sent', 'delivered', 'read'],
  );
  assert.ok(states.every((one) => one.id === id && one.recipient_id === '46701'));
  for (const { body, signature } of received) assert.equal(signature, 'sha256=' + createHmac('sha256', 'app').update(body).digest('hex'));
});

test('a mode fails so many times, then it is over', async () => {
  const mode = { channel: 'line', status: 429, retry_after: 1, times: 2 };
  assert.equal((await post('/mode', mode)).status, 200);
  const statuses: number[] = [];
  for (let i = 0; i < 3; i++) statuses.push((await post('/line/v2/bot/message/push', push)).status);
  assert.deepEqual(statuses, [429, 429, 200]);
  assert.equal(catchAll.messages.length, 1);
  assert.equal((await post('/mode', { channel: 'pigeon', status: 1 })).status, 400);
});

test('a mode can lose the answer of a message that was taken', async () => {
  catchAll.setMode({ channel: 'whatsapp', status: 0, keep: true });
  const body = { messaging_product: 'whatsapp', to: '1', type: 'text', text: { body: 'x' } };
  await assert.rejects(post('/whatsapp/222/messages', body));
  assert.equal(catchAll.messages.length, 1);
});

test('mail: kept with headers, text and the hash of its attachment; refused on request', async () => {
  const transport = nodemailer.createTransport(catchAll.smtpUrl);
  const mail = {
    from: 'Support <support@aoyama-finch.example>',
    to: 'eleni@mail.example',
    subject: 'Σχετικά με την παραγγελία σας',
    text: 'Καλημέρα',
    inReplyTo: '<a@mail.example>',
    attachments: [{ filename: 'label.pdf', content: Buffer.from('abc') }],
  };
  await transport.sendMail(mail);
  const [kept] = catchAll.messages;
  assert.equal(kept?.to, 'eleni@mail.example');
  assert.equal(kept?.subject, mail.subject);
  assert.equal(kept?.headers?.['in-reply-to'], '<a@mail.example>');
  assert.equal(kept?.attachments[0]?.sha256, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  catchAll.setMode({ channel: 'email', status: 451 });
  await assert.rejects(transport.sendMail(mail), (error: { responseCode?: number }) => error.responseCode === 451);
  assert.equal(catchAll.messages.length, 1);
});

test('GET /messages filters, newest first; /events tells each', async () => {
  const events = await fetch(catchAll.url + '/events');
  const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  await post('/line/v2/bot/message/push', push);
  await post('/line/v2/bot/message/push', { ...push, to: 'U2' });
  const { value } = await reader.read();
  assert.match(value ?? '', /^data: \{.*"to":"U1"/);
  await reader.cancel();
  const all = await object(fetch(catchAll.url + '/messages?channel=line'));
  assert.deepEqual(
    all.messages.map((one: { to: string }) => one.to),
    ['U2', 'U1'],
  );
  const one = await object(fetch(catchAll.url + '/messages?to=U1'));
  assert.equal(one.messages.length, 1);
});
