import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { CallError, Client, type ClientOptions, type Socket } from '../src/index.ts';

class FakeSocket implements Socket {
  readyState = 0;
  sent: { id: number; method: string }[] = [];
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;
  send(text: string) {
    this.sent.push(JSON.parse(text) as { id: number; method: string });
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  lose(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function fixture(options: Partial<ClientOptions> = {}) {
  const sockets: FakeSocket[] = [];
  const client = new Client({
    url: 'ws://test',
    callTimeoutMs: 2000,
    backoffMs: [1, 2],
    ...options,
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
  });
  const until = async (check: () => boolean) => {
    const end = Date.now() + 2000;
    while (!check()) {
      assert.ok(Date.now() < end, 'waited in vain');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  client.connect();
  return { client, sockets, until };
}

test('It is live only when everything has caught up', async () => {
  const { client, sockets, until } = fixture();
  let caughtUp = () => {};
  client.onOpen(
    () =>
      new Promise<void>((resolve) => {
        caughtUp = resolve;
      }),
  );
  assert.equal(client.getState().phase, 'connecting');
  sockets[0]!.open();
  assert.equal(client.getState().phase, 'catching_up');
  caughtUp();
  await until(() => client.getState().phase === 'live');
  client.close();
});

test('Told that something may have been missed, it catches up again on the same connection', async () => {
  const { client, sockets, until } = fixture();
  let turns = 0;
  let caughtUp = () => {};
  client.onOpen(
    () =>
      new Promise<void>((resolve) => {
        turns++;
        caughtUp = resolve;
      }),
  );
  sockets[0]!.open();
  caughtUp();
  await until(() => client.getState().phase === 'live');
  sockets[0]!.say({ jsonrpc: '2.0', method: 'reload', params: { what: 'channels' } });
  assert.equal(turns, 1);
  sockets[0]!.say({ jsonrpc: '2.0', method: 'reload', params: { what: 'all' } });
  assert.equal(client.getState().phase, 'catching_up');
  const first = caughtUp;
  sockets[0]!.say({ jsonrpc: '2.0', method: 'reload', params: { what: 'all' } });
  first();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(client.getState().phase, 'catching_up', 'the later round counts');
  caughtUp();
  await until(() => client.getState().phase === 'live');
  assert.deepEqual([turns, sockets.length], [3, 1]);
  client.close();
});

test('A call made before the connection is there waits for it', async () => {
  const { client, sockets } = fixture();
  const answer = client.call('session.me', {});
  sockets[0]!.open();
  const [request] = sockets[0]!.sent;
  assert.equal(request?.method, 'session.me');
  sockets[0]!.say({ jsonrpc: '2.0', id: request?.id, result: { agent: null, version: '1' } });
  assert.deepEqual(await answer, { agent: null, version: '1' });
  client.close();
});

test('A refused call carries kind and field', async () => {
  const { client, sockets } = fixture();
  sockets[0]!.open();
  const answer = client.call('customer.get', { id: 'x' });
  sockets[0]!.say({ id: sockets[0]!.sent[0]!.id, error: { code: -32602, message: 'id is wrong', data: { kind: 'invalid', field: 'id' } } });
  await assert.rejects(answer, (error: CallError) => error.kind === 'invalid' && error.field === 'id');
  client.close();
});

test('After a loss it connects again and repeats what is safe to repeat, and only that', async () => {
  const { client, sockets, until } = fixture();
  sockets[0]!.open();
  const safe = client.call('note.add', { customer_id: 'c', client_id: 'k', text: 'n' });
  const unsafe = client.call('token.create', { name: 'n', role: 'agent' });
  sockets[0]!.lose();
  assert.equal(client.getState().phase, 'away');
  await assert.rejects(unsafe, (error: CallError) => error.kind === 'disconnected');
  await until(() => sockets.length === 2);
  sockets[1]!.open();
  assert.deepEqual(
    sockets[1]!.sent.map(({ method }) => method),
    ['note.add'],
  );
  sockets[1]!.say({ id: sockets[1]!.sent[0]!.id, result: { id: 'e' } });
  assert.equal((await safe).id, 'e');
  client.close();
});

test('An ended session stops the tries and fails what waits', async () => {
  const { client, sockets } = fixture();
  sockets[0]!.open();
  const waiting = client.call('session.me', {});
  sockets[0]!.lose(4401);
  await assert.rejects(waiting, (error: CallError) => error.kind === 'unauthenticated');
  assert.equal(client.getState().phase, 'logged_out');
  assert.equal(sockets.length, 1);
});

test('A handler hears its notifications until it is taken off', () => {
  const { client, sockets } = fixture();
  const heard: string[] = [];
  const end = client.on('reload', ({ what }) => heard.push(what));
  sockets[0]!.open();
  sockets[0]!.say({ method: 'reload', params: { what: 'channels' } });
  end();
  sockets[0]!.say({ method: 'reload', params: { what: 'agents' } });
  assert.deepEqual(heard, ['channels']);
  client.close();
});

test('When catching up fails it does not claim to be live', async () => {
  const { client, sockets, until } = fixture();
  let turns = 0;
  client.onOpen(() => (turns++ === 0 ? Promise.reject(new Error('no')) : undefined));
  sockets[0]!.open();
  await until(() => sockets.length === 2);
  sockets[1]!.open();
  await until(() => client.getState().phase === 'live');
  client.close();
});

const answer = (socket: FakeSocket, method: string) =>
  socket.say({ jsonrpc: '2.0', id: socket.sent.findLast((one) => one.method === method)?.id, result: { agent: null, version: '1' } });

test('Calls without an answer make it ask once whether anybody is there, and silence makes a new connection', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    const { client, sockets } = fixture({ unansweredMs: 30, probeMs: 40, callTimeoutMs: 100_000 });
    sockets[0]!.open();
    await settled();
    assert.equal(client.getState().phase, 'live');
    const answers = ['one', 'two', 'three'].map((id) => client.call('customer.get', { id }));
    mock.timers.tick(20);
    answers.push(client.call('customer.get', { id: 'four' })); // which puts nothing off
    mock.timers.tick(10);
    const probes = () => sockets[0]!.sent.filter(({ method }) => method === 'session.me').length;
    assert.deepEqual([probes(), client.getState().doubtful, client.getState().phase], [1, true, 'live']);
    answer(sockets[0]!, 'session.me');
    assert.equal(client.getState().doubtful, false, 'somebody is there');
    mock.timers.tick(30);
    assert.deepEqual([probes(), client.getState().doubtful], [2, true], 'the calls are still unanswered');
    mock.timers.tick(40);
    assert.equal(client.getState().phase, 'away');
    mock.timers.tick(2);
    assert.equal(sockets.length, 2);
    sockets[1]!.open();
    assert.equal(sockets[1]!.sent.filter(({ method }) => method === 'customer.get').length, 4, 'what is safe to repeat is asked again');
    for (const { id } of [...sockets[1]!.sent]) sockets[1]!.say({ jsonrpc: '2.0', id, result: {} });
    await Promise.all(answers);
    await settled();
    assert.equal(client.getState().phase, 'live');
    mock.timers.tick(100);
    assert.equal(sockets[1]!.sent.filter(({ method }) => method === 'session.me').length, 1, 'nothing is unanswered: nothing is asked');
    client.close();
  } finally {
    mock.timers.reset();
  }
});

test('A connection that does not open is given up, and waking tries anew at once', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    const { client, sockets } = fixture({ probeMs: 40 });
    mock.timers.tick(80);
    assert.deepEqual([client.getState().phase, sockets[0]!.readyState], ['away', 3]);
    mock.timers.tick(2);
    assert.equal(sockets.length, 2);
    client.wake();
    assert.deepEqual([sockets.length, sockets[1]!.readyState], [3, 3]);
    sockets[2]!.open();
    await settled();
    assert.equal(client.getState().phase, 'live');
    client.close();
  } finally {
    mock.timers.reset();
  }
});
