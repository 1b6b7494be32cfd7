// What the kernel says of a process, and how one is driven line by line.
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Polls until the condition gives something true; fails with `what` after a while. */
export async function waitFor<T>(what: string, condition: () => T | Promise<T>, withinMs = 30_000): Promise<NonNullable<T>> {
  const until = performance.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value) return value as NonNullable<T>;
    if (performance.now() > until) throw new Error(`Waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});
for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143]] as const) process.on(signal, () => process.exit(status));

/** It ends with this process, however that ends. */
export function endsWithUs(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const TICK_MS = 10; // USER_HZ is 100 on every Linux

/** User and system time so far, of all threads. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The same, finer: what the scheduler has counted for each thread that there is now; or only for those of one name. */
export function cpuNs(pid: number, name?: string): number {
  const tasks = readdirSync(`/proc/${pid}/task`).map((task) => `/proc/${pid}/task/${task}`);
  const wanted = tasks.filter((task) => name === undefined || readFileSync(`${task}/comm`, 'utf8').trim() === name);
  return wanted.reduce((sum, task) => sum + Number(readFileSync(`${task}/schedstat`, 'utf8').split(' ')[0]), 0);
}

/** `private`: what this process alone holds, without pages of files. */
export function memoryKb(pid: number): { resident: number; private: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { resident: of('Rss'), private: of('Anonymous') };
}

/** A program of tests/bench that takes commands on its standard input and answers each with one line. */
export class Program {
  readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private wanted: ((line: string) => void) | null = null;
  private failed: ((error: Error) => void) | null = null;

  constructor(path: string, args: string[]) {
    this.child = endsWithUs(spawn(path, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      if (this.wanted) this.wanted(line);
      else this.lines.push(line);
      this.wanted = null;
    });
    this.child.on('exit', (code, signal) => this.failed?.(new Error(`${path} has ended: ${signal ?? code}`)));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  line(): Promise<string> {
    const there = this.lines.shift();
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      this.wanted = resolve;
      this.failed = reject;
    });
  }

  /** Sends a command; the words of the answer. "failed …" is an error. */
  async ask(command: string): Promise<string[]> {
    this.child.stdin?.write(`${command}\n`);
    const answer = await this.line();
    if (answer.startsWith('failed')) throw new Error(`${command}: ${answer}`);
    return answer.split(' ');
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.failed = null;
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.stdin?.end();
    this.child.kill('SIGTERM');
    await gone;
  }
}
