// Two server processes on one MariaDB, with NATS between them: each shows what happens at the other; NATS and servers die
// under load, and nothing is lost, doubled or stale.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Conversation } from '../../agent-web/protocol/src/generated.ts';
import { randomUUID, type Server, type Socket, waitFor, endAll } from '../system/harness.ts';
import { Nats } from './nats.ts';
import { World } from './world.ts';

const TIMES = process.env['THROUGHLINE_FAULT'] === 'long' ? 10 : 1;

const connected = (server: Server, yes = true): Promise<unknown> =>
  waitFor(yes ? 'the bus is connected' : 'the bus is away', async () => (await server.metric('bus_connected')) === (yes ? 1 : 0) && (!yes || (await server.metric('bus_peers')) >= 1), 30_000);

/** As the bus writes numbers. */
function number(n: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(n));
  return bytes;
}

describe('two servers on one database', () => {
  const worlds: World[] = [];
  let nats: Nats;
  let one: World;
  let a: Server;
  let b: Server;
  before(async () => {
    nats = await Nats.start();
    one = await world();
    a = one.server;
    b = one.at(1);
  });
  after(async () => {
    await endAll([...worlds.map((each) => () => each.end()), () => nats.end()]);
  });

  async function world(): Promise<World> {
    const made = new World({ config: { bus: nats.config }, twins: [{}] });
    worlds.push(made);
    await made.make();
    for (const server of [made.server, ...made.twins]) await connected(server);
    return made;
  }

  const customerOf = async (user: string): Promise<string> => {
    assert.ok(await one.insist(one.lineRequest(user, [`I am ${user}`])));
    return await waitFor('the person is there', async () => (await a.api('conversation.list', { view: 'all', limit: 50 })).conversations.find((row) => row.preview === `I am ${user}`)?.customer_id);
  };
  const writes = async (user: string, text: string, server: number): Promise<void> => assert.ok(await one.insist(one.lineRequest(user, [text]), server));
  const shows = (socket: Socket, text: string): Promise<unknown> => waitFor(`a screen shows ${text}`, () => socket.pushed('entry').some(({ entry }) => entry.text === text));

  it('shows an agent at one what arrives at the other, once', async () => {
    const customer_id = await customerOf('Uboth');
    const [at, bt] = [await a.agent(), await b.agent()];
    await at.call('timeline.watch', { customer_id });
    await bt.call('timeline.watch', { customer_id });
    await writes('Uboth', 'by A', 0);
    await writes('Uboth', 'by B', 1);
    for (const socket of [at, bt]) {
      for (const text of ['by A', 'by B']) await shows(socket, text);
      assert.deepEqual(socket.pushed('entry').map(({ entry }) => entry.text), ['by A', 'by B']);
      assert.ok(socket.pushed('conversation').some((row) => row.preview === 'by B'), 'the queue moves too');
    }
    at.close();
    bt.close();
  });

  it('shows who looks and types, across', async () => {
    const customer_id = await customerOf('Upresence');
    const mia = await a.newAgent('Mia');
    const [at, bt] = [await a.agent(mia.cookie), await b.agent()];
    await bt.call('timeline.watch', { customer_id });
    await at.call('timeline.watch', { customer_id });
    const last = (): unknown => bt.pushed('presence').at(-1)?.agents;
    await waitFor('B sees who looks at A', () => JSON.stringify(last()) === JSON.stringify([{ agent_id: mia.id, typing: false }]));
    await at.call('timeline.presence', { customer_id, typing: true });
    await waitFor('B sees who types at A', () => JSON.stringify(last()) === JSON.stringify([{ agent_id: mia.id, typing: true }]));
    at.cut();
    await waitFor('B sees that nobody looks any more', () => JSON.stringify(last()) === '[]');
    bt.close();
  });

  it('lets a visitor at one talk with an agent at the other', async () => {
    const chat = await a.channel('chat', 'Chat across');
    const visitor = await a.visitor();
    await waitFor('no agent is online', async () => (await visitor.call('chat.hello', { channel_id: chat.id })).online === false);
    const agent = await b.agent();
    await agent.call('session.me', {});
    await waitFor('the widget hears that an agent is online elsewhere', () => visitor.pushed('chat.presence').at(-1)?.online === true);
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'is anybody there?' });
    const row: Conversation = await waitFor('the queue at B has it', () => agent.pushed('conversation').find((each) => each.preview === 'is anybody there?'));
    await agent.call('timeline.watch', { customer_id: row.customer_id });
    await visitor.call('chat.typing', { typing: true });
    await waitFor('B sees the visitor type', () => agent.pushed('presence').at(-1)?.visitor_typing === true);
    await agent.call('timeline.presence', { customer_id: row.customer_id, typing: true });
    await waitFor('the widget sees the agent type, by name', () => visitor.pushed('chat.presence').at(-1)?.typing === true && visitor.pushed('chat.presence').at(-1)?.name === 'Ada Admin');
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((each) => each.channel_id === chat.id);
    await agent.call('message.send', { customer_id: row.customer_id, identity_id: way?.identity_id ?? '', channel_id: chat.id, client_id: randomUUID(), text: 'I am' });
    await waitFor('the answer arrives at A', () => visitor.pushed('chat.message').some((message) => message.text === 'I am'));
    agent.cut();
    await waitFor('the widget hears that nobody is online', () => visitor.pushed('chat.presence').at(-1)?.online === false);
    visitor.close();
  });

  it('ends at both what is ended at one, and serves at both what is connected at one', async () => {
    const gone = await a.newAgent('Gone');
    const socket = await b.agent(gone.cookie);
    await socket.call('session.me', {});
    const admin = await a.agent();
    await admin.call('agent.update', { id: gone.id, active: 'no' });
    await waitFor('the session ends at B', () => socket.closeCode === 4401, 5_000);
    const chat = await a.channel('chat', 'Chat', { title_en: 'Name at first' });
    const titleAt = async (server: Server): Promise<string | null | undefined> => {
      const visitor = await server.visitor();
      const hello = await visitor.call('chat.hello', { channel_id: chat.id }).catch(() => null);
      visitor.close();
      return hello?.title;
    };
    await waitFor('B serves the channel', async () => (await titleAt(b)) === 'Name at first', 5_000);
    await admin.call('channel.update', { id: chat.id, settings: { title_en: 'Name now' } });
    await waitFor('B serves it as it is now', async () => (await titleAt(b)) === 'Name now', 5_000);
    admin.close();
  });

  it('shows a widget who types at the other, also while others come and go here', async () => {
    const chat = await a.channel('chat', 'Chat with many');
    const visitor = await a.visitor();
    await visitor.call('chat.hello', { channel_id: chat.id });
    const [at, bt] = [await a.agent(), await b.agent()];
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'many of you?' });
    const row: Conversation = await waitFor('the queue at B has it', () => bt.pushed('conversation').find((each) => each.preview === 'many of you?'));
    const { customer_id } = row;
    await bt.call('timeline.watch', { customer_id });
    let done = false;
    const restless = (async () => {
      for (; !done; await at.call('timeline.unwatch', { customer_id })) await at.call('timeline.watch', { customer_id });
    })();
    await bt.call('timeline.presence', { customer_id, typing: true });
    await waitFor('the widget sees B type', () => visitor.pushed('chat.presence').at(-1)?.typing === true, 4_000).finally(() => { done = true; });
    await restless;
    for (const socket of [at, bt, visitor]) socket.close();
  });

  it('has screens read again when a server dies without a word: nobody may have heard what it committed last', async () => {
    await waitFor('those of earlier tests are forgotten', async () => (await b.metric('bus_peers')) === 1);
    const bt = await b.agent();
    await bt.call('session.me', {});
    const told = (): number => bt.pushed('reload').filter(({ what }) => what === 'all').length;
    const before = told();
    const WIRE_STATE = 2;
    await nats.publish('throughline', Buffer.concat([Buffer.from('TLbus\0\x02'), Buffer.from([WIRE_STATE]), Buffer.alloc(16, 9), number(1), number(0)]));
    await waitFor('B hears another server', async () => (await b.metric('bus_peers')) === 2);
    assert.equal(told(), before, 'its first message is no gap');
    await waitFor('B gives it up', async () => (await b.metric('bus_peers')) === 1, 20_000);
    await waitFor('B has its screens read again', () => told() > before);
    bt.close();
  });

  it('hears a newcomer also after more servers than it keeps in mind', async () => {
    const [WIRE_CHANGES, WIRE_STATE, CHANGE_CHANNELS, SERVERS] = [1, 2, 3, 70];
    const said = (kind: number, sender: number, body: Buffer): Buffer => Buffer.concat([Buffer.from('TLbus\0\x02'), Buffer.from([kind]), Buffer.alloc(16, sender), number(1), body]);
    const bt = await b.agent();
    await bt.call('session.me', {});
    for (let sender = 100; sender < 100 + SERVERS; sender++) await nats.publish('throughline', said(WIRE_STATE, sender, number(0)));
    const json = JSON.stringify({ jsonrpc: '2.0', method: 'reload', params: { what: 'channels' } });
    const nothing = Buffer.alloc(8, 255);
    await nats.publish('throughline', said(WIRE_CHANGES, 99, Buffer.concat([number(CHANGE_CHANNELS), Buffer.alloc(32), number(0), number(json.length), Buffer.from(json), nothing, nothing])));
    await waitFor('B shows what it tells', () => bt.pushed('reload').some(({ what }) => what === 'channels'), 5_000);
    await waitFor('those that are silent are forgotten', async () => (await b.metric('bus_peers')) === 1, 20_000);
    bt.close();
  });

  it('brings screens up to date that missed something while NATS was away, also those of quiet people and the queue', async () => {
    const customer_id = await customerOf('Uquiet');
    const [at, bt] = [await a.agent(), await b.agent()];
    for (const socket of [at, bt]) await socket.call('timeline.watch', { customer_id });
    await nats.kill();
    await connected(a, false);
    await connected(b, false);
    assert.equal((await fetch(`${a.url}/readyz`)).status, 200, 'readiness does not depend on it');
    assert.match(await (await fetch(`${a.url}/healthz`)).text(), /bus away/);
    await writes('Uquiet', 'into the dark', 0);
    await shows(at, 'into the dark');
    await nats.start();
    await waitFor('both hear that they may have missed something', () => [at, bt].every((socket) => socket.pushed('reload').some(({ what }) => what === 'all')), 30_000);
    const snapshot = await bt.call('timeline.watch', { customer_id });
    assert.ok(snapshot.entries.some((entry) => entry.text === 'into the dark'));
    at.close();
    bt.close();
  });

  it('finds by the new name, and nobody who was erased, what changed while a server was dead or made its index', { timeout: 120_000 }, async () => {
    const PEOPLE = 6;
    const found = async (server: Server, query: string): Promise<number> => (await server.api('search.query', { query })).people.length;
    for (const round of ['dead', 'making its index']) {
      const people: string[] = [];
      const word = (what: string, i: number): string => `${what}quolba${round.length * 10 + i}x`;
      for (let i = 0; i < PEOPLE; i++) {
        await writes(`Ufound${round.length}x${i}`, word('said', i), i % 2);
        people.push(await waitFor('the person is found', async () => (await a.api('search.query', { query: word('said', i) })).people[0]?.customer_id));
        await a.api('customer.update', { id: people[i] ?? '', name: word('old', i) });
      }
      for (let i = 0; i < PEOPLE; i++) await waitFor('B finds them by name', async () => (await found(b, word('old', i))) === 1);
      if (round !== 'dead') b.run(['search', 'rebuild']);
      await b.stop('SIGKILL');
      for (const [i, id] of people.entries()) {
        if (i % 2) await a.api('customer.update', { id, name: word('new', i) });
        else await a.api('privacy.erase_customer', { customer_id: id, reason: 'Asked for it.', confirm: word('old', i) });
      }
      await waitFor('the erasures are over', async () => (await a.api('task.list', {})).tasks.every((task) => task.state === 'done'));
      await b.serve();
      for (const server of [a, b])
        for (let i = 0; i < PEOPLE; i++) {
          const counts = { old: 0, new: i % 2, said: i % 2 };
          for (const [what, count] of Object.entries(counts)) await waitFor(`${what} ${i} finds ${count}`, async () => (await found(server, word(what, i))) === count, 10_000);
        }
    }
    await connected(b);
  });

  it('survives the death of NATS under load', { timeout: 300_000 }, async (t) => {
    const busy = await world();
    await busy.begin();
    await busy.more();
    for (let round = 0; round < 3 * TIMES; round++) {
      await nats.kill();
      for (let n = 0; n < 2; n++) await connected(busy.at(n), false);
      await busy.more(100);
      await nats.start();
      for (let n = 0; n < 2; n++) await connected(busy.at(n));
      await busy.more(20);
    }
    nats.freeze();
    await busy.more(100);
    nats.thaw();
    await busy.check();
    const missed = (await busy.at(0).metric('bus_missed_total')) + (await busy.at(1).metric('bus_missed_total'));
    assert.ok(missed >= 6 * TIMES, 'both noticed each time that they may have missed something');
    t.diagnostic(`${busy.report()}; told to read again ${missed} times`);
  });

  it('survives kill -9 of one of the two under load', { timeout: 300_000 }, async (t) => {
    const busy = await world();
    await busy.begin();
    await busy.more();
    for (let round = 0; round < 4 * TIMES; round++) {
      const victim = busy.at(round);
      await victim.stop('SIGKILL');
      await busy.more(60);
      await victim.serve();
      await busy.more(20);
    }
    await busy.check();
    t.diagnostic(busy.report());
  });

  it('drops what is no message of ours', async () => {
    const before = await a.metric('bus_refused_total');
    await nats.publish('throughline', Buffer.from('hello, is this a chat?'));
    await nats.publish('throughline', Buffer.concat([Buffer.from('TLbus\0\x02\x01'), Buffer.alloc(16, 7), Buffer.alloc(8, 1), Buffer.alloc(100, 255)]));
    await waitFor('it is counted', async () => (await a.metric('bus_refused_total')) > before);
    assert.equal((await fetch(`${a.url}/readyz`)).status, 200);
  });
});
