// Files and a virus scanner: nobody gets one before it was looked at, nobody gets a virus, and no message waits for it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, type LineHook, lineRequest, lineTextEvent, lineUserId } from '../../agent-web/play/providers.ts';
import type { Attachment, Entry } from '../../agent-web/protocol/src/generated.ts';
import { Clamd, clamdMissing, EICAR, PlayedClamd } from './clamd.ts';
import { mailArrives, type MailChannel, mailChannel } from './desk.ts';
import { type ApiError, endAll, freePort, randomUUID, Server, type Socket, waitFor } from './harness.ts';
import { give, Host, PICTURE } from './host.ts';

const sha = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

describe('files and a virus scanner', () => {
  let server: Server;
  let clamd: PlayedClamd;
  let sink: CatchAll;
  let host: Host;
  let mail: MailChannel;
  let line: LineHook & { id: string };
  let agent: Socket;
  let agentCookie: string;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    clamd = new PlayedClamd();
    ends.push(() => clamd.end());
    await clamd.listen();
    sink = await startCatchAll();
    ends.push(() => sink.close());
    host = await Host.start(ends);
    server = await Server.start((fn) => ends.push(fn), { config: { storage: { scanner: clamd.path } } });
    mail = await mailChannel(server, 'Support', { address: 'help@shop.example', smtp_url: sink.smtpUrl });
    const lined = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'line-token', api_url: host.url });
    line = { id: lined.id, url: lined.url, channelSecret: 'ls' };
    agentCookie = (await server.newAgent('Eva')).cookie;
    agent = await server.agent(agentCookie);
  });
  after(async () => {
    agent.close();
    await endAll(ends.reverse());
  });

  afterEach(() => {
    clamd.release();
  });

  let serial = 0;
  /** A mail with a file; its entry once it is there. */
  async function mailed(content: string, from = `m${++serial}@example.com`): Promise<{ read: () => Promise<Entry>; customer: string }> {
    const id = `<${++serial}@example.com>`;
    const raw = [
      `From: ${from}`,
      `Message-ID: ${id}`,
      'Subject: With a file',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'See the file.',
      '--b',
      'Content-Type: application/octet-stream; name=thing.bin',
      'Content-Disposition: attachment; filename=thing.bin',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(content).toString('base64'),
      '--b--',
      '',
    ].join('\r\n');
    await mailArrives(mail, raw);
    const read = (): Promise<Entry> => server.api('entry.get', { channel_id: mail.id, external_id: id });
    const conversation = await server.api('conversation.get', { id: (await read()).conversation_id ?? '' });
    return { read, customer: conversation.customer_id };
  }

  const fileOf = (entry: Entry): Attachment => {
    const file = entry.attachments?.[0] as Attachment | undefined;
    assert.ok(file);
    return file;
  };
  const becomes = (read: () => Promise<Entry>, scan: string | undefined): Promise<Attachment> =>
    waitFor(`the file is ${scan ?? 'clean'}`, async () => {
      const file = fileOf(await read());
      return (file.scan ?? undefined) === scan ? file : null;
    });
  async function got(
    path: string,
    headers: Record<string, string> = { authorization: `Bearer ${server.token}` },
  ): Promise<{ status: number; reason: string | null; response: Response; text: string }> {
    const response = await fetch(`${server.url}${path}`, { headers });
    const text = await response.text();
    const reason = response.ok ? null : ((JSON.parse(text) as { error: { data: { reason: string } } }).error.data.reason ?? null);
    return { status: response.status, reason, response, text };
  }

  it('an entry is there at once; its file waits, is given to nobody, and then to everybody', async () => {
    clamd.hold();
    const content = 'a clean thing';
    const { read, customer } = await mailed(content);
    assert.equal(fileOf(await read()).scan, 'waiting');
    await agent.call('timeline.watch', { customer_id: customer });
    const refused = await got(`/attachments/${sha(content)}`);
    assert.deepEqual([refused.status, refused.reason], [403, 'file_unscanned']);
    assert.equal((await got(`/attachments/${sha(content)}`, { cookie: agentCookie })).status, 403);
    const version = (await read()).version;
    clamd.release();
    await becomes(read, undefined);
    assert.ok((await read()).version > version, 'a version higher');
    await waitFor('the screen has learned of it', () =>
      agent.pushed('entry').some(({ entry }) => entry.attachments !== null && fileOf(entry).sha256 === sha(content) && (fileOf(entry).scan ?? null) === null),
    );
    assert.equal((await got(`/attachments/${sha(content)}`)).text, content);
  });

  it('what was looked at once is not looked at again, whoever brings it', async () => {
    const content = 'sent by many';
    const first = await mailed(content);
    await becomes(first.read, undefined);
    const second = await mailed(content);
    assert.equal(fileOf(await second.read()).scan ?? null, null, 'known at once');
    await server.upload('again.bin', content);
    assert.equal((await got(`/attachments/${sha(content)}`)).status, 200);
    assert.equal(clamd.looked.filter((one) => one.toString() === content).length, 1);
  });

  it('a virus is said by name, and given to an administrator alone, who insists, as bytes, with a line in the audit', async () => {
    const content = `${EICAR}\r\n`;
    const { read } = await mailed(content);
    const file = await becomes(read, 'infected');
    assert.equal(file.found, 'Eicar-Test-Signature');
    for (const headers of [{ authorization: `Bearer ${server.token}` }, { cookie: agentCookie }] as Record<string, string>[]) {
      const refused = await got(`/attachments/${sha(content)}?type=text/plain`, headers);
      assert.deepEqual([refused.status, refused.reason], [403, 'file_infected']);
    }
    const refused = await got(`/attachments/${sha(content)}?infected=yes`, { cookie: agentCookie });
    assert.deepEqual([refused.status, refused.reason], [403, 'role_missing']);
    const insisted = await got(`/attachments/${sha(content)}?infected=yes&type=text/plain&name=thing.txt`);
    assert.deepEqual([insisted.status, insisted.text], [200, content]);
    const { headers } = insisted.response;
    assert.equal(headers.get('content-type'), 'application/octet-stream');
    assert.match(headers.get('content-disposition') ?? '', /^attachment;/);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.match(server.log, /event=infected_read .*Eicar-Test-Signature/);
    assert.ok((await server.metric('files_infected_total')) >= 1);
    const known = await mailed(content);
    assert.deepEqual([fileOf(await known.read()).scan, fileOf(await known.read()).found], ['infected', 'Eicar-Test-Signature'], 'the next one at once');
  });

  it('what an agent brings is not sent when it holds a virus, and else when it was looked at', async () => {
    const { customer } = await mailed('from somebody to answer');
    const way = (await server.api('customer.reach', { customer_id: customer })).ways.find((one) => one.best);
    const send = async (content: string, text: string): Promise<Entry> => {
      const file = await server.upload('out.txt', content, { cookie: agentCookie });
      return agent.call('message.send', {
        customer_id: customer,
        identity_id: way?.identity_id ?? '',
        channel_id: mail.id,
        client_id: randomUUID(),
        text,
        attachments: [{ upload: file.upload, name: 'out.txt', type: 'text/plain' }],
      });
    };
    const bad = await server.upload('bad.txt', `bad ${EICAR}`, { cookie: agentCookie });
    await waitFor('it was looked at', () => clamd.looked.some((one) => one.toString() === `bad ${EICAR}`));
    await waitFor('that is written down', () => server.sql(`SELECT state FROM file_scan WHERE sha256 = '${bad.sha256}'`).trim() === '2');
    await assert.rejects(send(`bad ${EICAR}`, 'infected'), (error: ApiError) => error.reason === 'file_infected' && error.field === 'attachments');

    clamd.hold();
    const entry = await send('held back for a while', 'good');
    assert.equal(fileOf(entry).scan, 'waiting');
    await waitFor('its courier waits for the scanner', async () =>
      /unscanned/.test(JSON.stringify((await agent.call('entry.get', { id: entry.id })).delivery_error)),
    );
    assert.equal(sink.messages.filter((one) => one.text.includes('good')).length, 0);
    clamd.release();
    await waitFor('it has left', async () => (await agent.call('entry.get', { id: entry.id })).delivery === 'sent', 30_000);

    clamd.hold();
    const worse = await send(`worse ${EICAR}`, 'worse');
    clamd.release();
    await waitFor('it is not sent', async () => (await agent.call('entry.get', { id: worse.id })).delivery === 'failed', 30_000);
    assert.match(JSON.stringify((await agent.call('entry.get', { id: worse.id })).delivery_error), /file_infected/);
    assert.equal(sink.messages.filter((one) => one.text.includes('worse')).length, 0);
  });

  it("a visitor's file, and one that a provider keeps", async () => {
    const chat = await server.channel('chat', 'Site');
    const visitor = await server.visitor();
    const { token } = await visitor.call('chat.hello', { channel_id: chat.id, token: null, page_url: 'http://shop.example/' } as never);
    const content = `from a visitor ${EICAR}`;
    const brought = await fetch(`${server.url}/chat/attachments?channel=${chat.id}&name=x.txt`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'x-visitor-token': token },
      body: content,
    });
    const { upload } = (await brought.json()) as { upload: string };
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'see', attachments: [{ upload, name: 'x.txt', type: 'text/plain' }] });
    await waitFor('the visitor is told', () =>
      visitor.pushed('chat.message').some((one) => (one.attachments as Attachment[] | null)?.[0]?.scan === 'infected'),
    );
    const refused = await got(`/chat/attachments/${sha(content)}?channel=${chat.id}`, { 'x-visitor-token': token });
    assert.deepEqual([refused.status, refused.reason], [403, 'file_infected']);
    const insisted = await got(`/chat/attachments/${sha(content)}?channel=${chat.id}&infected=yes`, { 'x-visitor-token': token });
    assert.deepEqual([insisted.status, insisted.reason], [403, 'role_missing']);
    visitor.close();

    host.at.set('/v2/bot/message/901/content', give(PICTURE));
    const event = {
      type: 'message',
      mode: 'active',
      timestamp: Date.now(),
      source: { type: 'user', userId: lineUserId() },
      webhookEventId: randomUUID(),
      replyToken: 'r',
      deliveryContext: { isRedelivery: false },
      message: { id: '901', type: 'image', quoteToken: 'q', contentProvider: { type: 'line' } },
    };
    assert.equal((await deliver(lineRequest(line, [event]))).status, 200);
    const read = (): Promise<Entry> => server.api('entry.get', { channel_id: line.id, external_id: '901' });
    await waitFor('it is here, and clean', async () => {
      const file = fileOf(await read());
      return !file.fetch && !file.scan && file.sha256 === sha(PICTURE);
    });
    assert.ok(clamd.looked.some((one) => one.equals(PICTURE)));
  });

  it('what is larger than it takes is said, and only saved, never shown', async () => {
    clamd.streamMax = 200_000;
    const content = 'x'.repeat(900_000);
    const { read } = await mailed(content);
    await becomes(read, 'too_large');
    const { response, status } = await got(`/attachments/${sha(content)}?type=text/plain`);
    assert.deepEqual([status, response.headers.get('content-type')], [200, 'application/octet-stream']);
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment;/);
    clamd.streamMax = 1_000_000;
  });

  it('while it is away files wait, that is said, and they are looked at when it is back, after whatever', async () => {
    await clamd.leave();
    const { read } = await mailed('nobody looks');
    assert.equal(fileOf(await read()).scan, 'waiting');
    await waitFor('the alarm', async () => (await server.metric('scanner_away_seconds')) > 0);
    const said = await agent.call('file.scanner', {});
    assert.ok(said.configured && (said.waiting ?? 0) >= 1 && Date.parse(said.waiting_since ?? '') > Date.now() - 60_000);
    assert.equal((await got(`/attachments/${sha('nobody looks')}`)).reason, 'file_unscanned');

    clamd.says = "stream: Can't allocate memory ERROR";
    await clamd.listen();
    await waitFor('it was asked', () => clamd.looked.some((one) => one.toString() === 'nobody looks'));
    assert.equal(fileOf(await read()).scan, 'waiting', 'what it does not understand is no verdict');
    await server.stop('SIGKILL');
    clamd.says = null;
    await server.serve();
    await becomes(read, undefined);
    await waitFor('the alarm is over', async () => (await server.metric('scanner_away_seconds')) === 0);
    assert.equal((await server.api('file.scanner', {})).waiting, 0);
    agent.close();
    agent = await server.agent(agentCookie);
  });

  it('is asked again on demand: what it says then every entry says, and until then what it said before', async () => {
    const content = 'known as bad only tomorrow';
    const entries = [await mailed(content), await mailed(content)];
    for (const { read } of entries) await becomes(read, undefined);
    clamd.says = 'stream: Fresh-Signature FOUND';
    const entry = await entries[0]?.read();
    await agent.call('file.scan', { entry_id: entry?.id ?? '', sha256: sha(content) });
    for (const { read } of entries) assert.equal((await becomes(read, 'infected')).found, 'Fresh-Signature');
    clamd.says = null;
    assert.equal((await got(`/attachments/${sha(content)}`)).reason, 'file_infected');
    await agent.call('file.scan', { entry_id: entry?.id ?? '', sha256: sha(content) });
    for (const { read } of entries) await becomes(read, undefined);
    assert.equal((await got(`/attachments/${sha(content)}`)).status, 200);
    await assert.rejects(agent.call('file.scan', { entry_id: entry?.id ?? '', sha256: sha('x') }), (error: ApiError) => error.reason === 'no_file');
  });

  it('a mail that is attached is opened only when it is clean; an export leaves the virus out', async () => {
    const inner = `From: a@example.com\r\nSubject: In it\r\n\r\n${EICAR}`;
    const file = await server.upload('in.eml', inner, { cookie: agentCookie }, 'message/rfc822');
    const { customer } = await mailed('for a note');
    const note = await agent.call('note.add', {
      customer_id: customer,
      client_id: randomUUID(),
      text: 'a mail',
      attachments: [{ upload: file.upload, name: 'in.eml', type: 'message/rfc822' }],
    });
    await becomes(() => server.api('entry.get', { id: note.id }), 'infected');
    await assert.rejects(agent.call('entry.open_mail', { id: note.id, sha256: file.sha256 }), (error: ApiError) => error.reason === 'file_infected');
  });

  it('an export holds no mail whole with a virus in it, and nothing that waits; its page says so', async () => {
    const from = 'exported@example.com';
    const names = async (customer: string): Promise<{ list: string; page: string; files: unknown }> => {
      const { id } = await server.api('privacy.export', { customer_id: customer } as never);
      const task = await waitFor('the export', async () => {
        const one = await server.api('task.get', { id });
        return one.state === 'done' ? one : null;
      });
      const archive = await waitFor('the archive was looked at', async () => {
        const one = await fetch(`${server.url}/attachments/${(task.result as unknown as { sha256: string }).sha256}`, {
          headers: { authorization: `Bearer ${server.token}` },
        });
        return one.ok ? one : null;
      });
      const zip = join(server.folder, `${id}.zip`);
      writeFileSync(zip, Buffer.from(await archive.arrayBuffer()));
      const inside = (name: string): string => execFileSync('unzip', ['-p', zip, name], { encoding: 'utf8' });
      const timeline = JSON.parse(inside('timeline.json')) as { files: { name: string; kept_back: string | null; path: string | null }[] }[];
      return {
        list: execFileSync('unzip', ['-Z1', zip], { encoding: 'utf8' }),
        page: inside('timeline.html'),
        files: timeline.flatMap(({ files }) => files.map(({ kept_back, path }) => [kept_back ?? null, (path ?? null) === null])),
      };
    };
    const bad = await mailed(`in an export ${EICAR}`, from);
    await becomes(bad.read, 'infected');
    const infected = await names(bad.customer);
    assert.doesNotMatch(infected.list, /mails\/|attachments\/./);
    assert.match(infected.page, /holds a virus, so not here[^]*The mail as it came/);
    assert.deepEqual(infected.files, [['infected', true]]);
    const content = 'in an export, not looked at yet';
    const waits = await mailed(content, 'exported2@example.com');
    await becomes(waits.read, undefined);
    const state = (now: number): string => server.sql(`UPDATE file_scan SET state = ${now} WHERE sha256 = '${sha(content)}'`);
    state(1);
    const waiting = await names(waits.customer);
    assert.doesNotMatch(waiting.list, /mails\/|attachments\/./);
    assert.match(waiting.page, /not checked for viruses yet/);
    state(0);
    const clean = await names(waits.customer);
    assert.match(clean.list, /attachments\/.*thing\.bin/);
    assert.match(clean.list, /mails\/.*\.eml/);
    assert.deepEqual(clean.files, [[null, false]]);
  });

  it('what it cannot look at, however often, was not checked; it is not away for that', async () => {
    clamd.says = "stream: Can't parse ERROR";
    const { read } = await mailed('a knot of archives');
    await waitFor(
      'it is asked the fifth time',
      async () => {
        server.sql(`UPDATE due SET at = 1 WHERE what = 11 AND holder = 0`);
        return (await fileOf(await read())).scan === 'too_large';
      },
      60_000,
    );
    assert.equal(clamd.looked.filter((one) => one.toString() === 'a knot of archives').length, 5);
    assert.equal(await server.metric('scanner_away_seconds'), 0);
    assert.equal((await got(`/attachments/${sha('a knot of archives')}`)).status, 200);
    clamd.says = null;
  });

  it('who insists on a file that is clean gets it like anybody', async () => {
    const { read } = await mailed('nothing in it');
    await becomes(read, undefined);
    const before = server.log.match(/event=infected_read/g)?.length ?? 0;
    assert.equal((await got(`/attachments/${sha('nothing in it')}?infected=yes`, { cookie: agentCookie })).status, 200);
    assert.equal((await got(`/attachments/${sha('nothing in it')}?infected=yes`)).status, 200);
    assert.equal(server.log.match(/event=infected_read/g)?.length ?? 0, before);
  });

  it('forgets what it has said with the content', async () => {
    const content = 'to be erased';
    const { read } = await mailed(content);
    await becomes(read, undefined);
    await server.api('privacy.erase_entry', { entry_id: (await read()).id, reason: 'test' });
    await waitFor('it is gone', () => server.sql(`SELECT COUNT(*) FROM file_scan WHERE sha256 = '${sha(content)}'`).trim() === '0', 60_000);
  });
});

describe('files without a virus scanner, and with one later', () => {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    await endAll(ends.reverse());
  });

  it('are given out; and looked at when somebody wants them once there is one, by TCP too', async () => {
    const server = await Server.start((fn) => ends.push(fn));
    const { sha256 } = await server.upload('old.txt', 'brought before');
    const bad = await server.upload('old-bad.txt', EICAR);
    const status = async (hex: string): Promise<number> =>
      (await fetch(`${server.url}/attachments/${hex}`, { headers: { authorization: `Bearer ${server.token}` } })).status;
    assert.equal(await status(sha256), 200);
    assert.equal((await server.api('file.scanner', {})).configured, false);
    await server.stop();
    const clamd = new PlayedClamd();
    ends.push(() => clamd.end());
    const port = await clamd.listen(await freePort());
    server.configure('storage', 'scanner', `localhost:${port}`);
    await server.serve();
    assert.equal(await status(sha256), 403);
    assert.equal(await status(bad.sha256), 403);
    await waitFor('it was looked at', async () => (await status(sha256)) === 200);
    await waitFor('the other too', () => clamd.looked.length === 2);
    assert.equal(await status(bad.sha256), 403);
    await server.stop();
    server.configure('storage', 'scanner', '');
    await server.serve();
    assert.equal(await status(bad.sha256), 403, 'what was found stays found');
    assert.throws(() => {
      server.configure('storage', 'scanner', 'nowhere');
      server.run(['channel', 'list']);
    }, /scanner/);
    server.configure('storage', 'scanner', '');
  });
});

describe('a virus scanner that is switched off', () => {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    await endAll(ends.reverse());
  });

  it('leaves nothing that waits for it: no file, no alarm, nothing that is late; and looks when it is back', async () => {
    const clamd = new PlayedClamd();
    ends.push(() => clamd.end());
    const server = await Server.start((fn) => ends.push(fn), { config: { storage: { scanner: clamd.path } } });
    const line = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' });
    assert.equal((await deliver(lineRequest({ url: line.url, channelSecret: 'ls' }, [lineTextEvent('U1', 'hello')]))).status, 200);
    const customer = (await server.api('conversation.list', { view: 'open' })).conversations[0]?.customer_id ?? '';
    const { cookie } = await server.newAgent('Eva');
    const agent = await server.agent(cookie);
    const { upload, sha256 } = await server.upload('x.txt', 'never looked at', { cookie });
    const note = await agent.call('note.add', { customer_id: customer, client_id: randomUUID(), text: 'x', attachments: [{ upload, name: 'x.txt' }] });
    const said = async (): Promise<string | null> => ((await server.api('entry.get', { id: note.id })).attachments?.[0] as Attachment).scan ?? null;
    assert.equal(await said(), 'waiting');
    agent.close();
    await server.stop();
    server.configure('storage', 'scanner', '');
    await server.serve();
    const { configured, waiting, waiting_since } = await server.api('file.scanner', {});
    assert.deepEqual([configured, waiting, waiting_since ?? null], [false, 0, null]);
    server.sql('UPDATE due SET at = 1 WHERE what = 11 AND holder = 0');
    await waitFor('the entry says nothing of it', async () => (await said()) === null, 30_000);
    await waitFor('nothing is left to do', () => server.sql('SELECT COUNT(*) FROM due WHERE what = 11').trim() === '0');
    await server.stop();
    await clamd.listen();
    server.configure('storage', 'scanner', clamd.path);
    await server.serve();
    const status = async (): Promise<number> =>
      (await fetch(`${server.url}/attachments/${sha256}`, { headers: { authorization: `Bearer ${server.token}` } })).status;
    assert.equal(await status(), 403);
    await waitFor('it was looked at', async () => (await status()) === 200);
  });
});

describe('the real clamd', { skip: clamdMissing }, () => {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    await endAll(ends.reverse());
  });

  it('is understood: what is clean, what it finds, and what is too large for it', async () => {
    const clamd = await Clamd.start(ends);
    const server = await Server.start((fn) => ends.push(fn), { config: { storage: { scanner: clamd.path } } });
    const line = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' });
    assert.equal((await deliver(lineRequest({ url: line.url, channelSecret: 'ls' }, [lineTextEvent('U1', 'hello')]))).status, 200);
    const customer = (await server.api('conversation.list', { view: 'open' })).conversations[0]?.customer_id ?? '';
    const agent = await server.agent();
    const cookie = await server.login();
    for (const [content, scan, found] of [
      ['a clean thing', undefined, undefined],
      [EICAR, 'infected', 'Throughline-Test'],
      ['large '.repeat(500_000), 'too_large', undefined],
    ] as const) {
      const { upload } = await server.upload('x', content, { cookie });
      const note = await agent.call('note.add', { customer_id: customer, client_id: randomUUID(), text: 'x', attachments: [{ upload, name: 'x' }] });
      const file = await waitFor(`it is ${scan ?? 'clean'}`, async () => {
        const one = (await server.api('entry.get', { id: note.id })).attachments?.[0] as Attachment;
        return (one.scan ?? undefined) === scan ? one : null;
      });
      assert.equal((file.found ?? undefined)?.replace(/\.UNOFFICIAL$/, ''), found);
    }
    agent.close();
  });
});
