// JSON-RPC 2.0 on the WebSocket, to the letter: notifications, batches, ids, codes; and its methods over HTTP.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Server, type Socket, waitFor, endAll } from './harness.ts';

interface Answer {
  jsonrpc: string;
  id: unknown;
  result?: unknown;
  error?: { code: number; message: string; data: { kind: string } };
}

describe('JSON-RPC', () => {
  let server: Server;
  let socket: Socket;
  let got: (Answer | Answer[])[] = [];
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    socket = await server.agent();
    socket.raw.removeAllListeners('message');
    socket.raw.on('message', (data) => {
      const message = JSON.parse(String(data)) as Answer & { method?: string };
      if (message.method === undefined) got.push(message);
    });
  });
  after(async () => {
    socket.close();
    await endAll(ends.reverse());
  });

  const call = (id: unknown, method = 'session.me', params: unknown = {}): object => ({ jsonrpc: '2.0', id, method, params });
  const note = (method: string, params: unknown = {}): object => ({ jsonrpc: '2.0', method, params });

  /** What comes for these messages, each as it is sent, until the call behind them is answered; nothing else came before. */
  const answersTo = async (...messages: unknown[]): Promise<(Answer | Answer[])[]> => {
    got = [];
    for (const message of messages) socket.raw.send(typeof message === 'string' ? message : JSON.stringify(message));
    socket.raw.send(JSON.stringify(call('behind')));
    await waitFor('the call behind is answered', () => got.some((each) => !Array.isArray(each) && each.id === 'behind'));
    assert.ok(!Array.isArray(got.at(-1)) && (got.at(-1) as Answer).id === 'behind', 'the order holds');
    return got.slice(0, -1);
  };

  it('answers no notification, not even that it failed', async () => {
    assert.deepEqual(
      await answersTo(
        note('session.me'),
        note('no.such'),
        note('session.login', { email: 'a', password: 'b' }),
        note('timeline.watch', { customer_id: 'x' }),
        note('agent.list', { unknown: 1 }),
      ),
      [],
    );
  });

  it('tells what is no JSON from what is no request', async () => {
    const answers = (await answersTo(
      '{',
      '42',
      '{}',
      { jsonrpc: '1.0', id: 1, method: 'session.me' },
      { jsonrpc: '2.0', id: 2 },
      { jsonrpc: '2.0', id: {}, method: 'session.me' },
      { jsonrpc: '2.0', id: true, method: 'session.me' },
    )) as Answer[];
    assert.deepEqual(
      answers.map((each) => [each.error?.code, each.id]),
      [
        [-32700, null],
        [-32600, null],
        [-32600, null],
        [-32600, 1],
        [-32600, 2],
        [-32600, null],
        [-32600, null],
      ],
    );
    const [unknown, invalid, withNull, withText] = (await answersTo(call(3, 'no.such'), call(4, 'agent.list', { no: 1 }), call(null), call('ö"'))) as Answer[];
    assert.deepEqual([unknown?.error?.code, invalid?.error?.code], [-32601, -32602]);
    assert.deepEqual([withNull?.id, withText?.id], [null, 'ö"']);
  });

  it('runs a batch in its order and answers it in one message, without its notifications', async () => {
    const [answers, ...more] = await answersTo([call(1), note('session.me'), call('two', 'no.such'), 1, [call(5)], call(6, 'agent.list')]);
    assert.deepEqual(more, []);
    assert.ok(Array.isArray(answers));
    assert.deepEqual(
      answers.map((each) => [each.id, each.error?.code ?? 'fine', each.jsonrpc]),
      [
        [1, 'fine', '2.0'],
        ['two', -32601, '2.0'],
        [null, -32600, '2.0'],
        [null, -32600, '2.0'],
        [6, 'fine', '2.0'],
      ],
    );
  });

  it('answers an empty batch by one error, a batch of notifications by nothing, one that is too large by one error', async () => {
    const [empty, ...more] = (await answersTo('[]', ' \n[ ]')) as Answer[];
    assert.deepEqual([empty?.error?.code, empty?.id, more.length, more[0]?.error?.code], [-32600, null, 1, -32600]);
    assert.deepEqual(await answersTo([note('session.me'), note('no.such')]), []);
    const [large] = (await answersTo(Array.from({ length: 65 }, (_, i) => call(i)))) as Answer[];
    assert.deepEqual([large?.error?.code, large?.id], [-32600, null]);
    const [full] = (await answersTo(Array.from({ length: 64 }, (_, i) => call(i)))) as Answer[][];
    assert.deepEqual(
      full?.map((each) => each.id),
      Array.from({ length: 64 }, (_, i) => i),
    );
    const [broken] = (await answersTo('[{"jsonrpc": "2.0", "method": "session.me", "id": "1"}, {"jsonrpc": "2.0", "method"')) as Answer[];
    assert.deepEqual([broken?.error?.code, broken?.id], [-32700, null]);
  });

  it('lets what comes behind a batch wait for it', async () => {
    const answers = await answersTo([call(1), call(2)], call(3), [call(4)], [note('session.me')], call(5));
    assert.deepEqual(
      answers.map((each) => (Array.isArray(each) ? each.map((one) => one.id) : each.id)),
      [[1, 2], 3, [4], 5],
    );
  });

  it('forgets the batch of a socket that goes', async () => {
    const gone = await server.agent();
    gone.raw.send(JSON.stringify(Array.from({ length: 64 }, (_, i) => call(i, 'agent.list'))));
    gone.cut();
    await waitFor('it has gone', async () => (await server.metric('agent_sockets')) === 1);
    assert.deepEqual(await answersTo(), []);
  });

  it('says over HTTP which method of HTTP its methods take', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'GET', 'HEAD'])
      for (const at of ['agent.list', 'no.such']) {
        const response = await fetch(`${server.url}/api/v1/${at}`, {
          method,
          headers: { authorization: `Bearer ${server.token}` },
          ...(method === 'GET' || method === 'HEAD' ? {} : { body: '{}' }),
        });
        assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'], `${method} ${at}`);
      }
  });
});
