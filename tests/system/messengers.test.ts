// What comes by WhatsApp and LINE is read as it was meant: answers of forms, what is edited and taken back, what was sent from the
// phone, numbers in two forms, numbers that change, windows of each number, and what people are called.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, type LineHook, lineRequest, lineTextEvent, lineUserId, type WhatsAppHook, whatsAppRequest } from '../../agent-web/play/providers.ts';
import type { Entry, SearchResult, Way } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

type Json = Record<string, unknown>;

describe('what comes by WhatsApp and LINE', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let shop: WhatsAppHook;
  let line: LineHook;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll();
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn));
    shop = await whatsApp('77');
    line = { url: (await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'lt', api_url: sink.lineUrl })).url, channelSecret: 'ls' };
    agent = await server.agent((await server.newAgent('Eva')).cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function whatsApp(phoneNumberId: string): Promise<WhatsAppHook> {
    const made = await server.channel('whatsapp', `WhatsApp ${phoneNumberId}`, {
      app_secret: 'ws',
      access_token: 'wt',
      phone_number_id: phoneNumberId,
      api_url: sink.whatsAppUrl,
    });
    return { url: made.url, appSecret: 'ws', phoneNumberId };
  }

  let seconds = Math.floor(Date.now() / 1000) - 600;
  const message = (from: string, type: string, part: unknown, id = `wamid.${randomUUID()}`): Json => ({
    from,
    id,
    timestamp: String(seconds++),
    type,
    [type]: part,
  });
  const edit = (from: string, id: string, text: string): Json =>
    message(from, 'edit', { original_message_id: id, message: { type: 'text', text: { body: text } } });

  async function take(hook: WhatsAppHook, messages: Json[], name = 'Wa Person'): Promise<void> {
    const contacts = [...new Set(messages.map((one) => one['from']))].map((wa_id) => ({ profile: { name }, wa_id }));
    assert.equal((await deliver(whatsAppRequest(hook, [{ contacts, messages }]))).status, 200);
  }

  async function person(query: string): Promise<string> {
    const hit = await waitFor(`somebody by ${query}`, async () => (await server.api('customer.search', { query })).hits[0]);
    return hit.id;
  }

  const entries = async (id: string): Promise<Entry[]> => (await server.api('timeline.page', { customer_id: id })).entries;
  const texts = async (id: string): Promise<(string | null)[]> => (await entries(id)).map((one) => one.text ?? null);
  const found = async (query: string): Promise<number> => ((await server.api('search.query', { query })) as SearchResult).people.length;
  const until = (what: string, is: () => Promise<boolean>): Promise<boolean> => waitFor(what, is);

  it('what somebody filled in on a form is read and found', async () => {
    const answers = { rating: 'Very poor', comment: 'the lid is cracquelured' };
    await take(shop, [
      message('819011110001', 'interactive', { type: 'nfm_reply', nfm_reply: { name: 'flow', body: 'Sent', response_json: JSON.stringify(answers) } }),
    ]);
    const [entry] = await entries(await person('+819011110001'));
    assert.equal(entry?.text, 'rating: Very poor\ncomment: the lid is cracquelured');
    assert.deepEqual(entry?.payload?.['answers'], answers);
    await until('it is found', async () => (await found('cracquelured')) === 1);
  });

  it('a corrected message has the new words, and the old ones are found no more', async () => {
    const from = '819011110002',
      id = 'wamid.edited';
    await take(shop, [message(from, 'text', { body: 'send it to Oldquince Street' }, id)]);
    const who = await person(`+${from}`);
    await until('it is found', async () => (await found('Oldquince')) === 1);
    const [before] = await entries(who);
    await take(shop, [edit(from, id, 'send it to Newquince Street')]);
    const [entry, ...more] = await entries(who);
    assert.deepEqual([entry?.text, more.length], ['send it to Newquince Street', 0]);
    assert.match(String(entry?.payload?.edited_at), /^\d{4}-.*Z$/);
    assert.ok((entry?.version ?? 0) > (before?.version ?? 0), 'screens that look at it learn of it');
    await until('the new words are found', async () => (await found('Newquince')) === 1);
    assert.equal(await found('Oldquince'), 0);
  });

  it('what is taken back is gone, by WhatsApp and by LINE, also when that comes first', async () => {
    const from = '819011110003',
      user = lineUserId();
    await take(shop, [message(from, 'text', { body: 'Quetzalcard 4242' }, 'wamid.back'), message(from, 'text', { body: 'thank you' })]);
    const event = lineTextEvent(user, 'Quetzalpin 99');
    assert.equal((await deliver(lineRequest(line, [event]))).status, 200);
    await until('they are found', async () => (await found('Quetzalcard')) === 1 && (await found('Quetzalpin')) === 1);
    await take(shop, [message(from, 'revoke', { original_message_id: 'wamid.back' })]);
    const unsend = (messageId: string): Json => ({ ...lineTextEvent(user, ''), type: 'unsend', message: undefined, unsend: { messageId } });
    const other = lineTextEvent(user, 'Quetzalword 7');
    await deliver(lineRequest(line, [unsend((event['message'] as { id: string }).id), unsend((other['message'] as { id: string }).id)]));
    await deliver(lineRequest(line, [other, event]));
    assert.deepEqual(await texts(await person(`+${from}`)), ['thank you', 'Took back a message']);
    assert.deepEqual(await texts(await person(user)), ['Took back a message', 'Took back a message']);
    await until('they are found no more', async () => (await found('Quetzalcard')) + (await found('Quetzalpin')) === 0);
    assert.equal(await found('Quetzalword'), 0);
  });

  it('nobody changes what somebody else has written', async () => {
    await take(shop, [message('819011110004', 'text', { body: 'mine' }, 'wamid.mine')]);
    await take(shop, [edit('819011110005', 'wamid.mine', 'yours'), message('819011110005', 'revoke', { original_message_id: 'wamid.mine' })]);
    assert.deepEqual(await texts(await person('+819011110004')), ['mine']);
  });

  it('what was sent from the phone answers the person, once', async () => {
    const from = '819011110006';
    await take(shop, [message(from, 'text', { body: 'are you open?' })]);
    const who = await person(`+${from}`);
    const conversation = async (): Promise<{ waiting_since?: string | null }> => {
      const [one] = (await server.api('conversation.of_customer', { customer_id: who })).conversations;
      assert.ok(one);
      return one;
    };
    assert.ok((await conversation()).waiting_since);
    const echo = { from: '81312345678', to: from, id: 'wamid.echo', timestamp: String(seconds++), type: 'text', text: { body: 'Until six.' } };
    const request = (echoes: Json[]): ReturnType<typeof whatsAppRequest> => whatsAppRequest(shop, [{ message_echoes: echoes }], 'smb_message_echoes');
    for (let i = 0; i < 2; i++) assert.equal((await deliver(request([echo]))).status, 200);
    const [answer, ...rest] = await entries(who);
    assert.deepEqual(
      [answer?.text, answer?.direction, answer?.author_kind, answer?.author_name, rest.length],
      ['Until six.', 'out', 'agent', 'WhatsApp Business', 1],
    );
    assert.equal((await conversation()).waiting_since ?? null, null);
    await deliver(
      request([
        { ...echo, id: 'wamid.echo2', type: 'edit', edit: { original_message_id: 'wamid.echo', message: { type: 'text', text: { body: 'Until seven.' } } } },
      ]),
    );
    assert.deepEqual(await texts(who), ['Until seven.', 'are you open?']);
  });

  it('a number in two forms is one person, and WhatsApp is written to as it names them', async () => {
    const api = await server.channel('api', 'Till');
    for (const [phone, waId, other] of [
      ['+55 31 98811-2233', '553188112233', '+553188112233'],
      ['+54 11 2345-6789', '5491123456789', '+54 9 11 2345 6789'],
      ['+52 55 1234 5678', '5215512345678', '+52 1 55 1234 5678'],
    ] as const) {
      await server.api('entries.put', {
        channel_id: api.id,
        entries: [{ identity: { kind: 'phone', value: phone, name: 'Bruna' }, kind: 'message', external_id: phone, text: 'by phone' }],
      } as never);
      await take(shop, [message(waId, 'text', { body: 'where is it?' })]);
      const who = await person(phone);
      assert.deepEqual((await texts(who)).sort(), ['by phone', 'where is it?']);
      for (const query of [other, `+${waId}`])
        assert.deepEqual(
          (await server.api('customer.search', { query })).hits.map((hit) => hit.id),
          [who],
          query,
        );
      const way = (await ways(who)).find((one) => one.medium === 'whatsapp');
      assert.ok(way?.usable);
      await agent.call('message.send', {
        customer_id: who,
        identity_id: way.identity_id ?? '',
        channel_id: way.channel_id,
        client_id: randomUUID(),
        text: `Soon, ${waId}.`,
      });
      const sent = await waitFor('it left', () => sink.messages.find((one) => JSON.stringify(one).includes(`Soon, ${waId}.`)));
      assert.match(JSON.stringify(sent), new RegExp(`"${waId}"`));
    }
  });

  const ways = async (customer_id: string): Promise<Way[]> => (await agent.call('customer.reach', { customer_id })).ways;

  it('a message to one of our numbers opens no window of another', async () => {
    const second = await whatsApp('78'),
      from = '819011110010';
    const of = async (hook: WhatsAppHook): Promise<[boolean, string | null]> => {
      const way = (await ways(await person(`+${from}`))).find((one) => one.channel_name === `WhatsApp ${hook.phoneNumberId}`);
      assert.ok(way);
      return [way.usable, way.closed ?? null];
    };
    await take(shop, [message(from, 'text', { body: 'to the shop' })]);
    assert.deepEqual(
      [await of(shop), await of(second)],
      [
        [true, null],
        [false, 'write_first'],
      ],
    );
    await take(second, [message(from, 'text', { body: 'to the second' })]);
    assert.deepEqual(
      [await of(shop), await of(second)],
      [
        [true, null],
        [true, null],
      ],
    );
  });

  it('who is known by an id alone is called as LINE says, who changes their name as they call themselves', async () => {
    const user = lineUserId(),
      gone = lineUserId();
    sink.setMode({ channel: 'line', status: 503, times: 1 });
    await deliver(lineRequest(line, [lineTextEvent(user, 'who am I?')]));
    const who = await person(user);
    const name = await waitFor('the name', async () => (await server.api('customer.get', { id: who })).name);
    assert.match(((await (await fetch(`${sink.lineUrl}/v2/bot/profile/${user}`)).json()) as { displayName: string }).displayName, new RegExp(`^${name}$`));
    await until(
      'the queue shows it',
      async () => (await server.api('conversation.of_customer', { customer_id: who })).conversations[0]?.customer_name === name,
    );
    sink.setMode({ channel: 'line', status: 404, times: 1 });
    await deliver(lineRequest(line, [lineTextEvent(gone, 'nobody')]));
    const nobody = await person(gone);
    await until('nothing is left to ask', async () => server.sql('SELECT COUNT(*) FROM due WHERE what = 5').trim().endsWith('0'));
    assert.equal((await server.api('customer.get', { id: nobody })).name ?? '', '');

    const from = '819011110011';
    await take(shop, [message(from, 'text', { body: 'one' })], 'Ana');
    const ana = await person(`+${from}`);
    await take(shop, [message(from, 'text', { body: 'two' })], 'Ana B');
    assert.equal((await server.api('customer.get', { id: ana })).name, 'Ana B');
    await server.api('customer.update', { id: ana, name: 'Ana Berg' });
    await take(shop, [message(from, 'text', { body: 'three' })], 'Ana C');
    const now = await server.api('customer.get', { id: ana });
    assert.deepEqual([now.name, now.identities.find((one) => one.kind === 'whatsapp')?.name], ['Ana Berg', 'Ana C']);
  });

  it('somebody with another number is the same person, or is proposed to be', async () => {
    await take(shop, [message('819011110007', 'text', { body: 'old number' })], 'Mover');
    const system = (from: string, wa_id: string): Json =>
      message(from, 'system', { body: `User A changed from ${from} to ${wa_id}`, wa_id, type: 'user_changed_number' });
    const who = await person('+819011110007');
    await take(shop, [system('819011110007', '819011110008')]);
    await take(shop, [message('819011110008', 'text', { body: 'new number' })], 'Mover');
    assert.equal(await person('+819011110008'), who);
    const [, told] = await entries(who);
    assert.deepEqual([told?.kind, told?.text], ['activity', 'Has another number on WhatsApp now: 819011110008']);
    await take(shop, [message('819011110009', 'text', { body: 'a life of its own' })], 'Other');
    await take(shop, [system('819011110008', '819011110009')]);
    const other = await person('+819011110009');
    assert.notEqual(other, who);
    const { suggestions } = await server.api('customer.suggestions', { customer_id: who });
    assert.equal(suggestions[0]?.customer_id, other);
    assert.match(JSON.stringify(suggestions), /819011110009/);
  });
});
