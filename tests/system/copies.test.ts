// An answer by mail goes to all whom the agent names, and to nobody else; and it answers what the agent answered, by whichever of our
// addresses it leaves.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import type { CallError } from '../../agent-web/protocol/src/error.ts';
import type { Entry, MessagePayload, Way } from '../../agent-web/protocol/src/generated.ts';
import { mailArrives, type MailChannel, mailChannel } from './desk.ts';
import { randomUUID, Server, type Socket, waitFor, endAll } from './harness.ts';

describe('copies and threads', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let help: MailChannel;
  let sales: MailChannel;
  let closed: MailChannel;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    const post = (address: string, name: string): Promise<MailChannel> =>
      mailChannel(server, name, {
        address,
        aliases: 'verkauf@shop.example, info@shop.example',
        display_name: 'Shop',
        smtp_url: sink.smtpUrl,
        trust_auth_results: 'mx.shop.example',
      });
    help = await post('help@shop.example', 'Support');
    sales = await post('sales@shop.example', 'Secret name of the sales channel');
    closed = await post('board@shop.example', 'Board');
    await server.api('channel.update', { id: closed.id, readers: 'admin' });
    agent = await server.agent((await server.newAgent('Ada')).cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function asked(name: string, more = '', by = help): Promise<{ customer: string; way: (channel: MailChannel) => Way }> {
    await mailArrives(by, `From: ${name}@example.com\r\nMessage-ID: <q-${name}@example.com>\r\nSubject: Kettle of ${name}\r\n${more}\r\nQuestion of ${name}`);
    const customer = server
      .sql(
        `SELECT LOWER(HEX(c.uuid)) FROM identity i JOIN identity_link l ON l.open_identity = i.id JOIN customer c ON c.id = l.customer_id WHERE i.value = '${name}@example.com'`,
      )
      .trim()
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const { ways } = await agent.call('customer.reach', { customer_id: customer });
    return { customer, way: (channel) => ways.find((one) => one.channel_id === channel.id && one.identity_id)! };
  }

  const send = (to: { customer: string }, way: Way, text: string, more = {}): Promise<Entry> =>
    agent.call('message.send', {
      customer_id: to.customer,
      identity_id: way.identity_id ?? '',
      channel_id: way.channel_id,
      client_id: randomUUID(),
      text,
      ...more,
    });
  const left = (text: string) => waitFor(`"${text}" has left`, () => sink.messages.find((one) => one.text.includes(text)), 30_000);
  const payloadOf = (entry: Entry): MessagePayload => entry.payload as MessagePayload;

  it('go to To, Cc and Bcc, once each; nobody sees who has a blind copy', async () => {
    const mia = await asked('mia');
    assert.equal(mia.way(help).copies_max, 49);
    const entry = await send(mia, mia.way(help), 'to all of you', {
      to: ['Jo <jo@example.com>', 'MIA@example.com'],
      cc: ['Doe, Ann <ann@example.com>', 'jo@example.com'],
      bcc: ['boss@example.com'],
    });
    const got = await left('to all of you');
    assert.deepEqual(got.to.split(', ').sort(), ['ann@example.com', 'boss@example.com', 'jo@example.com', 'mia@example.com']);
    assert.match(got.headers?.['to'] ?? '', /mia@example\.com.*jo@example\.com/);
    assert.match(got.headers?.['cc'] ?? '', /ann@example\.com/);
    assert.doesNotMatch(JSON.stringify(got.headers), /boss/);
    const { to, cc, bcc } = payloadOf(await agent.call('entry.get', { id: entry.id }));
    assert.deepEqual([to, cc, bcc], [['mia@example.com', 'Jo <jo@example.com>'], ['Doe, Ann <ann@example.com>'], ['boss@example.com']]);
  });

  it('are refused by name: what is no address, what is ours, too many, and on a channel without copies', async () => {
    const eva = await asked('eva');
    const refused = (more: object, field: string, code: string) =>
      assert.rejects(send(eva, eva.way(help), 'never', more), (error: CallError) => {
        assert.deepEqual([error.field, error.reason], [field, code]);
        return true;
      });
    await refused({ cc: ['jo@example.com', 'ann'] }, 'cc[1]', 'no_mail_address');
    await refused({ bcc: ['a@example.com\r\nBcc: b@example.com'] }, 'bcc[0]', 'control_character');
    await refused({ to: ['Sales <SALES+desk@shop.example>'] }, 'to[0]', 'address_is_ours');
    await refused({ to: ['verkauf@shop.example'] }, 'to[0]', 'address_is_ours');
    await refused({ cc: Array.from({ length: 50 }, (_, i) => `p${i}@example.com`) }, 'cc', 'too_many_people');
    await refused({ answers: randomUUID() }, 'answers', 'no_entry');
    await refused({ answers: randomUUID(), new_conversation: true }, 'answers', 'answers_no_mail');
    const line = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la', api_url: sink.lineUrl });
    await deliver(lineRequest({ url: line.url, channelSecret: 'ls' }, [lineTextEvent('U-copies', 'hello from line')]));
    const row = (await agent.call('conversation.list', { view: 'open' })).conversations.find((one) => one.preview === 'hello from line');
    const [way] = (await agent.call('customer.reach', { customer_id: row!.customer_id })).ways;
    await assert.rejects(send({ customer: row!.customer_id }, way!, 'never', { cc: ['ann@example.com'] }), /LINE takes 0 people|takes 0/i);
    assert.equal(sink.messages.filter((one) => one.text.includes('never')).length, 0);
  });

  it('are sent once, whatever the client repeats', async () => {
    const rae = await asked('rae');
    const client_id = randomUUID();
    const params = {
      customer_id: rae.customer,
      identity_id: rae.way(help).identity_id ?? '',
      channel_id: help.id,
      client_id,
      text: 'once',
      cc: ['ann@example.com'],
    };
    const again = (more = {}) => agent.call('message.send', { ...params, ...more });
    const first = await again();
    assert.equal((await again()).id, first.id);
    await mailArrives(help, 'From: rae@example.com\r\nMessage-ID: <q2-rae@example.com>\r\nSubject: Another thing\r\n\r\nAnd another thing');
    assert.equal((await again()).id, first.id, 'though another mail would be answered now');
    for (const more of [
      { cc: [] },
      { cc: ['ann@example.com', 'bob@example.com'] },
      { bcc: ['bob@example.com'] },
      { subject: 'Other' },
      { channel_id: sales.id },
      { send_at: new Date(Date.now() + 3_600_000).toISOString() },
    ])
      await assert.rejects(again(more), /used before, for something else/, JSON.stringify(more));
  });

  it('stay in the thread when they leave by another of our addresses, under its subject', async () => {
    const leo = await asked('leo', 'References: <a@example.com> <b@example.com>\r\nIn-Reply-To: <b@example.com>\r\n');
    await send(leo, leo.way(sales), 'from the other address');
    const got = await left('from the other address');
    assert.equal(got.subject, 'Re: Kettle of leo');
    assert.equal(got.headers?.['in-reply-to'], '<q-leo@example.com>');
    assert.equal(got.headers?.['references'], '<a@example.com> <b@example.com> <q-leo@example.com>');
    assert.match(got.headers?.['from'] ?? '', /sales@shop\.example/);
    assert.doesNotMatch(JSON.stringify(got), /Secret name/);
  });

  it('answer the mail that the agent names, and no newer one', async () => {
    const ida = await asked('ida');
    const { entries } = await agent.call('timeline.page', { customer_id: ida.customer });
    await mailArrives(help, 'From: ida@example.com\r\nMessage-ID: <q2-ida@example.com>\r\nSubject: Another thing\r\n\r\nAnd another thing');
    const first = await send(ida, ida.way(help), 'about the first', { answers: entries[0]!.id });
    const got = await left('about the first');
    assert.deepEqual([got.subject, got.headers?.['in-reply-to']], ['Re: Kettle of ida', '<q-ida@example.com>']);
    await send(ida, ida.way(help), 'about the newest');
    assert.equal((await left('about the newest')).headers?.['in-reply-to'], '<q2-ida@example.com>');
    await send(ida, ida.way(help), 'once more on the first', { answers: first.id });
    const more = await left('once more on the first');
    assert.equal(more.headers?.['in-reply-to'], first.external_id);
    assert.equal(more.headers?.['references'], `<q-ida@example.com> ${first.external_id}`);
    await assert.rejects(send(await asked('otto'), ida.way(help), 'not theirs', { answers: first.id }), /cannot be reached|no such entry/);
  });

  it('count when a colleague writes them elsewhere: nobody waits any more', async () => {
    const lea = await asked('lea');
    const conversation = async () => (await agent.call('conversation.list', { view: 'open' })).conversations.find((one) => one.customer_id === lea.customer);
    assert.ok((await conversation())?.waiting_since);
    const mine = (proof: string): string =>
      `${proof}From: Ada <help@shop.example>\r\nTo: lea@example.com\r\nMessage-ID: <outlook-${proof.length}@shop.example>\r\nSubject: Re: Kettle of lea\r\n\r\nBy telephone`;
    await mailArrives(help, mine(''));
    assert.ok((await conversation())?.waiting_since, 'anybody may write our address into From');
    await mailArrives(help, mine('Authentication-Results: mx.shop.example; dmarc=pass header.from=shop.example\r\n'));
    assert.equal((await conversation())?.waiting_since, null);
    const { entries } = await agent.call('timeline.page', { customer_id: lea.customer });
    assert.deepEqual([entries[0]?.direction, entries[0]?.author_name, entries[0]?.text], ['out', 'Ada', 'By telephone']);
  });

  it('have the signature of their channel below them, which the agent sees before', async () => {
    await server.api('channel.update', { id: sales.id, settings: { signature: 'Yours, {agent_name}' } });
    const zoe = await asked('zoe');
    await waitFor('the signature is known', async () =>
      (await agent.call('customer.reach', { customer_id: zoe.customer })).ways.some((one) => one.senders[0]?.signature === 'Yours, Ada'),
    );
    const entry = await send(zoe, zoe.way(sales), 'with a signature');
    assert.match((await left('with a signature')).text, /with a signature\s+-- \r?\nYours, Ada/);
    assert.equal((await agent.call('entry.get', { id: entry.id })).text, 'with a signature');
  });

  it('are answered by those who have them in their own name, who say in whose thread; two answers to one newsletter are two conversations', async () => {
    const max = await asked('max');
    const entry = await send(max, max.way(help), 'a word to you both', { cc: ['ben@example.com'] });
    const ours = (await left('a word to you both')).headers?.['message-id'] ?? '';
    await mailArrives(
      help,
      `From: Ben <ben@example.com>\r\nTo: help@shop.example\r\nMessage-ID: <ben@example.com>\r\nIn-Reply-To: ${ours}\r\nSubject: Re: Kettle of max\r\n\r\nI agree with Max`,
    );
    const of = async (name: string) => {
      const { hits } = await server.api('customer.search', { query: `${name}@example.com` });
      return (await server.api('timeline.page', { customer_id: hits[0]!.id })).entries.find((one) => one.direction === 'in')!;
    };
    const [ben, own] = [await of('ben'), await of('max')];
    assert.equal(ben.text, 'I agree with Max');
    assert.deepEqual(payloadOf(ben)['thread'], { entry_id: entry.id, customer_id: max.customer });
    assert.notEqual(ben.conversation_id, own.conversation_id);
    await mailArrives(
      help,
      `From: max@example.com\r\nMessage-ID: <max-2@example.com>\r\nReferences: <ben@example.com> ${ours}\r\nSubject: Re: Kettle of max\r\n\r\nThank you`,
    );
    assert.equal(payloadOf(await of('max'))['thread'] ?? null, null, 'it is his own thread');
    for (const name of ['ann', 'bea'])
      await mailArrives(
        help,
        `From: ${name}@example.com\r\nMessage-ID: <news-${name}@example.com>\r\nIn-Reply-To: <newsletter@shop.example>\r\nSubject: Re: News\r\n\r\nTell me more, ${name}`,
      );
    assert.notEqual((await of('ann')).conversation_id, (await of('bea')).conversation_id);
  });

  it('tell nothing of a mail to those who may not read its channel', async () => {
    const kai = await asked('kai', '', closed);
    await send(kai, kai.way(help), 'by the open door');
    const got = await left('by the open door');
    assert.equal(got.subject, 'Shop');
    assert.equal(got.headers?.['in-reply-to'], undefined);
  });

  it('are remarked at the answer when one of them comes back, and the person stays reachable', async () => {
    const tom = await asked('tom');
    const entry = await send(tom, tom.way(help), 'with a copy that bounces', { cc: ['gone@example.com'] });
    await left('with a copy that bounces');
    await waitFor('it is sent', async () => (await agent.call('entry.get', { id: entry.id })).delivery === 'sent', 30_000);
    const full = await agent.call('entry.get', { id: entry.id });
    const report = (address: string, action = 'failed', id = ''): string =>
      [
        'Return-Path: <>',
        'From: MAILER-DAEMON@mx.example',
        `Message-ID: <r-${address}-${action}${id}>`,
        'Subject: Undelivered',
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'Sorry.',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.example',
        '',
        `Final-Recipient: rfc822; ${address}`,
        `Action: ${action}`,
        'Status: 5.1.1',
        'Diagnostic-Code: smtp; 550 no such user',
        '',
        '--b',
        'Content-Type: text/rfc822-headers',
        '',
        `Message-ID: ${full.external_id}`,
        '',
        '--b--',
        '',
      ].join('\r\n');
    await mailArrives(help, report('gone@example.com'));
    const after = await agent.call('entry.get', { id: entry.id });
    assert.equal(after.delivery, 'sent');
    assert.match(JSON.stringify(after.delivery_error), /gone@example\.com/);
    await mailArrives(help, report('sent.on@elsewhere.example'));
    assert.equal((await agent.call('entry.get', { id: entry.id })).delivery, 'sent', 'where a copy was sent on to says nothing of the person');
    const [open] = (await agent.call('customer.reach', { customer_id: tom.customer })).ways.filter((one) => one.channel_id === help.id);
    assert.equal(open?.usable, true);
    await mailArrives(help, report('tom@example.com', 'delivered'));
    assert.equal((await agent.call('entry.get', { id: entry.id })).delivery, 'delivered');
    await mailArrives(help, report('tom@example.com'));
    await mailArrives(help, report('tom@example.com', 'delivered', 'again'));
    assert.equal((await agent.call('entry.get', { id: entry.id })).delivery, 'failed', 'a relay had it, and whoever is behind it has not');
    const [shut] = (await agent.call('customer.reach', { customer_id: tom.customer })).ways.filter((one) => one.channel_id === help.id);
    assert.equal(shut?.closed, 'bounced');
  });

  it('of mails that are attached are read by those who may read the mail they came with', async () => {
    const inner = 'From: Boss <boss@example.com>\r\nSubject: Inner\r\nMessage-ID: <inner@example.com>\r\n\r\nInner words';
    const outer = (name: string): string =>
      `From: ${name}@example.com\r\nMessage-ID: <outer-${name}@example.com>\r\nSubject: Outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nOuter of ${name}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n${inner} of ${name}\r\n--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment\r\n\r\na,${name}\r\n--b--\r\n`;
    await mailArrives(help, outer('una'));
    await mailArrives(closed, outer('vera'));
    const read = async (name: string) => {
      const { hits } = await server.api('customer.search', { query: `${name}@example.com` });
      const { entries } = await server.api('timeline.page', { customer_id: hits[0]!.id });
      return entries[0]!;
    };
    const [una, vera] = [await read('una'), await read('vera')];
    const [eml, csv] = una.attachments!;
    const opened = await agent.call('entry.open_mail', { id: una.id, sha256: eml!.sha256! });
    assert.deepEqual([opened.author_name, opened.subject, opened.text], ['Boss', 'Inner', 'Inner words of una']);
    await assert.rejects(agent.call('entry.open_mail', { id: una.id, sha256: csv!.sha256! }), /no mail/);
    await assert.rejects(agent.call('entry.open_mail', { id: una.id, sha256: '00'.repeat(32) }), /no such file/);
    await assert.rejects(agent.call('entry.open_mail', { id: vera.id, sha256: vera.attachments![0]!.sha256! }), /no such file/);
    await assert.rejects(agent.call('entry.open_mail', { id: una.id, sha256: vera.attachments![0]!.sha256! }), /no such file/);
    assert.equal((await server.api('entry.open_mail', { id: vera.id, sha256: vera.attachments![0]!.sha256! })).text, 'Inner words of vera');
  });
});
