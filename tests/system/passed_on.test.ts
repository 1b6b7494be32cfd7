// What an agent passes on from the own address is filed as the customer's whose mail it was, where the channel says so; what anybody else
// passes on stays theirs.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Entry } from '../../agent-web/protocol/src/generated.ts';
import { mailArrives, type MailChannel, mailChannel } from './desk.ts';
import { endAll, Server } from './harness.ts';

describe('mail that is passed on', () => {
  let server: Server;
  let mail: MailChannel;
  let agent: string; // the address
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    mail = await mailChannel(server, 'Mail', { address: 'help@shop.example', trust_auth_results: 'mx.shop.example', agents_forward: 'true' });
    await server.newAgent('Ada');
    agent = (await server.api('agent.list', {})).agents.find((one) => one.name === 'Ada')!.email;
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const proven = (address: string): string =>
    `Authentication-Results: mx.shop.example; dmarc=pass header.from=${address.split('@')[1]}\r\nFrom: Ada <${address}>\r\n`;

  async function passOn(id: string, head: string, from: string): Promise<void> {
    const raw =
      `${head}To: help@shop.example\r\nMessage-ID: <${id}@mail.example>\r\nSubject: Fwd: Kettle\r\n\r\nFor you to answer.\r\n\r\n` +
      `---------- Forwarded message ---------\r\nFrom: ${from}\r\nDate: Tue, 3 Nov 2026 at 10:00\r\nSubject: Kettle\r\nTo: <ada@shop.example>\r\n\r\nMy kettle leaks (${id}).\r\n`;
    await mailArrives(mail, raw);
  }

  async function of(address: string): Promise<Entry[]> {
    const { hits } = await server.api('customer.search', { query: address });
    return hits.length ? (await server.api('timeline.page', { customer_id: hits[0]!.id })).entries : [];
  }

  it('by an agent is the customer’s: their words wait for an answer, which goes to them', async () => {
    await passOn('one', proven(agent), 'Ruth <ruth@customer.example>');
    const [entry] = await of('ruth@customer.example');
    assert.match(entry?.text ?? '', /My kettle leaks \(one\)/);
    assert.deepEqual([entry?.direction, entry?.author_kind], ['in', 'customer']);
    assert.deepEqual(await of(agent), [], 'the agent is no customer');
    const { conversations } = await server.api('conversation.list', { view: 'open' });
    assert.ok(conversations.find((one) => one.id === entry?.conversation_id)?.waiting_since);
    await passOn('one', proven(agent), 'Ruth <ruth@customer.example>');
    assert.equal((await of('ruth@customer.example')).length, 1, 'once, whatever is repeated');
  });

  it('by an agent whose address is not proven, or who is none any more, is whose address it is', async () => {
    await passOn('two', `From: Ada <${agent}>\r\n`, 'Sam <sam@customer.example>');
    assert.deepEqual(await of('sam@customer.example'), []);
    await server.newAgent('Old');
    const old = (await server.api('agent.list', {})).agents.find((one) => one.name === 'Old')!;
    await server.api('agent.update', { id: old.id, active: 'no' });
    await passOn('three', proven(old.email), 'Tom <tom@customer.example>');
    assert.deepEqual(await of('tom@customer.example'), []);
  });

  it('by a customer stays theirs, and so does all where the channel does not say so', async () => {
    await passOn('four', proven('uma@friend.example'), 'Val <val@customer.example>');
    assert.deepEqual(await of('val@customer.example'), []);
    assert.equal((await of('uma@friend.example')).length, 1);
    await server.api('channel.update', { id: mail.id, settings: { agents_forward: 'false' } });
    await passOn('five', proven(agent), 'Wim <wim@customer.example>');
    assert.deepEqual(await of('wim@customer.example'), []);
  });

  it('that we have sent ourselves makes no customer of us', async () => {
    await server.api('channel.update', { id: mail.id, settings: { agents_forward: 'true' } });
    await passOn('six', proven(agent), 'Help <help@shop.example>');
    assert.deepEqual(await of('help@shop.example'), []);
  });
});
