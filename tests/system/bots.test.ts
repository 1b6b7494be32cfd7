// A bot, which is an API token that sends: by every channel that agents answer by, under its name, as no person. It has no conversation, ends
// nobody's wait by what it writes, may say that a conversation is done, and sends by the channels that its token names alone.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, lineRequest, lineTextEvent, lineUserId, rfc822Request, whatsAppRequest, whatsAppText } from '../../agent-web/play/providers.ts';
import type { Conversation, Entry } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, Server, type Socket, waitFor, refused } from './harness.ts';

const NAME = 'Night owl';

describe('bots', () => {
  let server: Server;
  let sink: CatchAll;
  let bot: string;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn));
    bot = (await server.api('token.create', { name: NAME, scopes: ['read', 'send'], role: 'agent' })).secret;
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const conversation = (preview: string): Promise<Conversation> =>
    waitFor(`a conversation shows "${preview}"`, async () =>
      (await server.api('conversation.list', { view: 'all', limit: 200 }, bot)).conversations.find((one) => one.preview === preview),
    );

  const now = async (id: string): Promise<Conversation> => await server.api('conversation.get', { id });

  async function answer(row: Conversation, channel: string, text: string, token = bot): Promise<Entry> {
    const { ways } = await server.api('customer.reach', { customer_id: row.customer_id }, token);
    const way = ways.find((one) => one.channel_id === channel);
    assert.ok(way?.usable, JSON.stringify(ways));
    return await server.api(
      'message.send',
      { customer_id: row.customer_id, identity_id: way.identity_id ?? '', channel_id: channel, client_id: randomUUID(), text },
      token,
    );
  }

  async function byLine(text: string): Promise<{ row: Conversation; channel: string }> {
    const line = await server.channel('line', 'LINE', { channel_secret: 's', access_token: 't', api_url: sink.lineUrl });
    await deliver(lineRequest({ url: line.url, channelSecret: 's' }, [lineTextEvent(lineUserId(), text)]));
    return { row: await conversation(text), channel: line.id };
  }

  async function visitor(text: string): Promise<{ row: Conversation; channel: string; socket: Socket }> {
    const chat = await server.channel('chat', 'Chat');
    const socket = await server.visitor();
    await socket.call('chat.hello', { channel_id: chat.id });
    await socket.call('chat.send', { client_id: randomUUID(), text });
    return { row: await conversation(text), channel: chat.id, socket };
  }

  it('answer by every channel that agents answer by', async () => {
    const sms = createServer((request, response) => request.resume().on('end', () => response.end('{"id":"S-1"}'))).listen(0, '127.0.0.1');
    ends.push(async () => void sms.close());
    await waitFor('it listens', () => sms.address());
    const mail = await server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: sink.smtpUrl });
    const whatsApp = await server.channel('whatsapp', 'WhatsApp', { app_secret: 'w', access_token: 't', phone_number_id: '77', api_url: sink.whatsAppUrl });
    const own = await server.channel('api', 'SMS', { delivery_url: `http://127.0.0.1:${(sms.address() as AddressInfo).port}/`, medium: 'sms' });
    await deliver(
      rfc822Request(
        { url: mail.url, token: mail.secrets['token'] ?? '' },
        Buffer.from('From: kim@example.com\r\nMessage-ID: <1@example.com>\r\nSubject: Hours\r\n\r\nby mail'),
      ),
    );
    await deliver(whatsAppRequest({ url: whatsApp.url, appSecret: 'w', phoneNumberId: '77' }, [whatsAppText('819011112222', 'Wa', 'by WhatsApp')]));
    await server.api('entries.put', {
      channel_id: own.id,
      entries: [{ identity: { kind: 'external', value: 'S-9' }, kind: 'message', external_id: 's', text: 'by SMS' }],
    });
    const line = await byLine('by LINE');
    const chat = await visitor('by chat');
    const asked = { 'by mail': mail.id, 'by WhatsApp': whatsApp.id, 'by SMS': own.id, 'by LINE': line.channel, 'by chat': chat.channel };
    for (const [text, channel] of Object.entries(asked)) {
      const entry = await answer(await conversation(text), channel, `answered ${text}`);
      assert.deepEqual([entry.author_kind, entry.author_name, entry.author_id, entry.direction], ['bot', NAME, null, 'out'], text);
      await waitFor(
        `it has left ${text}`,
        async () => ['sent', 'delivered', 'read', 'received'].includes((await server.api('entry.get', { id: entry.id })).delivery),
        30_000,
      );
    }
    chat.socket.close();
  });

  it('have no conversation and end no wait; a person of us does both', async () => {
    const { row, channel } = await byLine('Where is my parcel?');
    await answer(row, channel, 'We open at nine.');
    const after = await now(row.id);
    assert.deepEqual([after.assignee_id, after.waiting_since, after.unread], [null, row.waiting_since, 1]);
    assert.deepEqual([after.preview, after.preview_code, after.last_direction], ['We open at nine.', 'bot', 'out']);
    assert.equal(
      (await server.api('conversation.list', { view: 'open' })).conversations.some(({ id }) => id === row.id),
      true,
    );
    const note = await server.api('note.add', { customer_id: row.customer_id, client_id: randomUUID(), text: 'It asks for a parcel.' }, bot);
    assert.deepEqual([note.author_kind, note.author_name], ['bot', NAME]);
    for (const direction of ['in', 'out'] as const) {
      const call = await server.api(
        'contact.log',
        { customer_id: row.customer_id, client_id: randomUUID(), direction, outcome: direction === 'in' ? 'missed' : 'busy' },
        bot,
      );
      assert.deepEqual([call.author_kind, call.author_name, call.author_id], ['bot', NAME, null], 'neither the person nor one of us has written it');
    }
    await server.api('contact.log', { customer_id: row.customer_id, client_id: randomUUID(), direction: 'out', outcome: 'completed', duration_s: 30 }, bot);
    assert.ok((await now(row.id)).waiting_since, 'a bot that says it has spoken to the person ends no wait');
    const agent = await server.newAgent('Eva');
    const socket = await server.agent(agent.cookie);
    const way = (await socket.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.channel_id === channel);
    await socket.call('message.send', {
      customer_id: row.customer_id,
      identity_id: way?.identity_id ?? '',
      channel_id: channel,
      client_id: randomUUID(),
      text: 'On its way.',
    });
    const answered = await now(row.id);
    assert.deepEqual([answered.assignee_id, answered.waiting_since, answered.unread, answered.preview_code], [agent.id, null, 0, 'text']);
    socket.close();
  });

  it('may say that a conversation is done, and the next word opens it again', async () => {
    const { row, channel, socket } = await visitor('When do you open?');
    await answer(row, channel, 'At nine.');
    const done = await server.api('conversation.set_status', { id: row.id, status: 'resolved' }, bot);
    assert.deepEqual([done.status, done.waiting_since, done.assignee_id], ['resolved', null, null]);
    await socket.call('chat.send', { client_id: randomUUID(), text: 'And on Sunday?' });
    assert.ok((await conversation('And on Sunday?')).waiting_since);
    await refused(server.api('conversation.assign', { id: row.id, agent_id: null } as never, bot), 'forbidden', null);
    socket.close();
  });

  it('write down calls as theirs, under an id that means one call', async () => {
    const { row } = await byLine('Ring me, please');
    const logged = { customer_id: row.customer_id, client_id: randomUUID(), direction: 'in', outcome: 'missed', text: 'It rang eight times.' } as const;
    const call = await server.api('contact.log', logged, bot);
    assert.deepEqual([call.author_kind, call.author_name, call.direction], ['bot', NAME, 'in']);
    assert.equal((await server.api('contact.log', logged, bot)).id, call.id);
    await refused(server.api('contact.log', { ...logged, text: 'It rang twice.' }, bot), 'conflict', 'client_id');
    assert.equal((await server.api('entry.get', { id: call.id })).text, logged.text);
  });

  it('are told to visitors as bots', async () => {
    const { row, channel, socket } = await visitor('Is anybody there?');
    await answer(row, channel, 'I am.');
    const pushed = await waitFor('it is pushed', () => socket.pushed('chat.message').find(({ text }) => text === 'I am.'));
    assert.deepEqual([pushed.bot, pushed.author_name, pushed.mine], [true, NAME, false]);
    socket.close();
  });

  it('send by the channels that their token names alone', async () => {
    const { row, channel } = await byLine('bound');
    const elsewhere = (await server.channel('line', 'Other', { channel_secret: 'o', access_token: 't', api_url: sink.lineUrl })).id;
    const bound = async (channels: string[]): Promise<string> =>
      (await server.api('token.create', { name: 'Bound', scopes: ['read', 'send'], role: 'agent', channels })).secret;
    await refused(answer(row, channel, 'no', await bound([elsewhere])), 'forbidden', 'channel_id');
    assert.equal((await answer(row, channel, 'yes', await bound([elsewhere, channel]))).author_name, 'Bound');
    await refused(server.api('token.create', { name: 'Reads', scopes: ['read'], channels: [channel] } as never), 'invalid', 'channels');
    server.run(['token', 'add', '--name', 'by hand', '--scope', 'read,send', '--channel', channel]);
  });
});
