// An answer that is planned goes at its time, and not before; until then it can be given another time, sent, or taken back, and it
// holds up nothing else.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, lineRequest, lineTextEvent, whatsAppRequest } from '../../agent-web/play/providers.ts';
import type { CallError } from '../../agent-web/protocol/src/error.ts';
import type { Conversation, Entry } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const HOUR = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

interface Asked {
  customer: string;
  identity: string;
  conversation: string;
  name: string;
}

describe('planned answers', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let line: { id: string; url: string; channelSecret: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    const made = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la', api_url: sink.lineUrl });
    line = { id: made.id, url: made.url, channelSecret: 'ls' };
    agent = await server.agent((await server.newAgent('Ada')).cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const write = async (name: string, words: string): Promise<void> => {
    assert.equal((await deliver(lineRequest(line, [lineTextEvent(`U-${name}`, words)]))).status, 200);
  };
  const rowOf = async (preview: string): Promise<Conversation> =>
    (await agent.call('conversation.list', { view: 'open' })).conversations.find((one) => one.preview === preview)!;
  const stands = (who: Asked): Promise<Conversation> => agent.call('conversation.get', { id: who.conversation });

  async function asked(name: string): Promise<Asked> {
    await write(name, `hello from ${name}`);
    const row = await rowOf(`hello from ${name}`);
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.channel_id === line.id);
    return { customer: row.customer_id, identity: way!.identity_id!, conversation: row.id, name };
  }
  const send = (who: Asked, text: string, send_at?: string): Promise<Entry> =>
    agent.call('message.send', {
      customer_id: who.customer,
      identity_id: who.identity,
      channel_id: line.id,
      client_id: randomUUID(),
      text,
      ...(send_at ? { send_at } : {}),
    });
  const get = (id: string): Promise<Entry> => agent.call('entry.get', { id });
  const becomes = (id: string, state: string) => waitFor(`it is ${state}`, async () => ((await get(id)).delivery === state ? get(id) : null), 30_000);
  /** Its time has come. */
  const come = (id: string): void => {
    const key = id.replaceAll('-', '');
    server.sql(`UPDATE entry SET send_at = 1000 * UNIX_TIMESTAMP() - 1 WHERE id = UNHEX('${key}')`);
    server.sql(`UPDATE due SET at = 1000 * UNIX_TIMESTAMP() - 1 WHERE what = 9 AND noun_key = (SELECT id FROM outbox WHERE entry_id = UNHEX('${key}'))`);
  };
  const left = (text: string) => sink.messages.filter((one) => one.text.includes(text)).length;
  const refused = (call: Promise<unknown>, field: string, code: string) =>
    assert.rejects(call, (error: CallError) => {
      assert.deepEqual([error.field, error.reason], [field, code]);
      return true;
    });

  it('wait for their time, which can be another one, and hold up no answer that is sent meanwhile', async () => {
    const mia = await asked('mia');
    const at = inHours(20);
    const planned = await send(mia, 'tomorrow morning', at);
    assert.deepEqual([planned.delivery, planned.send_at], ['scheduled', at]);
    const row = await stands(mia);
    assert.deepEqual([row.planned_at, row.waiting_since], [at, null]);
    await becomes((await send(mia, 'at once')).id, 'sent');
    const list = (await agent.call('outbox.list', { state: 'scheduled' })).messages;
    assert.deepEqual(
      list.map((one) => [one.entry_id, one.next_at, one.text]),
      [[planned.id, at, 'tomorrow morning']],
    );
    const later = inHours(40);
    assert.equal((await agent.call('message.plan', { id: planned.id, send_at: later })).send_at, later);
    assert.equal((await stands(mia)).planned_at, later);
    assert.equal(left('tomorrow morning'), 0);
    come(planned.id);
    await becomes(planned.id, 'sent');
    assert.equal(left('tomorrow morning'), 1);
    assert.equal((await stands(mia)).planned_at, null);
    assert.deepEqual((await agent.call('outbox.list', { state: 'scheduled' })).messages, []);
    await refused(agent.call('message.plan', { id: planned.id, send_at: inHours(1) }), 'id', 'not_planned');
  });

  it('are known in the queue when the person writes before, and go all the same, though resolved', async () => {
    const eva = await asked('eva');
    const planned = await send(eva, 'as planned', inHours(3));
    await agent.call('conversation.set_status', { id: eva.conversation, status: 'resolved' });
    await write('eva', 'one more thing');
    const row = await rowOf('one more thing');
    assert.ok(row.planned_at && row.waiting_since && row.status === 'open');
    await agent.call('conversation.set_status', { id: eva.conversation, status: 'resolved' });
    assert.equal((await agent.call('outbox.list', { state: 'scheduled' })).messages.length, 1, 'also of what is resolved');
    come(planned.id);
    await becomes(planned.id, 'sent');
    const now = await stands(eva);
    assert.deepEqual([now.status, now.planned_at], ['resolved', null]);
  });

  it('leave the person waiting who has written since', async () => {
    const kai = await asked('kai');
    const planned = await send(kai, 'said before', inHours(3));
    await write('kai', 'asked since');
    come(planned.id);
    await becomes(planned.id, 'sent');
    assert.ok((await stands(kai)).waiting_since, 'nobody has answered that');
  });

  it('are taken back, or sent now', async () => {
    const rae = await asked('rae');
    const first = await send(rae, 'never', inHours(3));
    assert.equal((await agent.call('message.cancel', { id: first.id })).delivery, 'cancelled');
    const row = await stands(rae);
    assert.ok(row.waiting_since && row.planned_at === null);
    assert.equal(
      server.sql(`SELECT COUNT(*) FROM due JOIN outbox o ON o.id = noun_key WHERE what = 9 AND o.entry_id = UNHEX('${first.id.replaceAll('-', '')}')`).trim(),
      '0',
    );
    const second = await send(rae, 'sooner', inHours(3));
    const now = await agent.call('message.plan', { id: second.id });
    assert.deepEqual([now.delivery, now.send_at], ['queued', null]);
    await becomes(second.id, 'sent');
    assert.equal(left('never'), 0);
    assert.equal(left('sooner'), 1);
  });

  it('fail with the reason when they may not go any more, and nothing goes of who is erased', async () => {
    const ida = await asked('ida');
    const planned = await send(ida, 'unwanted', inHours(3));
    await server.api('identity.set_consent', { identity_id: ida.identity, consent: 'refused', source: 'said so' });
    come(planned.id);
    const failed = await becomes(planned.id, 'failed');
    assert.deepEqual(failed?.delivery_error, [{ code: 'way_opted_out', params: {} }]);
    const row = await stands(ida);
    assert.deepEqual([row.notice, row.status, row.planned_at], ['answer_failed', 'open', null]);
    const leo = await asked('leo');
    const erased = await send(leo, 'to nobody', inHours(3));
    await server.api('privacy.erase_customer', { customer_id: leo.customer, reason: 'asked for', confirm: 'U-leo' });
    await becomes(erased.id, 'cancelled');
    assert.equal(left('unwanted') + left('to nobody'), 0);
  });

  it('wait with their channel while it is switched off', async () => {
    const noa = await asked('noa');
    const planned = await send(noa, 'when it is on', inHours(3));
    await server.api('channel.update', { id: line.id, active: 'no' });
    come(planned.id);
    await becomes(planned.id, 'queued');
    assert.equal(left('when it is on'), 0);
    await server.api('channel.update', { id: line.id, active: 'yes' });
    await becomes(planned.id, 'sent');
  });

  it('are for a minute to a year from now, and for before the window closes', async () => {
    const tom = await asked('tom');
    await refused(send(tom, 'too soon', inHours(0)), 'send_at', 'planned_too_soon');
    await refused(send(tom, 'too far', inHours(24 * 400)), 'send_at', 'planned_too_far');
    const planned = await send(tom, 'fine', inHours(1));
    await refused(agent.call('message.plan', { id: planned.id, send_at: new Date(Date.now() + 5000).toISOString() }), 'send_at', 'planned_too_soon');
    await agent.call('message.cancel', { id: planned.id });
    const shop = await server.channel('whatsapp', 'WhatsApp', { app_secret: 'ws', access_token: 'wt', phone_number_id: '77', api_url: sink.whatsAppUrl });
    const said = { from: '819011110001', id: 'wamid.1', timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: 'by whatsapp' } };
    const contacts = [{ profile: { name: 'Wa' }, wa_id: said.from }];
    assert.equal((await deliver(whatsAppRequest({ url: shop.url, appSecret: 'ws', phoneNumberId: '77' }, [{ contacts, messages: [said] }]))).status, 200);
    const row = await rowOf('by whatsapp');
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.channel_id === shop.id);
    const answer = (send_at: string) =>
      agent.call('message.send', {
        customer_id: row.customer_id,
        identity_id: way!.identity_id!,
        channel_id: shop.id,
        client_id: randomUUID(),
        text: 'in time',
        send_at,
      });
    await refused(answer(inHours(25)), 'send_at', 'planned_after_window');
    const inTime = await answer(inHours(22));
    await refused(agent.call('message.plan', { id: inTime.id, send_at: inHours(30) }), 'send_at', 'planned_after_window');
  });

  it('are none in a chat, which shows an answer at once', async () => {
    const chat = await server.channel('chat', 'Shop chat');
    const visitor = await server.visitor();
    await visitor.call('chat.hello', { channel_id: chat.id });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'by chat' });
    const row = await waitFor('it is in the queue', () => rowOf('by chat'));
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.channel_id === chat.id);
    await refused(
      agent.call('message.send', {
        customer_id: row.customer_id,
        identity_id: way!.identity_id!,
        channel_id: chat.id,
        client_id: randomUUID(),
        text: 'later',
        send_at: inHours(2),
      }),
      'send_at',
      'cannot_plan',
    );
  });
});
