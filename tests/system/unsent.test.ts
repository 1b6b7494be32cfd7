// One list of what has not left: by state, for those who may read it, to be tried again together.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, lineRequest, lineTextEvent, rfc822Request } from '../../agent-web/play/providers.ts';
import { randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

describe('unsent answers', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let line: { url: string; channelSecret: string };
  let channel: string;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    const made = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la', api_url: sink.lineUrl });
    channel = made.id;
    line = { url: made.url, channelSecret: 'ls' };
    agent = await server.agent((await server.newAgent('Ada')).cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const list = async (state: 'failed' | 'uncertain' | 'queued', more = {}) => await agent.call('outbox.list', { state, ...more });

  async function answer(preview: string, channel_id: string, text: string): Promise<{ entry: string; conversation: string }> {
    const row = (await agent.call('conversation.list', { view: 'open' })).conversations.find((one) => one.preview === preview);
    const way = (await agent.call('customer.reach', { customer_id: row!.customer_id })).ways.find((one) => one.channel_id === channel_id);
    const entry = await agent.call('message.send', {
      customer_id: row!.customer_id,
      identity_id: way!.identity_id!,
      channel_id,
      client_id: randomUUID(),
      text,
    });
    return { entry: entry.id, conversation: row!.id };
  }
  async function answered(name: string, text: string): Promise<{ entry: string; conversation: string }> {
    assert.equal((await deliver(lineRequest(line, [lineTextEvent(`U-${name}`, `hello from ${name}`)]))).status, 200);
    return await answer(`hello from ${name}`, channel, text);
  }
  const becomes = (id: string, state: string) => waitFor(`it is ${state}`, async () => (await agent.call('entry.get', { id })).delivery === state, 30_000);

  it('are listed by what has become of them, a page at a time, and tried again together', async () => {
    sink.setMode({ channel: 'line', status: 400, times: 100, body: { message: 'The user is gone' } });
    const sent = [];
    for (const name of ['one', 'two', 'three']) sent.push(await answered(name, `answer to ${name}`));
    for (const { entry } of sent) await becomes(entry, 'failed');
    const { messages, more } = await list('failed', { limit: 2 });
    assert.deepEqual([messages.map((one) => one.text), more], [['answer to three', 'answer to two'], true]);
    assert.match(JSON.stringify(messages[0]!.error), /The user is gone/);
    assert.deepEqual([messages[0]!.author_name, messages[0]!.channel_id], ['Ada', channel]);
    const rest = await list('failed', { limit: 2, before: messages[1]!.cursor });
    assert.deepEqual([rest.messages.map((one) => one.text), rest.more], [['answer to one'], false]);
    assert.deepEqual((await list('uncertain')).messages, []);
    sink.setMode({ channel: 'line', status: 400, times: 0 });
    const ids = [...messages, ...rest.messages].map((one) => one.entry_id);
    assert.deepEqual(await agent.call('outbox.retry', { ids: [...ids, randomUUID()] }), { retried: 3, left: 1 });
    for (const { entry } of sent) await becomes(entry, 'sent');
    assert.deepEqual((await list('failed')).messages, []);
    assert.deepEqual(await agent.call('outbox.retry', { ids }), { retried: 0, left: 3 }, 'nothing is sent twice');
  });

  it('that wait say when they are tried next; those of resolved conversations, and of closed channels, are not listed', async () => {
    sink.setMode({ channel: 'line', status: 503, times: 1 });
    const four = await answered('four', 'answer to four');
    await becomes(four.entry, 'uncertain');
    assert.deepEqual(
      (await list('uncertain')).messages.map((one) => one.text),
      ['answer to four'],
    );
    const mail = await server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    const sent = await deliver(
      rfc822Request(
        { url: mail.url, token: mail.secrets['token'] ?? '' },
        Buffer.from('From: mia@example.com\r\nSubject: Cup\r\nMessage-ID: <cup@example.com>\r\n\r\nhello by mail'),
      ),
    );
    assert.equal(sent.status, 200);
    const six = await answer('hello by mail', mail.id, 'answer by mail');
    const [row] = await waitFor('it was tried', async () => {
      const { messages } = await list('queued');
      return (messages[0]?.attempts ?? 0) > 0 ? messages : null;
    });
    assert.deepEqual([row?.entry_id, row?.text, row?.address], [six.entry, 'answer by mail', 'mia@example.com']);
    assert.ok(Date.parse(row?.next_at ?? '') > Date.now() - 1000);
    await agent.call('message.cancel', { id: six.entry });
    assert.deepEqual((await list('queued')).messages, []);
    sink.setMode({ channel: 'line', status: 400, times: 1, body: { message: 'no' } });
    const five = await answered('five', 'answer to five');
    await becomes(five.entry, 'failed');
    await server.api('channel.update', { id: channel, readers: 'supervisor' });
    await waitFor('it is closed to agents', async () => (await list('failed')).messages.length === 0);
    assert.deepEqual(await agent.call('outbox.retry', { ids: [five.entry] }), { retried: 0, left: 1 });
    await server.api('channel.update', { id: channel, readers: 'agent' });
    await waitFor('it is open again', async () => (await list('failed')).messages.length === 1);
    await agent.call('conversation.set_status', { id: five.conversation, status: 'resolved' });
    assert.deepEqual((await list('failed')).messages, []);
    await assert.rejects(agent.call('outbox.retry', { ids: [] }), /ids/);
  });

  it('that have been waiting for long are told with their channel, with the reason, and so is their end', async () => {
    sink.setMode({ channel: 'line', status: 429, times: 1000 });
    const { entry } = await answered('seven', 'answer to seven');
    await waitFor('it was tried', async () => ((await list('queued')).messages[0]?.attempts ?? 0) > 0);
    const row = async (api = server.api.bind(server)) => (await api('channel.list', {})).channels.find((one) => one.id === channel)!;
    assert.ok(Date.now() - Date.parse((await row()).unsent_since ?? '') < 60_000);
    server.sql(`UPDATE outbox SET created_at = created_at - 1200000 WHERE entry_id = UNHEX('${entry.replaceAll('-', '')}')`);
    await waitFor('it is told', () => agent.pushed('reload').some(({ what }) => what === 'channels') && server.log.includes('answers stand'), 30_000);
    const stands = await row();
    assert.ok(Date.now() - Date.parse(stands.unsent_since ?? '') > 1_100_000);
    assert.ok(stands.unsent_error.length > 0);
    const seen = (await agent.call('channel.list', {})).channels.find((one) => one.id === channel)!;
    assert.deepEqual([seen.unsent_since, seen.unsent_error], [stands.unsent_since, []]);
    await agent.call('message.cancel', { id: entry });
    await waitFor('it is over', () => server.log.includes('answers leave again'), 30_000);
    assert.equal((await row()).unsent_since, null);
  });
});
