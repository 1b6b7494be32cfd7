// One channel sends from several addresses: from the one that was written to, the one that the agent chooses, or the standard one.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import type { CallError } from '../../agent-web/protocol/src/error.ts';
import type { Entry, Way } from '../../agent-web/protocol/src/generated.ts';
import { personBy } from '../web/lib/desk.ts';
import { endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const SENDERS = 'Sales <sales@shop.example>\n{agent.first_name}, {sender.name}\n\nNews <news@shop.example>';

describe('senders', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let channel: { id: string; url: string; secrets: Record<string, string> };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    channel = await server.channel('email', 'Support', {
      address: 'help@shop.example',
      aliases: 'sales@shop.example',
      display_name: 'Shop',
      signature: 'Your {sender.name}, {customer.first_name}',
      senders: SENDERS,
      smtp_url: sink.smtpUrl,
    });
    agent = await server.agent((await server.newAgent('Ada *B* Lovelace')).cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function asked(name: string, to: string, by = channel): Promise<{ customer: string; way: Way }> {
    const mail = `From: ${name} Berg <${name}@example.com>\r\nTo: ${to}\r\nMessage-ID: <${name}@example.com>\r\nSubject: Kettle\r\n\r\nQuestion of ${name}`;
    assert.equal((await deliver(rfc822Request({ url: by.url, token: by.secrets['token'] ?? '' }, Buffer.from(mail)))).status, 200);
    const customer = await personBy(server, `${name}@example.com`);
    return { customer, way: (await agent.call('customer.reach', { customer_id: customer })).ways.find((one) => one.channel_id === by.id)! };
  }
  const send = ({ customer, way }: { customer: string; way: Way }, text: string, more = {}): Promise<Entry> =>
    agent.call('message.send', { customer_id: customer, identity_id: way.identity_id!, channel_id: way.channel_id, client_id: randomUUID(), text, ...more });
  const left = (text: string) => waitFor(`"${text}" has left`, () => sink.messages.find((one) => one.text.includes(text)), 30_000);

  it('are offered with their signatures, and the one that was written to answers', async () => {
    const mia = await asked('mia', 'Sales <sales@shop.example>');
    assert.deepEqual(
      mia.way.senders.map(({ address, name, signature }) => [address, name, signature]),
      [
        ['help@shop.example', 'Shop', 'Your Shop, mia'],
        ['sales@shop.example', 'Sales', 'Ada, Sales'],
        ['news@shop.example', 'News', 'Your News, mia'],
      ],
    );
    const entry = await send(mia, 'from sales');
    assert.deepEqual(entry.payload?.['from'], ['Sales <sales@shop.example>']);
    const got = await left('from sales');
    assert.match(got.headers?.['from'] ?? '', /Sales <sales@shop\.example>/);
    assert.match(got.text, /-- \r?\nAda, Sales/);
  });

  it('are the standard one elsewhere, or the one that is chosen, whose answers come back', async () => {
    const eva = await asked('eva', 'help@shop.example');
    const plain = await send(eva, 'from the desk');
    assert.equal(plain.payload?.['from'], undefined);
    assert.match((await left('from the desk')).headers?.['from'] ?? '', /Shop <help@shop\.example>/);
    await send(eva, 'from the news', { from: 'News <NEWS@shop.example>' });
    const got = await left('from the news');
    assert.match(got.headers?.['from'] ?? '', /news@shop\.example/);
    assert.match(got.headers?.['reply-to'] ?? '', /help@shop\.example/);
    await assert.rejects(send(eva, 'never', { from: 'board@shop.example' }), (error: CallError) => {
      assert.deepEqual([error.field, error.reason], ['from', 'no_sender']);
      return true;
    });
  });

  it('fail in words when the channel sends no more as that', async () => {
    const kai = await asked('kai', 'sales@shop.example');
    const planned = await send(kai, 'too late', { send_at: new Date(Date.now() + 3_600_000).toISOString() });
    await server.api('channel.update', { id: channel.id, settings: { senders: '' } });
    await agent.call('message.plan', { id: planned.id });
    const failed = await waitFor('it has failed', async () => {
      const now = await agent.call('entry.get', { id: planned.id });
      return now.delivery === 'failed' ? now : null;
    });
    assert.deepEqual(failed.delivery_error, [{ code: 'no_sender', params: { address: 'sales@shop.example' } }]);
  });

  it('are tried when they are saved, and a refusal says who may not send as whom', async () => {
    const said: string[] = [];
    const mails: string[] = [];
    const smtp = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      authOptional: true,
      onAuth: (auth, _session, done) => done(null, { user: auth.username }),
      onMailFrom: ({ address }, _session, done) => {
        said.push(`MAIL ${address}`);
        if (address.startsWith('board@')) return done(Object.assign(new Error('5.7.60 Send as denied'), { responseCode: 554 }));
        return done();
      },
      onRcptTo: ({ address }, _session, done) => {
        said.push(`RCPT ${address}`);
        done();
      },
      onData: (stream, _session, done) => {
        stream.on('data', (bytes) => mails.push(String(bytes)));
        stream.on('end', () => done());
      },
    });
    await new Promise<void>((done) => smtp.listen(0, '127.0.0.1', done));
    ends.push(() => new Promise<void>((done) => smtp.close(() => done())));
    const { port } = smtp.server.address() as AddressInfo;
    const made = await server.channel('email', 'Tried', {
      address: 'desk@shop.example',
      aliases: 'board@shop.example',
      senders: 'No reply <noreply@shop.example>\nBoard <board@shop.example>',
      smtp_url: `smtp://127.0.0.1:${port}`,
      smtp_user: 'desk-user',
      smtp_password: 'p',
    });
    const problem = async () => (await server.api('channel.list', {})).channels.find((one) => one.id === made.id)?.problem ?? [];
    const [found] = await waitFor('it is refused', async () => ((await problem()).length > 0 ? problem() : null));
    assert.deepEqual(found, { code: 'sender_refused', params: { sender: 'board@shop.example', user: 'desk-user', code: 554, words: '5.7.60 Send as denied' } });
    // Where no mail of a sender arrives it leaves under the channel's own address, and nobody has to have a mailbox of that name.
    const standard = ['MAIL desk@shop.example', 'RCPT desk@shop.example'];
    assert.deepEqual(said, [...standard, ...standard, 'MAIL board@shop.example']);
    assert.deepEqual(mails, []);
    const answered = await send(await asked('ida', 'desk@shop.example', made), 'by the standard one');
    await waitFor('it has left', async () => (await agent.call('entry.get', { id: answered.id })).delivery === 'sent');
    assert.equal((await problem())[0]?.code, 'sender_refused', 'what leaves by another says nothing of it');
    await server.api('channel.update', { id: made.id, settings: { senders: 'Desk <desk@shop.example>' } });
    await waitFor('it is over', async () => (await problem()).length === 0);
  });

  it('are tried no further, but again later, where nobody answers', async () => {
    let calls = 0;
    const silent = createServer((socket) => (calls++, socket.destroy()));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    ends.push(() => new Promise<void>((done) => silent.close(() => done())));
    await server.channel('email', 'Silent', {
      address: 'silent@shop.example',
      senders: SENDERS,
      smtp_url: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    });
    const later = `SELECT COUNT(*) FROM due WHERE what = 10 AND holder = 0 AND at > ${Date.now() + 600_000}`;
    await waitFor('it is put off', () => Number(server.sql(later)) === 1);
    assert.equal(calls, 1);
  });

  it('are refused by name when they cannot be saved', async () => {
    const refused = (settings: Record<string, string>, field: string, code: string) =>
      assert.rejects(server.api('channel.update', { id: channel.id, settings }), (error: CallError) => {
        assert.deepEqual([error.field, error.reason], [field, code]);
        return true;
      });
    await refused({ signature: 'Yours, {agent.nam}' }, 'signature', 'nothing_to_fill_in');
    await refused({ senders: 'sales@shop.example' }, 'senders', 'no_sender_line');
    await refused({ senders: 'Sales <sales@shop.example>\n{customer}' }, 'senders', 'nothing_to_fill_in');
  });
});
