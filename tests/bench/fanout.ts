// An entry to all screens: what the server spends for each message that it delivers, beside a bare libwebsockets broadcast
// that delivers as many frames of the same sizes. The two take turns, message by message, so that both find the caches as
// cold; and the receivers stand still meanwhile: else the figure is about how often the sender has to wake them on the other
// core, which no network card asks of it. The API call that makes the message is in our figure.
import { randomUUID } from 'node:crypto';
import type { Bench, Figures, Measurement, Runs } from './frame/contract.ts';
import { Instance, freePort } from './frame/instance.ts';
import { cpuNs, Program } from './frame/process.ts';
import { makeAgents, makeCustomers, sessionHeader } from './frame/people.ts';

const TEXT = 'Where is my order? '.repeat(22).slice(0, 400);

/** A driver with n screens open on what listens at the port. */
async function screens(bench: Bench, port: number, n: number, watch: string): Promise<Program> {
  const driver = new Program(bench.program('load/sockets'), []);
  await driver.ask(`open ${port} ${n} /ws throughline ${sessionHeader}`);
  await driver.ask(`each ${watch}`);
  return driver;
}

interface Side {
  pid: number;
  driver: Program;
  /** Makes one message, which is so many frames to each screen. */
  send: () => Promise<void>;
  spent: number;
  received: number;
}

async function round(side: Side, frames: number): Promise<void> {
  const before = cpuNs(side.pid);
  side.driver.child.kill('SIGSTOP');
  await side.send();
  side.driver.child.kill('SIGCONT');
  side.received += frames;
  await side.driver.ask(`wait ${side.received} 20000`);
  side.spent += cpuNs(side.pid) - before;
}

async function run(sides: Side[], frames: number, rounds: number): Promise<Figures[]> {
  for (const side of sides) {
    await side.driver.ask('reset');
    side.spent = side.received = 0;
  }
  for (let i = 0; i < rounds; i++) for (const side of i % 2 ? sides.toReversed() : sides) await round(side, frames);
  return await Promise.all(
    sides.map(async (side) => {
      const [, got, bytes] = (await side.driver.ask('count')).map(Number);
      if (got !== side.received) throw new Error(`${got} frames came instead of ${side.received}`);
      return { cpu_us: side.spent / 1000 / side.received, frames: side.received, bytes_each: (bytes ?? 0) / side.received };
    }),
  );
}

async function prepare(bench: Bench, watchers: number): Promise<Runs> {
  const rounds = Math.ceil((bench.quick ? 100_000 : 300_000) / watchers);
  const instance = await Instance.make(await bench.database());
  makeAgents(instance, watchers);
  const [customer = ''] = makeCustomers(instance, 1);
  await instance.serve();
  const watch = `{"jsonrpc":"2.0","id":1,"method":"timeline.watch","params":{"customer_id":"${customer}"}}`;
  const ours = await screens(bench, instance.port, watchers, watch);
  const note = async (): Promise<void> => void (await instance.api(
    'note.add', { customer_id: customer, text: TEXT, client_id: randomUUID() }, 'bench-session-1'));
  // Who is there is told once more when the last has come.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await ours.ask('reset');
  await note();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await note();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const frames = Number((await ours.ask('count'))[1]);
  const sizes = (await ours.ask('sizes')).slice(1);
  const each = sizes.slice(sizes.length / 2);
  bench.say(`${watchers} screens; a note of ${TEXT.length} bytes is ${each.length} frames, of ${each.join(' and ')} bytes (${frames} frames for two)`);

  const port = await freePort();
  const floor = new Program(bench.program('floor/broadcast'), [String(port)]);
  await floor.line();
  const bare = await screens(bench, port, watchers, watch);
  const sides: Side[] = [
    { pid: floor.pid, driver: bare, send: async () => void (await floor.ask(`send ${each.join(' ')}`)), spent: 0, received: 0 },
    { pid: instance.pid, driver: ours, send: note, spent: 0, received: 0 },
  ];
  return {
    both: async () => {
      const [bareFigures = {}, ourFigures = {}] = await run(sides, each.length * watchers, rounds);
      return { floor: bareFigures, ours: ourFigures };
    },
    end: async () => {
      for (const program of [ours, bare, floor]) await program.end();
      await instance.end();
    },
  };
}

function fanout(watchers: number): Measurement {
  return {
    name: 'fanout',
    title: `entry to all screens, ${watchers} watchers of one timeline, 400 bytes`,
    rows: [
      { title: `server CPU per delivered message, ${watchers} watchers`, figure: 'cpu_us', unit: 'µs', aim: { ratio: 1.3 } },
    ],
    prepare: (bench) => prepare(bench, watchers),
  };
}

export const FANOUT: Measurement[] = [fanout(1000), fanout(5000)];
