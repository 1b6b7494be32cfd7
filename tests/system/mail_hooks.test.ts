// Mail and events by the webhooks of mail providers, each signed as it really is: what is taken, what is not let in, what is damaged, and
// what becomes of an answer when its provider tells.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import {
  cloudMailinForm,
  cloudMailinMail,
  mailgunEvent,
  type MailgunHook,
  mailgunMail,
  mailgunMime,
  newSendGridKey,
  type Part,
  type PasswordHook,
  postmarkEvent,
  sendGridEvents,
  type SendGridHook,
  sendGridMail,
} from '../../agent-web/play/mail_hooks.ts';
import { composeMail, deliver, type Mail, newMessageId, postmarkRequest, type ProviderRequest } from '../../agent-web/play/providers.ts';
import type { Customer, Entry } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';
import { type Handler, Host } from './host.ts';

const HOOK = { user: 'hook', password: 'pw-of-hook' };
const FILE = randomBytes(40_000);

let sent = 0;
function newMail(name: string, more: Partial<Mail> = {}): Mail {
  const from = `${name}-${++sent}@example.com`;
  return {
    from,
    fromName: '山田 Ann',
    to: 'help@shop.example',
    subject: 'Größe 件名',
    text: 'Hello 世界',
    messageId: newMessageId(from),
    attachments: [{ name: 'メモ.bin', type: 'application/x-thing', data: FILE }],
    ...more,
  };
}

/** A provider's way to us; `form`: as a form, with fields more. */
interface Way {
  /** The status that keeps the provider, or the sender's server, trying. */
  refused: number;
  mail: (mail: Mail) => ProviderRequest;
  form?: (mail: Mail, more?: Part[]) => ProviderRequest;
  stranger: (mail: Mail) => ProviderRequest;
  auth: string;
}

describe('webhooks of mail providers', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  const channels = new Map<string, string>();
  const ways = new Map<string, Way>();
  let sendgrid: SendGridHook;
  let mailgun: MailgunHook;
  let postmark: PasswordHook;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn));
    agent = await server.agent();
    const open = async (type: string, settings: Record<string, string>): Promise<string> => {
      const made = await server.channel(type, type, { address: 'help@shop.example', smtp_url: sink.smtpUrl, ...HOOK, ...settings });
      channels.set(type, made.id);
      return made.url;
    };
    const keys = newSendGridKey();
    sendgrid = { url: await open('sendgrid', { parse_key: keys.publicKey, event_key: keys.publicKey }), ...HOOK, key: keys.key };
    mailgun = { url: await open('mailgun', { signing_key: 'key-1' }), ...HOOK, signingKey: 'key-1' };
    postmark = { url: await open('postmark', {}), ...HOOK };
    const cloudmailin = { url: await open('cloudmailin', {}), ...HOOK };
    ways.set('sendgrid', {
      refused: 503,
      mail: (m) => sendGridMail(sendgrid, m),
      form: (m, more) => sendGridMail(sendgrid, m, more),
      stranger: (m) => sendGridMail({ ...sendgrid, key: newSendGridKey().key }, m),
      auth: 'pass',
    });
    ways.set('mailgun', {
      refused: 401,
      mail: (m) => mailgunMail(mailgun, m),
      form: (m, more) => mailgunMail(mailgun, m, more),
      stranger: (m) => mailgunMail({ ...mailgun, signingKey: 'key-2' }, m),
      auth: 'none',
    });
    ways.set('cloudmailin', {
      refused: 503,
      mail: (m) => cloudMailinMail(cloudmailin, m),
      form: (m, more) => cloudMailinForm(cloudmailin, m, more),
      stranger: (m) => cloudMailinMail({ ...cloudmailin, password: 'no' }, m),
      auth: 'none',
    });
    ways.set('postmark', {
      refused: 401,
      mail: (m) => postmarkRequest(postmark, m),
      stranger: (m) => postmarkRequest({ ...postmark, password: 'no' }, m),
      auth: 'none',
    });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const way = (name: string): Way => ways.get(name) ?? assert.fail(name);
  const count = (table: string, where = '1'): number => Number(server.sql(`SELECT COUNT(*) FROM ${table} WHERE ${where}`).trim());

  async function find(address: string): Promise<{ person: Customer; entries: Entry[] }> {
    const hits = (await server.api('customer.search', { query: address })).hits;
    assert.equal(hits.length, 1, `${address} finds ${hits.length}`);
    const id = hits[0]?.id ?? '';
    return { person: await server.api('customer.get', { id }), entries: (await server.api('timeline.page', { customer_id: id, limit: 50 })).entries };
  }

  async function status(request: ProviderRequest): Promise<number> {
    return (await deliver(request)).status;
  }

  for (const name of ['sendgrid', 'mailgun', 'cloudmailin', 'postmark']) {
    it(`takes a mail once, however often it comes: ${name}`, async () => {
      const mail = newMail(name);
      for (let i = 0; i < 3; i++) assert.equal(await status(way(name).mail(mail)), 200); // each signed anew, as a repeat is
      const { person, entries } = await find(mail.from);
      assert.deepEqual(
        entries.map((one) => [one.text, one.subject, one.external_id]),
        [[mail.text, mail.subject, mail.messageId]],
      );
      assert.equal(person.name, mail.fromName);
      const [file] = entries[0]?.attachments ?? [];
      assert.deepEqual([file?.name, file?.type, file?.size], ['メモ.bin', 'application/x-thing', FILE.length]);
      const got = await fetch(`${server.url}/attachments/${file?.sha256}`, { headers: { authorization: `Bearer ${server.token}` } });
      assert.ok(Buffer.from(await got.arrayBuffer()).equals(FILE));
      assert.deepEqual(entries[0]?.payload?.['delivered_to'], ['help@shop.example']);
      assert.equal(entries[0]?.payload?.['auth'], way(name).auth);
    });

    it(`refuses whom it does not know, so that no mail is lost of it, and keeps nothing: ${name}`, async () => {
      const before = count('journal');
      assert.equal(await status(way(name).stranger(newMail(name))), way(name).refused);
      const unsigned = way(name).mail(newMail(name));
      assert.equal(await status({ ...unsigned, headers: { 'content-type': unsigned.headers['content-type'] ?? '' } }), way(name).refused);
      assert.equal(count('journal'), before);
    });
  }

  it('takes a mail as it was sent: Mailgun, at an address that ends with "mime"', async () => {
    const mail = newMail('raw', { attachments: [] });
    const raw = await composeMail(mail);
    for (let i = 0; i < 2; i++) assert.equal(await status(mailgunMime(mailgun, mail, raw)), 200);
    const { entries } = await find(mail.from);
    assert.deepEqual(
      entries.map((one) => [one.subject, one.external_id, one.payload?.['delivered_to']]),
      [[mail.subject, mail.messageId, ['help@shop.example']]],
    );
  });

  it('takes what is as large as mail may be', async () => {
    const large = randomBytes(24_000_000);
    for (const name of ['sendgrid', 'cloudmailin', 'postmark']) {
      const mail = newMail(`large-${name}`, { attachments: [{ name: 'large.bin', type: 'application/x-thing', data: large }] });
      assert.equal(await status(way(name).mail(mail)), 200);
      const [entry] = (await find(mail.from)).entries;
      assert.equal(entry?.attachments?.[0]?.size, large.length);
    }
  });

  it('proves the sender where the provider itself has checked the signature of the domain', async () => {
    const mail = newMail('proven');
    assert.equal(await status(way('sendgrid').mail(mail)), 200);
    const { person, entries } = await find(mail.from);
    assert.equal(person.identities[0]?.proof, 'proven');
    assert.deepEqual([entries[0]?.payload?.['spf'], entries[0]?.payload?.['dkim']], ['pass', 'pass']);
  });

  /** As the provider itself would send it, but damaged; where the body is signed it is signed damaged. */
  const DAMAGES: [string, (name: string) => ProviderRequest, boolean][] = [
    ['a body that is cut off', (name) => damaged(name, (body) => body.subarray(0, body.length - 300)), false],
    ['another boundary', (name) => damaged(name, (body) => Buffer.from(body.toString('latin1').replaceAll('--xYzZY', '--other'), 'latin1')), false],
    ['missing fields', (name) => damaged(name, () => Buffer.from('--xYzZY\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n--xYzZY--\r\n')), false],
    [
      'ten thousand fields',
      (name) => damaged(name, (body) => Buffer.concat([body.subarray(0, body.length - 11), fields(10_000), Buffer.from('--xYzZY--\r\n')])),
      false,
    ],
    ['ill-formed UTF-8', (name) => damaged(name, (body) => Buffer.from(body.toString('latin1').replaceAll('Hello', 'H\xffllo\x80\xc0'), 'latin1')), true],
  ];

  const fields = (n: number): Buffer =>
    Buffer.from(Array.from({ length: n }, (_, i) => `--xYzZY\r\nContent-Disposition: form-data; name="f${i}"\r\n\r\nx\r\n`).join(''));

  let victim = '';
  /** CloudMailin alone lets a body in whose bytes are not vouched for; the others' signatures are made for the damaged one. */
  function damaged(name: string, change: (body: Buffer) => Buffer): ProviderRequest {
    const mail = newMail(`damaged-${name}`);
    victim = mail.from;
    const whole = way(name).form?.(mail) ?? assert.fail(name);
    return { ...whole, body: change(whole.body) };
  }

  for (const [what, make, kept] of DAMAGES)
    it(`stays up, and journals what it cannot read: ${what}`, async () => {
      const before = count('journal', 'status = 1');
      assert.equal(await status(make('cloudmailin')), 200);
      assert.equal(count('identity', `value = '${victim}'`), kept ? 1 : 0);
      if (!kept) assert.equal(count('journal', 'status = 1'), before + 1);
      // what signs the body, or stands in it, lets no damaged one in, and lets the provider try again
      assert.equal(await status(make('sendgrid')), 503);
      const answer = await status(make('mailgun'));
      assert.equal(answer, kept ? 200 : 401);
      assert.equal(await status(way('sendgrid').mail(newMail('after'))), 200);
    });

  it('keeps a mail with words that are no UTF-8', async () => {
    assert.equal(await status(damaged('mailgun', (body) => Buffer.from(body.toString('latin1').replaceAll('Hello', 'H\xe9llo'), 'latin1'))), 200);
    assert.equal((await find(victim)).entries.length, 1);
  });

  // ---- what becomes of an answer ----

  interface Answered {
    mail: Mail;
    entry: Entry;
    messageId: string;
  }

  async function answered(name: string, leaves = true): Promise<Answered> {
    const mail = newMail(`asks-${name}`);
    assert.equal(await status(way(name).mail(mail)), 200);
    const { person } = await find(mail.from);
    const identity = person.identities.find((one) => one.kind === 'email');
    const entry = await agent.call('message.send', {
      customer_id: person.id,
      identity_id: identity?.id ?? '',
      channel_id: channels.get(name) ?? '',
      client_id: randomUUID(),
      text: 'Our answer',
    });
    if (leaves) await waitFor('it has left', async () => (await now(entry.id)).delivery === 'sent', 30_000);
    return { mail, entry, messageId: entry.external_id ?? '' };
  }

  const now = (id: string): Promise<Entry> => agent.call('entry.get', { id });
  const bounced = (address: string): number => count('identity', `value = '${address}' AND bounced_at IS NOT NULL`);
  const mark = (entry: Entry): { Metadata: { throughline_entry: string } } => ({ Metadata: { throughline_entry: entry.id } });

  /** How each provider says it of that answer. */
  const EVENTS: Record<
    string,
    {
      delivered: (a: Answered) => ProviderRequest;
      late: (a: Answered) => ProviderRequest;
      bounced: (a: Answered) => ProviderRequest;
      spam: (a: Answered) => ProviderRequest;
    }
  > = {
    sendgrid: {
      delivered: ({ mail, messageId }) =>
        sendGridEvents(sendgrid, [
          { event: 'processed', email: mail.from },
          { event: 'delivered', email: mail.from, 'smtp-id': messageId },
        ]),
      late: ({ mail, messageId }) => sendGridEvents(sendgrid, [{ event: 'deferred', email: mail.from, 'smtp-id': messageId, response: '450 slow down' }]),
      bounced: ({ mail, messageId }) =>
        sendGridEvents(sendgrid, [{ event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 no such user', email: mail.from, 'smtp-id': messageId }]),
      spam: ({ mail, messageId }) => sendGridEvents(sendgrid, [{ event: 'spamreport', email: mail.from, 'smtp-id': messageId }]),
    },
    mailgun: {
      delivered: ({ mail, messageId }) => mailgunEvent(mailgun, 'delivered', mail.from, messageId),
      late: ({ mail, messageId }) =>
        mailgunEvent(mailgun, 'failed', mail.from, messageId, { severity: 'temporary', 'delivery-status': { code: 450, message: 'slow down' } }),
      bounced: ({ mail, messageId }) =>
        mailgunEvent(mailgun, 'failed', mail.from, messageId, {
          severity: 'permanent',
          reason: 'bounce',
          'delivery-status': { code: 550, message: 'no such user' },
        }),
      spam: ({ mail, messageId }) => mailgunEvent(mailgun, 'complained', mail.from, messageId),
    },
    postmark: {
      delivered: ({ mail, entry }) => postmarkEvent(postmark, 'Delivery', { Recipient: mail.from, MessageID: randomUUID(), Details: '250 OK', ...mark(entry) }),
      late: ({ mail, entry }) =>
        postmarkEvent(postmark, 'Bounce', { Type: 'Transient', Email: mail.from, MessageID: randomUUID(), Details: '450 slow down', ...mark(entry) }),
      bounced: ({ mail, entry }) =>
        postmarkEvent(postmark, 'Bounce', {
          Type: 'HardBounce',
          TypeCode: 1,
          Email: mail.from,
          MessageID: randomUUID(),
          Details: 'smtp;550 no such user',
          ...mark(entry),
        }),
      spam: ({ mail, entry }) => postmarkEvent(postmark, 'SpamComplaint', { Email: mail.from, MessageID: randomUUID(), ...mark(entry) }),
    },
  };

  for (const [name, events] of Object.entries(EVENTS)) {
    it(`says at the answer what the provider tells: ${name}`, async () => {
      const a = await answered(name);
      assert.equal(await status(events.late(a)), 200);
      let entry = await now(a.entry.id);
      assert.deepEqual([entry.delivery, entry.delivery_error[0]?.code], ['sent', 'mail_delayed']);
      assert.match(String(entry.delivery_error[0]?.params['quote']), /slow down/);
      for (let i = 0; i < 2; i++) assert.equal(await status(events.delivered(a)), 200);
      entry = await now(a.entry.id);
      assert.deepEqual([entry.delivery, entry.delivery_error], ['delivered', []]);
      assert.equal(await status(events.late(a)), 200); // overtaken by the other
      assert.equal((await now(a.entry.id)).delivery, 'delivered');
    });

    it(`marks the answer as failed and the address as one that bounces: ${name}`, async () => {
      const a = await answered(name);
      assert.equal(bounced(a.mail.from), 0);
      for (let i = 0; i < 2; i++) assert.equal(await status(events.bounced(a)), 200);
      const entry = await now(a.entry.id);
      assert.deepEqual([entry.delivery, entry.delivery_error[0]?.code], ['failed', 'mail_bounced']);
      assert.match(String(entry.delivery_error[0]?.params['quote']), /no such user/);
      assert.equal(bounced(a.mail.from), 1);
      const way = (await agent.call('customer.reach', { customer_id: (await find(a.mail.from)).person.id })).ways.find(
        (one) => one.channel_id === channels.get(name),
      );
      assert.equal(way?.closed, 'bounced');
    });

    it(`notes who does not want our mail, and sends them no more: ${name}`, async () => {
      const a = await answered(name);
      for (let i = 0; i < 2; i++) assert.equal(await status(events.spam(a)), 200);
      const { person, entries } = await find(a.mail.from);
      assert.equal((await now(a.entry.id)).delivery, 'delivered');
      assert.equal(person.identities[0]?.consent, 'refused');
      assert.deepEqual(
        entries.filter((one) => one.kind === 'activity').map((one) => one.text),
        ['Reported our mail as spam'],
      );
    });
  }

  it('makes nobody known of what is told of mail that is not ours', async () => {
    const before = count('identity') + count('entry');
    const stranger = 'reader-of-a-newsletter@example.com';
    const events = ['delivered', 'bounce', 'spamreport', 'unsubscribe'].map((event) => ({ event, email: stranger, 'smtp-id': '<newsletter@news.example>' }));
    assert.equal(await status(sendGridEvents(sendgrid, events)), 200);
    assert.equal(await status(mailgunEvent(mailgun, 'complained', stranger, '<newsletter@news.example>')), 200);
    assert.equal(await status(postmarkEvent(postmark, 'SpamComplaint', { Email: stranger, MessageID: randomUUID() })), 200);
    assert.equal(count('identity') + count('entry'), before);
  });

  it('lets no event in that is not signed', async () => {
    const a = await answered('sendgrid');
    const { key: _, ...withoutKey } = sendgrid;
    const event = { event: 'bounce', email: a.mail.from, 'smtp-id': a.messageId };
    assert.equal(await status(sendGridEvents(withoutKey, [event])), 503);
    assert.equal(await status(mailgunEvent({ ...mailgun, password: 'no' }, 'failed', a.mail.from, a.messageId, { severity: 'permanent' })), 401);
    const signed = sendGridEvents(sendgrid, [event]);
    assert.equal(await status({ ...signed, body: signed.body.subarray(0, signed.body.length - 2) }), 503, 'the last line break is signed');
    assert.equal((await now(a.entry.id)).delivery, 'sent');
  });

  // ---- out ----

  describe('answers by their APIs', () => {
    let host: Host;
    const bodies = new Map<string, { headers: IncomingHttpHeaders; body: string }[]>();

    before(async () => {
      host = await Host.start(ends);
    });

    /** Notes what is sent there, and answers so. */
    const take =
      (status: number, answer: object, headers: Record<string, string> = {}): Handler =>
      (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const path = request.url ?? '';
          bodies.set(path, [...(bodies.get(path) ?? []), { headers: request.headers, body: Buffer.concat(chunks).toString() }]);
          response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));
        });
      };

    const APIS: Record<
      string,
      { path: string; answer: object; key: (headers: IncomingHttpHeaders) => unknown; wanted: string; settings?: Record<string, string> }
    > = {
      sendgrid: { path: '/v3/mail/send', answer: {}, key: (h) => h.authorization, wanted: 'Bearer key-out' },
      mailgun: {
        path: '/v3/mg.shop.example/messages.mime',
        answer: { id: '', message: 'Queued. Thank you.' },
        key: (h) => h.authorization,
        wanted: `Basic ${Buffer.from('api:key-out').toString('base64')}`,
        settings: { signing_key: 'key-1', sending_domain: 'mg.shop.example' },
      },
      postmark: {
        path: '/email',
        answer: { ErrorCode: 0, MessageID: randomUUID(), Message: 'OK' },
        key: (h) => h['x-postmark-server-token'],
        wanted: 'key-out',
      },
    };

    for (const [name, api] of Object.entries(APIS))
      it(`leaves once, with our Message-ID, and is followed by its event: ${name}`, async () => {
        host.at.set(api.path, take(name === 'sendgrid' ? 202 : 200, api.answer));
        const { channel } = await server.api('channel.update', {
          id: channels.get(name) ?? '',
          settings: { api_key: 'key-out', api_url: host.url, ...api.settings },
        });
        assert.ok(channel);
        await waitFor(
          'the channel is known',
          async () => (await server.api('channel.list', {})).channels.find((one) => one.id === channel.id)?.settings?.['api_url'] === host.url,
        );
        const a = await answered(name);
        const [one, ...more] = bodies.get(api.path) ?? [];
        assert.equal(more.length, 0);
        assert.equal(one && api.key(one.headers), api.wanted);
        assert.match(one?.body ?? '', new RegExp(`<${a.entry.id}@shop.example>`));
        assert.match(one?.body ?? '', /Our answer/);
        assert.equal((await now(a.entry.id)).external_id, a.messageId);
        const told = EVENTS[name] ?? assert.fail(name);
        assert.equal(await status(told.delivered(a)), 200);
        assert.equal((await now(a.entry.id)).delivery, 'delivered');
      });

    for (const [answer, meaning] of [
      [202, 'that it has taken the mail'],
      [503, 'that it is to come again'],
      [400, 'that it refuses it'],
    ] as const) {
      it(`believes what the provider tells before it has answered itself, ${meaning}`, () => toldBefore(answer));
    }

    async function toldBefore(answer: number): Promise<void> {
      const path = '/v3/mail/send';
      let told = 0;
      host.at.set(path, (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const body = JSON.parse(Buffer.concat(chunks).toString()) as {
            custom_args: { throughline_entry: string };
            personalizations: { to: { email: string }[] }[];
          };
          const event = { event: 'delivered', email: body.personalizations[0]?.to[0]?.email ?? '', ...body.custom_args };
          void status(sendGridEvents(sendgrid, [event])).then((taken) => {
            told = taken;
            response.writeHead(answer).end('{}');
          });
        });
      });
      const a = await answered('sendgrid', false);
      await waitFor('it has left', () => told === 200 && count('outbox', `entry_id = UNHEX(REPLACE('${a.entry.id}', '-', '')) AND attempts > 0`) === 1);
      assert.equal((await now(a.entry.id)).delivery, 'delivered');
      const MESSAGE = 0; // DUE_MESSAGE
      assert.equal(
        count('due d JOIN outbox o ON o.id = d.noun_key', `d.what = ${MESSAGE} AND o.entry_id = UNHEX(REPLACE('${a.entry.id}', '-', ''))`),
        0,
        'it leaves once',
      );
    }

    it('says what is wrong with the key, and what the provider refuses', async () => {
      const path = '/v3/mail/send';
      host.at.set(path, take(401, { errors: [{ message: 'The provided authorization grant is invalid' }] }));
      const a = await answered('sendgrid', false);
      const channel = async () => (await server.api('channel.list', {})).channels.find((one) => one.id === channels.get('sendgrid'));
      await waitFor('the channel has a problem', async () => (await channel())?.problem?.[0]?.code === 'provider_token');
      assert.equal((await now(a.entry.id)).delivery, 'queued');
      host.at.set(path, take(202, {}));
      await waitFor('it has left', async () => (await now(a.entry.id)).delivery === 'sent', 30_000);
      host.at.set(path, take(400, { errors: [{ message: 'Does not contain a valid address' }] }));
      const b = await answered('sendgrid', false);
      await waitFor('it is refused', async () => (await now(b.entry.id)).delivery === 'failed', 30_000);
      const entry = await now(b.entry.id);
      assert.equal(entry.delivery_error[0]?.code, 'provider_refused');
      assert.match(String(entry.delivery_error[0]?.params['quote']), /400 Does not contain/);
    });
  });
});
