// Which conversation an answer by mail belongs to, by each of the things that one may bring back: references, our own Message-ID where the
// provider has replaced it, a token in the address or the subject, Exchange's Thread-Index.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import type { Entry, MessagePayload } from '../../agent-web/protocol/src/generated.ts';
import { mailArrives, type MailChannel, mailChannel } from './desk.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

describe('threads of mail', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let help: MailChannel;
  let sales: MailChannel;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    const post = (address: string): Promise<MailChannel> => mailChannel(server, address, { address, smtp_url: sink.smtpUrl });
    help = await post('help@shop.example');
    sales = await post('sales@shop.example');
    agent = await server.agent((await server.newAgent('Ada')).cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const entriesOf = async (name: string): Promise<Entry[]> => {
    const { hits } = await server.api('customer.search', { query: `${name}@example.com` });
    return (await server.api('timeline.page', { customer_id: hits[0]!.id })).entries;
  };
  const entryOf = async (name: string, text: string): Promise<Entry> => {
    const found = (await entriesOf(name)).find((one) => one.text?.includes(text));
    assert.ok(found, `${text} of ${name}`);
    return found;
  };
  const threadOf = (entry: Entry): unknown => (entry.payload as MessagePayload).thread ?? null;

  interface Began {
    entry: Entry;
    subject: string;
    headers: Record<string, string>;
  }

  /** A conversation that the agent begins with somebody who has written before: what has left. */
  async function begin(name: string, text: string, by: MailChannel = help): Promise<Began> {
    const { hits } = await server.api('customer.search', { query: `${name}@example.com` });
    const { ways } = await agent.call('customer.reach', { customer_id: hits[0]!.id });
    const way = ways.find((one) => one.channel_id === by.id)!;
    const entry = await agent.call('message.send', {
      customer_id: hits[0]!.id,
      identity_id: way.identity_id ?? '',
      channel_id: by.id,
      client_id: randomUUID(),
      text,
      subject: 'Your order',
      new_conversation: true,
    });
    const left = await waitFor(`"${text}" has left`, () => sink.messages.find((one) => one.text.includes(text)), 30_000);
    return { entry: await agent.call('entry.get', { id: entry.id }), subject: left.subject ?? '', headers: left.headers ?? {} };
  }

  const wrote = (name: string, more = ''): Promise<void> =>
    mailArrives(
      help,
      `From: ${name}@example.com\r\nTo: help@shop.example\r\nMessage-ID: <first-${name}@example.com>\r\nSubject: First\r\n${more}\r\nFirst of ${name}`,
    );

  /** Two conversations, the answer is about the older one. */
  async function two(name: string, by: MailChannel = help): Promise<{ old: Began; young: Began }> {
    await wrote(name);
    const old = await begin(name, `old of ${name}`, by);
    const young = await begin(name, `young of ${name}`);
    assert.notEqual(old.entry.conversation_id, young.entry.conversation_id);
    return { old, young };
  }

  async function answered(name: string, by: MailChannel, head: string): Promise<Entry> {
    await mailArrives(by, `From: ${name}@example.com\r\nMessage-ID: <answer-${name}@example.com>\r\n${head}\r\nAnswer of ${name}`);
    return entryOf(name, 'Answer of');
  }

  it('joins the conversation of what it answers, not the newest one', async () => {
    const { old } = await two('ann');
    const answer = await answered('ann', help, `To: help@shop.example\r\nIn-Reply-To: ${old.headers['message-id']}\r\nSubject: Something else\r\n`);
    assert.equal(answer.conversation_id, old.entry.conversation_id);
    assert.equal(threadOf(answer), null);
  });

  it('joins none by its subject alone', async () => {
    const { young } = await two('bea');
    const answer = await answered('bea', help, 'To: help@shop.example\r\nSubject: Re: First\r\n');
    assert.equal(answer.conversation_id, young.entry.conversation_id);
  });

  it('is known by our own Message-ID though the provider has replaced it, and by another of our addresses', async () => {
    const { old } = await two('cem');
    server.sql(`UPDATE entry SET external_id='<replaced-cem@eu-west-1.amazonses.com>' WHERE id=UNHEX('${old.entry.id.replaceAll('-', '')}')`);
    const answer = await answered(
      'cem',
      sales,
      `To: sales@shop.example\r\nReferences: ${old.headers['message-id']} <lost@example.com>\r\nSubject: Re: Your order\r\n`,
    );
    assert.equal(answer.conversation_id, old.entry.conversation_id);
  });

  it('is known by Thread-Index alone, which Exchange keeps and adds to', async () => {
    const { old } = await two('dan');
    const index = Buffer.from(old.headers['thread-index'] ?? '', 'base64');
    assert.equal(index.length, 22);
    assert.equal(index[0], 1);
    const child = Buffer.concat([index, Buffer.from([0, 1, 2, 3, 4])]).toString('base64');
    const answer = await answered('dan', help, `To: help@shop.example\r\nThread-Index: ${child}\r\nSubject: AW: Your order\r\n`);
    assert.equal(answer.conversation_id, old.entry.conversation_id);
  });

  it('is known by the token behind the plus sign, which nobody sees', async () => {
    await server.api('channel.update', { id: help.id, settings: { reply_token: 'address' } });
    const { old } = await two('eve');
    const token = /<?(help\+re-[0-9a-f]{32}@shop\.example)>?$/.exec(old.headers['reply-to'] ?? '')?.[1] ?? '';
    assert.ok(token, old.headers['reply-to']);
    assert.equal(old.headers['return-path'], `<${token}>`, 'bounces come back to it, too');
    const answer = await answered('eve', help, `To: Shop <${token.toUpperCase()}>\r\nSubject: Hello\r\n`);
    assert.equal(answer.conversation_id, old.entry.conversation_id);
    assert.doesNotMatch(JSON.stringify(answer.payload), /re-[0-9a-f]{32}/i);
    const other = await begin('eve', 'third of eve');
    assert.ok(other.headers['reply-to']);
    await mailArrives(
      help,
      `Return-Path: <>\r\nFrom: Mail Delivery <mailer-daemon@mx.example.com>\r\nTo: ${/help\+[^>]+/.exec(other.headers['reply-to'] ?? '')?.[0]}\r\nSubject: Undelivered mail: delivery failed\r\n\r\nNo such user: eve@example.com\r\n`,
    );
    const bounced = await waitFor('it has bounced', async () => {
      const now = await agent.call('entry.get', { id: other.entry.id });
      return now.delivery === 'failed' ? now : null;
    });
    assert.match(JSON.stringify(bounced.delivery_error), /No such user|eve@example/);
  });

  it('is known by the token in the subject, which nobody sees', async () => {
    await server.api('channel.update', { id: help.id, settings: { reply_token: 'subject' } });
    const { old } = await two('fay');
    assert.match(old.subject, /^Your order \[re-[0-9a-f]{32}\]$/);
    const answer = await answered('fay', help, `To: help@shop.example\r\nSubject: RE: ${old.subject}\r\n`);
    assert.equal(answer.conversation_id, old.entry.conversation_id);
    assert.equal(answer.subject, 'RE: Your order');
    await server.api('channel.update', { id: help.id, settings: { reply_token: 'none' } });
  });

  it('of somebody else with the token is in their own name, and says in whose thread it is', async () => {
    await server.api('channel.update', { id: help.id, settings: { reply_token: 'address' } });
    await wrote('gil');
    const ours = await begin('gil', 'to gil alone');
    const token = /help\+[^>]+/.exec(ours.headers['reply-to'] ?? '')?.[0];
    await mailArrives(help, `From: hal@example.com\r\nTo: ${token}\r\nMessage-ID: <hal@example.com>\r\nSubject: Hello\r\n\r\nI am a friend of gil`);
    const friend = await entryOf('hal', 'friend of gil');
    assert.notEqual(friend.conversation_id, ours.entry.conversation_id);
    assert.equal((threadOf(friend) as { entry_id: string }).entry_id, ours.entry.id);
    await server.api('channel.update', { id: help.id, settings: { reply_token: 'none' } });
  });

  it('begins a new conversation when the old one is long over, and says what it answers', async () => {
    await wrote('ida');
    const ours = await begin('ida', 'long ago to ida');
    const first = await entryOf('ida', 'First of');
    for (const id of new Set([ours.entry.conversation_id, first.conversation_id])) await agent.call('conversation.set_status', { id: id!, status: 'resolved' });
    server.sql(`UPDATE conversation SET resolved_at = resolved_at - 30 * 86400000`);
    const answer = await answered('ida', help, `To: help@shop.example\r\nIn-Reply-To: ${ours.headers['message-id']}\r\nSubject: A new kettle?\r\n`);
    assert.ok(answer.conversation_id);
    assert.notEqual(answer.conversation_id, ours.entry.conversation_id);
    assert.equal((threadOf(answer) as { entry_id: string }).entry_id, ours.entry.id);
  });

  it('is no answer because of a Thread-Index alone, which Exchange gives to each mail', async () => {
    const index = Buffer.concat([Buffer.from([1, 1, 2, 3, 4, 5]), Buffer.from(randomUUID().replaceAll('-', ''), 'hex')]).toString('base64');
    await mailArrives(
      help,
      `From: kim@example.com\r\nTo: help@shop.example\r\nSubject: Form\r\nMessage-ID: <kim@example.com>\r\nThread-Index: ${index}\r\n\r\nFrom: kim@example.com\r\nSent: Monday\r\nTo: help@shop.example\r\nSubject: Form\r\n\r\nAll of this is new, kim\r\n`,
    );
    const entry = await entryOf('kim', 'All of this is new');
    const payload = entry.payload as MessagePayload;
    assert.deepEqual([payload.in_reply_to ?? null, payload.references ?? null, payload.quote_at ?? null, threadOf(entry)], [null, null, null, null]);
  });

  it('takes no token for one that is none', async () => {
    const none = `re-${'0'.repeat(32)}`;
    await mailArrives(
      help,
      `From: jo@example.com\r\nTo: help+${none}@shop.example, help+re-12@shop.example\r\nSubject: [${none}] [re-] hello\r\nMessage-ID: <jo@example.com>\r\nThread-Index: ${'A'.repeat(30)}\r\n\r\nNo token of jo`,
    );
    const entry = await entryOf('jo', 'No token');
    assert.equal(entry.subject, `[${none}] [re-] hello`);
    assert.equal(threadOf(entry), null);
  });
});
