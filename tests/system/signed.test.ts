// Signed mail: who has signed it is said where the key is known, by every server, and whatever a stranger signs harms nobody.
// The mails and keys are tests/data/signed, made by OpenSSL and GnuPG.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import { type MailChannel, mailChannel } from './desk.ts';
import { ApiError, endAll, Server, SLOWNESS, waitFor } from './harness.ts';

const DATA = new URL('../data/signed/', import.meta.url);
const RELEASE = process.env['THROUGHLINE_RELEASE'] ?? '';
const file = (name: string): string => readFileSync(new URL(name, DATA), 'utf8');

interface Signature {
  state: string;
  by?: string;
}

describe('signed mail', () => {
  const ends: (() => Promise<void>)[] = [];
  let server: Server;
  let mail: MailChannel;
  let serial = 0;

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    mail = await mailChannel(server, 'Mail', { address: 'help@shop.example' });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  /** What is said of the mail's signature, which comes under an id of its own. */
  async function signatureOf(raw: string | Buffer, by = mail, of = server): Promise<Signature> {
    const id = `<signed${++serial}@test.example>`;
    const bytes = Buffer.from(raw);
    const sent = await deliver(rfc822Request(by, renamed(bytes, id)), 60_000 * SLOWNESS);
    assert.equal(sent.status, 200, sent.text);
    return JSON.parse(of.sql(`SELECT JSON_EXTRACT(payload, '$.signature') FROM entry WHERE external_id = '${id}'`).trim()) as Signature;
  }

  /** Message-ID stands in the header alone, which no signature covers. */
  function renamed(raw: Buffer, id: string): Buffer {
    const text = raw.toString('latin1');
    return Buffer.from(text.replace(/Message-ID: <[^>]*>/, `Message-ID: ${id}`), 'latin1');
  }

  const add = (name: string, more: { label?: string; addresses?: string[] } = {}) => server.api('mail_key.add', { text: file(name), label: name, ...more });
  const keys = async () => (await server.api('mail_key.list', {})).keys;

  async function knowNobody(): Promise<void> {
    for (const key of await keys()) await server.api('mail_key.remove', { id: key.id });
  }

  async function refused(text: string, more: { addresses?: string[] } = {}): Promise<[string, string]> {
    try {
      await server.api('mail_key.add', { text, ...more });
    } catch (error) {
      assert.ok(error instanceof ApiError);
      return [error.field ?? '', error.reason ?? ''];
    }
    return ['', ''];
  }

  it('is by nobody who is known while no key is, and asks no process again', async () => {
    for (const name of ['smime', 'smime-around', 'pgp', 'pgp-text']) assert.deepEqual(await signatureOf(file(`${name}.eml`)), { state: 'unknown' }, name);
    assert.equal(await server.metric('signatures_verified_total'), 0);
    const plain = server.sql("SELECT COUNT(*) FROM entry WHERE JSON_EXTRACT(payload, '$.signature') IS NOT NULL").trim();
    assert.equal(plain, '4');
  });

  it('is verified by the certificate of who has signed it', async () => {
    await add('ann.pem');
    const all = await keys();
    assert.deepEqual(
      all.map(({ kind, label, addresses }) => [kind, label, addresses]),
      [['smime', 'ann.pem', ['ann@customer.example']]],
    );
    assert.match(all[0]?.fingerprint ?? '', /^[0-9a-f]{64}$/);
    assert.equal(all[0]?.expires_at, '2120-01-01T00:00:00.000Z');
    const valid = { state: 'valid', by: 'ann.pem' };
    assert.deepEqual(await signatureOf(file('smime.eml')), valid);
    assert.deepEqual(await signatureOf(file('smime-around.eml')), valid);
    assert.deepEqual(await signatureOf(file('smime.eml').replace('order 1042. ', 'order 1043. ')), { state: 'invalid', by: 'ann.pem' });
    assert.deepEqual(await signatureOf(changedWithin(file('smime-around.eml'))), { state: 'invalid', by: 'ann.pem' });
    assert.deepEqual(await signatureOf(file('smime-sha1.eml')), { state: 'weak', by: 'ann.pem' });
    assert.equal(await server.metric('signatures_verified_total'), 5);
    // Nobody is known of that address: nothing is asked.
    assert.deepEqual(await signatureOf(file('smime.eml').replace('<ann@', '<eve@')), { state: 'unknown' });
    assert.equal(await server.metric('signatures_verified_total'), 5);
    await add('bob.pem');
    assert.deepEqual(await signatureOf(file('smime.eml').replace('<ann@', '<bob@')), { state: 'other', by: 'ann.pem' });
    assert.deepEqual(await signatureOf(file('smime-bob.eml')), { state: 'other', by: 'bob.pem' });
    await knowNobody();
    await add('old.pem');
    assert.deepEqual(await signatureOf(file('smime-old.eml')), { state: 'expired', by: 'old.pem' });
    assert.deepEqual(await signatureOf(file('smime.eml')), { state: 'unknown' });
    await knowNobody();
  });

  /** One byte of what is signed, within the signature that is around it. */
  function changedWithin(raw: string): string {
    const [head = '', body = ''] = raw.split('\r\n\r\n', 2);
    const der = Buffer.from(body, 'base64');
    const at = der.indexOf('1042');
    assert.ok(at > 0);
    der[at] = 0x32;
    return `${head}\r\n\r\n${der.toString('base64')}\r\n`;
  }

  it('is verified by the authority that has issued the certificate', async () => {
    const { key } = await add('authority.pem', { addresses: ['eve@customer.example'] });
    assert.deepEqual([key?.kind, key?.addresses], ['authority', []]);
    assert.deepEqual(await signatureOf(file('smime.eml')), { state: 'valid', by: 'ann' });
    assert.deepEqual(await signatureOf(file('smime-around.eml')), { state: 'valid', by: 'ann' });
    assert.deepEqual(await signatureOf(file('smime.eml').replace('<ann@', '<eve@')), { state: 'other', by: 'ann' });
    assert.deepEqual(await signatureOf(file('smime-old.eml')), { state: 'expired', by: 'old' });
    assert.deepEqual(await signatureOf(file('smime-server.eml')), { state: 'unknown' });
    await knowNobody();
  });

  it('is verified by an OpenPGP key', async () => {
    await add('ann-pgp.asc');
    await add('bob.asc');
    await add('old-pgp.asc');
    const valid = { state: 'valid', by: 'ann-pgp.asc' };
    assert.deepEqual(await signatureOf(file('pgp.eml')), valid);
    assert.deepEqual(await signatureOf(file('pgp-text.eml')), valid);
    assert.deepEqual(await signatureOf(file('pgp.eml').replaceAll('\r\n', '\n')), valid); // as a pipe gives it
    for (const name of ['pgp.eml', 'pgp-text.eml']) {
      assert.deepEqual(await signatureOf(file(name).replace('order 1042', 'order 1043')), { state: 'invalid', by: 'ann-pgp.asc' }, name);
      assert.deepEqual(await signatureOf(file(name).replace('<ann@', '<bob@')), { state: 'other', by: 'ann-pgp.asc' }, name);
    }
    assert.deepEqual(await signatureOf(file('pgp-bob.eml').replace('<ann@', '<bob@')), { state: 'valid', by: 'bob.asc' });
    assert.deepEqual(await signatureOf(file('pgp-sha1.eml').replace('<ann@', '<bob@')), { state: 'weak', by: 'bob.asc' });
    assert.deepEqual(await signatureOf(file('pgp-old.eml')), { state: 'expired', by: 'old-pgp.asc' });
    await knowNobody();
  });

  it('says nothing of words that no signature covers', async () => {
    await add('ann.pem');
    await add('ann-pgp.asc');
    const behind = '--b1\r\nContent-Type: text/plain\r\n\r\nand pay Eve\r\n--b1--';
    assert.deepEqual(await signatureOf(file('smime.eml').replace('--b1--', behind)), { state: 'partial' });
    assert.deepEqual(await signatureOf(`${file('pgp-text.eml')}\r\nand pay Eve\r\n`), { state: 'partial' });
    await knowNobody();
  });

  it('changes nothing of whose mail it is', async () => {
    const proofs = (): string => server.sql("SELECT DISTINCT proof FROM identity WHERE value = 'ann@customer.example'").trim();
    const before = proofs();
    await add('ann.pem');
    assert.equal((await signatureOf(file('smime.eml'))).state, 'valid');
    assert.equal(proofs(), before);
    await knowNobody();
  });

  it('is for administrators to say, audited, and in words that name the field and the cure', async () => {
    const agent = await server.newAgent('Nora', 'supervisor');
    const socket = await server.agent(agent.cookie);
    await assert.rejects(socket.call('mail_key.list', {}), /admin/i);
    await assert.rejects(socket.call('mail_key.add', { text: file('ann.pem') }), /admin/i);
    socket.close();
    assert.deepEqual(await refused(''), ['text', 'key_none']);
    assert.deepEqual(await refused('hello'), ['text', 'key_none']);
    assert.deepEqual(await refused(file('ann.pem').replace('MII', 'AAA')), ['text', 'key_none']);
    assert.deepEqual(await refused(file('ann.pem') + file('bob.pem')), ['text', 'key_several']);
    assert.deepEqual(await refused('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'), ['text', 'key_secret']);
    assert.deepEqual(await refused(file('ann.pem'), { addresses: ['not an address'] }), ['addresses', 'not_email']);
    const megabyte = file('ann-pgp.asc').replace('\n-----END', `\n${'A'.repeat(64)}`.repeat(15_000) + '\n-----END');
    assert.deepEqual(await refused(megabyte), ['text', 'key_long']);
    assert.deepEqual(await refused('A'.repeat(2_000_000)), ['text', 'wrong_length']);
    assert.deepEqual(await keys(), []);
    await add('ann.pem', { label: 'Ann of Kettles', addresses: ['Ann@Customer.example', 'sales@customer.example'] });
    const { key: first } = await add('ann.pem', { label: 'Ann' }); // once more: another name, and no second key
    assert.deepEqual([(await keys()).length, first?.label, first?.version, first?.addresses], [1, 'Ann', 2, ['ann@customer.example']]);
    await server.api('mail_key.remove', { id: first?.id ?? '' });
    await assert.rejects(server.api('mail_key.remove', { id: first?.id ?? '' }), /no such key/);
    const { events } = await server.api('audit.list', { about: 'access', limit: 3 });
    assert.deepEqual(
      events.map(({ action }) => action),
      ['mail_key_remove', 'mail_key_add', 'mail_key_add'],
    );
    assert.match(server.log, /security event=mail_key_add .*subject="Ann of Kettles".*addresses":"ann@customer\.example sales@customer\.example"/);
  });

  it('is known to another server within a moment, and no more when the key is removed', async () => {
    const other = await server.twin((fn) => ends.push(fn));
    const there = { ...mail, url: mail.url.replace(server.url, other.url) };
    await add('ann.pem');
    await waitFor('the other server knows it', async () => (await signatureOf(file('smime.eml'), there)).state === 'valid');
    await knowNobody();
    await waitFor('and forgets it', async () => (await signatureOf(file('smime.eml'), there)).state === 'unknown');
  });

  // As it is installed: a sanitizer needs more memory and other system calls than the parser's process has.
  describe('that is large or hostile', () => {
    let installed: Server;
    let box: MailChannel;
    const at = (name: string): string => join(installed.folder, name);
    const openssl = (...args: string[]): Buffer => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 27 });

    before(async () => {
      installed = await Server.start((fn) => ends.push(fn), { command: [RELEASE] });
      box = await mailChannel(installed, 'Mail', { address: 'help@shop.example' });
      const subject = ['-subj', '/CN=Large', '-addext', 'subjectAltName=email:large@customer.example', '-addext', 'basicConstraints=critical,CA:FALSE'];
      openssl('req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-keyout', at('large.key'), '-out', at('large.pem'), '-days', '2', ...subject);
      await installed.api('mail_key.add', { text: readFileSync(at('large.pem'), 'utf8') });
    });

    const head = (type: string): string => `From: large@customer.example\r\nMessage-ID: <x@y.example>\r\nSubject: Large\r\nContent-Type: ${type}\r\n`;
    const beside = (words: string, der: Buffer): string =>
      `${head('multipart/signed; protocol="application/pkcs7-signature"; boundary=b')}\r\n--b\r\n${words}\r\n--b\r\n` +
      `Content-Type: application/pkcs7-signature\r\nContent-Transfer-Encoding: base64\r\n\r\n${der.toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n--b--\r\n`;

    it('is verified with 25 MB of files', async () => {
      const line = `${Buffer.alloc(54, 'file ').toString('base64')}\r\n`;
      const words = `Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain\r\n\r\nSee the file\r\n--i\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n${line.repeat(Math.floor(25_000_000 / line.length))}\r\n--i--\r\n`;
      writeFileSync(at('words'), words);
      const sign = (more: string[]): Buffer =>
        openssl('cms', '-sign', '-binary', '-outform', 'DER', '-in', at('words'), '-signer', at('large.pem'), '-inkey', at('large.key'), ...more);
      const ended = await installed.metric('parser_processes_ended_total');
      const whole = beside(words, sign([]));
      assert.ok(whole.length > 25_000_000);
      assert.deepEqual(await signatureOf(whole, box, installed), { state: 'valid', by: 'Large' });
      const around = `${head('application/pkcs7-mime; smime-type=signed-data')}Content-Transfer-Encoding: base64\r\n\r\n${sign(['-nodetach'])
        .toString('base64')
        .replace(/.{76}/g, '$&\r\n')}\r\n`;
      assert.deepEqual(await signatureOf(around, box, installed), { state: 'valid', by: 'Large' });
      assert.equal(await installed.metric('parser_processes_ended_total'), ended);
      assert.equal(installed.sql("SELECT COUNT(*) FROM entry WHERE text LIKE 'See the file%'").trim(), '2');
    });

    it('harms nobody', async () => {
      const nested = Buffer.from('3080'.repeat(60_000), 'hex');
      const lengths = Buffer.from('3082ffff'.repeat(40_000), 'hex');
      const garbage = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251));
      const words = 'Content-Type: text/plain\r\n\r\nHello\r\n';
      for (const der of [nested, lengths, garbage, Buffer.alloc(0), Buffer.from('30', 'hex')]) {
        const state = (await signatureOf(beside(words, der), box, installed)).state;
        assert.ok(['unknown', 'partial'].includes(state), state);
      }
      // More signers than are looked at.
      const many = Array.from({ length: 40 }, () => ['-signer', at('large.pem'), '-inkey', at('large.key')]).flat();
      writeFileSync(at('words'), words);
      const der = openssl('cms', '-sign', '-binary', '-outform', 'DER', '-in', at('words'), '-nocerts', ...many);
      assert.deepEqual(await signatureOf(beside(words, der), box, installed), { state: 'unknown' });
      // And the server goes on.
      const one = openssl('cms', '-sign', '-binary', '-outform', 'DER', '-in', at('words'), '-signer', at('large.pem'), '-inkey', at('large.key'));
      assert.deepEqual(await signatureOf(beside(words, one), box, installed), { state: 'valid', by: 'Large' });
      assert.equal(installed.child?.exitCode, null);
    });
  });
});
