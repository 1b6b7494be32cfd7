// SMS by Twilio: words and pictures in, answers out with what became of them, and STOP.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, type TwilioHook, twilioRequest } from '../../agent-web/play/providers.ts';
import { smsMessage, smsStatus } from '../../agent-web/play/sms.ts';
import type { Entry, Way } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, refused, Server, type Socket, waitFor } from './harness.ts';

const SHOP = '+14155550100';

describe('SMS by Twilio', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let hook: TwilioHook;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll();
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn));
    const { url } = await server.channel('twilio_sms', 'SMS', { account_sid: 'AC1', auth_token: 'tok', number: SHOP, api_url: sink.twilioUrl });
    hook = { url, authToken: 'tok' };
    agent = await server.agent((await server.newAgent('Eva')).cookie);
  });
  after(() => endAll(ends.reverse()));

  const take = async (parameters: Record<string, string>): Promise<void> => {
    const { status, text } = await deliver(twilioRequest(hook, parameters));
    assert.equal(status, 200);
    assert.match(text, /<Response\/>/);
  };
  const entries = async (id: string): Promise<Entry[]> => (await server.api('timeline.page', { customer_id: id })).entries;
  const personOf = async (phone: string): Promise<string> =>
    (await waitFor('somebody', async () => (await server.api('customer.search', { query: phone })).hits[0])).id;
  const wayTo = async (customer_id: string): Promise<Way | undefined> =>
    (await agent.call('customer.reach', { customer_id })).ways.find(({ medium }) => medium === 'sms');
  async function answer(customer_id: string, text: string): Promise<Entry> {
    const way = await wayTo(customer_id);
    assert.ok(way);
    return agent.call('message.send', { customer_id, identity_id: way.identity_id ?? '', channel_id: way.channel_id, client_id: randomUUID(), text });
  }
  const became = (customer_id: string, id: string, delivery: string): Promise<Entry> =>
    waitFor(`it is ${delivery}`, async () => (await entries(customer_id)).find((one) => one.id === id && one.delivery === delivery), 40_000);

  it('lets nobody in whose signature does not hold', async () => {
    const message = smsMessage('+14155550666', SHOP, 'let me in');
    assert.equal((await deliver(twilioRequest({ ...hook, authToken: 'guessed' }, message))).status, 403);
    assert.equal(server.sql("SELECT COUNT(*) FROM entry WHERE text = 'let me in'").trim(), '0');
  });

  it('takes words once, and is of one person with the calls of that number', async () => {
    const message = smsMessage('+14155550101', SHOP, 'Where is my kettle? 😀');
    for (let i = 0; i < 2; i++) await take(message);
    const [only, ...more] = await entries(await personOf('+14155550101'));
    assert.equal(only?.text, 'Where is my kettle? 😀');
    assert.equal(more.length, 0);
  });

  it('fetches pictures with the credentials of the channel', async () => {
    await take(smsMessage('+14155550102', SHOP, 'It came broken', ['ME1001', 'ME1002']));
    const id = await personOf('+14155550102');
    const files = await waitFor('they are here', async () => {
      const all = (await entries(id))[0]?.attachments ?? [];
      return all.length === 2 && all.every(({ url }) => url) ? all : null;
    });
    assert.deepEqual(
      files.map(({ type }) => type),
      ['image/png', 'image/png'],
    );
  });

  it('answers, and says what became of it', async () => {
    await take(smsMessage('+14155550103', SHOP, 'When?'));
    const id = await personOf('+14155550103');
    const arrived = await became(id, (await answer(id, 'Tomorrow & on time')).id, 'sent');
    const sent = sink.messages.findLast(({ channel }) => channel === 'sms');
    assert.deepEqual([sent?.to, sent?.from, sent?.text], ['+14155550103', SHOP, 'Tomorrow & on time']);
    await take(smsStatus(sent?.external_id ?? '', '+14155550103', 'delivered'));
    await became(id, arrived.id, 'delivered');
    const lost = await became(id, (await answer(id, 'And this?')).id, 'sent');
    await take(smsStatus(sink.messages.at(-1)?.external_id ?? '', '+14155550103', 'undelivered', '30003'));
    assert.match(JSON.stringify(await became(id, lost.id, 'failed')), /sms_switched_off/);
  });

  it('records STOP, refuses to write then, and goes on after START', async () => {
    const from = '+14155550104';
    await take({ ...smsMessage(from, SHOP, 'STOP'), OptOutType: 'STOP' });
    const id = await personOf(from);
    const consent = async (): Promise<string | null | undefined> =>
      (await server.api('customer.get', { id })).identities.find(({ kind }) => kind === 'phone')?.consent;
    assert.equal(await consent(), 'refused');
    assert.equal((await wayTo(id))?.usable, false);
    await refused(answer(id, 'Please come back'), 'conflict', 'channel_id');
    await take({ ...smsMessage(from, SHOP, 'START'), OptOutType: 'START' });
    assert.equal(await consent(), 'granted');
    await became(id, (await answer(id, 'Welcome back')).id, 'sent');
  });

  it('says in words why Twilio did not take it', async () => {
    await take(smsMessage('+14155550105', SHOP, 'Hello'));
    const id = await personOf('+14155550105');
    sink.setMode({ channel: 'sms', status: 400, times: 1, body: { code: 21610, message: 'Attempt to send to unsubscribed recipient', status: 400 } });
    assert.match(JSON.stringify(await became(id, (await answer(id, 'Still there?')).id, 'failed')), /sms_opted_out/);
  });
});
