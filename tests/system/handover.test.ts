// throughline-deliver, the program for the pipes of mail servers: what it sends, and what becomes of each answer.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BINARY, endAll, freePort, Server } from './harness.ts';

const DELIVER = join(dirname(BINARY), 'throughline-deliver');
const MAIL = 'From: ada@letters.example\nMessage-ID: <h1@letters.example>\nSubject: Hello\n\n.\nFrom here on\n';
const [KEPT, BOUNCES, LATER] = [0, 69, 75];

interface Call {
  headers: IncomingHttpHeaders;
  body: string;
}

describe('throughline-deliver', () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-handover-'));
  const token = join(folder, 'token');
  const calls: Call[] = [];
  let answer: (response: ServerResponse) => void = (response) => response.writeHead(200).end();
  let url = '';
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];

  before(async () => {
    writeFileSync(token, 'secret-token\n');
    const http = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        calls.push({ headers: request.headers, body: Buffer.concat(pieces).toString('latin1') });
        answer(response);
      });
    });
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
    ends.push(
      () => http.close(),
      () => http.closeAllConnections(),
    );
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/in/email/1`;
  });
  after(() => endAll(ends.reverse()));

  async function run(args: string[], mail: string | Buffer = MAIL): Promise<{ status: number | null; said: string; out: string }> {
    const child = spawn(DELIVER, args, { stdio: 'pipe' });
    let said = '';
    let out = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    child.stdin.on('error', () => {});
    child.stdin.end(mail);
    const status = await new Promise<number | null>((done) => child.once('close', done));
    assert.ok(said.split('\n').length <= 2, said);
    assert.doesNotMatch(said, /secret-token/);
    return { status, said, out };
  }

  const usual = (): string[] => [`--url=${url}`, `--token-file=${token}`];

  it('sends the mail as it is, with the token of the file', async () => {
    calls.length = 0;
    const { status, said } = await run(usual());
    assert.deepEqual([status, said], [KEPT, '']);
    const [call] = calls;
    assert.deepEqual([call?.headers.authorization, call?.headers['content-type'], call?.body], ['Bearer secret-token', 'message/rfc822', MAIL]);
  });

  const answers: [number, number, RegExp][] = [
    [200, KEPT, /^$/],
    [204, KEPT, /^$/],
    [413, BOUNCES, /^5\.3\.4 .*\(HTTP 413\)\.\n$/],
    [401, LATER, /^4\.3\.5 .*token.*401/],
    [403, LATER, /^4\.3\.5 .*token.*403/],
    [404, LATER, /^4\.3\.5 .*no such channel.*404/],
    [429, LATER, /^4\.3\.2 .*429/],
    [500, LATER, /^4\.3\.2 .*500/],
    [502, LATER, /^4\.3\.2 /],
    [503, LATER, /^4\.3\.2 /],
    [301, LATER, /^4\.3\.0 .*301/],
    [400, LATER, /^4\.3\.0 .*400/],
    [405, LATER, /^4\.3\.0 /],
    [410, LATER, /^4\.3\.0 /],
    [418, LATER, /^4\.3\.0 /],
  ];
  for (const [code, exit, words] of answers)
    it(`makes ${exit} of ${code}`, async () => {
      answer = (response) => response.writeHead(code, code === 301 ? { location: url } : {}).end('an answer');
      const { status, said } = await run(usual());
      assert.equal(status, exit, said);
      assert.match(said, words);
    });

  it('keeps a mail whose server is not there, breaks off, says nothing or is somebody else', async () => {
    const broken = createPlainServer((socket) => socket.destroy());
    const silent = createPlainServer(() => {});
    const key = join(folder, 'key.pem');
    const certificate = join(folder, 'certificate.pem');
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        key,
        '-out',
        certificate,
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-days',
        '2',
      ],
      { stdio: 'ignore' },
    );
    const secure = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
      request.resume().on('end', () => response.writeHead(200).end());
    });
    for (const one of [broken, silent, secure]) await new Promise<void>((done) => one.listen(0, '127.0.0.1', done));
    ends.push(
      () => broken.close(),
      () => silent.close(),
      () => secure.close(),
    );
    const at = (server: { address(): unknown }, scheme = 'http'): string => `--url=${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const file = `--token-file=${token}`;
    for (const args of [
      [`--url=http://127.0.0.1:${await freePort()}/`, file],
      [at(broken), file],
      [at(silent), file, '--timeout=1'],
      [at(secure, 'https'), file],
      ['--url=file:///etc/passwd', file],
    ]) {
      const { status, said } = await run(args);
      assert.equal(status, LATER, args.join(' '));
      assert.match(said, /^4\.4\.1 The support desk cannot be reached: /);
    }
    assert.equal((await run([at(secure, 'https'), file, `--ca-file=${certificate}`])).status, KEPT);
  });

  it('keeps the mail while it is not told enough, and says what is wrong', async () => {
    const bad = join(folder, 'bad');
    writeFileSync(bad, 'two words\nX-Header: 1\n');
    writeFileSync(join(folder, 'none'), '\n');
    const wrong: [string[], RegExp][] = [
      [[], /--url is missing/],
      [[`--url=${url}`], /--token-file is missing/],
      [[`--url=${url}`, '--token-file=/nowhere/token'], /\/nowhere\/token cannot be read: No such file/],
      [[`--url=${url}`, `--token-file=${bad}`], /must hold the token/],
      [[`--url=${url}`, `--token-file=${join(folder, 'none')}`], /must hold the token/],
      [['--url=http://127.0.0.1.evil.example/in/email/1', `--token-file=${token}`], /in clear to another machine/],
      [['--url=http://desk.example/in/email/1', `--token-file=${token}`], /in clear to another machine/],
      [[...usual(), '--verbose'], /--verbose is not known/],
      [[...usual(), 'help@shop.example'], /"help@shop.example" is no option/],
      [[...usual(), '--timeout=soon'], /--timeout must be/],
      [[...usual(), '--sender=a@x\nBcc: b@x'], /--sender has characters/],
      [[...usual(), '--recipient=a@x>\r'], /--recipient has characters/],
    ];
    calls.length = 0;
    for (const [args, words] of wrong) {
      const { status, said } = await run(args);
      assert.equal(status, LATER, args.join(' '));
      assert.match(said, /^4\.3\.5 .*\n$/);
      assert.match(said, words);
    }
    const { status, said } = await run(usual(), '');
    assert.deepEqual([status, said], [LATER, '4.3.0 There is no mail on standard input.\n']);
    assert.equal(calls.length, 0);
    assert.match((await run(['--help'])).out, /--token-file=FILE/);
    assert.match((await run(['--version'])).out, /^throughline-deliver \d/);
  });

  it('puts the envelope at the top, once, in the line ends of the mail', async () => {
    answer = (response) => response.writeHead(200).end();
    const envelope = ['--sender=ada@letters.example', '--recipient=help@shop.example', '--recipient', 'orders@shop.example'];
    const lines = 'Return-Path: <ada@letters.example>\nDelivered-To: help@shop.example\nDelivered-To: orders@shop.example\n';
    const cases: [string, string][] = [
      [MAIL, lines + MAIL],
      [MAIL.replaceAll('\n', '\r\n'), (lines + MAIL).replaceAll('\n', '\r\n')],
      [`From ada Mon Nov 16 10:00:00 2026\n${MAIL}`, `From ada Mon Nov 16 10:00:00 2026\n${lines}${MAIL}`],
      [lines + MAIL, lines + MAIL],
      [
        `Delivered-To: Orders@shop.example\nX-Original-To: x@y\nReturn-Path: ada@letters.example\n${MAIL}`,
        `Delivered-To: help@shop.example\nDelivered-To: Orders@shop.example\nX-Original-To: x@y\nReturn-Path: ada@letters.example\n${MAIL}`,
      ],
      // Others' lines are no trace of this delivery.
      [`Return-Path: <forged@elsewhere.example>\n${MAIL}`, `${lines}Return-Path: <forged@elsewhere.example>\n${MAIL}`],
      [`Subject: x\nReturn-Path: <ada@letters.example>\n\nx`, `${lines}Subject: x\nReturn-Path: <ada@letters.example>\n\nx`],
      ['x', `${lines}x`],
    ];
    for (const [mail, expected] of cases) {
      calls.length = 0;
      assert.equal((await run([...usual(), ...envelope], mail)).status, KEPT);
      assert.equal(calls[0]?.body, expected);
    }
    calls.length = 0;
    await run([...usual(), '--sender=']);
    assert.equal(calls[0]?.body, `Return-Path: <>\n${MAIL}`);
  });

  it('brings a mail of any bytes whole, a megabyte at a time, and never holds it', async () => {
    const mail = Buffer.alloc(30_000_000);
    for (let i = 0; i < mail.length; i++) mail[i] = (i * 7 + (i >> 8)) & 255;
    mail.write('Subject: large\r\n\r\n');
    calls.length = 0;
    const { status } = await run([...usual(), '--recipient=help@shop.example'], mail);
    assert.equal(status, KEPT);
    const expected = Buffer.concat([Buffer.from('Delivered-To: help@shop.example\r\n'), mail]);
    assert.ok(Buffer.from(calls[0]?.body ?? '', 'latin1').equals(expected));
  });

  it('hands a mail to the server, once however often, and sends back what is larger than it takes', async () => {
    const server = await Server.start((fn) => ends.push(fn));
    const channel = await server.channel('email', 'Support', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    const real = join(folder, 'real');
    writeFileSync(real, channel.secrets['token'] ?? '');
    const args = [`--url=${channel.url}`, `--token-file=${real}`, '--sender=ada@letters.example', '--recipient=help@shop.example'];
    assert.deepEqual(await run(args), { status: KEPT, said: '', out: '' });
    assert.equal((await run(args)).status, KEPT);
    assert.equal(server.sql("SELECT COUNT(*) FROM entry WHERE external_id = '<h1@letters.example>'").trim(), '1');
    assert.equal((await run([`--url=${channel.url}`, `--token-file=${token}`])).status, LATER);
    assert.equal((await run([`--url=${channel.url.replace(/[^/]+$/, '0192f0c1-7d5e-7cc3-98c4-dc0c0c07398f')}`, `--token-file=${real}`])).status, LATER);
    const large = await run(args, Buffer.alloc(45_000_000, 'x'));
    assert.deepEqual([large.status, large.said.slice(0, 5)], [BOUNCES, '5.3.4']);
  });
});
