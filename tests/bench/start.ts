// From the start of the process to /readyz, and what the server holds when nobody is there.
import type { Bench, Measurement, Runs } from './frame/contract.ts';
import { Instance } from './frame/instance.ts';
import { memoryKb } from './frame/process.ts';

const SETTLED_MS = 1500; // its first chores are over

async function prepare(bench: Bench): Promise<Runs> {
  const instance = await Instance.make(await bench.database());
  await instance.serve(); // MariaDB has its tables open, as it has when a server is restarted
  await instance.stop();
  return {
    ours: async () => {
      const ready = await instance.serve();
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      const memory = memoryKb(instance.pid);
      await instance.stop();
      return { ready_ms: ready, resident_mb: memory.resident / 1024, private_mb: memory.private / 1024 };
    },
    end: () => instance.end(),
  };
}

export const START: Measurement = {
  name: 'start',
  title: 'start to ready with a migrated database, and resident memory when idle',
  rows: [
    { title: 'start to ready', figure: 'ready_ms', unit: 'ms', aim: { most: 1000 } },
    { title: 'resident memory, idle', figure: 'resident_mb', unit: 'MB', aim: { most: 20 } },
    { title: 'of it private, not of files', figure: 'private_mb', unit: 'MB' },
  ],
  prepare,
};
