// Where a conversation stands, as agents see it: what has become of calls and answers, what a snooze that ends says, who has
// what they answered, and who is in no queue any more.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { callStatus, composeMail, deliver, newCall, rfc822Request, twilioRequest, whatsAppRequest, whatsAppText } from '../../agent-web/play/providers.ts';
import type { Conversation, Entry, Methods } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

describe('where a conversation stands', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let agentId: string;
  let agentCookie: string;
  let mail: { url: string; token: string };
  let phone: { url: string; authToken: string };
  let whatsApp: { url: string; appSecret: string; phoneNumberId: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll();
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '5' } } });
    const post = await server.channel('email', 'Support', { address: 'help@shop.example', smtp_url: sink.smtpUrl });
    mail = { url: post.url, token: post.secrets['token'] ?? '' };
    phone = { url: (await server.channel('twilio_voice', 'Phone', { auth_token: 'twilio-secret' })).url, authToken: 'twilio-secret' };
    const wa = await server.channel('whatsapp', 'WhatsApp', { app_secret: 'ws', access_token: 'wt', phone_number_id: '77', api_url: sink.whatsAppUrl });
    whatsApp = { url: wa.url, appSecret: 'ws', phoneNumberId: '77' };
    const made = await server.newAgent('Eva');
    agent = await server.agent(made.cookie);
    agentId = made.id;
    agentCookie = made.cookie;
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function take(request: Parameters<typeof deliver>[0]): Promise<void> {
    const sent = await deliver(request);
    assert.ok(sent.status >= 200 && sent.status < 300, `${sent.status} ${sent.text}`);
  }

  async function write(from: string, text: string): Promise<Conversation> {
    await take(rfc822Request(mail, await composeMail({ from, fromName: from, to: 'help@shop.example', subject: 'A question', text })));
    return await row((one) => one.preview === text);
  }

  async function row(is: (one: Conversation) => boolean): Promise<Conversation> {
    return await waitFor('the conversation', async () => (await agent.call('conversation.list', { view: 'all', limit: 200 })).conversations.find(is));
  }

  const now = (one: Conversation): Promise<Conversation> => agent.call('conversation.get', { id: one.id });

  async function answer(one: Conversation, text: string): Promise<Entry> {
    const way = (await agent.call('customer.reach', { customer_id: one.customer_id })).ways.find((each) => each.best);
    assert.ok(way);
    return await agent.call('message.send', {
      customer_id: one.customer_id,
      identity_id: way.identity_id ?? '',
      channel_id: way.channel_id,
      client_id: randomUUID(),
      text,
    });
  }

  it('a call says what has become of it, and one that was answered leaves nobody waiting', async () => {
    const call = newCall('+442071838701', '+81312345678');
    await take(twilioRequest(phone, callStatus(call, 'ringing', 0)));
    const ringing = await row((one) => one.customer_name === '+442071838701');
    assert.deepEqual([ringing.preview_code, ringing.unread], ['call_ringing', 1]);
    await take(twilioRequest(phone, callStatus(call, 'completed', 3, 65)));
    const ended = await now(ringing);
    assert.deepEqual([ended.preview_code, ended.preview_n, ended.waiting_since, ended.unread], ['call_completed', 65, null, 0]);
    await waitFor('the queue is told', () => agent.pushed('conversation').some((one) => one.id === ended.id && one.preview_code === 'call_completed'));
  });

  it('missed calls in a row are one wait, with its number', async () => {
    for (let i = 0; i < 3; i++) {
      const call = newCall('+442071838702', '+81312345678');
      await take(twilioRequest(phone, callStatus(call, 'ringing', 0)));
      await take(twilioRequest(phone, callStatus(call, 'no-answer', 1)));
    }
    const missed = await row((one) => one.customer_name === '+442071838702');
    assert.deepEqual([missed.preview_code, missed.preview_n, missed.unread], ['call_missed', 3, 1]);
    const entries = (await agent.call('timeline.page', { customer_id: missed.customer_id })).entries;
    assert.equal(missed.waiting_since, entries.at(-1)?.occurred_at);
  });

  it('an undone answer leaves the person waiting as before', async () => {
    const before = await write('undone@example.com', 'will you answer?');
    const sent = await answer(before, 'a slip of the pen');
    assert.equal((await now(before)).waiting_since, null);
    await agent.call('message.cancel', { id: sent.id });
    const after = await now(before);
    for (const field of ['status', 'waiting_since', 'unread', 'preview', 'last_at', 'last_direction'] as const)
      assert.equal(after[field], before[field], field);
  });

  it('an answer that failed for good is back in the queue with the reason, also when it was resolved', async () => {
    const before = await write('failed@example.com', 'does this arrive?');
    sink.setMode({ channel: 'email', status: 550, times: 1, body: 'No such mailbox' });
    const sent = await answer(before, 'it does not');
    await agent.call('conversation.set_status', { id: before.id, status: 'resolved' });
    const back = await waitFor(
      'the queue is told',
      () => agent.pushed('conversation').find((one) => one.id === before.id && one.notice === 'answer_failed'),
      40_000,
    );
    assert.deepEqual([back.status, back.waiting_since, back.assignee_id], ['open', before.waiting_since, agentId]);
    const entry = await agent.call('entry.get', { id: sent.id });
    assert.equal(entry.delivery, 'failed');
    assert.equal(back.preview_code, 'said');
    assert.deepEqual(JSON.parse(`[${back.preview}]`), entry.delivery_error);
    assert.equal(entry.delivery_error.length, 1);
    await agent.call('message.retry', { id: sent.id });
    assert.deepEqual([(await now(before)).notice, (await now(before)).waiting_since], ['none', null]);
  });

  it('a reaction to what we asked tells, in the words of whoever reads it', async () => {
    const text = whatsAppText('819055556601', 'Sora', 'hello');
    await take(whatsAppRequest(whatsApp, [text]));
    const before = await row((one) => one.preview === 'hello');
    await answer(before, 'Does Tuesday suit you?');
    await agent.call('conversation.set_status', { id: before.id, status: 'snoozed', until: new Date(Date.now() + 3_600_000).toISOString() });
    const reaction = whatsAppText('819055556601', 'Sora', '');
    const [message] = reaction['messages'] as Record<string, unknown>[];
    assert.ok(message);
    delete message['text'];
    Object.assign(message, { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } });
    await take(whatsAppRequest(whatsApp, [reaction]));
    const after = await now(before);
    assert.deepEqual([after.status, after.preview_code, after.preview, after.unread], ['open', 'reaction', '👍', 1]);
    assert.ok(after.waiting_since);
  });

  it('a message that begins a conversation answers nothing: neither here nor in the mail box', async () => {
    const before = await write('begun@example.com', 'Where is my parcel?');
    const way = (await agent.call('customer.reach', { customer_id: before.customer_id })).ways.find((each) => each.best);
    assert.ok(way?.identity_id);
    const message = {
      customer_id: before.customer_id,
      identity_id: way.identity_id,
      channel_id: way.channel_id,
      client_id: randomUUID(),
      text: 'We have moved.',
      new_conversation: true,
    };
    const sent = await agent.call('message.send', message);
    assert.notEqual(sent.conversation_id, before.id);
    assert.deepEqual([sent.subject, (await now(before)).waiting_since], [null, before.waiting_since]);
    assert.equal((await agent.call('message.send', message)).id, sent.id, 'a repeat sends and begins nothing twice');
    assert.equal((await agent.call('conversation.of_customer', { customer_id: before.customer_id })).conversations.length, 2);
    server.sql('UPDATE due SET at = 1 WHERE what = 0');
    const mail = await waitFor('it is sent', () => sink.messages.find((one) => one.text.includes('We have moved.')), 30_000);
    assert.deepEqual([mail.headers?.['in-reply-to'], mail.headers?.['references']], [undefined, undefined]);
  });

  it('by waiting who waits longest is first, and behind them the others, the newest first; by priority who is urgent', async () => {
    const rows: Conversation[] = [];
    for (const name of ['a', 'b', 'c', 'd']) rows.push(await write(`${name}@order.example`, `order ${name}`));
    const [a, b, c, d] = rows.map(({ id }) => id);
    for (const row of rows.slice(2)) await answer(row, 'Done.');
    const listed = async (view: 'open' | 'unassigned', sort: 'waiting' | 'priority', limit = 200): Promise<(string | undefined)[]> => {
      const ids: string[] = [];
      for (let last: Conversation | undefined, more = true; more;) {
        const behind = last ? { after_order: sort === 'waiting' ? last.wait_order : last.urgency_order, before_id: last.id } : {};
        const page = await agent.call('conversation.list', { view, sort, limit, ...behind });
        ids.push(...page.conversations.map(({ id }) => id));
        last = page.conversations.at(-1);
        more = page.more === true;
      }
      assert.equal(new Set(ids).size, ids.length, 'no page has a row of the one before');
      return ids.filter((id) => rows.some((row) => row.id === id));
    };
    assert.deepEqual(await listed('open', 'waiting'), [a, b, d, c]);
    assert.deepEqual(await listed('open', 'waiting', 1), [a, b, d, c]);
    assert.deepEqual(await listed('unassigned', 'waiting', 1), [a, b], 'who answers has it');
    await agent.call('conversation.set_priority', { id: c ?? '', priority: 'urgent' });
    await agent.call('conversation.set_priority', { id: a ?? '', priority: 'low' });
    assert.deepEqual(await listed('open', 'priority', 1), [c, b, d, a]);
    await agent.call('conversation.set_status', { id: b ?? '', status: 'resolved' });
    assert.deepEqual(await listed('open', 'priority'), [c, d, a]);
  });

  it('a letter that is logged has no outcome and no length, and says something', async () => {
    const { customer_id } = await write('post@example.com', 'I shall write a letter');
    const letter = { customer_id, client_id: randomUUID(), medium: 'letter', direction: 'in', text: 'The spout broke.' } as const;
    const refused = async (more: object, field: string): Promise<void> => {
      await assert.rejects(agent.call('contact.log', { ...letter, ...more } as never), (error: { field?: string }) => error.field === field, field);
    };
    await refused({ outcome: 'missed' }, 'outcome');
    await refused({ duration_s: 60 }, 'duration_s');
    await refused({ text: ' ' }, 'text');
    const entry = await agent.call('contact.log', letter);
    assert.deepEqual([entry.kind, entry.medium, entry.text], ['message', 'letter', 'The spout broke.']);
  });

  it('a call that is logged counts like one that came, once', async () => {
    const before = await write('ring@example.com', 'Please ring me');
    const logged = { customer_id: before.customer_id, client_id: randomUUID(), direction: 'out', outcome: 'missed', text: 'I try again.' } as const;
    const first = await agent.call('contact.log', logged);
    assert.deepEqual([first.kind, first.medium, first.direction, first.author_kind, first.payload], ['call', 'phone', 'out', 'agent', { state: 'missed' }]);
    assert.deepEqual([(await now(before)).preview_code, (await now(before)).last_direction], ['call_missed', 'out'], 'as a provider tells it');
    assert.ok((await now(before)).waiting_since, 'nobody was reached');
    assert.equal((await agent.call('contact.log', logged)).id, first.id);
    await assert.rejects(agent.call('contact.log', { ...logged, text: 'Another.' }), /used before/);
    await assert.rejects(agent.call('contact.log', { ...logged, client_id: randomUUID(), occurred_at: '2090-01-01T00:00:00Z' }), /future/);
    // Before 1970 its row would stand before the first one of the list by waiting, where no page begins.
    for (const at of ['1900-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '1989-12-31T23:59:59Z'])
      await assert.rejects(agent.call('contact.log', { ...logged, client_id: randomUUID(), outcome: 'missed', occurred_at: at }), /before 1990/);
    await assert.rejects(agent.call('contact.log', { ...logged, client_id: randomUUID(), identity_id: randomUUID() }), /identity/);
    await agent.call('contact.log', { ...logged, client_id: randomUUID(), outcome: 'completed', duration_s: 61 });
    assert.deepEqual([(await now(before)).waiting_since, (await now(before)).preview_code, (await now(before)).preview_n], [null, 'call_completed', 61]);
    await agent.call('contact.log', { ...logged, client_id: randomUUID(), direction: 'in', outcome: 'missed', text: '' });
    assert.ok((await now(before)).waiting_since, 'who was missed waits');
  });

  it('a visit and a letter that are logged count like a call and a message, with their files', async () => {
    const before = await write('visits@example.com', 'I shall come by');
    const { customer_id } = before;
    const visit = await agent.call('contact.log', {
      customer_id,
      client_id: randomUUID(),
      medium: 'in_person',
      direction: 'in',
      duration_s: 600,
      text: 'Took the blue one.',
    });
    assert.deepEqual([visit.kind, visit.medium, visit.payload], ['call', 'in_person', { state: 'completed', duration_s: 600 }]);
    assert.deepEqual([(await now(before)).waiting_since, (await now(before)).last_medium], [null, 'in_person']);
    const { upload } = await server.upload('letter.pdf', 'scanned', { cookie: agentCookie }, 'application/pdf');
    const came = {
      customer_id,
      client_id: randomUUID(),
      medium: 'letter',
      direction: 'in',
      text: 'It broke.',
      attachments: [{ upload, name: 'letter.pdf', type: 'application/pdf' }],
    } satisfies Methods['contact.log']['params'];
    const letter = await agent.call('contact.log', came);
    assert.deepEqual([letter.kind, letter.medium, letter.direction, letter.attachments?.length, letter.payload], ['message', 'letter', 'in', 1, null]);
    assert.equal((await agent.call('contact.log', came)).id, letter.id);
    assert.ok((await now(before)).waiting_since, 'who writes a letter waits');
    const ours = await agent.call('contact.log', { customer_id, client_id: randomUUID(), medium: 'letter', direction: 'out', text: 'We are sorry.' });
    assert.deepEqual([ours.direction, ours.delivery, (await now(before)).waiting_since], ['out', 'sent', null]);
  });

  it('a snooze without an end lasts until the person writes, whatever is answered meanwhile', async () => {
    const before = await write('silent@example.net', 'I shall look into it');
    const asleep = await agent.call('conversation.set_status', { id: before.id, status: 'snoozed' });
    assert.deepEqual([asleep.status, asleep.snoozed_until], ['snoozed', null]);
    assert.equal(
      server
        .sql(`SELECT COUNT(*) FROM due WHERE what = 2 AND noun_key = (SELECT id FROM conversation WHERE uuid = UNHEX(REPLACE('${before.id}', '-', '')))`)
        .trim(),
      '0',
    );
    await answer(before, 'Take your time.');
    assert.equal((await now(before)).status, 'snoozed');
    await write('silent@example.net', 'Here it is');
    assert.equal((await now(before)).status, 'open');
  });

  it('is given with a note, which goes when that is undone; an undoing that names no such act changes nothing', async () => {
    const before = await write('noted@example.com', 'who looks after this?');
    const client_id = randomUUID();
    const note = 'She has called twice';
    const given = await agent.call('conversation.assign', { id: before.id, agent_id: agentId, note, client_id });
    const texts = async () => (await server.api('timeline.page', { customer_id: before.customer_id, limit: 50 })).entries.map(({ text }) => text);
    assert.ok((await texts()).includes(note));
    await assert.rejects(agent.call('conversation.assign', { id: before.id, agent_id: null, takes_back: randomUUID() }), /no such entry|takes_back/i);
    const still = await now(before);
    assert.deepEqual([still.assignee_id, still.version], [agentId, given.version]);
    assert.ok((await texts()).includes(note));
    assert.equal((await agent.call('conversation.assign', { id: before.id, agent_id: null, takes_back: client_id })).assignee_id, null);
    assert.ok(!(await texts()).includes(note));
  });

  it('a snooze that ends is at the top again, says so, and is pushed to whoever has it', async () => {
    const before = await write('later@example.com', 'call me next week');
    await agent.call('conversation.assign', { id: before.id, agent_id: agentId });
    await agent.call('conversation.set_status', { id: before.id, status: 'snoozed', until: new Date(Date.now() + 1500).toISOString() });
    await write('between@example.com', 'somebody else meanwhile');
    const back = await waitFor('it is pushed', () => agent.pushed('conversation').find((one) => one.id === before.id && one.notice === 'snooze_ended'), 40_000);
    assert.deepEqual([back.status, back.assignee_id, back.preview], ['open', agentId, 'call me next week']);
    assert.equal((await agent.call('conversation.list', { view: 'open' })).conversations[0]?.id, before.id);
    await answer(before, 'I call now');
    assert.equal((await now(before)).notice, 'none');
  });

  it('who answers what nobody has, has it; and what an agent begins is theirs', async () => {
    const asked = await write('whose@example.com', 'is anybody there?');
    assert.equal(asked.assignee_id, null);
    await answer(asked, 'I am');
    assert.equal((await now(asked)).assignee_id, agentId);
    const other = await server.agent();
    const text = 'and so am I';
    await other.call('message.send', { customer_id: asked.customer_id, ...(await wayOf(other, asked)), client_id: randomUUID(), text });
    assert.equal((await now(asked)).assignee_id, agentId, 'it has somebody');
    other.close();
    await server.stop();
    server.configure('desk', 'assign_on_answer', 'false');
    server.configure('desk', 'reopen_hours', '0');
    await server.serve();
    agent = await server.agent(await server.login('eva@example.com', 'seven lamps on a wet quay'));
    const left = await write('nobodys@example.com', 'and now?');
    await answer(left, 'just a word');
    assert.equal((await now(left)).assignee_id, null);
    await agent.call('conversation.set_status', { id: left.id, status: 'resolved' });
    const begun = await answer(left, 'one thing more');
    const own = await row((one) => one.id === begun.conversation_id);
    assert.notEqual(own.id, left.id);
    assert.deepEqual([own.status, own.assignee_id], ['open', agentId]);
  });

  async function wayOf(socket: Socket, one: Conversation): Promise<{ identity_id: string; channel_id: string }> {
    const way = (await socket.call('customer.reach', { customer_id: one.customer_id })).ways.find((each) => each.best);
    assert.ok(way);
    return { identity_id: way.identity_id ?? '', channel_id: way.channel_id };
  }

  it('who was erased is in no queue', async () => {
    const gone = await write('gone@example.com', 'forget me');
    const name = (await server.api('customer.get', { id: gone.customer_id })).name || 'gone@example.com';
    const task = await server.api('privacy.erase_customer', { customer_id: gone.customer_id, reason: 'asked for', confirm: name });
    await waitFor('it is done', async () => (await server.api('task.get', { id: task.id })).state === 'done', 40_000);
    for (const view of ['open', 'mine', 'unassigned', 'snoozed', 'resolved', 'all'] as const) {
      const rows = (await server.api('conversation.list', { view, limit: 200 })).conversations;
      assert.ok(!rows.some((one) => one.id === gone.id || one.customer_name?.startsWith('erased:')), view);
    }
    const left = await now(gone);
    assert.deepEqual([left.status, left.customer_name, left.preview, left.subject, left.unread], ['resolved', '', '', '', 0]);
    assert.ok(agent.pushed('conversation').every((one) => !one.customer_name?.startsWith('erased:')));
  });
});
