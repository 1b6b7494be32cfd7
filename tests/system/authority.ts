// A certificate authority of the test's own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
}

const DAYS = ['-days', '2'];
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'throughline-ca-'));
  /** The file that says: trust it. */
  readonly ca = join(this.folder, 'ca.pem');
  private readonly key = join(this.folder, 'ca.key');
  private made = 0;

  constructor() {
    this.openssl(['req', '-x509', ...KEY, ...DAYS, '-subj', '/CN=Test authority', '-keyout', this.key, '-out', this.ca]);
  }

  /** Files of a key and a certificate for a name or an IPv4 address. */
  issue(name: string): Certificate {
    const at = join(this.folder, String(++this.made));
    const kind = /^[0-9.]+$/.test(name) ? 'IP' : 'DNS';
    writeFileSync(`${at}.ext`, `subjectAltName=${kind}:${name}\n`);
    this.openssl(['req', ...KEY, '-subj', `/CN=${name}`, '-keyout', `${at}.key`, '-out', `${at}.csr`]);
    this.openssl([
      'x509',
      '-req',
      ...DAYS,
      '-in',
      `${at}.csr`,
      '-CA',
      this.ca,
      '-CAkey',
      this.key,
      '-CAcreateserial',
      '-extfile',
      `${at}.ext`,
      '-out',
      `${at}.pem`,
    ]);
    return { key: `${at}.key`, cert: `${at}.pem` };
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private openssl(args: string[]): void {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
