// Far too much of everything, at every entrance: each is refused in words, and the server goes on serving agents.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { deliver, lineRequest, lineTextEvent, rfc822Request, type ProviderRequest } from '../../agent-web/play/providers.ts';
import { endAll, Server, type Socket, waitFor } from './harness.ts';
import { HOST, Wire } from './wire.ts';

const MB = 1024 * 1024;

/** Texts that are hard on whoever parses JSON. */
const HOSTILE: Record<string, () => string> = {
  'a million lists in lists': () => '['.repeat(1_000_000),
  'a million lists, closed': () => '['.repeat(1_000_000) + ']'.repeat(1_000_000),
  'objects in objects': () => '{"a":'.repeat(300_000),
  'a number of no size': () => '{"limit":1e400,"view":"all"}',
  'a number of a million digits': () => `{"view":"all","limit":${'9'.repeat(1_000_000)}}`,
  'a fraction of a million digits': () => `{"view":"all","limit":1.${'9'.repeat(1_000_000)}}`,
  'minus nothing': () => '{"view":"all","limit":-}',
  'a name of a megabyte': () => `{"${'k'.repeat(MB)}":1}`,
  'a hundred thousand names': () => `{${Array.from({ length: 100_000 }, (_, i) => `"n${i}":0`).join()}}`,
  'names that are one': () => `{${'"view":"all",'.repeat(100_000)}"view":"nothing"}`,
  'half a character': () => '{"view":"\\ud800"}',
  'halves the wrong way round': () => '{"view":"\\udc00\\ud800"}',
  'a name that ends at a NUL': () => '{"view\\u0000x":"all"}',
  'a word that ends at a NUL': () => '{"view":"all\\u0000x"}',
  'single quotation marks': () => `{"view":'all'}`,
  'no number behind a single quotation mark': () => `{"view":"all",'"':NaN}`,
  'a million escapes': () => `{"view":"${'\\u0041'.repeat(1_000_000)}"}`,
  'a text without end': () => `{"view":"${'x'.repeat(MB)}`,
  comments: () => `/*${'*'.repeat(MB)}*/{"view":"all"}`,
  blanks: () => `${' '.repeat(MB)}{"view":"none"}`,
};

describe('a flood', () => {
  let server: Server;
  let agent: Socket;
  let line: { url: string; channelSecret: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    line = { url: (await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' })).url, channelSecret: 'ls' };
    agent = await server.agent();
    await agent.call('session.me', {});
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  /** An agent works on meanwhile; the 99th of a hundred calls, in ms. */
  async function meanwhile(work: Promise<unknown>): Promise<number> {
    const took: number[] = [];
    let over = false;
    void work.finally(() => (over = true)).catch(() => {});
    while (!over || took.length < 20) {
      const began = performance.now();
      await agent.call('conversation.list', { view: 'open' });
      took.push(performance.now() - began);
    }
    await work;
    took.sort((a, b) => a - b);
    return took[Math.min(took.length - 1, Math.floor(took.length * 0.99))] ?? 0;
  }
  const said = (ms: number): string => `an agent waited ${ms.toFixed(0)} ms at the 99th percentile`;

  it('of hostile JSON over HTTP is refused, each text by name', async (t) => {
    const post = async (body: string): Promise<number> =>
      (await fetch(`${server.url}/api/v1/conversation.list`, { method: 'POST', headers: { authorization: `Bearer ${server.token}` }, body })).status;
    const all = (async () => {
      for (const [what, make] of Object.entries(HOSTILE)) assert.ok([400, 422].includes(await post(make())), what);
    })();
    t.diagnostic(said(await meanwhile(all)));
  });

  it('of hostile JSON over a WebSocket is refused, or ends that socket alone', async (t) => {
    const cookie = await server.login();
    const all = (async () => {
      for (const [what, make] of Object.entries(HOSTILE)) {
        const raw = new WebSocket(`ws://127.0.0.1:${server.port}/ws`, 'throughline', { headers: { cookie, origin: server.url } });
        const outcome = new Promise<string>((resolve) => {
          raw.on('message', (data) => resolve(String(data)));
          raw.on('close', (code) => resolve(`closed: ${code}`));
          raw.on('error', () => {});
        });
        await new Promise((resolve) => raw.once('open', resolve));
        raw.send(`{"jsonrpc":"2.0","id":1,"method":"conversation.list","params":${make()}}`);
        assert.match(await outcome, /"error"|closed: 1009/, what);
        raw.terminate();
      }
    })();
    t.diagnostic(said(await meanwhile(all)));
  });

  it('of hostile JSON at the webhooks is kept and answered, and signed or not it stops nobody', async (t) => {
    const types: Record<string, Record<string, string>> = {
      line: { channel_secret: 's', access_token: 'a' },
      whatsapp: { app_secret: 's', verify_token: 'v', access_token: 'a', phone_number_id: '1' },
      shopify: { secret: 's' },
      postmark: { user: 'u', password: 's', address: 'p@shop.example' },
      email: { address: 'e@shop.example' },
      twilio_voice: { auth_token: 's' },
    };
    const sign = (type: string, url: string, body: Buffer, secrets: Record<string, string>): Record<string, string> => {
      const hmac = (encoding: 'hex' | 'base64'): string => createHmac('sha256', 's').update(body).digest(encoding);
      const rows: Record<string, () => Record<string, string>> = {
        line: () => ({ 'x-line-signature': hmac('base64') }),
        whatsapp: () => ({ 'x-hub-signature-256': `sha256=${hmac('hex')}` }),
        shopify: () => ({ 'x-shopify-hmac-sha256': hmac('base64'), 'x-shopify-topic': 'orders/create' }),
        postmark: () => ({ authorization: `Basic ${Buffer.from('u:s').toString('base64')}` }),
        email: () => rfc822Request({ url, token: secrets['token'] ?? '' }, body).headers as Record<string, string>,
        twilio_voice: () => ({ 'x-twilio-signature': createHmac('sha1', 's').update(url).digest('base64') }),
      };
      return rows[type]?.() ?? {};
    };
    const work = (async () => {
      for (const [type, settings] of Object.entries(types)) {
        const channel = await server.channel(type, type, settings);
        for (const [what, make] of Object.entries(HOSTILE)) {
          const body = Buffer.from(make());
          const plain: ProviderRequest = { url: channel.url, method: 'POST', headers: { 'content-type': 'application/json' }, body };
          const forged = await deliver(plain);
          assert.ok([401, 403, 413].includes(forged.status), `${type}, not signed: ${what}: ${forged.status}`);
          const { status, text } = await deliver(
            { ...plain, headers: { 'content-type': 'application/json', ...sign(type, channel.url, body, channel.secrets) } },
            60_000,
          );
          const expected = type === 'twilio_voice' ? [401, 403, 413] : body.length > MB ? [200, 413] : [200];
          assert.ok(expected.includes(status), `${type}: ${what}: ${status} ${text}`);
        }
      }
    })();
    t.diagnostic(said(await meanwhile(work)));
  });

  it('of forged calls by many connections is refused, and what is genuine is taken', async (t) => {
    const path = new URL(line.url).pathname;
    const body = JSON.stringify({ destination: 'U', events: [lineTextEvent('Uforged', 'x'.repeat(3000))] });
    const request = `POST ${path} HTTP/1.1\r\n${HOST}X-Line-Signature: ${'A'.repeat(44)}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    const wires = Array.from({ length: 100 }, () => new Wire(server.port));
    const flood = (async () => {
      for (let i = 0; i < 5; i++) {
        for (const wire of wires) wire.send(request.repeat(4));
        await Promise.all(wires.map((wire) => wire.answered((i + 1) * 4, 60_000)));
      }
    })();
    const genuine = Promise.all(
      Array.from({ length: 30 }, async (_, i) => assert.equal((await deliver(lineRequest(line, [lineTextEvent('Ugenuine', `genuine ${i}`)]))).status, 200)),
    );
    t.diagnostic(said(await meanwhile(Promise.all([flood, genuine]))));
    for (const wire of wires) {
      assert.ok(wire.answers.every((one) => one.status === 401));
      wire.tcp.destroy();
    }
    assert.equal(Number(server.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'genuine %'")), 30);
    assert.equal(Number(server.sql("SELECT COUNT(*) FROM identity WHERE value = 'Uforged'")), 0);
  });

  it('of searches, odd ones among them, is answered or refused in words', async (t) => {
    const odd = [
      'a '.repeat(10_000),
      Array.from({ length: 10_000 }, (_, i) => `term${i}`).join(' '),
      'x'.repeat(MB),
      '"',
      '""',
      '"""',
      'a" OR "b',
      'NEAR(a b, 5)',
      'text:a',
      'a* OR b*',
      '* *',
      '^a',
      '-a',
      '+a',
      'a AND NOT b',
      '(((((',
      ')',
      '{a b}: c',
      "'; DROP TABLE entry; --",
      '%',
      '_',
      '\\',
      'a\u0000b',
      '\ud800',
      '\udc00x',
      '\u202eabc',
      '\uffff',
      '\u0300'.repeat(200),
      'é'.normalize('NFD').repeat(100),
      '🍵'.repeat(100),
      'あ'.repeat(100),
      '@',
      '@@@@',
      'a@',
      '+81',
      '+'.repeat(100),
      '#',
      '0'.repeat(200),
      ' ',
      '\n\n\t',
      '',
      `${'('.repeat(100)}a${')'.repeat(100)}`,
      'ﷺ'.repeat(60),
      'İ'.repeat(100),
      'ß'.repeat(100),
    ];
    const kinds = new Map<string, number>();
    const ask = async (query: string, method: 'search.query' | 'customer.search'): Promise<void> => {
      const kind = await agent.call(method, { query }).then(
        () => 'answered',
        (error: { kind: string }) => error.kind,
      );
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      assert.ok(['answered', 'invalid', 'rate_limited'].includes(kind), `${method} ${JSON.stringify(query.slice(0, 50))}: ${kind}`);
    };
    const socketFits = (query: string): boolean => JSON.stringify(query).length < 200_000;
    const work = (async () => {
      for (const query of odd.filter(socketFits)) for (const method of ['search.query', 'customer.search'] as const) await ask(query, method);
      for (const query of odd)
        for (const escaped of [JSON.stringify({ query }), JSON.stringify({ query }).replace('\\ud800', '\\ud800\\u0041')]) {
          const { status } = await fetch(`${server.url}/api/v1/search.query`, {
            method: 'POST',
            headers: { authorization: `Bearer ${server.token}` },
            body: escaped,
          });
          assert.ok([200, 400, 422].includes(status), `${query.slice(0, 50)}: ${status}`);
        }
    })();
    t.diagnostic(said(await meanwhile(work)));
    const { cookie } = await server.newAgent('Busy');
    const busy = await Promise.all(Array.from({ length: 20 }, () => server.agent(cookie)));
    const many = Promise.all(
      busy.map(async (one, i) => {
        for (let k = 0; k < 500; k++)
          await one
            .call('search.query', { query: `word${i} ${k}` })
            .catch((error: { kind: string }) => assert.ok(['rate_limited', 'busy'].includes(error.kind), error.kind));
      }),
    );
    t.diagnostic(`10,000 by one: ${said(await meanwhile(many))}; ${[...kinds].join(' ')}`);
    for (const one of busy) one.close();
  });

  it('of odd files to import ends in reports, not in the server', async () => {
    const files: Record<string, string> = {
      'names of a megabyte': `${'e'.repeat(MB)}\nx\n`,
      'a hundred thousand columns': `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join()}\n1\n`,
      'a cell of a megabyte': `email,name\na@b.example,${'x'.repeat(MB)}\n`,
      'a quotation mark without end': `email,name\n"${'a@b.example,x\n'.repeat(50_000)}`,
      'columns that are one': `${'email,'.repeat(1000)}email\n${'a@b.example,'.repeat(1000)}a@b.example\n`,
      NULs: `email\0,name\0\na@b.example\0,\0\n`,
      'numbers of no size': 'email,name\n1e400,1e400\n9223372036854775808,-0\n',
      nothing: '',
      'a mark alone': '\ufeff',
    };
    let taken = 0;
    for (const [what, content] of Object.entries(files)) {
      const { upload } = await server.upload('x.csv', content, undefined, 'text/csv');
      const body = JSON.stringify({ upload, what: 'people', format: 'csv' });
      const answer = await fetch(`${server.url}/api/v1/import.start`, { method: 'POST', headers: { authorization: `Bearer ${server.token}` }, body });
      assert.ok([200, 422].includes(answer.status), `${what}: ${answer.status} ${await answer.text()}`);
      taken += Number(answer.ok);
    }
    assert.ok(taken > 2, `${taken} were begun`);
    await waitFor('all are over', async () => Number(server.sql('SELECT COUNT(*) FROM task WHERE state IN (0, 1)')) === 0, 60_000);
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  });
});
