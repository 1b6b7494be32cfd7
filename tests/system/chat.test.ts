// The visitor's side: what a widget on a shop's page may do, what it is told, and what it must never learn.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { UPLOAD_BYTES_MAX, type ChatHello, type Conversation, type Customer, type Upload } from '../../agent-web/protocol/src/generated.ts';
import { composeMail, deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import { randomUUID, Server, type Socket, signedBySite, waitFor, endAll, refused } from './harness.ts';

describe('chat', () => {
  let server: Server;
  let channel: { id: string; secrets: Record<string, string> };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    channel = await server.channel('chat', 'Shop chat', {
      title_en: 'Ask the shop',
      title_ja: '店に聞く',
      greeting: 'Tea or pots?',
      away_text: 'Back at nine.',
      accent: '#123456',
    });
  });
  after(async () => {
    await endAll(ends);
  });

  const hello = (socket: Socket, known: { token?: string; version?: number | null } = {}, id = channel.id): Promise<ChatHello> =>
    socket.call('chat.hello', { channel_id: id, ...known });

  async function visitor(token?: string, origin?: string): Promise<{ socket: Socket; token: string }> {
    const socket = await server.visitor(origin);
    return { socket, token: (await hello(socket, token ? { token } : {})).token };
  }

  const send = (socket: Socket, text: string, client_id = randomUUID()) => socket.call('chat.send', { client_id, text });

  async function conversation(preview: string): Promise<Conversation> {
    return await waitFor(`a conversation shows "${preview}"`, async () =>
      (await server.api('conversation.list', { view: 'all', limit: 200 })).conversations.find((one) => one.preview === preview),
    );
  }

  const customerOf = async (preview: string): Promise<Customer> => server.api('customer.get', { id: (await conversation(preview)).customer_id });

  async function answer(customer: Customer, text: string, agent: Socket): Promise<string> {
    const reach = await agent.call('customer.reach', { customer_id: customer.id });
    const way = reach.ways.find((one) => one.medium === 'chat');
    assert.ok(way?.usable, `no usable chat way: ${JSON.stringify(reach.ways)}`);
    const entry = await agent.call('message.send', {
      client_id: randomUUID(),
      customer_id: customer.id,
      identity_id: way.identity_id ?? '',
      channel_id: way.channel_id,
      text,
    });
    return entry.id;
  }

  const countPeople = (): number => Number(server.sql('SELECT COUNT(*) FROM customer'));

  it('greets without making a person, and tells what the widget shows', async () => {
    const before = countPeople();
    const { socket } = await visitor();
    const first = await hello(socket);
    assert.equal(first.visitor_id, null);
    assert.deepEqual(first.messages, []);
    assert.deepEqual([first.title, first.greeting, first.away_text, first.accent], ['Ask the shop', 'Tea or pots?', 'Back at nine.', '#123456']);
    assert.equal(countPeople(), before);
    socket.close();
  });

  it('brings a message to the agents and the answer back at once; seen makes it read', async () => {
    const agent = await server.agent();
    await agent.call('session.me', {});
    const { socket } = await visitor();
    const sent = await send(socket, 'Is the kyusu back?');
    assert.ok(sent.mine);
    await waitFor('the queue shows it', () => agent.pushed('conversation').find((row) => row.preview === 'Is the kyusu back?'));
    const customer = await customerOf('Is the kyusu back?');
    await agent.call('timeline.watch', { customer_id: customer.id });
    await send(socket, 'The black one.');
    const push = await waitFor('the entry is pushed', () => agent.pushed('entry').find((one) => one.entry.text === 'The black one.'));
    assert.equal(push.entry.medium, 'chat');
    const id = await answer(customer, 'On Friday.', agent);
    const got = await waitFor('the visitor gets it', () => socket.pushed('chat.message').find((one) => one.text === 'On Friday.'));
    assert.deepEqual([got.id, got.mine, got.author_name], [id, false, 'Ada Admin']);
    assert.notEqual(got.delivery, 'read');
    await socket.call('chat.seen', { version: got.version });
    await waitFor('the agent sees it read', () => agent.pushed('entry').find((one) => one.entry.id === id && one.entry.delivery === 'read'));
    await waitFor('the other tabs of the visitor learn it too', () => socket.pushed('chat.message').find((one) => one.id === id && one.delivery === 'read'));
    agent.close();
    socket.close();
  });

  it('does not show a note to the visitor', async () => {
    const agent = await server.agent();
    const { socket, token } = await visitor();
    await send(socket, 'Who reads this?');
    const customer = await customerOf('Who reads this?');
    await agent.call('note.add', { client_id: randomUUID(), customer_id: customer.id, text: 'Careful with this one.' });
    await answer(customer, 'We do.', agent);
    await waitFor('the answer came', () => socket.pushed('chat.message').find((one) => one.text === 'We do.'));
    assert.ok(!JSON.stringify(socket.pushes).includes('Careful'), 'a note was pushed to the visitor');
    assert.ok(!JSON.stringify(await hello(socket, { token })).includes('Careful'), 'a note was in the history of the visitor');
    agent.close();
    socket.close();
  });

  it('takes a repeat with the same id for the same message', async () => {
    const { socket, token } = await visitor();
    const id = randomUUID();
    const first = await send(socket, 'Only once', id);
    const again = await send(socket, 'Only once', id);
    assert.deepEqual([again.id, again.version], [first.id, first.version]);
    const other = await visitor(token);
    assert.equal((await send(other.socket, 'Only once', id)).id, first.id, 'from another tab');
    assert.equal((await hello(socket, { token })).messages.length, 1);
    // The id is the visitor's own: with another visitor it is another message.
    const stranger = await visitor();
    assert.notEqual((await send(stranger.socket, 'Only once', id)).id, first.id);
    for (const each of [socket, other.socket, stranger.socket]) each.close();
  });

  it('gives after a lost connection only what was missed', async () => {
    const agent = await server.agent();
    const { socket, token } = await visitor();
    await send(socket, 'one');
    await send(socket, 'two');
    const version = (await hello(socket, { token })).version;
    socket.cut();
    const customer = await customerOf('two');
    await answer(customer, 'three', agent);
    await answer(customer, 'four', agent);
    const next = await server.visitor();
    const missed = await hello(next, { token, version });
    assert.ok(missed.complete);
    assert.deepEqual(
      missed.messages.map((one) => one.text),
      ['three', 'four'],
    );
    const all = await hello(next, { token });
    assert.equal(all.complete, false);
    assert.deepEqual(
      all.messages.map((one) => one.text),
      ['one', 'two', 'three', 'four'],
    );
    assert.deepEqual((await hello(next, { token, version: all.version })).messages, []);
    agent.close();
    next.close();
  });

  it('misses nothing between the greeting and the first push', async () => {
    const agent = await server.agent();
    const { socket, token } = await visitor();
    await send(socket, 'start of the race');
    const customer = await customerOf('start of the race');
    socket.close();
    for (let round = 0; round < 25; round++) {
      const text = `race ${round}`;
      const tabs = await Promise.all(Array.from({ length: 20 }, () => server.visitor()));
      const answered = answer(customer, text, agent);
      const greetings: Promise<ChatHello>[] = [];
      for (const tab of tabs) {
        greetings.push(hello(tab, { token }));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await answered;
      for (const [i, tab] of tabs.entries()) {
        const { messages } = (await greetings[i]) as ChatHello;
        await waitFor(
          `tab ${i} has ${text} in the greeting or pushed`,
          () => [...messages, ...tab.pushed('chat.message')].some((one) => one.text === text),
          3000,
        );
        tab.close();
      }
    }
    agent.close();
  });

  it('tells both sides who types, and ends it by itself', async () => {
    const agent = await server.agent();
    const { socket } = await visitor();
    await send(socket, 'typing test');
    const { id } = await customerOf('typing test');
    await agent.call('timeline.watch', { customer_id: id });
    await socket.call('chat.typing', { typing: true });
    await waitFor('the agent sees it', () => agent.pushed('presence').at(-1)?.visitor_typing === true);
    await socket.call('chat.typing', { typing: false });
    await waitFor('and its end', () => agent.pushed('presence').at(-1)?.visitor_typing === false);
    await agent.call('timeline.presence', { customer_id: id, typing: true });
    const typing = await waitFor('the visitor sees it', () => socket.pushed('chat.presence').find((one) => one.typing));
    assert.equal(typing.name, 'Ada Admin');
    await waitFor('it lapses without a word', () => socket.pushed('chat.presence').at(-1)?.typing === false);
    await agent.call('timeline.presence', { customer_id: id, typing: true });
    await waitFor('it types again', () => socket.pushed('chat.presence').at(-1)?.typing === true);
    agent.cut();
    await waitFor('who has gone types no more', () => socket.pushed('chat.presence').at(-1)?.typing === false, 4000);
    socket.close();
  });

  it('says whether somebody is there', async () => {
    const { socket } = await visitor();
    await waitFor('nobody is there', async () => (await hello(socket)).online === false);
    const agent = await server.agent();
    await waitFor('somebody has come', () => socket.pushed('chat.presence').at(-1)?.online === true);
    assert.equal((await hello(socket)).online, true);
    agent.close();
    await waitFor('nobody is left', () => socket.pushed('chat.presence').at(-1)?.online === false);
    socket.close();
  });

  it('is shown only on the sites that the channel names', async () => {
    const own = await server.channel('chat', 'Own sites', { origins: 'https://shop.example https://www.shop.example' });
    for (const origin of ['https://shop.example', 'https://www.shop.example']) {
      const socket = await server.visitor(origin);
      await hello(socket, {}, own.id);
      socket.close();
    }
    for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'http://shop.example', 'https://shop']) {
      const socket = await server.visitor(origin);
      await refused(hello(socket, {}, own.id), 'forbidden');
      await refused(send(socket, 'let me in'), 'unauthenticated');
      socket.close();
    }
  });

  it('knows no other channel than a chat, and no other token than ours', async () => {
    const mail = await server.channel('email', 'Mail', { address: 'x@shop.example', smtp_url: 'smtp://127.0.0.1:9', token: 'mail-token-1' });
    const socket = await server.visitor();
    await refused(hello(socket, {}, mail.id), 'not_found', 'channel_id');
    await refused(hello(socket, {}, randomUUID()), 'not_found', 'channel_id');
    await refused(hello(socket, { token: 'short' }), 'invalid', 'token');
    await refused(send(socket, 'before hello'), 'unauthenticated');
    await refused(socket.call('chat.hello', { channel_id: channel.id, colour: 'red' } as never), 'invalid', 'colour');
    const made = await hello(socket, { token: 'A'.repeat((await visitor()).token.length) });
    assert.deepEqual([made.visitor_id, made.messages], [null, []], 'a guessed token knows nothing');
    socket.close();
  });

  describe('identity', () => {
    const email = 'emily@customer.example';
    const sign = (kind: 'user_id' | 'email', value: string, secret = channel.secrets['identity_secret'] ?? '') => signedBySite(channel.id, secret, kind, value);
    let emily = '';

    before(async () => {
      const mail = await server.channel('email', 'Help', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9', token: 'mail-token-2' });
      const raw = await composeMail({ from: email, fromName: 'Emily', to: 'help@shop.example', subject: 'Hello', text: 'My secret order number is 4711.' });
      assert.equal((await deliver(rfc822Request({ url: mail.url, token: 'mail-token-2' }, raw))).status, 200);
      emily = (await conversation('My secret order number is 4711.')).customer_id;
    });

    it('of a claim is noted, joins nothing and shows nothing', async () => {
      const { socket, token } = await visitor();
      await send(socket, 'I say that I am Emily');
      const said = await socket.call('chat.identify', { email, name: 'Emily' });
      assert.equal(said.proven, false);
      const customer = await customerOf('I say that I am Emily');
      assert.notEqual(customer.id, emily);
      const again = await hello(socket, { token });
      assert.ok(!JSON.stringify(again).includes('4711'));
      assert.equal(again.name, 'Emily');
      const own = customer.identities.find((one) => one.kind === 'visitor');
      assert.equal(own?.proof, 'claimed');
      socket.close();
    });

    it("with the shop's signature over the address belongs to that person, and still shows the own chat only", async () => {
      const { socket, token } = await visitor();
      await send(socket, 'It is really me');
      const said = await socket.call('chat.identify', { email, name: 'Emily', ...sign('email', email) });
      assert.equal(said.proven, true);
      await waitFor('the chat is in her timeline', async () => (await customerOf('It is really me')).id === emily);
      const customer = await server.api('customer.get', { id: emily });
      const own = customer.identities.find((one) => one.kind === 'visitor');
      assert.ok(own?.rule, 'the link names its rule');
      assert.equal(own?.proof, 'proven');
      const again = await hello(socket, { token });
      assert.deepEqual(
        again.messages.map((one) => one.text),
        ['It is really me'],
      );
      const agent = await server.agent();
      await answer(customer, 'Welcome back', agent);
      await waitFor('answers still come', () => socket.pushed('chat.message').find((one) => one.text === 'Welcome back'));
      agent.close();
      socket.close();
    });

    it('shown in one tab moves the other tabs of the visitor too', async () => {
      const one = await visitor();
      await send(one.socket, 'two tabs of mine');
      const two = await visitor(one.token);
      await one.socket.call('chat.identify', { email, name: 'Emily', ...sign('email', email) });
      await waitFor('the chat is in her timeline', async () => (await customerOf('two tabs of mine')).id === emily);
      const agent = await server.agent();
      await agent.call('timeline.watch', { customer_id: emily });
      await two.socket.call('chat.typing', { typing: true });
      await waitFor('the agent sees the other tab type', () => agent.pushed('presence').some((push) => push.visitor_typing), 3000);
      await agent.call('timeline.presence', { customer_id: emily, typing: true });
      await waitFor('the other tab sees the agent type', () => two.socket.pushed('chat.presence').some((push) => push.typing), 3000);
      for (const socket of [agent, one.socket, two.socket]) socket.close();
    });

    it('with a signature over the customer number joins the visitors of that customer', async () => {
      const first = await visitor();
      const second = await visitor();
      await send(first.socket, 'from the phone');
      await send(second.socket, 'from the laptop');
      for (const each of [first, second]) {
        const said = await each.socket.call('chat.identify', { user_id: 'C-1042', name: 'Noor', ...sign('user_id', 'C-1042') });
        assert.equal(said.proven, true);
      }
      const [phone, laptop] = [await customerOf('from the phone'), await customerOf('from the laptop')];
      assert.equal(phone.id, laptop.id);
      assert.ok(!JSON.stringify(await hello(second.socket, { token: second.token })).includes('from the phone'));
      first.socket.close();
      second.socket.close();
    });

    it('with a signature that does not hold is refused by name, and nothing is noted', async () => {
      const { socket } = await visitor();
      await send(socket, 'somebody else');
      const good = sign('email', email);
      const wrong = [sign('email', email, 'another secret').signature, sign('email', 'mia@customer.example').signature, 'zz', good.signature.slice(0, 62), ''];
      for (const signature of wrong) await refused(socket.call('chat.identify', { ...good, email, signature }), 'unauthenticated', 'signature');
      // Signed is the customer number: an address beside it is not vouched for by that.
      await refused(socket.call('chat.identify', { email, user_id: 'C-1', ...good }), 'unauthenticated', 'signature');
      assert.equal((await customerOf('somebody else')).identities[0]?.proof, 'anonymous');
      await refused(socket.call('chat.identify', { email: 'not an address' }), 'invalid', 'email');
      await refused(socket.call('chat.identify', {}), 'invalid', 'email');
      socket.close();
    });

    it('with the address beside a signed number does not join the owner of the address', async () => {
      const { socket } = await visitor();
      await send(socket, 'number and address');
      await socket.call('chat.identify', { email, user_id: 'C-77', ...sign('user_id', 'C-77') });
      assert.notEqual((await customerOf('number and address')).id, emily);
      socket.close();
    });
  });

  describe('what is not for visitors', () => {
    it('refuses the methods of agents', async () => {
      const { socket } = await visitor();
      await refused(socket.call('conversation.list', { view: 'all' }), 'forbidden');
      await refused(socket.call('customer.search', { text: 'a' } as never), 'forbidden');
      await refused(socket.call('channel.list', {}), 'forbidden');
      await refused(socket.call('timeline.watch', { customer_id: randomUUID() }), 'forbidden');
      await refused(socket.call('no.such.method' as 'session.me', {}), 'unknown_method');
      socket.close();
    });

    it("refuses the visitor's methods over HTTP", async () => {
      await refused(server.api('chat.hello', { channel_id: channel.id }, ''), 'unknown_method');
    });
  });

  describe('files', () => {
    const content = Buffer.from('a photo of a chipped cup');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const path = (id: string): string => `${server.url}/chat/attachments${id}?channel=${channel.id}&name=cup.jpg&type=image/jpeg`;
    const upload = (token: string, body: Buffer<ArrayBuffer> | string = content, id = channel.id): Promise<Response> =>
      fetch(`${server.url}/chat/attachments?channel=${id}&name=cup.jpg`, {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg', 'x-visitor-token': token, origin: 'http://shop.example' },
        body,
      });

    it('go up, belong to a message, and come back to who sent them and nobody else', async () => {
      const { socket, token } = await visitor();
      const stored = await upload(token);
      assert.equal(stored.status, 200);
      assert.equal(stored.headers.get('access-control-allow-origin'), '*');
      const file = (await stored.json()) as Upload;
      assert.deepEqual([file.sha256, file.size], [sha256, content.length]);
      const early = await fetch(path(`/${sha256}`), { headers: { 'x-visitor-token': token } });
      assert.equal(early.status, 200, 'who has brought it may look at it');
      const sent = await socket.call('chat.send', {
        client_id: randomUUID(),
        text: '',
        attachments: [{ upload: file.upload, name: 'cup.jpg', type: 'image/jpeg' }],
      });
      assert.deepEqual(
        sent.attachments?.map((one) => [one.name, one.type, one.size]),
        [['cup.jpg', 'image/jpeg', content.length]],
      );
      const back = await fetch(path(`/${sha256}`), { headers: { 'x-visitor-token': token } });
      assert.equal(back.status, 200);
      assert.equal(Buffer.from(await back.arrayBuffer()).toString(), content.toString());
      assert.equal(back.headers.get('x-content-type-options'), 'nosniff');
      const stranger = await visitor();
      await send(stranger.socket, 'give me that');
      for (const wrong of [stranger.token, '', 'x'.repeat(token.length)]) {
        const other = await fetch(path(`/${sha256}`), { headers: { 'x-visitor-token': wrong } });
        assert.ok([401, 404].includes(other.status), `a stranger got ${other.status}`);
        assert.ok(!(await other.text()).includes('chipped'));
      }
      stranger.socket.close();
      socket.close();
    });

    it('may have long names in any script', async () => {
      const { socket, token } = await visitor();
      const file = (await (await upload(token)).json()) as Upload;
      const name = `${'茶'.repeat(80)}.jpg`;
      await socket.call('chat.send', { client_id: randomUUID(), text: '', attachments: [{ upload: file.upload, name, type: 'image/jpeg' }] });
      const query = new URLSearchParams({ channel: channel.id, name: '茶'.repeat(200), type: 'image/jpeg' });
      const back = await fetch(`${server.url}/chat/attachments/${sha256}?${query}`, { headers: { 'x-visitor-token': token } });
      assert.equal(back.status, 200);
      assert.match(back.headers.get('content-disposition') ?? '', /^inline; filename="_+"; filename\*=UTF-8''(%E8%8C%B6){100,}/);
      assert.equal(back.headers.get('access-control-allow-origin'), '*');
      socket.close();
    });

    it('must have been uploaded before they are named', async () => {
      const { socket } = await visitor();
      for (const handle of ['never-uploaded', '../../etc/passwd', createHash('sha256').update('x').digest('hex')])
        await refused(socket.call('chat.send', { client_id: randomUUID(), text: 'x', attachments: [{ upload: handle, name: 'a' }] }), 'invalid', 'attachments');
      socket.close();
    });

    it('are refused in words that a page of another site can read', async () => {
      const { token } = await visitor();
      const nobody = await upload(token, content, randomUUID());
      assert.equal(nobody.status, 401);
      assert.equal(nobody.headers.get('access-control-allow-origin'), '*');
      const large = await upload(token, Buffer.alloc(UPLOAD_BYTES_MAX + 1));
      assert.equal(large.status, 413);
      assert.equal(large.headers.get('access-control-allow-origin'), '*');
      const preflight = await fetch(`${server.url}/chat/attachments`, { method: 'OPTIONS' });
      assert.equal(preflight.status, 204);
      assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /x-visitor-token/);
    });
  });

  describe('bad input', () => {
    it('is refused by the name of the field', async () => {
      const { socket } = await visitor();
      await refused(send(socket, ''), 'invalid', 'text');
      await refused(send(socket, ' \n\t '), 'invalid', 'text');
      await refused(send(socket, 'x'.repeat(20_001)), 'invalid', 'text');
      await refused(send(socket, 'no\u0000body'), 'invalid', 'text');
      await refused(socket.call('chat.send', { client_id: 'not a uuid', text: 'x' }), 'invalid', 'client_id');
      await refused(socket.call('chat.send', { text: 'x' } as never), 'invalid', 'client_id');
      assert.equal((await send(socket, 'x'.repeat(20_000))).text?.length, 20_000);
      assert.equal((await send(socket, '茶 🍵 e\u0301 \u202eabc')).text, '茶 🍵 e\u0301 \u202eabc');
      socket.close();
    });

    it('in a frame that is too large ends that connection, and only that one', async () => {
      const { socket: other } = await visitor();
      const { socket: large } = await visitor();
      large.raw.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chat.send', params: { client_id: randomUUID(), text: 'x'.repeat(300_000) } }));
      await waitFor('it is closed', () => large.closeCode !== null);
      assert.equal(large.closeCode, 1009);
      assert.ok((await send(other, 'still here')).id);
      other.close();
    });

    it('that is no JSON-RPC is answered as such', async () => {
      const { socket } = await visitor();
      const errors: unknown[] = [];
      socket.raw.on('message', (data) => {
        const message = JSON.parse(String(data)) as { id: unknown; error?: { data: { kind: string } } };
        if (message.error) errors.push(message.error.data.kind);
      });
      const invalidUtf8 = Buffer.concat([
        Buffer.from('{"jsonrpc":"2.0","id":1,"method":"chat.send","params":{"text":"'),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('"}}'),
      ]);
      socket.raw.send(invalidUtf8, { binary: false });
      const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
      const texts = ['hello', '[]', '42', '{"jsonrpc":"2.0"}', '{"id":1,"method":"chat.hello"}', deep];
      for (const text of texts) socket.raw.send(text);
      await waitFor('all are answered', () => errors.length === texts.length + 1);
      assert.deepEqual(errors.sort(), ['parse', 'parse', 'parse', 'request', 'request', 'request', 'request']);
      assert.ok((await send(socket, 'and on it goes')).id);
      socket.close();
    });

    it("is never back-dated: the time is the server's, and what the visitor says of it is noted", async () => {
      const { socket } = await visitor();
      const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
      for (const written_at of ['1970-01-01T00:00:00Z', '2999-01-01T00:00:00Z', hourAgo]) {
        const sent = await socket.call('chat.send', { client_id: randomUUID(), text: written_at, written_at });
        assert.ok(Math.abs(Date.parse(sent.at ?? '') - Date.now()) < 60_000, `${written_at} became ${sent.at}`);
        const entry = await server.api('entry.get', { id: sent.id });
        assert.equal((entry.payload as { written_at?: string } | null)?.written_at ?? null, written_at === hourAgo ? hourAgo : null);
      }
      socket.close();
    });
  });

  it('bears visitors who leave in the middle of a call', async () => {
    for (let round = 0; round < 10; round++) {
      const sockets = await Promise.all(Array.from({ length: 20 }, () => server.visitor(`http://leaving-${'x'.repeat(100)}.example`)));
      for (const socket of sockets) {
        hello(socket).catch(() => {});
        send(socket, `left ${round}`).catch(() => {});
        setImmediate(() => socket.cut());
      }
      await waitFor('all have left', () => sockets.every((socket) => socket.closeCode !== null));
    }
    const { socket } = await visitor();
    assert.ok((await send(socket, 'the last one here')).id);
    socket.close();
  });

  it('has each message once after kill -9 between the sending and the answer', async () => {
    const { socket, token } = await visitor();
    await send(socket, 'before the storm');
    const ids = Array.from({ length: 12 }, () => randomUUID());
    let current = socket;
    for (const [i, id] of ids.entries()) {
      const sending = send(current, `storm ${i}`, id).then(
        () => true,
        () => false,
      );
      if (i % 4 !== 3) {
        await sending;
        continue;
      }
      await server.stop('SIGKILL');
      await sending; // answered or not: the widget does not know, and sends it again
      await server.serve();
      current = await server.visitor();
      await hello(current, { token });
      await send(current, `storm ${i}`, id);
    }
    const texts = (await hello(current, { token })).messages.map((one) => one.text);
    assert.deepEqual(texts, ['before the storm', ...ids.map((_, i) => `storm ${i}`)]);
    current.close();
  });
});
