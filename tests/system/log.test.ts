// What strangers and administrators write into names and heads is told in the log and in the audit, and forges neither.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import { endAll, randomUUID, Server, waitFor } from './harness.ts';
import { Wire } from './wire.ts';

/** time level event key=value …; a value is a word, a text in quotation marks or an object of JSON, and may be followed by ": a hint". */
const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (security|error|warning|info|debug) /;
const VALUE = /^([a-z_]+)=("(?:[^"\\]|\\.)*"|\{(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}|[^\s"{}]*)(?=$| |:|;)/;

interface Told {
  level: string;
  text: string;
  values: Record<string, string>;
}

function read(line: string): Told {
  const [head = '', level = ''] = LINE.exec(line) ?? [];
  assert.ok(head, `no line of ours: ${line}`);
  assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/, line);
  const told: Told = { level, text: '', values: {} };
  for (let rest = line.slice(head.length); rest;) {
    const [whole = '', name = '', value = ''] = VALUE.exec(rest) ?? [];
    if (whole) {
      assert.ok(!(name in told.values), `${name} twice in: ${line}`);
      told.values[name] = value.startsWith('"') ? (JSON.parse(value) as string) : value;
    } else told.text += rest[0];
    rest = rest.slice(whole.length || 1);
  }
  return told;
}

const FORGED = '2026-01-01T00:00:00.000Z security event=login by=agent:1 session=- address=1.2.3.4';
const NAMES: Record<string, string> = {
  'a quotation mark': `Shop" type=line event=agent_update by=agent:7 reason="fine`,
  'a backslash at the end': 'Shop\\',
  JSON: 'Shop"},"role":"admin","x":{"y":"',
  markup: '<img src=x onerror=alert(1)><script>alert(1)</script>',
  'controls of two bytes': `Shop\u0085${FORGED}\u009b2J\u009d0;title\u009c`,
  'the end of a line': `Shop\u2028${FORGED}\u2029${FORGED}`,
  directions: 'Shop\u202egnp.exe\u2066\u2067\u2069\u200f\u061c',
  'a rubout': 'Shop\u007f\u007f\u007f\u007fFake',
  'what is long': '\u009b'.repeat(100),
  'what is long in quotation marks': '"'.repeat(200),
};

describe('the log and the audit', () => {
  let server: Server;
  const ends: (() => Promise<void>)[] = [];
  before(async () => {
    server = await Server.start((fn) => ends.push(fn), {
      env: { THROUGHLINE_SERVER_LOG_LEVEL: 'debug' },
      config: { server: { trusted_proxies: '127.0.0.1' } },
    });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const lines = (): Told[] => server.log.split('\n').slice(0, -1).map(read);
  const last = (event: string): Told | undefined =>
    lines()
      .filter((one) => one.values['event'] === event)
      .at(-1);

  for (const [what, name] of Object.entries(NAMES))
    it(`hold ${what} in a name as it is, in one line`, async () => {
      const channel = await server.channel('line', name, { channel_secret: 'ls', access_token: 'la' });
      const made = await server.api('agent.create', {
        email: `${randomUUID()}@example.com`,
        name,
        role: 'agent',
        password: 'seven lamps on a wet quay',
        language: 'ja',
      });
      await server.api('agent.update', { id: made.id, name: `${name.slice(0, 99)}.`, role: 'supervisor' });
      const token = await server.api('token.create', { name, role: 'agent', scopes: ['put'], channels: Array(10).fill(channel.id) as string[] });
      await server.api('token.revoke', { id: token.token?.id ?? '' });
      const told = await waitFor('it is told', () => last('token_revoke'));
      assert.equal(told.values['subject'], name.replace('\u007f', ' ').replaceAll('\u007f', ' '));
      const { before, after } = last('agent_update')?.values ?? {};
      assert.equal((JSON.parse(before ?? '') as { name: string }).name, name.replaceAll('\u007f', ' '));
      assert.equal((JSON.parse(after ?? '') as { role: string }).role, 'supervisor');
      const rows = (await server.api('audit.list', { about: 'access' })).events;
      assert.equal(rows.find((one) => one.action === 'token_create')?.subject, name.replaceAll('\u007f', ''));
      assert.equal((rows.find((one) => one.action === 'agent_update')?.before as { name: string }).name, name);
      const forged = lineRequest({ url: channel.url, channelSecret: 'other' }, [lineTextEvent('U1', 'x')]);
      assert.equal((await deliver(forged)).status, 401);
      const refused = await waitFor('the refusal is told', () =>
        lines()
          .filter((one) => one.text.startsWith('webhook refused'))
          .at(-1),
      );
      assert.deepEqual([refused.values['channel'], refused.values['type']], [name.replaceAll('\u007f', ' '), 'line']);
    });

  it('take controls out of names, or refuse them', async () => {
    for (const bad of ['a\nb', 'a\r\nb', 'a\u001b[2Jb', 'a\u0000b', 'a\tb'])
      await assert.rejects(server.api('token.create', { name: bad, role: 'agent' }), /control character/);
  });

  it('believe no address that is none, and tell of no browser more than its kind', async () => {
    const odd = [
      `1.2.3.4\x0b${FORGED}`,
      '1.2.3.4" event="x',
      `<script>alert(1)</script>`,
      'x'.repeat(8000),
      '\x1b[2J',
      "'; DROP TABLE audit; --",
      '1.2.3.4 event=login',
      '::ffff:1.2.3.4%eth0',
      '\xff\xfe',
      '[::1',
      '0x7f.1',
      '1.2.3.4:99999999999',
    ];
    const login = JSON.stringify({ email: 'admin@example.com', password: 'correct horse battery' });
    for (const value of odd) {
      const bytes = Buffer.from(
        `POST /api/v1/session.login HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: ${value}\r\nUser-Agent: ${value} Firefox/1\r\nContent-Length: ${login.length}\r\nConnection: close\r\n\r\n${login}`,
        'latin1',
      );
      await new Wire(server.port).send(bytes).over();
    }
    const told = lines().filter((one) => one.values['event'] === 'login');
    assert.ok(told.length >= 5, `${told.length} log-ins`);
    for (const one of told) assert.match(one.values['address'] ?? '', /^[0-9a-f.:]{2,45}$/);
    const cookie = await server.login();
    const sessions = (await (await fetch(`${server.url}/api/v1/session.list`, { method: 'POST', headers: { cookie }, body: '{}' })).json()) as {
      sessions: { browser: string | null; address: string }[];
    };
    for (const one of sessions.sessions) {
      assert.ok(one.browser === null || one.browser === 'Firefox', one.browser ?? '');
      assert.match(one.address, /^[0-9a-f.:]{2,45}$/);
    }
    for (const row of (await server.api('audit.list', { about: 'access' })).events) assert.match(row.address ?? '127.0.0.1', /^[0-9a-f.:]{2,45}$/);
  });
});
