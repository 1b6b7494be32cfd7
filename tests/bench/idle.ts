// Ten thousand connections that say nothing: what each holds of the server's memory, beside a bare libwebsockets server
// with as many; and whether a message to one of them costs more than among a hundred.
import { randomInt, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Figures, Measurement, Runs } from './frame/contract.ts';
import { freePort, Instance } from './frame/instance.ts';
import { customerId, makeAgents, makeCustomers, makeVisitors, sessionHeader, visitorToken } from './frame/people.ts';
import { cpuMs, cpuNs, memoryKb, Program } from './frame/process.ts';
import { median } from './frame/report.ts';

const FEW = 100;

interface Crowd {
  agents: Program;
  visitors: Program;
}

const WATCH = '{"jsonrpc":"2.0","id":1,"method":"timeline.watch","params":{"customer_id":"00000000-0000-0000-0000-{n}"}}';

async function come(crowd: Crowd, port: number, agents: number, visitors: number, channel: string): Promise<void> {
  const hello = `{"jsonrpc":"2.0","id":1,"method":"chat.hello","params":{"channel_id":"${channel}","token":"${visitorToken('{n}')}"}}`;
  await crowd.agents.ask(`open ${port} ${agents} /ws throughline ${sessionHeader}`);
  await crowd.agents.ask(`each ${WATCH}`);
  if (!visitors) return;
  await crowd.visitors.ask(`open ${port} ${visitors} /ws/chat throughline-chat Origin: http://shop.example`);
  await crowd.visitors.ask(`each ${hello}`);
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1500));

/** What the process spends in a second in which nothing is asked of it. */
async function idleMs(pid: number, ms: number): Promise<number> {
  const before = cpuMs(pid);
  await new Promise((resolve) => setTimeout(resolve, ms));
  return (cpuMs(pid) - before) / (ms / 1000);
}

const SLICES = 7;

/** CPU of a note, a call on the first agent's socket, under one of the first hundred persons, each watched by one agent; the median of a few stretches, since now
 *  and then passes what has nothing to do with it: every agent's log-in is looked up again once in 30 s. */
async function wakeUp(instance: Instance, crowd: Crowd, notes: number): Promise<number> {
  const each: number[] = [];
  const slice = Math.ceil(notes / SLICES);
  await crowd.agents.ask('reset');
  for (let i = 1; i <= SLICES; i++) {
    const calls = Array.from({ length: slice }, () => {
      const params = { customer_id: customerId(randomInt(1, FEW + 1)), text: 'Is anybody there?', client_id: randomUUID() };
      return `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'note.add', params })}\n`;
    });
    const file = join(instance.folder, 'notes');
    writeFileSync(file, calls.join(''));
    const before = cpuNs(instance.pid);
    await crowd.agents.ask(`calls ${file}`);
    await crowd.agents.ask(`wait ${i * slice} 10000`);
    each.push((cpuNs(instance.pid) - before) / 1000 / slice);
  }
  const got = Number((await crowd.agents.ask('count'))[1]);
  if (got !== SLICES * slice) throw new Error(`${SLICES * slice} notes were ${got} messages`);
  return median(each);
}

const crowd = (bench: Bench): Crowd => ({
  agents: new Program(bench.program('load/sockets'), []),
  visitors: new Program(bench.program('load/sockets'), []),
});

async function ours(bench: Bench, instance: Instance, channel: string, half: number): Promise<Figures> {
  const figures: Figures = {};
  const people = crowd(bench);
  const notes = bench.quick ? 350 : 1400;
  try {
    await instance.serve();
    await come(people, instance.port, FEW, 0, channel);
    await settle();
    await wakeUp(instance, people, 300); // statements prepared, memory taken
    const alone = memoryKb(instance.pid);
    figures['wake_few_us'] = await wakeUp(instance, people, notes);
    await come(people, instance.port, half - FEW, 0, channel);
    await settle();
    const agents = memoryKb(instance.pid);
    await come(people, instance.port, 0, half, channel);
    await settle();
    const all = memoryKb(instance.pid);
    figures['agent_kb'] = (agents.resident - alone.resident) / (half - FEW);
    figures['visitor_kb'] = (all.resident - agents.resident) / half;
    figures['connection_kb'] = (all.resident - alone.resident) / (2 * half - FEW);
    figures['resident_mb'] = all.resident / 1024;
    figures['idle_ms_s'] = await idleMs(instance.pid, bench.quick ? 2000 : 30_000);
    figures['wake_many_us'] = await wakeUp(instance, people, notes);
  } finally {
    await people.agents.end();
    await people.visitors.end();
    await instance.stop();
  }
  return figures;
}

async function floor(bench: Bench, half: number): Promise<Figures> {
  const port = await freePort();
  const server = new Program(bench.program('floor/broadcast'), [String(port)]);
  const people = crowd(bench);
  try {
    await server.line();
    await people.agents.ask(`open ${port} ${FEW} /ws throughline -`);
    await people.agents.ask('each {}');
    const alone = memoryKb(server.pid);
    for (const program of [people.agents, people.visitors]) {
      await program.ask(`open ${port} ${program === people.agents ? half - FEW : half} /ws throughline -`);
      await program.ask('each {}');
    }
    const all = memoryKb(server.pid);
    return { connection_kb: (all.resident - alone.resident) / (2 * half - FEW) };
  } finally {
    await people.agents.end();
    await people.visitors.end();
    await server.end();
  }
}

async function prepare(bench: Bench): Promise<Runs> {
  const half = bench.quick ? 1000 : 5000;
  const instance = await Instance.make(await bench.database());
  await instance.serve();
  const saved = await instance.api('channel.create', { type: 'chat', name: 'Chat', settings: {} });
  await instance.stop();
  const channel = saved.channel?.id ?? '';
  makeAgents(instance, half);
  makeCustomers(instance, half);
  makeVisitors(instance, half);
  return { floor: () => floor(bench, half), ours: () => ours(bench, instance, channel, half), end: () => instance.end() };
}

export const IDLE: Measurement = {
  name: 'idle',
  title: '5,000 agents who watch a person each and 5,000 visitors, logged in',
  rows: [
    { title: 'resident memory per idle connection', figure: 'connection_kb', unit: 'kB', aim: { ratio: 1.5 } },
    { title: 'of an agent', figure: 'agent_kb', unit: 'kB' },
    { title: 'of a visitor', figure: 'visitor_kb', unit: 'kB' },
    { title: 'server CPU of a message to one, of 100 and of 10,000', figure: 'wake_many_us', floorFigure: 'wake_few_us', floorOf: 'ours', unit: 'µs', aim: { ratio: 1.2 } },
    { title: 'server CPU a second, all idle', figure: 'idle_ms_s', unit: 'ms' },
  ],
  runsMost: 3,
  prepare,
};
