// What leaves by mail when names, subjects, copies and files are an attack: nobody is added, no header is made, nothing hides.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { composeMail, deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import type { Entry, Way } from '../../agent-web/protocol/src/generated.ts';
import { type MailChannel, mailChannel } from './desk.ts';
import { endAll, freePort, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const EVIL = 'evil@evil.example';

describe('mail that leaves', () => {
  const ends: (() => Promise<void> | void)[] = [];
  const mails: { raw: string; mail: ParsedMail; to: string[]; from: string }[] = [];
  let server: Server;
  let agent: Socket;
  let cookie = '';
  let mail: MailChannel;

  before(async () => {
    const port = await freePort();
    const smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const raw = Buffer.concat(parts);
          simpleParser(raw, { skipImageLinks: true }).then((read) => {
            const { mailFrom, rcptTo } = session.envelope;
            mails.push({ raw: raw.toString(), mail: read, to: rcptTo.map(({ address }) => address), from: mailFrom ? mailFrom.address : '' });
            done();
          }, done);
        });
      },
    });
    smtp.on('error', () => {});
    await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', () => resolve()));
    ends.push(() => new Promise<void>((resolve) => smtp.close(() => resolve())));
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    ({ cookie } = await server.newAgent(`Eva\u202e <${EVIL}>`));
    agent = await server.agent(cookie);
    mail = await mailChannel(server, 'Mail', {
      address: 'help@shop.example',
      aliases: 'sales@shop.example',
      smtp_url: `smtp://127.0.0.1:${port}`,
      display_name: `Shop\u202e", <${EVIL}>\nBcc: ${EVIL}\n\nX-Evil: 1`,
      senders: `Sales, "Team" ${'x'.repeat(3000)} <sales@shop.example>\n{agent.name} {customer.name}\n`,
      signature: 'Yours {agent.name}, dear {customer.name}',
    });
  });
  after(() => endAll(ends.reverse()));

  let people = 0;
  async function wrote(more: Partial<Parameters<typeof composeMail>[0]> = {}, raw?: Buffer): Promise<{ customer_id: string; way: Way; address: string }> {
    const text = `question ${++people} of an attacker`,
      address = `p${people}@example.com`;
    const given = raw ? Buffer.from(raw.toString('latin1').replaceAll('@TEXT@', text).replaceAll('@ADDRESS@', address), 'latin1') : await composeMail({ from: address, fromName: 'P', to: 'help@shop.example', subject: 'Tea', ...more, text });
    assert.equal((await deliver(rfc822Request(mail, given))).status, 200);
    const row = await waitFor('the conversation', async () =>
      (await agent.call('conversation.list', { view: 'all' })).conversations.find(({ preview }) => preview?.includes(text)),
    );
    const way = (await agent.call('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.channel_id === mail.id);
    assert.ok(way);
    return { customer_id: row.customer_id, way, address };
  }
  const send = (to: { customer_id: string; way: Way }, text: string, more: Record<string, unknown> = {}): Promise<Entry> =>
    agent.call('message.send', { customer_id: to.customer_id, identity_id: to.way.identity_id ?? '', channel_id: to.way.channel_id, client_id: randomUUID(), text, ...more });
  const left = (text: string): Promise<(typeof mails)[number]> => waitFor(`the mail with ${text}`, () => mails.find((one) => one.mail.text?.includes(text)), 20_000);

  function isSound(one: (typeof mails)[number], to: string[]): void {
    const head = one.raw.slice(0, one.raw.indexOf('\r\n\r\n'));
    assert.deepEqual(one.to.toSorted(), to.toSorted(), head);
    assert.doesNotMatch(head, /^(bcc|x-evil):/im);
    assert.doesNotMatch(head, /[^\r]\n|\r[^\n]|[^\x09\x0a\x0d\x20-\x7e]/, 'ASCII, in lines');
    for (const line of head.split('\r\n')) assert.ok(line.length <= 998, `${line.length}`);
    const inHead = [...(one.mail.from?.value ?? []), ...[one.mail.to ?? [], one.mail.cc ?? []].flat().flatMap((list) => list.value)].map((each) => each.address);
    assert.ok(!inHead.includes(EVIL), head);
    assert.equal(one.mail.from?.value.length, 1, head);
    for (const name of ['from', 'to', 'subject', 'date', 'message-id']) assert.equal(head.match(new RegExp(`^${name}:`, 'gim'))?.length ?? 0, 1, `${name}\n${head}`);
  }

  it('makes no header and adds nobody, whatever people are called', async () => {
    const names = [
      `=?utf-8?q?A=0D=0ABcc:_${EVIL.replace('@', '=40')}?=`,
      `"A <${EVIL}>"`,
      `=?utf-8?b?${Buffer.from(`\u202eA\u2066, <${EVIL}>`).toString('base64')}?=`,
      `"${'x'.repeat(10_000)}"`,
      '=?utf-8?q?=00=07=1B[31m?=',
      `=?utf-8?b?${Buffer.from('名'.repeat(5000)).toString('base64')}?=`,
    ];
    for (const name of names) {
      const raw = Buffer.from(`From: ${name} <@ADDRESS@>\r\nTo: help@shop.example\r\nSubject: =?utf-8?q?Tea=0D=0AX-Evil:_1?=\r\n\r\n@TEXT@\r\n`);
      const who = await wrote({}, raw);
      const text = `answer to ${who.address}`;
      await send(who, text);
      isSound(await left(text), [who.address]);
    }
  });

  it('nor whatever an agent calls a person, a subject or a file', async () => {
    const who = await wrote();
    const upload = (await server.upload('a.txt', 'content', { cookie })).upload;
    for (const control of ['\r\n', '\n', '\r', '\0', '\u2028'])
      for (const more of [{ subject: `Tea${control}Bcc: ${EVIL}` }, { attachments: [{ upload, name: `a${control}X-Evil: 1`, type: 'text/plain' }] }])
        await send(who, `with a break ${JSON.stringify(control)}`, more).then(
          async () => isSound(await left(`with a break ${JSON.stringify(control)}`), [who.address]),
          (error: { reason?: string }) => assert.equal(error.reason, 'control_character'),
        );
    await agent.call('customer.update', { id: who.customer_id, name: `\u202eMia <${EVIL}>, ` });
    await send(who, 'named by an agent', {
      subject: `\u202eTea", <${EVIL}> ${'s'.repeat(200)}`,
      attachments: [{ upload, name: `..\\../etc/"passwd\u202efdp.exe`, type: 'text/html; charset="x"' }],
    });
    const one = await left('named by an agent');
    isSound(one, [who.address]);
    assert.doesNotMatch(one.raw, /^X-Evil/m);
    assert.equal(one.mail.attachments.length, 1);
    assert.doesNotMatch(one.mail.attachments[0]?.filename ?? '', /[\r\n\u202e/]/);
  });

  it('copies go to whom they name, once each, and never to ourselves, however that is spelled', async () => {
    const who = await wrote();
    for (const bad of [
      'help@shop.example',
      'HELP@Shop.Example',
      'help+re-00000000000000000000000000000001@shop.example',
      'Sales <SALES@SHOP.EXAMPLE>',
      '"help"@shop.example',
      `a@x.example, ${EVIL}`,
      `a@x.example>\r\nRCPT TO:<${EVIL}`,
      'a@x.example\0',
      '@x.example:a@y.example',
      'a b@x.example',
      'postmaster',
    ])
      for (const field of ['cc', 'bcc', 'to'])
        await assert.rejects(send(who, `refused ${bad}`, { [field]: [bad] }), (error: Error) => error instanceof Error, `${field} ${JSON.stringify(bad)}`);
    await send(who, 'with copies', {
      cc: [`"${EVIL}" <ann@x.example>`, 'ANN@X.example', `Bob\u202e, Bcc: x <bob@x.example>`, who.address.toUpperCase()],
      bcc: ['Ann <ann@x.example>', 'hidden@x.example'],
    });
    const one = await left('with copies');
    isSound(one, [who.address, 'ann@x.example', 'bob@x.example', 'hidden@x.example']);
    assert.doesNotMatch(one.raw, /hidden@x\.example/);
  });

  it('a sender and a signature hold what they are called, and no more', async () => {
    const who = await wrote();
    await send(who, 'by sales', { from: 'Sales@shop.example' });
    const one = await left('by sales');
    isSound(one, [who.address]);
    assert.equal(one.mail.from?.value[0]?.address, 'sales@shop.example');
    for (const from of [EVIL, `sales@shop.example\r\nBcc: ${EVIL}`, 'sales@shop.example, x@y.example', 'sales+tag@shop.example'])
      await assert.rejects(send(who, 'by nobody', { from }), (error: Error) => error instanceof Error, from);
  });

  it('a stranger who holds the token of an answer joins no conversation of the person it was for', async () => {
    const who = await wrote();
    const entry = await send(who, 'the real answer');
    await left('the real answer');
    const hex = entry.id.replaceAll('-', '');
    const heads = [
      `To: help+re-${hex}@shop.example`,
      `To: help@shop.example\r\nSubject: Re: Tea [re-${hex}]`,
      `To: help@shop.example\r\nIn-Reply-To: <${entry.id}@shop.example>\r\nReferences: <${entry.id}@shop.example>`,
      `To: help@shop.example\r\nThread-Index: ${Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0]), Buffer.from(hex, 'hex')]).toString('base64')}`,
    ];
    const before = (await agent.call('timeline.page', { customer_id: who.customer_id })).entries.length;
    for (const [i, head] of heads.entries()) {
      const raw = `From: Thief <thief${i}@evil.example>\r\nReply-To: ${who.address}\r\nSender: ${who.address}\r\n${head}\r\nMessage-ID: <t${i}@evil.example>\r\n\r\nstolen ${i}\r\n`;
      assert.equal((await deliver(rfc822Request(mail, Buffer.from(raw)))).status, 200);
      const row = await waitFor('it is in', async () => (await agent.call('conversation.list', { view: 'all' })).conversations.find(({ preview }) => preview?.includes(`stolen ${i}`)));
      assert.notEqual(row.customer_id, who.customer_id, head);
    }
    assert.equal((await agent.call('timeline.page', { customer_id: who.customer_id })).entries.length, before);
  });
});
