// ./dev bench load: fills a database with persons and their entries, for the measurements that read a large one.
//   node tests/bench/load.ts --entries N [--people M] [--check]
// --check only says what is wrong with the arguments.
// All by SQL, set by set: the keys come from a plan of all identities, the entries from the plan times a table of numbers,
// and everything else about an entry follows from its two numbers. Kept under var/bench-<N> as long as the schema stays.
import { performance } from 'node:perf_hooks';
import { load } from './frame/load.ts';
import { refuse } from './frame/refuse.ts';

function number(args: string[], name: string): number | undefined {
  const at = args.indexOf(name);
  if (at < 0) return undefined;
  const value = Number((args[at + 1] ?? '').replaceAll('_', ''));
  if (!Number.isInteger(value) || value < 1000 || value > 100_000_000)
    refuse(`${name} wants a number from 1000 to 100 million.`, 'For example: ./dev bench load --entries 1000000');
  return value;
}

const args = process.argv.slice(2);
const entries = number(args, '--entries');
const people = number(args, '--people');
const strange = args.find((arg) => /[a-z-]/.test(arg) && !['--entries', '--people', '--check'].includes(arg));
if (strange !== undefined) refuse(`./dev bench load does not know '${strange}'.`, 'It knows --entries N and --people M.');
if (entries === undefined) refuse('How many entries?', 'For example: ./dev bench load --entries 1000000');
if (args.includes('--check')) process.exit();
const begun = performance.now();
const loaded = await load(entries, { people, say: (line) => console.log(`  ${line}`) });
console.log(`${loaded.entries} entries of ${loaded.people} people in ${loaded.folder}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
