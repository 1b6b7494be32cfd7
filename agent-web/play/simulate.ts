// Plays the providers against a running ./dev run: correctly signed events of a few people, through the front door.
//   node simulate.ts [--pace 0.5/s] [--people 6] [--story NAME] [--count N] [--demo var/demo.json]
import { parseArgs } from 'node:util';
import type { Person } from './demo/people.ts';
import type { Desk } from './desk.ts';
import { random, type Random } from './demo/random.ts';
import { readState, type DemoChannels, type DemoState } from './demo/state.ts';
import { deliver, type Sent } from './providers.ts';
import { STORIES, type Step } from './stories.ts';

export interface SimulateOptions {
  /** Events a second over all people. */
  pace: number;
  people: number;
  /** Of STORIES; any when not given. */
  story?: string | undefined;
  /** Ends after so many events; never when not given. */
  count?: number | undefined;
  seed?: number;
  signal?: AbortSignal;
  onEvent?: (person: Person, step: Step, sent: Sent) => void;
}

export interface SimulateResult {
  events: number;
  /** How often each HTTP status came; 0: no answer. */
  statuses: Record<number, number>;
  /** Milliseconds, sorted. */
  times: number[];
}

/** One person living through story after story; `busy` while a step is on its way, so that its own events keep order. */
interface Life {
  person: Person;
  steps: Step[];
  busy: boolean;
}

class Simulation {
  readonly result: SimulateResult = { events: 0, statuses: {}, times: [] };
  private readonly lives: Life[];
  private readonly running = new Set<Promise<void>>();
  private readonly rnd: Random;
  private readonly channels: DemoChannels;
  private readonly desk: Desk;
  private readonly options: SimulateOptions;
  private serial: number;
  private turn = 0;
  private begun = 0;

  constructor(state: DemoState, options: SimulateOptions) {
    this.options = options;
    this.channels = state.channels as DemoChannels;
    this.desk = { url: state.url, token: state.token };
    this.rnd = random(options.seed ?? Date.now());
    this.serial = Math.floor((Date.now() - state.now) / 1000);
    const fitting = state.people.filter((person) => this.storiesFor(person).length > 0);
    if (fitting.length === 0) throw new Error(`Nobody of the demo people fits the story '${options.story}'.`);
    this.lives = this.shuffled(fitting)
      .slice(0, options.people)
      .map((person) => ({ person, steps: [], busy: false }));
  }

  async run(): Promise<void> {
    const interval = 1000 / this.options.pace;
    const began = performance.now();
    while (!this.ended()) {
      const due = began + this.begun * interval - performance.now();
      if (due > 0) await pause(due, this.options.signal);
      if (this.ended()) break;
      const life = this.nextLife();
      if (!life) {
        await Promise.race(this.running);
        continue;
      }
      this.begun++;
      const going = this.play(life).finally(() => this.running.delete(going));
      this.running.add(going);
    }
    await Promise.all(this.running);
  }

  private ended(): boolean {
    return this.options.signal?.aborted === true || this.begun >= (this.options.count ?? Infinity);
  }

  private nextLife(): Life | undefined {
    for (let i = 0; i < this.lives.length; i++) {
      const life = this.lives[this.turn++ % this.lives.length]!;
      if (!life.busy) return life;
    }
    return undefined;
  }

  private async play(life: Life): Promise<void> {
    life.busy = true;
    if (life.steps.length === 0) life.steps = this.begin(life.person);
    const step = life.steps.shift()!;
    const sent = await this.perform(step).catch((error: unknown) => ({ status: 0, ms: 0, text: reason(error) }));
    this.result.events++;
    this.result.statuses[sent.status] = (this.result.statuses[sent.status] ?? 0) + 1;
    this.result.times.push(sent.ms);
    this.options.onEvent?.(life.person, step, sent);
    life.busy = false;
  }

  private async perform(step: Step): Promise<Sent> {
    if ('request' in step) return deliver(await step.request());
    const began = performance.now();
    await step.act();
    return { status: 200, ms: performance.now() - began, text: '' };
  }

  private begin(person: Person): Step[] {
    const name = this.rnd.pick(this.storiesFor(person));
    return STORIES[name]!.steps({ person, channels: this.channels, rnd: this.rnd, serial: this.serial++, desk: this.desk });
  }

  private storiesFor(person: Person): string[] {
    return Object.keys(STORIES).filter((name) => (this.options.story === undefined || name === this.options.story) && STORIES[name]!.fits(person));
  }

  private shuffled<T>(list: T[]): T[] {
    return list
      .map((item) => ({ item, at: this.rnd.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

export async function simulate(state: DemoState, options: SimulateOptions): Promise<SimulateResult> {
  const simulation = new Simulation(state, options);
  await simulation.run();
  simulation.result.times.sort((a, b) => a - b);
  return simulation.result;
}

// ---- by itself ----------------------------------------------------------------------------------------------------

/** Columns on a terminal: East Asian characters take two. */
function pad(text: string, width: number): string {
  const wide = (text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g) ?? []).length;
  return text + ' '.repeat(Math.max(1, width - text.length - wide));
}

function printEvent(person: Person, step: Step, sent: Sent): void {
  const time = new Date().toTimeString().slice(0, 8);
  const outcome = sent.status === 0 ? `no answer: ${sent.text}` : `${sent.status}  ${sent.ms.toFixed(0)} ms`;
  const complaint = sent.status >= 400 ? `  ${sent.text.replace(/\s+/g, ' ').slice(0, 160)}` : '';
  console.log(`${time}  ${pad(step.provider, 10)}${pad(person.full, 24)}${pad(step.what, 64)}${outcome}${complaint}`);
}

function printResult({ events, statuses, times }: SimulateResult): void {
  const at = (part: number): string => (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0).toFixed(1);
  const list = Object.entries(statuses).map(([status, count]) => `${count} × ${status === '0' ? 'no answer' : status}`);
  console.log(`\n${events} events: ${list.join(', ') || 'none'}; ${at(0.5)} ms median, ${at(0.99)} ms at 99 %`);
}

function readPace(text: string): number {
  const pace = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1]);
  if (!(pace > 0 && pace <= 10_000)) throw new Error(`'${text}' is no pace; say how many events a second: --pace 2/s`);
  return pace;
}

function readCount(text: string, name: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} wants a whole number from 1, not '${text}'.`);
  return count;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pace: { type: 'string', default: '0.5/s' },
      people: { type: 'string', default: '6' },
      story: { type: 'string' },
      count: { type: 'string' },
      demo: { type: 'string', default: 'var/demo.json' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log('./dev simulate [--pace N/s] [--people N] [--story NAME] [--count N]\n\nStories:');
    for (const [name, story] of Object.entries(STORIES)) console.log(`  ${pad(name, 14)}${story.about}`);
    return;
  }
  if (values.story !== undefined && !STORIES[values.story])
    throw new Error(`There is no story '${values.story}'. There are: ${Object.keys(STORIES).join(', ')}`);
  const options = {
    pace: readPace(values.pace),
    people: readCount(values.people, 'people'),
    count: values.count === undefined ? undefined : readCount(values.count, 'count'),
    story: values.story,
  };
  const state = readState(values.demo);
  if (!state?.complete) throw new Error('There is no demo shop to play with: start ./dev run first, in another terminal.');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort()).once('SIGTERM', () => stop.abort());
  console.log(`Playing against ${state.url}, ${options.pace} events a second; Ctrl-C ends it.\n`);
  const result = await simulate(state, { ...options, signal: stop.signal, onEvent: printEvent });
  printResult(result);
  const refused = Object.entries(result.statuses).some(([status]) => !status.startsWith('2'));
  process.exitCode = refused ? 1 : 0;
}

if (import.meta.main)
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
