// Made these files: keys that hold until after 2100, and mails that are signed by them. By OpenSSL and GnuPG, which the tests do not need:
// what is here stays as it is, and the private keys are gone. To make them anew: node make.ts, in this folder.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dir = mkdtempSync(join(tmpdir(), 'signed-'));
const at = (name: string) => join(dir, name);
const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: dir, stdio: ['ignore', 'pipe', 'ignore'] });
const save = (name: string, data: string | Buffer) => writeFileSync(new URL(name, import.meta.url), data);

const WORDS = 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nPlease cancel order 1042. Grüße\r\n-- \r\nAnn\r\n';
const head = (type: string) =>
  `From: Ann <ann@customer.example>\r\nTo: help@shop.example\r\nSubject: Order 1042\r\nDate: Mon, 16 Nov 2026 10:00:00 +0000\r\n` +
  `Message-ID: <@ID@@customer.example>\r\nMIME-Version: 1.0\r\nContent-Type: ${type}\r\n`;
const lines = (data: Buffer) => (data.toString('base64').match(/.{1,64}/g) ?? []).join('\r\n');

// ---- certificates ----

writeFileSync(
  at('ca.cnf'),
  '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n',
);

function certificate(name: string, key: string[], extensions: string, from = '20200101000000Z', until = '21200101000000Z') {
  writeFileSync(at(`${name}.cnf`), `[req]\ndistinguished_name=dn\n[dn]\n[ext]\n${extensions}`);
  writeFileSync(at('index'), '');
  run('openssl', 'req', '-new', '-nodes', '-newkey', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`, '-config', `${name}.cnf`);
  const own = name === 'authority' || name === 'bob';
  const issuer = own ? ['-selfsign', '-keyfile', `${name}.key`] : ['-cert', 'authority.pem', '-keyfile', 'authority.key'];
  const dates = ['-startdate', from, '-enddate', until];
  const files = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', `${name}.cnf`, '-extensions', 'ext'];
  run('openssl', 'ca', '-batch', '-notext', '-config', 'ca.cnf', ...issuer, ...files, ...dates);
  save(`${name}.pem`, readFileSync(at(`${name}.pem`)));
}

const LEAF = (address: string) => `basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=emailProtection\nsubjectAltName=email:${address}\n`;
certificate('authority', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n');
certificate('ann', ['rsa:2048'], LEAF('Ann@Customer.example'));
certificate('bob', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'], LEAF('bob@customer.example'));
certificate('short', ['rsa:1024'], LEAF('ann@customer.example'));
certificate('old', ['rsa:2048'], LEAF('ann@customer.example'), '20200101000000Z', '20210101000000Z');
certificate(
  'server',
  ['rsa:2048'],
  'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=email:ann@customer.example\n',
);

function cms(args: string[], opaque: boolean): Buffer {
  writeFileSync(at('words'), WORDS);
  return run('openssl', 'cms', '-sign', '-binary', '-outform', 'DER', '-in', 'words', ...(opaque ? ['-nodetach'] : []), ...args);
}

const by = (...names: string[]) => names.flatMap((name) => ['-signer', `${name}.pem`, '-inkey', `${name}.key`]);
const beside = (id: string, type: string, micalg: string, signature: string) =>
  head(`multipart/signed; protocol="application/${type}"; micalg=${micalg}; boundary="b1"`).replace('@ID@', id) +
  `\r\nThis is a signed mail.\r\n--b1\r\n${WORDS}\r\n--b1\r\nContent-Type: application/${type}; name="${type === 'pgp-signature' ? 'signature.asc' : 'smime.p7s'}"\r\n` +
  `${type === 'pgp-signature' ? '' : 'Content-Transfer-Encoding: base64\r\n'}\r\n${signature}\r\n--b1--\r\n`;
const smime = (id: string, args: string[]) => save(`${id}.eml`, beside(id, 'pkcs7-signature', 'sha-256', lines(cms(args, false))));

smime('smime', [...by('ann'), '-md', 'sha256']);
smime('smime-two', [...by('bob', 'ann'), '-md', 'sha256']);
smime('smime-bob', [...by('bob'), '-md', 'sha256']);
smime('smime-sha1', [...by('ann'), '-md', 'sha1']);
smime('smime-short', [...by('short'), '-md', 'sha256']);
smime('smime-old', [...by('old'), '-md', 'sha256']);
smime('smime-server', [...by('server'), '-md', 'sha256']);
save(
  'smime-around.eml',
  `${head('application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"').replace('@ID@', 'smime-around')}Content-Transfer-Encoding: base64\r\n\r\n` +
    `${lines(cms([...by('ann'), '-md', 'sha256'], true))}\r\n`,
);

// ---- OpenPGP ----

const gpg = (...args: string[]) =>
  run('gpg', '--homedir', dir, '--batch', '--pinentry-mode', 'loopback', '--passphrase', '', '--allow-weak-digest-algos', ...args);

function key(name: string, algorithm: string, time: string, expires: string) {
  gpg('--faked-system-time', time, '--quick-generate-key', `${name} <${name === 'bob' ? 'bob' : 'Ann'}@customer.example>`, algorithm, 'sign', expires);
  save(`${name}.asc`, gpg('--armor', '--export', `=${name} <${name === 'bob' ? 'bob' : 'Ann'}@customer.example>`));
}

key('ann-pgp', 'ed25519', '20261101T000000', 'never');
key('bob', 'rsa2048', '20261101T000000', 'never');
key('old-pgp', 'ed25519', '20200101T000000', '1y');
key('short-pgp', 'rsa1024', '20261101T000000', 'never');

const TIME = ['--faked-system-time', '20261116T100000'];
function pgp(id: string, user: string, ...args: string[]) {
  writeFileSync(at('words'), WORDS);
  const armour = gpg(...TIME, '--armor', '--detach-sign', '--local-user', user, ...args, '--output', '-', 'words').toString();
  save(`${id}.eml`, beside(id, 'pgp-signature', 'pgp-sha256', armour.trimEnd().replaceAll('\n', '\r\n')));
}

pgp('pgp', '=ann-pgp <Ann@customer.example>', '--digest-algo', 'SHA256');
pgp('pgp-bob', '=bob <bob@customer.example>', '--digest-algo', 'SHA256');
pgp('pgp-sha1', '=bob <bob@customer.example>', '--digest-algo', 'SHA1');
pgp('pgp-short', '=short-pgp <Ann@customer.example>', '--digest-algo', 'SHA256');
// GnuPG signs with no key that has expired: when it held, for a mail that was written later.
const words = 'Please cancel order 1042.\n- a dash begins this line\nAnn\n';
writeFileSync(at('text'), words);
const text = gpg(...TIME, '--clear-sign', '--digest-algo', 'SHA256', '--local-user', '=ann-pgp <Ann@customer.example>', '--output', '-', 'text').toString();
save('pgp-text.eml', `${head('text/plain; charset=utf-8').replace('@ID@', 'pgp-text')}\r\n${text.replaceAll('\n', '\r\n')}`);
gpg(
  '--faked-system-time',
  '20200201T000000',
  '--quick-set-expire',
  gpg('--with-colons', '--list-keys', '=old-pgp <Ann@customer.example>')
    .toString()
    .match(/^fpr:+([0-9A-F]+)/m)?.[1] ?? '',
  '0',
);
pgp('pgp-old', '=old-pgp <Ann@customer.example>', '--digest-algo', 'SHA256');

rmSync(dir, { recursive: true });
