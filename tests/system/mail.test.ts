// What is made of mail that no customer wrote: what mail servers say of our answers, out-of-office replies, contact forms.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import type { Conversation, Entry } from '../../agent-web/protocol/src/generated.ts';
import { randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

const DATA = new URL('../unit/data/email/', import.meta.url);
/** The id of the mail that the samples are about. */
const SAMPLE_ID = '0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f';

const BOUNCES = ['exim', 'qmail', 'exchange', 'postfix-plain', 'bounce'];

interface Asked {
  address: string;
  customer: string;
  entry: Entry;
  conversation: string;
}

describe('mail', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let mail: { id: string; url: string; token: string };
  const all = new Map<string, Promise<Asked>>();
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn));
    const channel = await server.channel('email', 'Support', { address: 'help@shop.example', smtp_url: sink.smtpUrl });
    mail = { id: channel.id, url: channel.url, token: channel.secrets['token'] ?? '' };
    agent = await server.agent();
    for (const name of [...BOUNCES, 'slow', 'forwarded', 'away', 'erased', 'clock']) all.set(name, ask(name)); // an answer leaves after a while: all at once
    await Promise.all(all.values());
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function take(raw: string): Promise<void> {
    const sent = await deliver(rfc822Request(mail, Buffer.from(raw)));
    assert.equal(sent.status, 200, sent.text);
  }

  /** The person that the address belongs to. */
  function customer(address: string): string {
    return server.sql(`SELECT l.customer_id FROM identity i JOIN identity_link l ON l.open_identity = i.id WHERE i.value = '${address}'`).trim();
  }

  /** Somebody asks, and is answered. */
  async function ask(name: string, address = `${name}@example.com`): Promise<Asked> {
    await take(`From: ${address}\r\nMessage-ID: <q-${name}@example.com>\r\nSubject: Question\r\n\r\nQuestion of ${name}`);
    const row = (await agent.call('conversation.list', { view: 'open' })).conversations.find((one) => one.preview === `Question of ${name}`);
    assert.ok(row);
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.best);
    const entry = await agent.call('message.send', {
      customer_id: row.customer_id,
      identity_id: way?.identity_id ?? '',
      channel_id: mail.id,
      client_id: randomUUID(),
      text: 'Our answer',
    });
    await waitFor('it has left', async () => (await agent.call('entry.get', { id: entry.id })).delivery === 'sent', 30_000);
    return { address, customer: row.customer_id, entry, conversation: row.id };
  }

  it('shows what comes last as the last, however wrong the clock of its sender is', async () => {
    const { address, customer: person, conversation } = await answered('clock');
    const stamp = (offsetMs: number): string => new Date(Date.now() + offsetMs).toUTCString().replace('GMT', '+0000');
    for (const [words, offset] of [
      ['nine hours behind', -9],
      ['two days behind', -48],
      ['five hours ahead', 5],
    ] as const) {
      await take(
        `Received: from phone by mx.shop.example; ${stamp(0)}\r\nDate: ${stamp(offset * 3_600_000)}\r\nFrom: ${address}\r\nMessage-ID: <${offset}@example.com>\r\nSubject: Re: Question\r\n\r\n${words}`,
      );
      const { entries } = await agent.call('timeline.page', { customer_id: person, limit: 10 });
      assert.equal(entries[0]?.text, words);
      const [first] = (await agent.call('conversation.list', { view: 'open' })).conversations;
      assert.deepEqual([first?.id, first?.preview], [conversation, words]);
    }
  });

  it('answers an address on a server without a name', async () => {
    await ask('literal', 'a@[192.0.2.1]');
    assert.equal(sink.messages.at(-1)?.to, 'a@[192.0.2.1]');
  });

  function answered(name: string): Promise<Asked> {
    return all.get(name) ?? assert.fail(name);
  }

  /** A sample, about an answer of ours to somebody. */
  function about(file: string, entry: Entry, address: string): string {
    return readFileSync(new URL(file, DATA), 'utf8')
      .replaceAll(SAMPLE_ID, entry.id)
      .replace(/(gone@gone|slow@example|nobody@example)\.(example|com)/g, address);
  }

  async function now(id: string): Promise<Entry> {
    return await agent.call('entry.get', { id });
  }

  async function conversation(id: string): Promise<Conversation> {
    return await agent.call('conversation.get', { id });
  }

  for (const name of BOUNCES)
    it(`marks the answer as failed when a server says so: ${name}`, async () => {
      const asked = await answered(name);
      await take(about(`${name}.eml`, asked.entry, asked.address));
      const entry = await now(asked.entry.id);
      assert.equal(entry.delivery, 'failed');
      assert.deepEqual([entry.delivery_error[0]?.code, entry.delivery_error[0]?.params.recipient], ['mail_bounced', asked.address]);
      for (const daemon of ['mailer-daemon', 'postmaster']) assert.equal(server.sql(`SELECT COUNT(*) FROM identity WHERE value LIKE '${daemon}%'`).trim(), '0');
    });

  it('says at the answer that it is late, which is no failure', async () => {
    const asked = await answered('slow');
    await take(about('delayed.eml', asked.entry, asked.address));
    const entry = await now(asked.entry.id);
    assert.equal(entry.delivery, 'sent');
    assert.equal(entry.delivery_error[0]?.code, 'mail_delayed');
  });

  it('keeps nothing that a late report says of a person who was erased', async () => {
    const { entry, address, customer } = await answered('erased');
    const identity = server.sql(`SELECT id FROM identity WHERE value = '${address}'`).trim();
    const { id } = await server.api('privacy.erase_customer', { customer_id: customer, confirm: address, reason: 'asked' });
    await waitFor('they are erased', async () => (await server.api('task.get', { id })).state === 'done');
    await take(about(`${BOUNCES[0]}.eml`, entry, address));
    assert.equal((await now(entry.id)).delivery, 'failed');
    assert.equal(server.sql(`SELECT bounced_at, bounced_reason FROM identity WHERE id = ${identity}`).trim(), 'NULL\tNULL');
  });

  it('keeps a report on what we never sent, for nobody to answer', async () => {
    await take(readFileSync(new URL('exim.eml', DATA), 'utf8'));
    await take(readFileSync(new URL('exim.eml', DATA), 'utf8')); // once more: nothing new
    const rows = server.sql("SELECT author_kind, conversation_id IS NULL FROM entry WHERE external_id = '<E1tGone-000001-AA@relay.example>'").trim();
    assert.equal(rows, '2\t1');
    assert.notEqual(customer('gone@gone.example'), '');
    assert.equal(customer('mailer-daemon@relay.example'), '');
  });

  it('keeps a bounce that a person sends on', async () => {
    const asked = await answered('forwarded');
    const parts = about('postfix-plain.eml', asked.entry, asked.address).split('\n\n').slice(1).join('\n\n');
    await take(
      `From: forwarder@example.com\r\nMessage-ID: <fwd@example.com>\r\nSubject: Fwd: what is this?\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="p"\r\n\r\n${parts}`,
    );
    assert.equal((await now(asked.entry.id)).delivery, 'sent');
    const row = (await agent.call('conversation.list', { view: 'open' })).conversations.find((one) => one.subject === 'Fwd: what is this?');
    assert.ok(row?.waiting_since);
  });

  it('leaves a resolved case resolved when an out-of-office reply comes, and shows the reply', async () => {
    const asked = await answered('away');
    await agent.call('conversation.set_status', { id: asked.conversation, status: 'resolved' });
    await take(
      `From: ${asked.address}\r\nMessage-ID: <ooo@example.com>\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: <${asked.entry.id}@shop.example>\r\nSubject: Away\r\n\r\nI am away until Monday.`,
    );
    const after = await conversation(asked.conversation);
    assert.equal(after.status, 'resolved');
    assert.equal(after.waiting_since, null);
    const page = await agent.call('timeline.page', { customer_id: asked.customer });
    const reply = page.entries.find((one) => one.text === 'I am away until Monday.');
    assert.equal(reply?.author_kind, 'system');
    await take(`From: ${asked.address}\r\nMessage-ID: <back@example.com>\r\nSubject: Back\r\n\r\nI am back, and it is broken.`);
    assert.equal((await conversation(asked.conversation)).status, 'open');
  });

  it('files what comes by a contact form under the customer', async () => {
    for (const name of ['ann', 'ben'])
      await take(
        `From: "Shop form" <wordpress@shop.example>\r\nReply-To: ${name} <${name}@form.example>\r\nMessage-ID: <form-${name}@shop.example>\r\nSubject: New message\r\n\r\nFrom ${name}`,
      );
    assert.notEqual(customer('ann@form.example'), '');
    assert.notEqual(customer('ann@form.example'), customer('ben@form.example'));
    assert.equal(customer('wordpress@shop.example'), '');
  });

  it('shows mail whose header nobody can read', async () => {
    await take('This is no mail at all,\njust some words that a pipe has let through.\n');
    assert.ok((await agent.call('conversation.list', { view: 'open' })).conversations.some((one) => one.preview?.includes('just some words')));
  });
});
