// docs/WIDGET.md says all that a client of the chat needs: the one in chat_client.ts was written from it, and does all of it against the server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import { ChatClient, Refused } from './chat_client.ts';
import { endAll, randomUUID, Server, signedBySite, type Socket, waitFor } from './harness.ts';

const SITE = 'https://shop.example';

describe('a client of the chat that was written from its page', () => {
  let server: Server;
  let channel: { id: string; secrets: Record<string, string> };
  const ends: (() => Promise<void>)[] = [];
  const clients: ChatClient[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    channel = await server.channel('chat', 'Shop chat', {
      title_en: 'Ask the shop',
      title_ja: '店に聞く',
      greeting: 'Tea or pots?',
      away_text: 'Back at nine.',
      accent: '#123456',
      origins: SITE,
    });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.leave();
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function client(options: { token?: string; version?: number; origin?: string; language?: string } = {}, id = channel.id): Promise<ChatClient> {
    const made = new ChatClient(server.url, id, { origin: SITE, pageUrl: `${SITE}/tea`, ...options });
    clients.push(made);
    await waitFor('it is greeted, or stops', () => made.isLive || made.stopped);
    return made;
  }

  async function customerOf(preview: string): Promise<string> {
    const row = await waitFor(`a conversation shows "${preview}"`, async () =>
      (await server.api('conversation.list', { view: 'all', limit: 200 })).conversations.find((one) => one.preview === preview),
    );
    return row.customer_id;
  }

  async function answer(agent: Socket, customer_id: string, text: string, attachments: { upload: string; name: string; type: string }[] = []): Promise<string> {
    const way = (await agent.call('customer.reach', { customer_id })).ways.find((one) => one.channel_id === channel.id && one.usable);
    assert.ok(way);
    return (
      await agent.call('message.send', { client_id: randomUUID(), customer_id, identity_id: way.identity_id ?? '', channel_id: channel.id, text, attachments })
    ).id;
  }

  const texts = (one: ChatClient): string[] => one.shown.map(({ text }) => text ?? '');

  it('knows nothing but the page', () => {
    const source = readFileSync(new URL('chat_client.ts', import.meta.url), 'utf8');
    assert.deepEqual([...source.matchAll(/from '([^']+)'/g)].map(([, name]) => name).sort(), ['node:crypto', 'ws']);
  });

  it('says hello, sends, and is answered', async () => {
    const one = await client({ language: 'en-GB' });
    assert.deepEqual(
      [one.hello?.title, one.hello?.greeting, one.hello?.away_text, one.hello?.accent, one.hello?.visitor_id, one.online],
      ['Ask the shop', 'Tea or pots?', 'Back at nine.', '#123456', null, false],
    );
    const stored = await one.send('Is the kyusu back?');
    assert.equal(stored.mine, true);
    const agent = await server.agent();
    await agent.call('session.me', {});
    const customer = await customerOf('Is the kyusu back?');
    assert.equal((await server.api('customer.get', { id: customer })).language, 'en-GB');
    await waitFor('somebody is there', () => one.online);
    await answer(agent, customer, 'On Friday.');
    const told = await waitFor('the answer is there', () => one.shown.find(({ text }) => text === 'On Friday.'));
    assert.deepEqual([told.mine, told.author_name, told.bot], [false, 'Ada Admin', false]);
    await one.see();
    await waitFor('it is seen', async () => (await server.api('timeline.page', { customer_id: customer, limit: 1 })).entries[0]?.delivery === 'read');
    const [entry] = (await server.api('timeline.page', { customer_id: customer })).entries.slice(-1);
    assert.equal(entry?.payload?.page_url, `${SITE}/tea`);
    agent.close();
  });

  it('loses nothing and doubles nothing, whatever becomes of the connection and the server', async () => {
    const one = await client();
    await one.send('kept 0');
    const agent = await server.agent();
    const customer = await customerOf('kept 0');
    const id = randomUUID();
    const waits = [one.send('kept 1', [], id), one.send('kept 2')];
    one.cut();
    await Promise.all(waits);
    assert.equal((await one.send('kept 1', [], id)).client_id, id, 'a repeat is the same message');
    await assert.rejects(one.send('another text', [], id), (error: Refused) => error.kind === 'conflict');
    agent.close();
    const dying = server.stop('SIGKILL');
    const later = one.send('kept 3'); // perhaps stored, never acknowledged, perhaps neither
    await dying;
    await server.serve();
    await later;
    assert.deepEqual(texts(one), ['kept 0', 'kept 1', 'kept 2', 'kept 3']);
    const stored = (await server.api('timeline.page', { customer_id: customer })).entries.filter(({ kind }) => kind === 'message').map(({ text }) => text);
    assert.deepEqual(stored.reverse(), texts(one));
  });

  it('takes after a lost connection what it has missed, by its version', async () => {
    const one = await client();
    await one.send('before the cut');
    const agent = await server.agent();
    const customer = await customerOf('before the cut');
    const { token, version } = one;
    assert.ok(token && version > 0);
    one.leave();
    await answer(agent, customer, 'missed 1');
    await answer(agent, customer, 'missed 2');
    const again = await client({ token, version });
    assert.equal(again.hello?.complete, true);
    assert.deepEqual(
      again.hello?.messages.map(({ text }) => text),
      ['missed 1', 'missed 2'],
    );
    const fresh = await client({ token });
    assert.equal(fresh.hello?.complete, false);
    assert.deepEqual(texts(fresh), ['before the cut', 'missed 1', 'missed 2']);
    again.cut();
    await answer(agent, customer, 'missed 3');
    await waitFor('it has come back', () => again.greetings > 1 && again.shown.at(-1)?.text === 'missed 3');
    await again.send('from the other');
    await waitFor('both show it', () => texts(fresh).at(-1) === 'from the other');
    agent.close();
  });

  it('hears that a message was erased', async () => {
    const one = await client();
    await one.send('my card is 4242');
    const customer = await customerOf('my card is 4242');
    const { entries } = await server.api('timeline.page', { customer_id: customer });
    await server.api('privacy.erase_entry', { entry_id: entries[0]?.id ?? '', reason: 'asked for' });
    await waitFor('nothing is shown', () => one.shown.length === 0);
    assert.deepEqual((await client({ token: one.token ?? '' })).shown, []);
  });

  it('brings files and gets them', async () => {
    const one = await client();
    const bytes = new TextEncoder().encode('how it looks');
    const upload = await one.upload('look.txt', 'text/plain', bytes); // before the first message
    const stored = await one.send('', [{ upload, name: 'look.txt' }]);
    assert.deepEqual(
      stored.attachments?.map(({ name, type, size }) => [name, type, size]),
      [['look.txt', 'text/plain', bytes.length]],
    );
    const agent = await server.agent();
    const { conversations } = await server.api('conversation.list', { view: 'all', limit: 1 });
    const customer = conversations[0]?.customer_id ?? '';
    const cookie = await server.login();
    const other = await fetch(`${server.url}/api/v1/attachments?name=label.svg`, {
      method: 'POST',
      headers: { cookie, origin: server.url, 'content-type': 'image/svg+xml' },
      body: '<svg/>',
    });
    const { upload: handle } = (await other.json()) as { upload: string };
    const agentBy = await server.agent(cookie);
    await answer(agentBy, customer, 'the label', [{ upload: handle, name: 'label.svg', type: 'image/svg+xml' }]);
    const label = await waitFor('the label has come', () => one.shown.find(({ text }) => text === 'the label')?.attachments?.[0]);
    const had = await one.download(label);
    assert.deepEqual([had.type, Buffer.from(had.bytes).toString()], ['application/octet-stream', '<svg/>'], 'what can run is only saved');
    assert.equal(Buffer.from((await one.download(stored.attachments![0]!)).bytes).toString(), 'how it looks');
    const stranger = await client();
    await assert.rejects(stranger.download(label), Refused);
    await assert.rejects(
      stranger.send('not mine', [{ upload, name: 'look.txt' }]),
      (error: Refused) => error.kind === 'invalid' && error.field === 'attachments',
    );
    await assert.rejects(one.upload('large', 'video/mp4', new Uint8Array(26 * 1024 * 1024)));
    agent.close();
    agentBy.close();
  });

  it('tells who types, both ways', async () => {
    const one = await client();
    await one.send('are you there?');
    const agent = await server.agent();
    const customer = await customerOf('are you there?');
    await agent.call('timeline.watch', { customer_id: customer });
    await one.type(true);
    await waitFor('the agent sees it', () => agent.pushed('presence').at(-1)?.visitor_typing === true);
    await one.type(false);
    await agent.call('timeline.presence', { customer_id: customer, typing: true });
    assert.equal(await waitFor('the visitor sees it', () => one.typing), 'Ada Admin');
    await waitFor('it lapses', () => one.typing === null);
    agent.close();
  });

  it('says who the visitor is, with proof and without', async () => {
    const secret = channel.secrets['identity_secret'] ?? '';
    const proven = await client();
    const signed = signedBySite(channel.id, secret, 'user_id', '1042');
    assert.deepEqual(await proven.identify({ user_id: '1042', name: 'Emily Carter', ...signed }), { proven: true, named: true });
    proven.cut(); // what was said before the first message went with the connection, and is said again
    await waitFor('it is back', () => proven.greetings > 1 && proven.isLive);
    await proven.send('it is me');
    const known = await server.api('customer.find', { kind: 'external', value: '1042', channel_id: channel.id });
    assert.deepEqual([known.id, known.name], [await customerOf('it is me'), 'Emily Carter']);
    const claim = await client();
    await claim.send('write to me');
    assert.deepEqual(await claim.identify({ email: 'somebody@example.com', name: 'Ada Admin' }), { proven: false, named: false });
    await assert.rejects(
      claim.identify({ user_id: '7', expires: signed.expires, signature: signed.signature }),
      (error: Refused) => error.reason === 'chat_signature',
    );
    await assert.rejects(claim.identify({ email: 'no address' }), (error: Refused) => error.field === 'email');
    assert.equal((await claim.send('still here')).mine, true);
  });

  it('stops where it is not welcome', async () => {
    const elsewhere = await client({ origin: 'https://evil.example' });
    assert.deepEqual([elsewhere.stopped?.kind, elsewhere.stopped?.reason], ['forbidden', 'chat_site']);
    const nowhere = await client({}, randomUUID());
    assert.deepEqual([nowhere.stopped?.kind, nowhere.stopped?.reason], ['not_found', 'chat_gone']);
    const odd = await client({ token: 'none of yours' });
    assert.ok(odd.isLive && odd.token !== 'none of yours');
    const one = await client();
    await one.send('you fools');
    const { conversations } = await server.api('conversation.list', { view: 'all', limit: 1 });
    await server.api('visitor.block', { conversation_ids: [conversations[0]?.id ?? ''] });
    await assert.rejects(one.send('and more'), (error: Refused) => error.kind === 'blocked');
    assert.equal((await client({ token: one.token ?? '' })).stopped?.kind, 'blocked');
  });

  it('waits where it was too fast, and all arrives', async () => {
    const slow = await Server.start((fn) => ends.push(fn), { config: { limits: { chat_people_per_address: '1' } } });
    const chat = await slow.channel('chat', 'Slow chat');
    const [first, second] = [new ChatClient(slow.url, chat.id), new ChatClient(slow.url, chat.id)];
    clients.push(first, second);
    await first.send('the first');
    const sent = second.send('the second');
    await waitFor('it is told to wait', () => second.limited > 0);
    assert.deepEqual(texts(second), []);
    await slow.stop(); // which counts anew
    await slow.serve();
    assert.equal((await sent).text, 'the second');
  });
});
