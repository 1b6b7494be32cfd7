// Mail is taken apart in processes of their own: whatever a stranger sends, the server lives, answers agents meanwhile, and
// loses nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest, lineTextEvent, rfc822Request } from '../../agent-web/play/providers.ts';
import { Server, SLOWNESS, type Socket, waitFor, endAll } from './harness.ts';

const FROM = 'From: a@bomb.example\r\n';

/** What nested or repeated things killed the server, or kept it busy for seconds. */
const BOMBS: Record<string, () => string> = {
  'groups in groups': () => `${FROM}Cc: ${'a:'.repeat(45_000)}${';'.repeat(45_000)}\r\n\r\nx`,
  'groups that never end': () => `${FROM}To: ${'a:'.repeat(32_000)}\r\n\r\nx`,
  'half a million headers': () => `${FROM}${'To: a\n'.repeat(500_000)}\n\nx`,
  'a million empty parts': () => `${FROM}Content-Type: multipart/mixed; boundary=B\n\n${'--B\n\n'.repeat(1_000_000)}`,
  'multiparts in multiparts': () => `${FROM}${'Content-Type: multipart/mixed; boundary=b\n\n--b\n'.repeat(50_000)}`,
  'mails in mails': () => `${FROM}${'Content-Type: message/rfc822\n\n'.repeat(100_000)}`,
  parameters: () => `${FROM}Content-Type: text/plain${'; a=b'.repeat(500_000)}\n\nx`,
  'pieces of a parameter': () => `${FROM}Content-Type: text/plain${"; name*0*=utf-8''a".repeat(100_000)}\n\nx`,
  references: () => `${FROM}References: ${'<a@b.example> '.repeat(300_000)}\n\nx`,
  'open html': () => `${FROM}Content-Type: text/html\n\n${'<style><!-- <a '.repeat(200_000)}`,
  'files of a byte': () => `${FROM}Content-Type: multipart/mixed; boundary=B\n\n${'--B\nContent-Disposition: attachment; filename=a\n\nx\n'.repeat(100_000)}--B--`,
  'uuencoded files': () => `${FROM}\n${'begin 644 a\n#86)C\n`\nend\n'.repeat(50_000)}`,
  'one header': () => `From: ${'=?utf-8?q?a?= '.repeat(500_000)}<a@bomb.example>\nSubject: ${'y'.repeat(9_000_000)}\n\nx`,
  'pictures in html': () =>
    `${FROM}Content-Type: multipart/related; boundary=B\n\n--B\nContent-Type: text/html\n\n${'<img src="cid:a1@b">'.repeat(50_000)}\n` +
    `${Array.from({ length: 490 }, (_, i) => `--B\nContent-Type: image/png\nContent-ID: <a${i}@b>\n\nx\n`).join('')}--B--`,
  'a winmail.dat of files': () => `${FROM}Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n${winmail(9000, winmail(3, 'x'))}`,
  'rtf that changes its letters': () => `${FROM}Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n${rtfMail('\\u8364?x'.repeat(20_000))}`,
  'html of entities and tables': () => `${FROM}Content-Type: text/html\n\n${'<table><tr><td colspan=99999999>&NotEqualTilde;&#x1f1e6;'.repeat(4_000)}`,
  'deep html': () => `${FROM}Content-Type: text/html\n\n${'<div><blockquote>'.repeat(200_000)}`,
};

/** An attribute of a winmail.dat: MS-OXTNEF §2.1.3. */
function attribute(level: number, id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt8(level, 0);
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(data.length, 5);
  return Buffer.concat([head, data, Buffer.alloc(2)]);
}

const SIGNED = Buffer.from([0x78, 0x9f, 0x3e, 0x22, 1, 0]);

/** So many files of the same content, in base64. */
function winmail(n: number, content: string): string {
  const file = Buffer.concat([attribute(2, 0x69002, Buffer.alloc(14)), attribute(2, 0x6800f, Buffer.from(content))]);
  return Buffer.concat([SIGNED, ...Array.from({ length: n }, () => file)]).toString('base64');
}

/** A mail that is RTF alone. */
function rtfMail(words: string): string {
  const rtf = Buffer.from(`{\\rtf1${words}}`),
    packed = Buffer.alloc(16);
  packed.writeUInt32LE(rtf.length + 12, 0);
  packed.writeUInt32LE(rtf.length, 4);
  packed.write('MELA', 8);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(1, 0);
  head.writeUInt32LE(0x10090102, 4);
  head.writeUInt32LE(1, 8);
  head.writeUInt32LE(rtf.length + 16, 12);
  return Buffer.concat([SIGNED, attribute(1, 0x69003, Buffer.concat([head, packed, rtf, Buffer.alloc(4)]))]).toString('base64');
}

/** The processes that the server has started. */
function children(server: Server): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
        return Number(parent) === server.child?.pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('parser');
      } catch {
        return false; // it has just ended
      }
    });
}

/** It has given up its rights, and waits for an input or has one. */
function atWork(pid: number): boolean {
  try {
    return /^NoNewPrivs:\s+1$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // it has just ended
  }
}

/** It waits for an input: it reads from its line. */
function waits(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/syscall`, 'utf8').startsWith('0 0x3 ');
  } catch {
    return false;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has just ended
  }
}

describe('the parser', () => {
  let server: Server;
  let agent: Socket;
  let mail: { id: string; url: string; token: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn), { env: { THROUGHLINE_SERVER_LOG_LEVEL: 'info' } });
    const channel = await server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    mail = { id: channel.id, url: channel.url, token: channel.secrets['token'] ?? '' };
    agent = await server.agent();
    await waitFor('the processes are there', () => children(server).length === 2);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function post(raw: string): Promise<number> {
    return (await deliver(rfc822Request(mail, Buffer.from(raw, 'latin1')), 60_000 * SLOWNESS)).status;
  }

  function letter(name: string): string {
    return `From: ${name}@letters.example\r\nMessage-ID: <${name}@letters.example>\r\nSubject: ${name}\r\n\r\nHello from ${name}`;
  }

  function entries(pattern: string): number {
    return Number(server.sql(`SELECT COUNT(*) FROM entry WHERE external_id LIKE '${pattern}'`));
  }

  /** Asks as a console and a load balancer do until the work is over; the longest time that an agent waited, in ms. */
  async function meanwhile(work: Promise<unknown>): Promise<number> {
    let over = false;
    let longest = 0;
    void work.finally(() => (over = true)).catch(() => {});
    while (!over) {
      const began = performance.now();
      await agent.call('conversation.list', { view: 'open' });
      longest = Math.max(longest, performance.now() - began);
      const ready = await fetch(`${server.url}/readyz`);
      assert.equal(ready.status, 200, await ready.text());
    }
    await work;
    return longest;
  }

  it('takes mail that nests and repeats without end, keeps every one of them, and answers agents meanwhile', async () => {
    const before = entries('%');
    const all = Promise.all(Object.entries(BOMBS).map(async ([name, make]) => assert.equal(await post(make()), 200, name)));
    const longest = await meanwhile(all);
    assert.ok(longest < 2000 * SLOWNESS, `an agent waited ${Math.round(longest)} ms`);
    assert.equal(entries('%') - before, Object.keys(BOMBS).length, server.log);
    assert.equal(await server.metric('parser_processes_ended_total'), 0, server.log);
    assert.equal(server.child?.exitCode, null);
  });

  it('gives its processes neither files nor the settings of the server', async () => {
    for (const pid of await waitFor('two processes', () => (children(server).length === 2 ? children(server) : null))) {
      const status = await waitFor('it has given up its rights', () => {
        const text = readFileSync(`/proc/${pid}/status`, 'utf8');
        return /^NoNewPrivs:\s+1$/m.test(text) ? text : null;
      });
      assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, 'utf8'), /THROUGHLINE_/);
      const open = readdirSync(`/proc/${pid}/fd`)
        .map(Number)
        .sort((a, b) => a - b);
      assert.deepEqual(open.slice(0, 4), [0, 1, 2, 3]);
      // Its own statm, and what a library of OpenPGP draws random numbers from.
      const others = open.slice(4).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).replace(String(pid), 'self'));
      assert.deepEqual(others.sort(), ['/dev/urandom', '/proc/self/statm']);
      const sanitized = readFileSync(`/proc/${pid}/maps`, 'utf8').includes('libasan');
      if (!sanitized) {
        assert.match(status, /^Seccomp:\s+2$/m);
        assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max open files\s+0\s+0/);
      }
    }
  });

  it('loses nothing when its processes are killed at work', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `killed${i}`);
    let over = false;
    const killer = (async () => {
      for (let killed = 0; !over && killed < 6; killed++) {
        const parsed = await server.metric('inputs_parsed_total');
        await waitFor('some more are parsed', async () => over || (await server.metric('inputs_parsed_total')) >= parsed + 5);
        for (const pid of children(server).filter(atWork).slice(0, 1)) send(pid, 'SIGKILL');
      }
    })();
    const work = (async () => {
      for (let i = 0; i < names.length; i += 4) await Promise.all(names.slice(i, i + 4).map(async (name) => assert.equal(await post(letter(name)), 200)));
    })().finally(() => (over = true));
    await Promise.all([work, killer]);
    assert.equal(entries('<killed%'), names.length);
    assert.equal(await server.metric('parser_given_up_total'), 0);
  });

  it('leaves out what only adds to a mail when its process has died of it, and never its words', async () => {
    const mail = (name: string): string =>
      `From: ${name}@letters.example\r\nMessage-ID: <${name}@letters.example>\r\nSubject: ${name}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n` +
      `--b\r\n\r\nWords of ${name}\r\n--b\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n` +
      `DTSTART:20261201T100000Z\r\nSUMMARY:Party\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--b\r\n\r\n${'and so on, '.repeat(90_000)}\r\n--b--\r\n`;
    const read = (name: string): [string, boolean] => {
      const row = server.sql(
        `SELECT text LIKE '%Words of ${name}%', JSON_VALUE(payload, '$.calendar.summary') FROM entry WHERE external_id = '<${name}@letters.example>'`,
      );
      const [words, summary] = row.trim().split('\t');
      return [words ?? '', summary === 'Party'];
    };
    assert.equal(await post(mail('whole')), 200);
    assert.deepEqual(read('whole'), ['1', true]);
    const ended = await server.metric('parser_processes_ended_total');
    const died = async (): Promise<boolean> => (await server.metric('parser_processes_ended_total')) > ended;
    let name = '';
    for (let i = 0; i < 20 && !(await died()); i++) {
      name = `plain${i}`;
      let over = false;
      const work = post(mail(name)).finally(() => (over = true));
      for (let killed = false; !over && !killed; await new Promise((resolve) => setImmediate(resolve)))
        for (const pid of children(server))
          if (!killed && atWork(pid) && !waits(pid)) {
            send(pid, 'SIGKILL');
            killed = true;
          }
      assert.equal(await work, 200);
    }
    assert.ok(await died());
    assert.deepEqual(read(name), ['1', false]);
  });

  it('does not wait for ever for a process that stands still', async () => {
    const names = Array.from({ length: 6 }, (_, i) => `still${i}`);
    const ended = await server.metric('parser_processes_ended_total');
    assert.equal(await post(letter('awake')), 200); // whoever was killed comes again with the next input
    for (const pid of await waitFor('one waits', () => (children(server).some(waits) ? children(server) : null))) send(pid, 'SIGSTOP');
    const work = Promise.all(names.map((name) => post(letter(name))));
    await meanwhile(work);
    assert.deepEqual(
      await work,
      names.map(() => 200),
    );
    assert.equal(entries('<still%'), names.length);
    assert.ok((await server.metric('parser_processes_ended_total')) > ended);
  });

  it('keeps what ends its process twice, says so, and takes it when it is tried again', async () => {
    let over = false;
    const stopper = (async () => {
      while (!over) {
        for (const pid of children(server).filter(atWork)) send(pid, 'SIGSTOP');
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const failed = async (): Promise<{ id: string } | undefined> =>
      (await server.api('journal.list', { channel_id: mail.id, status: 'failed' })).rows.find((one) => one.error[0]?.code === 'input_limits');
    try {
      for (let i = 0; i < 5 && !(await failed()); i++) assert.equal(await post(letter(`poison${i}`) + ' and so on'.repeat(100_000)), 200); // the sender shall not come again
    } finally {
      over = true;
    }
    await stopper;
    const kept = entries('<poison%');
    const row = await failed();
    assert.ok(row);
    for (const pid of children(server)) send(pid, 'SIGKILL'); // those that stand still
    assert.equal((await server.api('journal.retry', { id: row.id })).entries, 1);
    assert.equal(entries('<poison%'), kept + 1);
  });

  it('checks and reads large calls of other channels, too', async () => {
    const line = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la' });
    const hook = { url: line.url, channelSecret: 'ls' };
    const events = Array.from({ length: 200 }, (_, i) => lineTextEvent('Ularge', `${'long '.repeat(100)}${i}`));
    const parsed = await server.metric('inputs_parsed_total');
    assert.equal((await deliver(lineRequest(hook, events))).status, 200);
    assert.equal(await server.metric('inputs_parsed_total'), parsed + 1);
    assert.equal(Number(server.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'long long%'")), 200);
    assert.equal((await deliver(lineRequest({ ...hook, channelSecret: 'other' }, events))).status, 401);
  });
});

describe('a server that ends with mail under way', () => {
  const ends: (() => Promise<void>)[] = [];
  let server: Server;
  let mail: { url: string; token: string };
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    const channel = await server.channel('email', 'Mail', { address: 'help@shop.example' });
    mail = { url: channel.url, token: channel.secrets['token'] ?? '' };
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const isParser = (pid: number): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('parser');
    } catch {
      return false;
    }
  };
  /** Acknowledged or not; 0: the server went in the middle. */
  const post = (name: string): Promise<number> =>
    deliver(
      rfc822Request(
        mail,
        Buffer.from(`From: a@ends.example\r\nMessage-ID: <${name}@ends.example>\r\nSubject: ${name}\r\n\r\n${'Some words. '.repeat(20_000)}`),
      ),
      60_000 * SLOWNESS,
    ).then(
      (sent) => sent.status,
      () => 0,
    );
  const known = (name: string): number => Number(server.sql(`SELECT COUNT(*) FROM entry WHERE external_id = '<${name}@ends.example>'`));

  for (const signal of ['SIGKILL', 'SIGTERM'] as const)
    for (const [state, parserSignal] of [
      ['at work', null],
      ['standing still', 'SIGSTOP'],
      ['killed that moment', 'SIGKILL'],
    ] as const)
      it(`by ${signal}, its processes ${state}, leaves none of them behind, loses nothing and doubles nothing`, async () => {
        const names = Array.from({ length: 24 }, (_, i) => `${signal}-${state.replaceAll(' ', '-')}-${i}`);
        const pids = await waitFor('two processes wait', () => (children(server).filter(atWork).length === 2 ? children(server) : null));
        const parsed = await server.metric('inputs_parsed_total');
        const work = Promise.all(names.map(post));
        await waitFor('some are parsed', async () => (await server.metric('inputs_parsed_total')) > parsed);
        const began = Date.now();
        if (parserSignal) for (const pid of children(server)) send(pid, parserSignal);
        const ended = server.stop(signal);
        const all = [...new Set([...pids, ...children(server)])];
        const status = await ended;
        assert.ok(Date.now() - began < 20_000 * SLOWNESS, `it took ${Date.now() - began} ms`);
        if (signal === 'SIGTERM') assert.equal(status, 0, server.log.slice(-3000));
        await waitFor('its processes are gone', () => !all.some(isParser));
        const acknowledged = (await work).map((one) => one === 200);
        names.forEach((name, i) => assert.equal(known(name) >= Number(acknowledged[i]), true, `${name} was acknowledged`));
        assert.ok(
          (await work).every((one) => one === 200 || one === 0 || one >= 500),
          (await work).join(),
        );
        await server.serve();
        for (const name of names) assert.equal(await waitFor('it is answered', () => post(name)), 200);
        for (const name of names) assert.equal(known(name), 1, name);
      });
});

describe('readiness', () => {
  it('is said by somebody who waits behind no work', async (t) => {
    const ends: (() => Promise<void>)[] = [];
    t.after(async () => {
      await endAll(ends.reverse());
    });
    const server = await Server.start((fn) => ends.push(fn), { config: { server: { workers: '1' } } });
    const lock = spawn(
      'mariadb',
      [
        '--no-defaults',
        '-uroot',
        `-S${server.databaseSocket}`,
        '-N',
        '-B',
        '-n',
        server.database,
        '-e',
        'LOCK TABLES conversation WRITE; SELECT 1; DO SLEEP(9)',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((resolve) => lock.stdout.once('data', resolve));
    const began = Date.now();
    const calls = Array.from({ length: 8 }, () =>
      server
        .api('conversation.list', { view: 'open' })
        .catch(() => null)
        .then(() => Date.now() - began),
    );
    let over = false;
    lock.once('exit', () => (over = true));
    while (!over) {
      const ready = await fetch(`${server.url}/readyz`);
      assert.equal(ready.status, 200, await ready.text());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const longest = Math.max(...(await Promise.all(calls)));
    assert.ok(longest > 7000, `the only worker was busy for ${longest} ms only`);
  });
});
