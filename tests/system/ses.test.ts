// Email by Amazon SES: calls that need a certificate first, mail that lies in a bucket, subscriptions, what becomes of answers.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { composeMail, deliver, type Mail, newMessageId, type ProviderRequest } from '../../agent-web/play/providers.ts';
import type { Customer, Entry } from '../../agent-web/protocol/src/generated.ts';
import { ACCESS, type Envelope, event, fault, inTurn, isSigned, keep, newSigner, object, proxied, received, REGION, signed, TOPIC } from './amazon.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';
import { give, type Handler, Host, say } from './host.ts';

describe('email by Amazon SES', () => {
  let server: Server;
  let host: Host;
  let agent: Socket;
  let channel: { id: string; url: string };
  const ends: (() => Promise<void>)[] = [];
  const signer = newSigner();

  before(async () => {
    host = await Host.start(ends);
    server = await Server.start((fn) => ends.push(fn));
    agent = await server.agent();
    channel = await server.channel('ses', 'SES', {
      address: 'help@shop.example',
      topics: `arn:aws:sns:us-east-1:1:else ${TOPIC}`,
      region: REGION,
      aws_url: host.url,
      ...ACCESS,
    });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const post = async (request: ProviderRequest): Promise<number> => (await deliver(request)).status;
  const call = (envelope: Envelope, version: '1' | '2' = '2', by = signer): ProviderRequest => signed(channel.url, by, envelope, version);
  const count = (table: string, where = '1'): number => Number(server.sql(`SELECT COUNT(*) FROM ${table} WHERE ${where}`).trim());
  const problem = async (): Promise<string | undefined> =>
    (await server.api('channel.list', {})).channels.find((one) => one.id === channel.id)?.problem?.[0]?.code;

  let sent = 0;
  function newMail(name: string, more: Partial<Mail> = {}): Mail {
    const from = `${name}-${++sent}@example.com`;
    return { from, fromName: '山田 Ann', to: 'help@shop.example', subject: 'Größe 件名', text: 'Hello 世界', messageId: newMessageId(from), ...more };
  }

  async function find(address: string): Promise<{ person: Customer; entries: Entry[] }> {
    const hits = (await server.api('customer.search', { query: address })).hits;
    assert.equal(hits.length, 1, `${address} finds ${hits.length}`);
    const id = hits[0]?.id ?? '';
    return { person: await server.api('customer.get', { id }), entries: (await server.api('timeline.page', { customer_id: id, limit: 50 })).entries };
  }
  const came = (mail: Mail): Promise<unknown> => waitFor('the mail is here', async () => count('identity', `value = '${mail.from}'`) === 1, 30_000);

  /** A mail that lies in the bucket, and the notice of it. */
  async function lies(mail: Mail, more: { handler?: (raw: Buffer) => Handler; dmarc?: string } = {}): Promise<{ path: string; notice: string; raw: Buffer }> {
    const raw = await composeMail(mail);
    const key = `inbound/${randomBytes(8).toString('hex')}`;
    host.at.set(object(key), more.handler ? more.handler(raw) : keep(raw));
    return {
      path: object(key),
      notice: received({ type: 'S3', bucketName: 'inbox', objectKey: key }, more.dmarc === undefined ? {} : { dmarc: more.dmarc }),
      raw,
    };
  }

  // ---- who calls ----

  it('puts a call off until the certificate is here, and asks for that once', async () => {
    host.at.set(proxied(signer.url), give(signer.certificate, 'binary/octet-stream'));
    const first = call({ Message: 'Successfully validated SNS topic for Amazon SES event publishing.' });
    assert.equal(await post(first), 503);
    assert.equal(count('journal'), 0);
    for (let i = 0; i < 5; i++) await post(first);
    await waitFor('it is let in', async () => (await post(first)) === 200, 20_000);
    assert.equal(host.times(proxied(signer.url)), 1);
    assert.equal(count('journal', 'status = 1'), 0); // words of Amazon's are no fault
  });

  it('takes both versions of the signature', async () => {
    for (const version of ['1', '2'] as const) assert.equal(await post(call({ Message: 'x', Subject: 'Größe' }, version)), 200);
  });

  const other = newSigner();
  const STRANGERS: [string, () => ProviderRequest][] = [
    ['another key', () => call({ Message: 'x' }, '2', { ...other, url: signer.url })],
    [
      'a version that there is none of',
      () => ({
        ...call({ Message: 'x' }),
        body: Buffer.from(call({ Message: 'x' }).body.toString().replace('"SignatureVersion":"2"', '"SignatureVersion":"3"')),
      }),
    ],
    [
      'a message that was changed',
      () => ({ ...call({ Message: 'x' }), body: Buffer.from(call({ Message: 'x' }).body.toString().replace('"Message":"x"', '"Message":"y"')) }),
    ],
    ['another topic', () => call({ Message: 'x', TopicArn: `${TOPIC}2` })],
    [
      'a certificate in a bucket',
      () => call({ Message: 'x', SigningCertURL: `https://s3.amazonaws.com/sns.${REGION}.amazonaws.com/SimpleNotificationService-0.pem` }),
    ],
    ['a certificate of another region', () => call({ Message: 'x', SigningCertURL: signer.url.replace(REGION, 'us-west-2') })],
    ['a certificate without encryption', () => call({ Message: 'x', SigningCertURL: signer.url.replace('https', 'http') })],
    ['what was signed two days ago', () => call({ Message: 'x', Timestamp: new Date(Date.now() - 2 * 86_400_000).toISOString() })],
    ['raw delivery', () => ({ ...call({ Message: 'x' }), headers: { 'x-amz-sns-rawdelivery': 'true' } })],
    ['no envelope', () => ({ ...call({}), body: Buffer.from('{"Type":"Notification"}') })],
    ['no JSON', () => ({ ...call({}), body: Buffer.from('hello') })],
    ['nothing', () => ({ ...call({}), body: Buffer.alloc(0) })],
  ];
  for (const [what, make] of STRANGERS)
    it(`refuses, and asks for nothing: ${what}`, async () => {
      const [journal, asked] = [count('journal'), host.asked.length];
      assert.equal(await post(make()), 503);
      assert.deepEqual([count('journal'), count('errand', 'state = 0'), host.asked.length], [journal, 0, asked]);
    });

  it('asks for one certificate at a time, and for the next a minute later', async () => {
    const [next, later] = [newSigner(), newSigner()];
    assert.equal(await post(call({ Message: 'x' }, '2', next)), 503); // the last one was asked for less than a minute ago
    server.sql('UPDATE errand SET asked_at = asked_at - 61000 WHERE kind = 0');
    assert.equal(await post(call({ Message: 'x' }, '2', next)), 503);
    assert.equal(await post(call({ Message: 'x' }, '2', later)), 503);
    await waitFor('it was asked for', async () => host.times(proxied(next.url)) === 1);
    await waitFor('it is given up', async () => count('errand', 'state = 2 AND kind = 0') === 1); // 404: nothing but the next call asks again
    assert.equal(host.times(proxied(later.url)), 0);
    assert.equal(await post(call({ Message: 'x' })), 200);
  });

  // ---- subscriptions ----

  const confirms = (topic: string): string => `/sns.${REGION}.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(topic)}&Token=`;
  const subscription = (token: string): Envelope => ({
    Type: 'SubscriptionConfirmation',
    Message: 'You have chosen to subscribe.',
    Token: token,
    SubscribeURL: 'http://169.254.169.254/latest',
  });

  it('confirms the subscription of its topic, at no address but that of SNS', async () => {
    const token = randomBytes(100).toString('hex');
    host.at.set(confirms(TOPIC) + token, (_, response) => void response.writeHead(200).end('<ConfirmSubscriptionResponse/>'));
    for (let i = 0; i < 2; i++) assert.equal(await post(call(subscription(token))), 200);
    await waitFor('it is confirmed', async () => host.times(confirms(TOPIC) + token) === 1);
    assert.equal(await problem(), undefined);
  });

  it('shows with the channel that a subscription could not be confirmed, until one is', async () => {
    const token = randomBytes(100).toString('hex');
    host.at.set(
      confirms(TOPIC) + token,
      inTurn(fault(503, 'ServiceUnavailable'), (_, response) => void response.writeHead(200).end()),
    );
    assert.equal(await post(call(subscription(token))), 200);
    await waitFor('it is shown', async () => (await problem()) === 'errand_subscription');
    await waitFor('it is mended', async () => (await problem()) === undefined, 20_000);
    const refused = randomBytes(100).toString('hex');
    host.at.set(confirms(TOPIC) + refused, (_, response) => void response.writeHead(302, { location: `${host.url}/elsewhere` }).end());
    assert.equal(await post(call(subscription(refused))), 200);
    await waitFor('no redirect is followed', async () => count('journal', 'status = 1') === 1);
    assert.equal(host.times('/elsewhere'), 0);
    server.sql('UPDATE journal SET status = 0');
  });

  // ---- mail in the notice ----

  for (const encoding of ['UTF-8', 'BASE64'])
    it(`takes the mail that is in the notice, once: ${encoding}`, async () => {
      const mail = newMail('notice');
      const raw = await composeMail(mail);
      const content = encoding === 'BASE64' ? raw.toString('base64') : raw.toString('utf8');
      for (let i = 0; i < 2; i++) assert.equal(await post(call({ Message: received({ type: 'SNS', encoding }, { content, dmarc: 'PASS' }) })), 200);
      const { person, entries } = await find(mail.from);
      assert.deepEqual(
        entries.map((one) => [one.text?.trim(), one.subject, one.external_id, one.payload?.['auth'], one.payload?.['dmarc'], one.payload?.['delivered_to']]),
        [[mail.text, mail.subject, mail.messageId, 'pass', 'pass', ['help@shop.example']]],
      );
      assert.equal(person.identities[0]?.proof, 'proven');
    });

  const DAMAGES: [string, string][] = [
    ['JSON that is cut off', '{"notificationType":"Received","mail":'],
    ['neither content nor object', received({ type: 'SNS' })],
    ['content that is no base64', received({ type: 'SNS', encoding: 'BASE64' }, { content: '%%%' })],
    ['an event without a type', '{"mail":{"messageId":"x"}}'],
    ['a key that is too long', received({ type: 'S3', bucketName: 'inbox', objectKey: 'k'.repeat(3000) })],
  ];
  for (const [what, Message] of DAMAGES)
    it(`journals what it cannot read: ${what}`, async () => {
      const before = count('journal', 'status = 1');
      assert.equal(await post(call({ Message })), 200);
      assert.equal(count('journal', 'status = 1'), before + 1);
    });

  for (const [what, from] of [
    ['several authors', ['a@example.com', 'b@example.com']],
    ['another author than we read', ['a@elsewhere.example']],
    ['no author', []],
  ] as [string, string[]][])
    it(`proves nobody where SES has read ${what}`, async () => {
      const mail = newMail('doubt');
      const content = (await composeMail(mail)).toString();
      assert.equal(await post(call({ Message: received({ type: 'SNS', encoding: 'UTF-8' }, { content, dmarc: 'PASS', from }) })), 200);
      const { person, entries } = await find(mail.from);
      assert.deepEqual([person.identities[0]?.proof, entries[0]?.payload?.['auth']], ['claimed', 'none']);
    });

  // ---- mail in the bucket ----

  it('fetches a mail from the bucket, once, though the notice overtakes it and S3 has a fault', async () => {
    const mail = newMail('bucket', { attachments: [{ name: 'メモ.bin', type: 'application/x-thing', data: randomBytes(700_000) }] });
    const { path, notice } = await lies(mail, {
      handler: (raw) => inTurn(fault(404, 'NoSuchKey'), fault(404, 'NoSuchKey'), fault(500, 'InternalError'), keep(raw)),
      dmarc: 'PASS',
    });
    const before = count('journal');
    for (let i = 0; i < 2; i++) assert.equal(await post(call({ Message: notice })), 200);
    await came(mail);
    assert.equal(await post(call({ Message: notice })), 200);
    assert.equal(host.times(path), 4);
    const { person, entries } = await find(mail.from);
    assert.deepEqual(
      entries.map((one) => [one.text, one.external_id, one.payload?.['auth'], one.payload?.['delivered_to'], one.attachments?.[0]?.size]),
      [[mail.text, mail.messageId, 'pass', ['help@shop.example'], 700_000]],
    );
    assert.equal(person.identities[0]?.proof, 'proven');
    assert.equal(count('journal'), before + 1); // the mail's, which stands for the notice
    assert.equal(count('journal', `method = 'FETCHED' AND status = 0 AND query LIKE '%inbox%'`), 1);
    assert.equal(await problem(), undefined);
  });

  const HOPELESS: [string, (raw: Buffer) => Handler, string][] = [
    ['encrypted by its writer', (raw) => keep(raw, { 'x-amz-meta-x-amz-key-v2': 'abc' }), 'errand_encrypted'],
    ['larger than a mail may be', () => keep(Buffer.alloc(41 * 1024 * 1024, 'x')), 'errand_large'],
  ];
  for (const [what, handler, code] of HOPELESS)
    it(`says why a mail cannot be had, and has it when it is tried again: ${what}`, async () => {
      const mail = newMail('hopeless');
      const { notice, path, raw } = await lies(mail, { handler });
      assert.equal(await post(call({ Message: notice })), 200);
      const failed = await waitFor('it is given up', async () =>
        (await server.api('journal.list', { status: 'failed', limit: 50 })).rows.find((one) => one.error?.[0]?.code === code),
      );
      host.at.set(path, keep(raw));
      await server.api('journal.retry', { id: failed?.id ?? '' });
      await came(mail);
      assert.equal((await find(mail.from)).entries.length, 1);
      assert.equal(count('journal', `status = 1 AND error LIKE '%${code}%'`), 0);
      await waitFor('the channel is mended', async () => (await problem()) === undefined);
    });

  it('shows with the channel that the key is refused, and goes on when it is mended', async () => {
    const mail = newMail('denied');
    const { notice } = await lies(mail);
    await server.api('channel.update', { id: channel.id, settings: { secret_key: 'wrong' } });
    assert.equal(await post(call({ Message: notice })), 200);
    await waitFor('it is shown', async () => (await problem()) === 'errand_refused');
    await server.api('channel.update', { id: channel.id, settings: { secret_key: ACCESS.secret_key } });
    await came(mail);
    await waitFor('it is mended', async () => (await problem()) === undefined);
  });

  it('leaves nothing out and doubles nothing when it is killed while a mail is fetched', async () => {
    const mail = newMail('killed');
    let held: ServerResponse | undefined;
    const { notice, path } = await lies(mail, { handler: (raw) => inTurn((_, response) => void (held = response), keep(raw)) });
    assert.equal(await post(call({ Message: notice })), 200);
    await waitFor('it is asked for', async () => held !== undefined);
    await server.stop('SIGKILL');
    held?.destroy();
    await server.serve();
    agent = await server.agent();
    await came(mail);
    assert.equal((await find(mail.from)).entries.length, 1);
    assert.ok(host.times(path) >= 2);
    assert.equal(await post(call({ Message: notice })), 200);
    assert.equal((await find(mail.from)).entries.length, 1);
  });

  // ---- answers ----

  async function answered(lost = false): Promise<{ mail: Mail; entry: Entry; id: string }> {
    const mail = newMail('asks');
    const raw = await composeMail(mail);
    const id = `0102${randomBytes(20).toString('hex')}-000000`;
    host.at.set(`/email.${REGION}.amazonaws.com/v2/email/outbound-emails`, (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks);
        const fine = isSigned(request, 'ses', body) && JSON.parse(body.toString()).Destination.ToAddresses[0] === mail.from;
        if (lost) response.destroy();
        else say(fine ? 200 : 400, fine ? { MessageId: id } : { message: 'no' })(request, response);
      });
    });
    assert.equal(await post(call({ Message: received({ type: 'SNS', encoding: 'UTF-8' }, { content: raw.toString() }) })), 200);
    const { person } = await find(mail.from);
    const entry = await agent.call('message.send', {
      customer_id: person.id,
      identity_id: person.identities.find((one) => one.kind === 'email')?.id ?? '',
      channel_id: channel.id,
      client_id: randomUUID(),
      text: 'Our answer',
    });
    await waitFor('it has left', async () => (await now(entry.id)).delivery === (lost ? 'uncertain' : 'sent'), 30_000);
    return { mail, entry, id };
  }
  const now = (id: string): Promise<Entry> => agent.call('entry.get', { id });

  it('knows an answer by the Message-ID that Amazon has put in the place of ours', async () => {
    const { mail, entry, id } = await answered();
    const leaving = `<${id}@${REGION}.amazonses.com>`;
    assert.equal((await now(entry.id)).external_id, leaving);
    const reply = newMail('reply', { from: mail.from, inReplyTo: leaving, references: [leaving], text: 'Thanks' });
    assert.equal(await post(call({ Message: received({ type: 'SNS', encoding: 'UTF-8' }, { content: (await composeMail(reply)).toString() }) })), 200);
    const { entries } = await find(mail.from);
    assert.equal(entries.length, 3);
    assert.equal(new Set(entries.map((one) => one.conversation_id)).size, 1);
  });

  it('learns that Message-ID from an event where the answer of Amazon was lost', async () => {
    const { mail, entry, id } = await answered(true);
    assert.equal(await post(call({ Message: event('Delivery', id, { recipients: [mail.from] }, 'eventType', entry.id) })), 200);
    const told = await now(entry.id);
    assert.deepEqual([told.delivery, told.external_id], ['delivered', `<${id}@${REGION}.amazonses.com>`]);
  });

  const EVENTS: [string, (id: string, to: string) => string, string, string | undefined][] = [
    ['delivery', (id, to) => event('Delivery', id, { recipients: [to] }), 'delivered', undefined],
    ['a notification of delivery', (id, to) => event('Delivery', id, { recipients: [to] }, 'notificationType'), 'delivered', undefined],
    ['delay', (id, to) => event('DeliveryDelay', id, { delayedRecipients: [{ emailAddress: to, diagnosticCode: '450 slow down' }] }), 'sent', 'mail_delayed'],
    [
      'bounce',
      (id, to) =>
        event('Bounce', id, {
          bounceType: 'Permanent',
          bounceSubType: 'General',
          bouncedRecipients: [{ emailAddress: to, diagnosticCode: 'smtp; 550 no such user' }],
        }),
      'failed',
      'mail_bounced',
    ],
    ['reject', (id) => event('Reject', id, { reason: 'Bad content' }), 'failed', 'mail_dropped'],
    ['complaint', (id, to) => event('Complaint', id, { complainedRecipients: [{ emailAddress: to }] }), 'delivered', undefined],
  ];
  for (const [what, make, delivery, code] of EVENTS)
    it(`says at the answer what Amazon tells: ${what}`, async () => {
      const { mail, entry, id } = await answered();
      for (let i = 0; i < 2; i++) assert.equal(await post(call({ Message: make(id, mail.from) })), 200);
      const told = await now(entry.id);
      assert.deepEqual([told.delivery, told.delivery_error[0]?.code], [delivery, code]);
    });
});
