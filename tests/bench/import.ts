// An import of people: rows a second, the CPU of it, and what the server holds while it runs and when it is over.
import type { Bench, Figures, Measurement, Runs } from './frame/contract.ts';
import { Instance } from './frame/instance.ts';
import { cpuNs, memoryKb } from './frame/process.ts';

const POLL_MS = 20;
const SETTLED_MS = 3000; // the index and the readers have followed

/** People with two ways to reach them; in each run others. */
function people(n: number, run: number): string {
  const lines = ['name,email,phone,company,tags'];
  for (let i = 0; i < n; i++) lines.push(`Person ${run} ${i},person${run}.${i}@example.com,+49151${String(run * n + i).padStart(8, '0')},Company ${i % 1000},one;two`);
  return `${lines.join('\r\n')}\r\n`;
}

async function upload(instance: Instance, body: string): Promise<string> {
  const headers = { authorization: `Bearer ${instance.token}`, 'content-type': 'text/csv' };
  const answer = await fetch(`${instance.url}/api/v1/attachments?name=rows.csv`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { upload: string }).upload;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const held = (instance: Instance): number => memoryKb(instance.pid).private / 1024;

async function run(instance: Instance, n: number, number: number): Promise<Figures> {
  await instance.serve();
  const file = await upload(instance, people(n, number));
  await pause(SETTLED_MS / 2);
  const figures: Figures = { before_mb: held(instance), peak_mb: 0 };
  const [begun, server, database] = [performance.now(), cpuNs(instance.pid), cpuNs(instance.database.pid)];
  const of = (thread: string): number => cpuNs(instance.pid, thread) / 1000 / n;
  const task = await instance.api('import.start', { upload: file, what: 'people', format: 'csv', dry_run: false });
  for (let over = false; !over; await pause(POLL_MS)) {
    figures['peak_mb'] = Math.max(figures['peak_mb'] ?? 0, held(instance));
    const now = await instance.api('task.get', { id: task.id });
    if (now.state === 'failed') throw new Error(JSON.stringify(now.error));
    over = now.state === 'done';
  }
  const seconds = (performance.now() - begun) / 1000;
  Object.assign(figures, { rate: n / seconds, server_us: (cpuNs(instance.pid) - server) / 1000 / n, database_us: (cpuNs(instance.database.pid) - database) / 1000 / n });
  await pause(SETTLED_MS);
  Object.assign(figures, { kept_mb: held(instance), all_us: (cpuNs(instance.pid) - server) / 1000 / n, task_us: of('task'), index_us: of('index') });
  const there = Number(instance.sql(`SELECT COUNT(*) FROM customer WHERE name LIKE 'Person ${number} %'`));
  if (there !== n) throw new Error(`${there} people came of ${n} rows`);
  await instance.stop();
  return figures;
}

async function prepare(bench: Bench): Promise<Runs> {
  const instance = await Instance.make(await bench.database());
  const n = bench.quick ? 20_000 : 100_000;
  let number = 0;
  return { ours: () => run(instance, n, ++number), end: () => instance.end() };
}

export const IMPORT: Measurement = {
  name: 'import',
  title: 'an import of 100,000 people with an address and a number each',
  rows: [
    { title: 'import: rows a second', figure: 'rate', unit: '/s' },
    { title: 'import: CPU of the server a row', figure: 'all_us', unit: 'µs' },
    { title: '… of it the import itself', figure: 'task_us', unit: 'µs' },
    { title: '… of it the search index, which follows', figure: 'index_us', unit: 'µs' },
    { title: 'import: CPU of MariaDB a row', figure: 'database_us', unit: 'µs' },
    { title: 'import: private memory, peak', figure: 'peak_mb', unit: 'MB', aim: { most: 60 } },
    { title: 'import: private memory, when it is over', figure: 'kept_mb', unit: 'MB', aim: { most: 35 } },
  ],
  runsMost: 3,
  prepare,
};
