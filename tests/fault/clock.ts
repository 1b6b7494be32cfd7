// The wall clock of the server's process alone, to be stepped while it runs (Debian's libfaketime). What counts time for
// itself, CLOCK_MONOTONIC, stays true, as it does when an administrator or NTP sets a real clock.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BINARY } from '../system/harness.ts';

const MULTIARCH = process.arch === 'x64' ? 'x86_64-linux-gnu' : 'aarch64-linux-gnu';
const LIBRARY = `/usr/lib/${MULTIARCH}/faketime/libfaketimeMT.so.1`;
const LOOKS_EVERY_S = 1;

export class Clock {
  private readonly folder = mkdtempSync(join(tmpdir(), 'throughline-clock-'));
  private readonly file = join(this.folder, 'offset');

  static missing(): string | false {
    if (process.env['THROUGHLINE_WRAPPER']) return 'valgrind and libfaketime do not go together';
    return !existsSync(LIBRARY) && `there is no ${LIBRARY}: install libfaketime`;
  }

  constructor() {
    this.step(0);
  }

  /** So far from the true time, from now on. */
  step(seconds: number): void {
    writeFileSync(`${this.file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  /** The runtime of a sanitizer wants to be the first library. */
  get env(): Record<string, string> {
    const linked = execFileSync('ldd', [BINARY], { encoding: 'utf8' });
    const runtime = /(\/\S*lib(?:asan|tsan)\.so\S*)/.exec(linked)?.[1];
    return { LD_PRELOAD: [...(runtime ? [runtime] : []), LIBRARY].join(':'), FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_CACHE_DURATION: String(LOOKS_EVERY_S) };
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
