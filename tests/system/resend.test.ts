// Email by Resend: webhooks that only say that a mail has come, the mail by the API, its files, answers and what becomes of them.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { deliver, newMessageId, type ProviderRequest } from '../../agent-web/play/providers.ts';
import type { Customer, Entry } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';
import { give, type Handler, Host, say } from './host.ts';

const SECRETS = { signing_secret: `whsec_${randomBytes(24).toString('base64')}`, events_secret: `whsec_${randomBytes(24).toString('base64')}` };
const KEY = 're_key';

describe('email by Resend', () => {
  let server: Server;
  let host: Host;
  let agent: Socket;
  let channel: { id: string; url: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    host = await Host.start(ends);
    server = await Server.start((fn) => ends.push(fn));
    agent = await server.agent();
    channel = await server.channel('resend', 'Resend', { address: 'help@shop.example', api_key: KEY, api_url: host.url, ...SECRETS });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const post = async (request: ProviderRequest): Promise<number> => (await deliver(request)).status;
  const count = (table: string, where = '1'): number => Number(server.sql(`SELECT COUNT(*) FROM ${table} WHERE ${where}`).trim());

  function hook(type: string, data: Record<string, unknown>, secret: string = SECRETS.signing_secret, at = Date.now()): ProviderRequest {
    const body = Buffer.from(JSON.stringify({ type, created_at: new Date().toISOString(), data }));
    const [id, timestamp] = [`msg_${randomUUID()}`, String(Math.floor(at / 1000))];
    const signature = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
      .update(`${id}.${timestamp}.`)
      .update(body)
      .digest('base64');
    return {
      url: channel.url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,AAAA v1,${signature}` },
      body,
    };
  }

  let sent = 0;
  interface Lying {
    id: string;
    from: string;
    email: Record<string, unknown>;
    path: string;
  }
  /** A mail that Resend has. */
  function lies(name: string, more: Record<string, unknown> = {}): Lying {
    const from = `${name}-${++sent}@example.com`,
      id = randomUUID();
    const email = {
      object: 'email',
      id,
      from: `山田 Ann <${from}>`,
      to: ['help@shop.example'],
      cc: [],
      subject: 'Größe 件名',
      text: 'Hello 世界',
      html: null,
      message_id: newMessageId(from),
      created_at: new Date().toISOString(),
      headers: { received: ['by a', 'by b'], 'in-reply-to': '<x@shop.example>' },
      attachments: [],
      ...more,
    };
    const path = `/emails/receiving/${id}?html_format=cid`;
    host.at.set(path, bearer(say(200, email)));
    return { id, from, email, path };
  }
  const bearer =
    (then: Handler): Handler =>
    (request, response) =>
      request.headers.authorization === `Bearer ${KEY}` ? then(request, response) : say(401, { message: 'API key is invalid' })(request, response);
  const received = (mail: Lying): ProviderRequest => hook('email.received', { email_id: mail.id, from: mail.email['from'], subject: 'x', attachments: [] });
  const came = (mail: Lying): Promise<unknown> => waitFor('the mail is here', async () => count('identity', `value = '${mail.from}'`) === 1, 30_000);

  async function find(address: string): Promise<{ person: Customer; entries: Entry[] }> {
    const hits = (await server.api('customer.search', { query: address })).hits;
    assert.equal(hits.length, 1, `${address} finds ${hits.length}`);
    const id = hits[0]?.id ?? '';
    return { person: await server.api('customer.get', { id }), entries: (await server.api('timeline.page', { customer_id: id, limit: 50 })).entries };
  }

  it('fetches a mail and its files, once', async () => {
    const file = randomUUID(),
      data = randomBytes(300_000);
    const mail = lies('first', { attachments: [{ id: file, filename: 'メモ.bin', content_type: 'application/x-thing', content_disposition: 'attachment' }] });
    host.at.set(`/emails/receiving/${mail.id}/attachments/${file}`, bearer(say(200, { download_url: `${host.url}/cdn/${file}?signature=1` })));
    host.at.set(`/cdn/${file}?signature=1`, give(data, 'application/x-thing'));
    for (let i = 0; i < 2; i++) assert.equal(await post(received(mail)), 200);
    await came(mail);
    assert.equal(await post(received(mail)), 200);
    assert.equal(host.times(mail.path), 1);
    const entry = await waitFor('the file is here', async () => {
      const [one] = (await find(mail.from)).entries;
      return one?.attachments?.[0]?.sha256 ? one : null;
    });
    assert.deepEqual(
      [entry.text, entry.subject, entry.external_id, entry.attachments?.[0]?.name, entry.attachments?.[0]?.size, entry.payload?.['delivered_to']],
      ['Hello 世界', 'Größe 件名', mail.email['message_id'], 'メモ.bin', data.length, ['help@shop.example']],
    );
    assert.equal((await find(mail.from)).entries.length, 1);
    assert.equal(host.asked.find((one) => one.path.startsWith('/cdn/'))?.authorization, '');
  });

  it('asks again when Resend has a fault, is slow or is asked too often', async () => {
    const mail = lies('again');
    const answers: Handler[] = [say(404, { message: 'not found' }), say(429, { message: 'slow' }), say(500), say(200, mail.email)];
    let n = 0;
    host.at.set(mail.path, (request, response) => answers[Math.min(n++, 3)]?.(request, response));
    assert.equal(await post(received(mail)), 200);
    await came(mail);
    assert.equal(n, 4);
  });

  it('journals an answer of the API that is no mail, and goes on', async () => {
    const [odd, next] = [lies('odd'), lies('next')];
    host.at.set(odd.path, (_, response) => void response.writeHead(200).end('<html>maintenance</html>'));
    const before = count('journal', "status = 1 AND method = 'FETCHED'");
    for (const one of [odd, next]) assert.equal(await post(received(one)), 200);
    await came(next);
    await waitFor('it is journalled', async () => count('journal', "status = 1 AND method = 'FETCHED'") === before + 1);
  });

  it('leaves nothing out and doubles nothing when it is killed while a mail is fetched', async () => {
    const mail = lies('killed');
    let held: ServerResponse | undefined;
    host.at.set(mail.path, (_, response) => void (held = response));
    assert.equal(await post(received(mail)), 200);
    await waitFor('it is asked for', async () => held !== undefined);
    await server.stop('SIGKILL');
    host.at.set(mail.path, bearer(say(200, mail.email)));
    await server.serve();
    agent = await server.agent();
    await came(mail);
    assert.equal((await find(mail.from)).entries.length, 1);
  });

  const STRANGERS: [string, () => ProviderRequest][] = [
    ['another secret', () => hook('email.received', { email_id: randomUUID() }, `whsec_${randomBytes(24).toString('base64')}`)],
    ['what was signed six minutes ago', () => hook('email.received', { email_id: randomUUID() }, SECRETS.signing_secret, Date.now() - 360_000)],
    ['what will be signed in six minutes', () => hook('email.received', { email_id: randomUUID() }, SECRETS.signing_secret, Date.now() + 360_000)],
    ['no signature', () => ({ ...hook('email.received', {}), headers: { 'content-type': 'application/json' } })],
    ['another body', () => ({ ...hook('email.received', {}), body: Buffer.from('{}') })],
  ];
  for (const [what, make] of STRANGERS)
    it(`refuses, and asks for nothing: ${what}`, async () => {
      const [journal, errands] = [count('journal'), count('errand')];
      assert.equal(await post(make()), 401);
      assert.deepEqual([count('journal'), count('errand')], [journal, errands]);
    });

  for (const [what, data] of [
    ['no id', {}],
    ['an id that leads elsewhere', { email_id: '../domains' }],
  ] as const)
    it(`journals what it cannot read: ${what}`, async () => {
      const before = count('journal', 'status = 1');
      assert.equal(await post(hook('email.received', data)), 200);
      assert.equal(count('journal', 'status = 1'), before + 1);
    });

  // ---- answers ----

  const now = (id: string): Promise<Entry> => agent.call('entry.get', { id });
  async function answer(first?: Handler): Promise<{ mail: Lying; entry: Entry; keys: string[]; tags: unknown }> {
    const mail = lies('asks');
    const keys: string[] = [];
    let tags: unknown;
    assert.equal(await post(received(mail)), 200);
    await came(mail);
    host.at.set('/emails', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        keys.push(String(request.headers['idempotency-key']));
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { to: string[]; tags: unknown; headers: Record<string, string> };
        tags = body.tags;
        assert.ok(body.to[0]?.includes(mail.from) && body.headers['In-Reply-To']);
        if (first && keys.length === 1) first(request, response);
        else bearer(say(200, { id: randomUUID() }))(request, response);
      });
    });
    const { person } = await find(mail.from);
    const entry = await agent.call('message.send', {
      customer_id: person.id,
      identity_id: person.identities.find((one) => one.kind === 'email')?.id ?? '',
      channel_id: channel.id,
      client_id: randomUUID(),
      text: 'Our answer',
    });
    await waitFor('it has left', async () => (await now(entry.id)).delivery === 'sent', 30_000);
    return { mail, entry, keys, tags };
  }

  for (const [what, first] of [
    ['cuts the line', (_, response) => void response.destroy()],
    ['answers 502', say(502)],
    ['is still busy with it', say(409, { message: 'busy' })],
  ] as [string, Handler][])
    it(`sends an answer again with the same key when Resend ${what}`, async () => {
      const { entry, keys, tags } = await answer(first);
      assert.deepEqual(keys, [entry.id, entry.id]);
      assert.deepEqual(tags, [{ name: 'throughline_entry', value: entry.id }]);
    });

  const EVENTS: [string, Record<string, unknown>, string, string | undefined][] = [
    ['email.delivered', {}, 'delivered', undefined],
    ['email.delivery_delayed', {}, 'sent', 'mail_delayed'],
    ['email.bounced', { bounce: { message: '550 no such user', type: 'Permanent' } }, 'failed', 'mail_bounced'],
    ['email.failed', { failed: { reason: 'reached_daily_quota' } }, 'failed', 'mail_dropped'],
    ['email.complained', {}, 'delivered', undefined],
    ['email.opened', {}, 'sent', undefined],
  ];
  it('says at the answer what Resend tells', async () => {
    for (const [type, more, delivery, code] of EVENTS) {
      const { mail, entry } = await answer();
      const told = { email_id: randomUUID(), to: [mail.from], tags: { throughline_entry: entry.id }, ...more };
      for (let i = 0; i < 2; i++) assert.equal(await post(hook(type, told, SECRETS.events_secret)), 200);
      const after = await now(entry.id);
      assert.deepEqual([type, after.delivery, after.delivery_error[0]?.code], [type, delivery, code]);
    }
  });
});
