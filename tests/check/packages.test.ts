// ./dev waits for whoever else installs packages, says so, and gives up in words.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

const LIB = new URL('../lib', import.meta.url).pathname;

let folder = '';
let lock = '';
let holder: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-apt-'));
  lock = join(folder, 'lock');
  writeFileSync(lock, '');
});
afterEach(() => {
  holder?.kill('SIGKILL');
  holder = undefined;
  rmSync(folder, { recursive: true });
});

/** Holds the lock as apt does (fcntl), until its standard input ends. */
async function hold(): Promise<ChildProcess> {
  const program =
    'use Fcntl; open(F, "+<", $ARGV[0]); my $l = pack("s! s! x![q] q q i x![q]", F_WRLCK, 0, 0, 0, 0); fcntl(F, F_SETLK, $l) or die; $| = 1; print "held\\n"; <STDIN>;';
  holder = spawn('perl', ['-e', program, lock], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (!holder.stdout) throw new Error('no output');
  const [text] = (await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])) as [unknown];
  assert.equal(String(text), 'held\n');
  return holder;
}

const SCRIPT = `set -euo pipefail; ROOT=.; . ${LIB}/say.sh; . ${LIB}/packages.sh; wait_for_apt; echo free`;

const environment = (seconds: string): NodeJS.ProcessEnv => ({ ...process.env, APT_LOCKS: lock, APT_WAIT_SECONDS: seconds });

test('nobody holds it: it goes on at once, without a word', () => {
  const done = spawnSync('bash', ['-c', SCRIPT], { env: environment('60'), encoding: 'utf8' });
  assert.deepEqual([done.status, done.stdout], [0, 'free\n'], done.stderr);
});

test('it waits, says for whom, and goes on when the other is done', async () => {
  const other = await hold();
  const waiting = spawn('bash', ['-c', SCRIPT], { env: environment('60'), stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  waiting.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    other.stdin?.end();
  });
  const [status] = (await once(waiting, 'close')) as [number];
  assert.equal(status, 0);
  assert.match(said, new RegExp(`^  … waiting for another program that installs packages \\(process ${String(other.pid)}, perl\\)\\nfree\\n$`));
});

test('it gives up after a while, and names who holds it', async () => {
  const other = await hold();
  const done = spawnSync('bash', ['-c', SCRIPT], { env: environment('1'), encoding: 'utf8' });
  assert.equal(done.status, 1);
  assert.match(done.stderr, new RegExp(`Process ${String(other.pid)} \\(perl\\) has been installing packages for 1 seconds`));
});
