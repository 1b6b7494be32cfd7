// ./dev bench: measures, each thing several times, alternating with its floor; prints a table and writes JSON.
//   node tests/bench/run.ts [NAME…] [--runs N] [--quick] [--check]
// --check only says what is wrong with the arguments.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, Figures, Measurement } from './frame/contract.ts';
import { Database, SETTINGS } from './frame/database.ts';
import { refuse } from './frame/refuse.ts';
import { lines, machine, table, type Line, type Outcome } from './frame/report.ts';
import { FANOUT } from './fanout.ts';
import { IDLE } from './idle.ts';
import { IMPORT } from './import.ts';
import { INGEST, SINGLE } from './ingest.ts';
import { MAIL } from './mail.ts';
import { OPEN } from './open.ts';
import { PERSON } from './person.ts';
import { QUEUE } from './queue.ts';
import { SCREENS } from './screens.ts';
import { SEARCH } from './search.ts';
import { START } from './start.ts';

/** In the order of the table. */
const MEASUREMENTS: Measurement[] = [INGEST, SINGLE, MAIL, ...FANOUT, SCREENS, IDLE, OPEN, PERSON, QUEUE, IMPORT, START, SEARCH];

const SOURCE = fileURLToPath(new URL('../../', import.meta.url));
const BUILD = process.env['THROUGHLINE_BENCH_PROGRAMS'] ?? join(SOURCE, 'build/release/bench');

interface Wanted {
  names: string[];
  runs: number;
  quick: boolean;
}

function wanted(args: string[]): Wanted {
  const want: Wanted = { names: [], runs: 5, quick: false };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--quick') [want.quick, want.runs] = [true, 2];
    else if (arg === '--runs') want.runs = Number(args[++i]);
    else if (arg === '--check') continue;
    else want.names.push(arg);
  }
  const known = [...new Set(MEASUREMENTS.map((each) => each.name))];
  const strange = want.names.find((name) => !known.includes(name));
  if (strange?.startsWith('-')) refuse(`./dev bench does not know '${strange}'.`, 'It knows --runs N and --quick, and the names of measurements.');
  if (strange !== undefined) refuse(`There is no measurement '${strange}'.`, `There are: ${known.join(' ')}`);
  if (!Number.isInteger(want.runs) || want.runs < 1) refuse('--runs wants a number.', 'For example: ./dev bench --runs 3 start');
  return want;
}

/** The floor, ours, ours, the floor …: what drifts meanwhile drifts under both. */
async function measure(bench: Bench, measurement: Measurement, runs: number): Promise<Outcome> {
  const outcome: Outcome = { measurement, floor: [], ours: [] };
  const ready = await measurement.prepare(bench);
  try {
    for (let i = 0; i < Math.min(runs, measurement.runsMost ?? runs); i++) {
      if ('both' in ready) {
        const { floor, ours } = await ready.both();
        outcome.floor.push(floor);
        outcome.ours.push(ours);
        continue;
      }
      const turns: [Figures[], (() => Promise<Figures>) | undefined][] = [[outcome.floor, ready.floor], [outcome.ours, ready.ours]];
      for (const [list, run] of i % 2 ? turns.reverse() : turns) if (run) list.push(await run());
    }
  } finally {
    await ready.end();
  }
  return outcome;
}

async function main(): Promise<void> {
  const want = wanted(process.argv.slice(2));
  if (process.argv.includes('--check')) return;
  const begun = performance.now();
  let scratch: Database | undefined;
  const bench: Bench = {
    quick: want.quick,
    database: async () => (scratch ??= await Database.start(join(SOURCE, 'var/bench-scratch'))),
    program: (path) => join(BUILD, path),
    say: (line) => console.log(`  ${line}`),
  };
  const here = machine();
  const version = (await bench.database()).version();
  const all: Line[] = [];
  const results: object[] = [];
  console.log(`${here.cpu}, ${here.cores} cores, ${here.memory_mb} MB, Linux ${here.kernel}, MariaDB ${version}`);
  console.log(`MariaDB: ${Object.entries(SETTINGS).map(([name, value]) => `${name}=${value}`).join(' ')}`);
  try {
    for (const measurement of MEASUREMENTS) {
      if (want.names.length ? !want.names.includes(measurement.name) : measurement.onlyByName) continue;
      const since = performance.now();
      console.log(`\n${measurement.name}: ${measurement.title}`);
      const outcome = await measure(bench, measurement, want.runs);
      const found = lines(outcome);
      all.push(...found);
      results.push({ name: measurement.name, lines: found, floor: outcome.floor, ours: outcome.ours });
      console.log(`${table(found)}\n  (${((performance.now() - since) / 1000).toFixed(0)} s)`);
    }
  } finally {
    await scratch?.stop();
  }
  const file = join(SOURCE, 'build/bench', `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
  mkdirSync(join(SOURCE, 'build/bench'), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine: here, mariadb: version, settings: SETTINGS, runs: want.runs, quick: want.quick, results }, null, 2)}\n`);
  console.log(`\n${table(all)}\n\n${((performance.now() - begun) / 1000).toFixed(0)} s; ${all.filter((each) => each.met === false).length} aims missed; all figures: ${file.slice(SOURCE.length)}`);
}

await main();
