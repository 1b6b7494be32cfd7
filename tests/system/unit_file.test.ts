// What config/systemd/throughline.service lets the server ask of the kernel is enough, for the parser's processes too, which
// lock themselves in further. The build that is installed runs under the list: sanitized ones do not lock themselves in.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import { BINARY, endAll, Server } from './harness.ts';

const UNIT = join(import.meta.dirname, '../../config/systemd/throughline.service');
const RELEASE = process.env['THROUGHLINE_RELEASE'] ?? '';

/** The calls of a group, with those of the groups in it: systemd says which. */
function callsOf(name: string): string[] {
  if (!name.startsWith('@')) return [name];
  const text = execFileSync('systemd-analyze', ['--no-pager', 'syscall-filter', name], { encoding: 'utf8' });
  const inside = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'));
  assert.ok(inside.length > 0, `${name} is empty`);
  return inside.flatMap(callsOf);
}

function listOfUnit(): string[] {
  const lines = readFileSync(UNIT, 'utf8')
    .split('\n')
    .flatMap((line) => /^SystemCallFilter=(.+)$/.exec(line)?.[1]?.split(/\s+/) ?? []);
  assert.ok(lines.length > 0 && lines.every((name) => /^@?[a-z0-9_-]+$/.test(name)), lines.join(' '));
  return lines;
}

describe('the systemd unit', () => {
  const ends: (() => Promise<void>)[] = [];
  after(() => endAll(ends.reverse()));
  const known = callsOf('@known').join(' ');

  /** What becomes of a mail that comes to a server under these calls. */
  async function mail(names: string[]): Promise<{ status: number; entries: number }> {
    const allowed = [...names, '@default'].flatMap(callsOf).join(' '); // @default is always there: systemd.exec(5)
    const server = await Server.start((fn) => ends.push(fn), { command: [join(dirname(BINARY), 'filtered'), allowed, known, RELEASE] });
    const { url, secrets } = await server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    const raw = 'From: ada@letters.example\r\nMessage-ID: <1@letters.example>\r\nSubject: Hello\r\n\r\nUnder the unit';
    const { status } = await deliver(rfc822Request({ url, token: secrets['token'] ?? '' }, Buffer.from(raw)), 60_000);
    return { status, entries: Number(server.sql("SELECT COUNT(*) FROM entry WHERE text = 'Under the unit'")) };
  }

  it('lets the server take a mail apart', async () => {
    assert.deepEqual(await mail(listOfUnit()), { status: 200, entries: 1 });
  });

  it('would not without the one call that it adds to the group', async () => {
    assert.deepEqual(await mail(listOfUnit().filter((name) => name !== 'seccomp')), { status: 503, entries: 0 });
  });
});
