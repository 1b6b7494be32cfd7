// A visitor leaves an address in the chat and goes: agents can write there, what nobody has seen goes there by itself, and
// what is written back is in the same story.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { composeMail, deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import type { Way } from '../../agent-web/protocol/src/generated.ts';
import { randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

describe('a visitor who has gone', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let chat: string;
  let mail: { id: string; url: string; token: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({});
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn));
    const post = await server.channel('email', 'Support', { address: 'help@shop.example', display_name: 'Tea & Pots', smtp_url: sink.smtpUrl });
    mail = { id: post.id, url: post.url, token: post.secrets['token'] ?? '' };
    chat = (await server.channel('chat', 'Shop chat')).id;
    agent = await server.agent();
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function leaves(text: string, email?: string): Promise<{ customer: string; token: string }> {
    const socket = await server.visitor();
    const { token } = await socket.call('chat.hello', { channel_id: chat });
    await socket.call('chat.send', { client_id: randomUUID(), text });
    if (email) await socket.call('chat.identify', { email, name: 'Night Visitor' });
    socket.close();
    const row = await waitFor('the conversation', async () =>
      (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === text),
    );
    return { customer: row.customer_id, token };
  }

  const ways = async (customer_id: string): Promise<Way[]> => (await agent.call('customer.reach', { customer_id })).ways;
  const by = async (customer: string, medium: Way['medium']): Promise<Way> => {
    const way = (await ways(customer)).find((one) => one.medium === medium && one.usable);
    assert.ok(way, `no usable way by ${medium}`);
    return way;
  };
  const answer = async (customer_id: string, way: Way, text: string): Promise<string> =>
    (await agent.call('message.send', { customer_id, identity_id: way.identity_id ?? '', channel_id: way.channel_id, client_id: randomUUID(), text })).id;
  const due = (): void => {
    server.sql('UPDATE due SET at = 1 WHERE what IN (0, 3)');
  };
  const caught = (text: string): Promise<(typeof sink.messages)[number]> =>
    waitFor(`mail with "${text}"`, () => sink.messages.find((one) => one.text.includes(text)));
  const texts = async (customer_id: string): Promise<(string | null)[]> =>
    (await server.api('timeline.page', { customer_id, limit: 100 })).entries.map((one) => one.text?.trim() ?? null).reverse();

  async function writesBack(from: string, text: string, inReplyTo: string | null): Promise<void> {
    const raw = await composeMail({
      date: new Date(Date.now() + 1000),
      from,
      fromName: 'N',
      to: 'help@shop.example',
      subject: 'Re: x',
      text,
      ...(inReplyTo ? { inReplyTo } : {}),
    });
    assert.equal((await deliver(rfc822Request({ url: mail.url, token: mail.token }, raw))).status, 200);
  }

  it('can be written to at the address that was left, which is said to be unproven', async () => {
    const { customer } = await leaves('Is the shop open on Monday?', 'night@home.example');
    const way = await by(customer, 'email');
    assert.deepEqual([way.address, way.unproven, way.has_subject], ['night@home.example', true, true]);
    await answer(customer, way, 'Yes, from nine.');
    due();
    const got = await caught('Yes, from nine.');
    assert.equal(got.to, 'night@home.example');
    assert.deepEqual([got.headers?.['to'], got.subject], ['night@home.example', 'Tea & Pots'], "the desk's words for people and channels stay here");
    await writesBack('night@home.example', 'Thank you, I shall come.', got.headers?.['message-id'] ?? got.external_id ?? null);
    assert.deepEqual(
      await waitFor('the mail is in the same story', async () => {
        const all = await texts(customer);
        return all.includes('Thank you, I shall come.') ? all.filter(Boolean) : null;
      }),
      ['Is the shop open on Monday?', 'Yes, from nine.', 'Thank you, I shall come.'],
    );
    const person = await server.api('customer.get', { id: customer });
    assert.equal(person.identities.find((one) => one.kind === 'email')?.rule, 'answered_mail');
    const after = (await ways(customer)).filter((one) => one.medium === 'email');
    assert.deepEqual(
      after.map((one) => [one.address, one.unproven]),
      [['night@home.example', false]],
    );
  });

  it('can be written to there about something new as well', async () => {
    const { customer } = await leaves('Do you sell kettles?', 'kettle@home.example');
    const { identity_id, channel_id } = await by(customer, 'email');
    const message = {
      customer_id: customer,
      identity_id: identity_id ?? '',
      channel_id,
      client_id: randomUUID(),
      text: 'We have moved.',
      new_conversation: true,
    };
    assert.deepEqual((await agent.call('message.send', message)).payload, { address: 'kettle@home.example', begins: true });
  });

  it('has no way by mail without an address, and none by another who names it', async () => {
    const { customer } = await leaves('Anybody there?');
    assert.ok((await ways(customer)).every((one) => one.medium !== 'email' || !one.usable));
  });

  it('gets by mail, once, what nobody has seen in the chat', async () => {
    const { customer } = await leaves('When will it come?', 'gone@home.example');
    const way = await by(customer, 'chat');
    await answer(customer, way, 'Tomorrow.');
    await answer(customer, way, 'By post.');
    due();
    const got = await caught('Tomorrow.');
    assert.equal(got.to, 'gone@home.example');
    assert.match(got.text, /Tomorrow\.[\s\S]*By post\./);
    await waitFor('it is looked after', () => server.sql('SELECT COUNT(*) FROM due WHERE what = 3').trim() === '0');
    due();
    await answer(customer, way, 'One more thing.');
    due();
    await caught('One more thing.');
    assert.equal(sink.messages.filter((one) => one.text.includes('One more thing.')).length, 1);
    await writesBack('gone@home.example', 'Wonderful!', got.headers?.['message-id'] ?? got.external_id ?? null);
    await waitFor('the answer is in the same story', async () => (await texts(customer)).includes('Wonderful!'));
  });

  it('gets no answer by mail twice, and after very many the next one all the same', async () => {
    const { customer } = await leaves('Tell me all about it', 'patient@home.example');
    const way = await by(customer, 'chat');
    const letters = (): string[] => sink.messages.filter((one) => one.to === 'patient@home.example').map((one) => one.text);
    const lookedAfter = (): Promise<unknown> => waitFor('it is looked after', () => server.sql('SELECT COUNT(*) FROM due WHERE what = 3').trim() === '0');
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 30; i++) await answer(customer, way, `Word ${round}-${i}.`);
      due();
      await lookedAfter();
      await waitFor('the last one is there', () => (due(), letters().some((one) => one.includes(`Word ${round}-29.`))));
    }
    for (let round = 0; round < 2; round++)
      for (let i = 0; i < 30; i++) assert.equal(letters().filter((one) => one.includes(`Word ${round}-${i}.`)).length, 1, `Word ${round}-${i}.`);
  });

  it('sends each of more answers than one mail holds', async () => {
    const { customer } = await leaves('Tell me more', 'long@home.example');
    const way = await by(customer, 'chat');
    for (let i = 0; i < 60; i++) await answer(customer, way, `Line ${i}.`);
    due();
    const letters = (): string =>
      sink.messages
        .filter((one) => one.to === 'long@home.example')
        .map((one) => one.text)
        .join('\n');
    await waitFor('the last one is there', () => (due(), letters().includes('Line 59.')));
    for (let i = 0; i < 60; i++) assert.equal(letters().split(`Line ${i}.`).length, 2, `Line ${i}.`);
  });

  it('cannot tell the Message-ID of a mail from what the chat shows, and so not answer in the name of who gets it', async () => {
    const { customer, token } = await leaves('Write to my victim', 'victim@home.example');
    await answer(customer, await by(customer, 'chat'), 'As you wish.');
    const socket = await server.visitor();
    const shown = (await socket.call('chat.hello', { channel_id: chat, token })).messages.find((one) => one.text === 'As you wish.');
    socket.close();
    assert.ok(shown);
    const named = createHash('sha256').update(`unseen:${shown.id}`).digest().subarray(0, 16);
    named[6] = ((named[6] ?? 0) & 0x0f) | 0x80;
    named[8] = ((named[8] ?? 0) & 0x3f) | 0x80;
    const guess = named.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    due();
    await caught('As you wish.');
    await writesBack('victim@home.example', 'Forged.', `<${guess}@shop.example>`);
    const rules = (await server.api('customer.get', { id: customer })).identities.map((one) => one.rule);
    assert.ok(!rules.includes('answered_mail'), rules.join());
    assert.ok(!(await texts(customer)).includes('Forged.'));
  });

  it('is not whoever the mail was sent on to: another address that answers it stays another person', async () => {
    const { customer } = await leaves('Forward it to my friend', 'first@home.example');
    await answer(customer, await by(customer, 'email'), 'Here you are.');
    due();
    const got = await caught('Here you are.');
    await writesBack('friend@home.example', 'I am the friend.', got.headers?.['message-id'] ?? got.external_id ?? null);
    assert.ok(!(await texts(customer)).includes('I am the friend.'));
  });

  it('is not whoever only answers automatically from the address that was left', async () => {
    const { customer } = await leaves('I am somebody else', 'holiday@home.example');
    await answer(customer, await by(customer, 'email'), 'Good day.');
    due();
    const got = await caught('Good day.');
    const id = got.headers?.['message-id'] ?? got.external_id ?? '';
    const raw = `From: Holly <holiday@home.example>\r\nTo: help@shop.example\r\nMessage-ID: <${randomUUID()}@home.example>\r\nIn-Reply-To: ${id}\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nI am away until Monday.`;
    assert.equal((await deliver(rfc822Request({ url: mail.url, token: mail.token }, Buffer.from(raw)))).status, 200);
    assert.ok(!(await texts(customer)).includes('I am away until Monday.'));
    assert.ok(!(await server.api('customer.get', { id: customer })).identities.some((one) => one.kind === 'email'));
  });

  it('gets nothing by mail that was seen, and the chat shows no mail', async () => {
    const { customer, token } = await leaves('Still here', 'here@home.example');
    await answer(customer, await by(customer, 'chat'), 'Seen at once.');
    const socket = await server.visitor();
    const before = await socket.call('chat.hello', { channel_id: chat, token });
    await socket.call('chat.seen', { version: before.version ?? 0 });
    due();
    await waitFor('it is looked after', () => server.sql('SELECT COUNT(*) FROM due WHERE what = 3').trim() === '0');
    assert.ok(sink.messages.every((one) => !one.text.includes('Seen at once.')));
    await answer(customer, await by(customer, 'email'), 'Only by mail.');
    const shown = await socket.call('chat.hello', { channel_id: chat, token });
    assert.ok(shown.messages.every((one) => one.text !== 'Only by mail.'));
    socket.close();
  });

  it('does not become one with somebody who is known by that address, but is proposed', async () => {
    await writesBack('known@home.example', 'I have been here for years', null);
    const { customer } = await leaves('I am known, they say', 'known@home.example');
    await answer(customer, await by(customer, 'email'), 'Are you?');
    due();
    const got = await caught('Are you?');
    await writesBack('known@home.example', 'I am.', got.headers?.['message-id'] ?? got.external_id ?? null);
    const suggestions = await waitFor('it is proposed', async () => {
      const found = (await server.api('customer.suggestions', { customer_id: customer })).suggestions;
      return found.some((one) => (one.confidence ?? 0) >= 90) ? found : null;
    });
    assert.ok(suggestions.length > 0);
    assert.ok(!(await texts(customer)).includes('I am.'));
  });
});
