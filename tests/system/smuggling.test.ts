// Where a request ends, against odd heads: on bare sockets every answer is counted and attributed; behind real nginx and HAProxy, which send
// many clients' requests over one connection, every answer that a victim gets is the victim's own.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { Server, waitFor, endAll } from './harness.ts';
import { type Odd, oddHead, pieces } from './odd_heads.ts';
import { PROXIES, type Proxy, startProxy } from './proxies.ts';
import { get, Wire } from './wire.ts';

const LONG = process.env['THROUGHLINE_FAULT'] === 'long';
const SEED = Number(process.env['THROUGHLINE_SEED'] ?? 20260801);
const DIRECT = LONG ? 50_000 : 10_000;
const BEHIND_EACH = LONG ? 25_000 : 2500; // four proxies
const AT_ONCE = 16;

describe('smuggling', () => {
  let server: Server;
  let path = '';
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { config: { server: { trusted_proxies: '127.0.0.1' } } });
    const channel = await server.channel('whatsapp', 'Echo', { phone_number_id: '1', access_token: 't', app_secret: 's', verify_token: 'v' });
    path = new URL(channel.url).pathname;
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  /** A request whose answer holds the word. */
  const echo = (word: string, headers = ''): string => get(`${path}?hub.mode=subscribe&hub.verify_token=v&hub.challenge=${word}`, headers);
  /** The same by a worker, with a body. */
  const late = (word: string): string => {
    const body = JSON.stringify({ [word]: 1 });
    return `POST /api/v1/session.login HTTP/1.1\r\nHost: desk.example\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };

  /** What an attacker hides in a body: a request, one that is answered late, and one that waits for the victim's head to become its own end. */
  const inner = (i: number): string => [echo, late, (word: string) => `${echo(word).slice(0, -2)}X-Rest: `][i % 3]?.(`inner-${i}-`) ?? '';

  /** The work in `AT_ONCE` lanes; the first fault ends it. */
  const inLanes = async (n: number, work: (i: number, lane: number) => Promise<void>): Promise<void> => {
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        while (next < n) {
          const i = next++;
          await work(i, lane).catch((error: unknown) => {
            next = n;
            throw error;
          });
        }
      }),
    );
  };

  const EXPECTED: Record<Exclude<Odd['verdict'], 'wait'>, (i: number) => string[]> = {
    refuse: () => ['refused'],
    end: () => ['answered, closed'],
    serve: (i) => ['answered', `marker-${i}-`],
    next: (i) => ['answered', `inner-${i}-`, `marker-${i}-`],
  };

  const told = (answer: { status: number; headers: Record<string, string>; body: Buffer }): string => {
    const echoed = /(inner|marker)-\d+-/.exec(answer.body.toString('latin1'))?.[0];
    const closed = answer.headers['connection'] === 'close';
    return echoed ?? (closed && [400, 417, 431].includes(answer.status) && !answer.body.includes('{') ? 'refused' : closed ? 'answered, closed' : 'answered');
  };

  it('serves or refuses each odd head as a strict reader must, and takes nothing of it for another request', async () => {
    const kinds = new Map<string, number>();
    await inLanes(DIRECT, async (i) => {
      const odd = oddHead(SEED, i, echo(`inner-${i}-`));
      if (odd.verdict === 'wait') return;
      const wire = new Wire(server.port);
      for (const piece of pieces(SEED, i, odd.bytes + echo(`marker-${i}-`, 'Connection: close\r\n'))) wire.send(piece);
      await waitFor(`seed ${SEED}, ${i}: ${JSON.stringify(odd)} ends; got ${wire.got.toString('latin1')}`, () => wire.ended || wire.closed);
      wire.tcp.destroy();
      const head = /^HEAD /.test(odd.bytes);
      const answers = head
        ? [/\r\nConnection: close\r\n[^]*\r\n\r\n$/.test(wire.got.toString('latin1')) ? 'answered, closed' : '?']
        : wire.answers.filter((each) => each.status >= 200).map(told);
      assert.deepEqual(
        answers,
        EXPECTED[odd.verdict](i),
        `seed ${SEED}, ${i}, ${odd.kind}: ${JSON.stringify(odd.bytes.slice(0, 2000))} was answered ${JSON.stringify(wire.got.toString('latin1').slice(0, 3000))}`,
      );
      kinds.set(odd.kind, (kinds.get(odd.kind) ?? 0) + 1);
    });
    assert.ok(kinds.size > 45 && [...kinds.values()].every((n) => n > 20), 'each kind has had its turn');
  });

  for (const name of Object.keys(PROXIES) as (keyof typeof PROXIES)[]) {
    describe(`behind ${name}`, () => {
      let proxy: Proxy;
      before(async () => {
        proxy = await startProxy(name, server.port);
      });
      after(() => proxy.stop());

      if (name.endsWith('as the sample is'))
        it('sends pages on to https and nothing that carries a secret', async () => {
          const inClear = (at: string): Promise<[number | undefined, string | undefined]> =>
            new Promise((resolve, reject) => {
              request({ socketPath: proxy.clear, path: at, headers: { host: 'desk.example' } }, (answer) => {
                answer.resume();
                resolve([answer.statusCode, answer.headers.location]);
              })
                .on('error', reject)
                .end();
            });
          assert.deepEqual(await inClear('/settings?x=1'), [301, 'https://desk.example/settings?x=1']);
          for (const at of ['/api/v1/session.me', path, '/ws', '/attachments/0']) assert.deepEqual(await inClear(at), [403, undefined], at);
        });

      it('answers every client with its own', async () => {
        const victims = Array.from({ length: AT_ONCE }, () => ({ wire: new Wire(proxy.port), asked: 0 }));
        let passed = 0;
        await inLanes(BEHIND_EACH, async (i, lane) => {
          const odd = oddHead(SEED + 1, i, inner(i));
          const attacker = new Wire(proxy.port);
          for (const piece of pieces(SEED + 1, i, odd.bytes)) attacker.send(piece);
          if (odd.verdict !== 'wait') await heard(attacker);
          const victim = victims[lane] as (typeof victims)[number];
          if (victim.wire.ended || victim.wire.closed) Object.assign(victim, { wire: new Wire(proxy.port), asked: 0 });
          const word = `victim-${i}-`;
          victim.wire.send(i % 5 ? echo(word) : late(word));
          victim.asked++;
          await waitFor(
            `${name}, seed ${SEED + 1}, ${i}: the victim behind ${JSON.stringify(odd)} is answered`,
            () => victim.wire.answers.length >= victim.asked || victim.wire.ended || victim.wire.closed,
          );
          const answers = victim.wire.answers;
          const mine = answers.at(-1);
          const what = `${name}, seed ${SEED + 1}, ${i}: behind ${JSON.stringify(odd)} the victim got ${JSON.stringify(victim.wire.got.toString('latin1').slice(-2000))}`;
          assert.equal(answers.length, victim.asked, what);
          assert.ok(mine?.body.includes(word) && mine.status === (i % 5 ? 200 : 422), what);
          assert.doesNotMatch(attacker.got.toString('latin1'), /victim-/, `an attacker got what is a victim's: ${what}`);
          passed += attacker.answers.some((each) => each.headers['x-content-type-options'] === 'nosniff') ? 1 : 0;
          victim.wire.forget();
          victim.asked = 0;
          attacker.tcp.destroy();
        });
        for (const { wire } of victims) wire.tcp.destroy();
        assert.ok(passed > BEHIND_EACH / 10, `only ${passed} of ${BEHIND_EACH} came as far as the server`);
        await waitFor('and nothing is left over', async () => (await fetch(`${server.url}/readyz`)).ok);
      });
    });
  }

  /** The proxy has answered or hung up; some heads it waits on for more, and nobody waits with it. */
  async function heard(wire: Wire): Promise<void> {
    const until = Date.now() + 300;
    await waitFor('it is decided', () => wire.got.length > 0 || wire.ended || wire.closed || Date.now() > until);
  }
});
