// A disk of its own, small enough to be filled: a bounded tmpfs, mounted where this process may mount (./dev test gives the
// suite fault a mount namespace).
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PIECE = Buffer.alloc(64 * 1024, 1);

export class Disk {
  readonly folder = mkdtempSync(join(tmpdir(), 'throughline-disk-'));

  /** null: this process may not mount. */
  static make(megabytes: number): Disk | null {
    const disk = new Disk();
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', disk.folder], { stdio: 'ignore' });
      return disk;
    } catch {
      rmSync(disk.folder, { recursive: true });
      return null;
    }
  }

  /** A ballast file takes what is left, but so many bytes. */
  fill(but = 0): void {
    const file = openSync(join(this.folder, 'ballast'), 'a');
    try {
      while (this.room() > but) writeSync(file, PIECE, 0, Math.min(PIECE.length, this.room() - but));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(join(this.folder, 'ballast'), { force: true });
  }

  room(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  end(): void {
    execFileSync('umount', ['--lazy', this.folder], { stdio: 'ignore' });
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const NO_MOUNT = 'a file system of bounded size cannot be mounted here: run it as root, or where user namespaces are allowed';
