// Fifty agents look at the same person, who writes: all that one message pushes to them (the entry, the row of the queue, ...), one
// message at a time, to receivers that live meanwhile. CPU of the loop, which is who writes; what the message itself costs there is taken
// off: the same without a screen. Beside it a bare libwebsockets broadcast of as many frames of the same sizes.
import type { Bench, Figures, Measurement, Runs } from './frame/contract.ts';
import { freePort } from './frame/instance.ts';
import { makeAgents, sessionHeader } from './frame/people.ts';
import { cpuNs, Program } from './frame/process.ts';
import { Shop } from './ingest.ts';

const WATCHERS = 50;
const LOOP = 'throughline'; // its thread
const RATE = 100; // messages a second: each finds an idle server

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A driver with the screens, each of which has watched. */
async function screens(bench: Bench, port: number, watch: string): Promise<Program> {
  const driver = new Program(bench.program('load/sockets'), []);
  await driver.ask(`open ${port} ${WATCHERS} /ws throughline ${sessionHeader}`);
  await driver.ask(`each ${watch}`);
  await pause(500); // who is there is told
  return driver;
}

async function frames(driver: Program): Promise<{ n: number; bytes: number }> {
  const [, n = 0, bytes = 0] = (await driver.ask('count')).map(Number);
  return { n, bytes };
}

/** CPU of a run of messages, and of how many. */
async function spent(shop: Shop, seconds: number): Promise<{ ns: number; messages: number }> {
  const before = cpuNs(shop.instance.pid, LOOP);
  const { accepted } = await shop.send({ connections: 1, seconds, rate: RATE });
  await pause(300); // the index and the readers follow
  return { ns: cpuNs(shop.instance.pid, LOOP) - before, messages: accepted };
}

async function ours(bench: Bench, shop: Shop, watch: string, seconds: number): Promise<Figures> {
  const alone = await spent(shop, seconds);
  const driver = await screens(bench, shop.instance.port, watch);
  try {
    await driver.ask('reset');
    const all = await spent(shop, seconds);
    const { n, bytes } = await frames(driver);
    const each = alone.ns / alone.messages;
    return { cpu_us: (all.ns - each * all.messages) / 1000 / n, alone_us: each / 1000, frames_each: n / all.messages / WATCHERS, bytes_each: bytes / n };
  } finally {
    await driver.end();
  }
}

/** The sizes of the frames that one message is to a screen. */
async function sizesOf(bench: Bench, shop: Shop, watch: string): Promise<string> {
  const driver = await screens(bench, shop.instance.port, watch);
  try {
    await shop.send({ connections: 1, seconds: 1, rate: RATE });
    await pause(300);
    await driver.ask('reset');
    await shop.send({ connections: 1, seconds: 1 / RATE, rate: RATE });
    await pause(300);
    return (await driver.ask('sizes')).slice(1).join(' ');
  } finally {
    await driver.end();
  }
}

async function floor(bench: Bench, watch: string, sizes: string, messages: number): Promise<Figures> {
  const port = await freePort();
  const server = new Program(bench.program('floor/broadcast'), [String(port)]);
  await server.line();
  const driver = await screens(bench, port, watch);
  try {
    await driver.ask('reset');
    const before = cpuNs(server.pid);
    for (let i = 0; i < messages; i++) {
      await server.ask(`send ${sizes}`);
      await pause(1000 / RATE);
    }
    await pause(100);
    return { cpu_us: (cpuNs(server.pid) - before) / 1000 / (await frames(driver)).n };
  } finally {
    await driver.end();
    await server.end();
  }
}

async function prepare(bench: Bench): Promise<Runs> {
  const shop = await Shop.open(bench, 1);
  const seconds = bench.quick ? 3 : 8;
  makeAgents(shop.instance, WATCHERS);
  const [person] = (await shop.instance.api('conversation.list', { view: 'all', limit: 1 })).conversations;
  const watch = `{"jsonrpc":"2.0","id":1,"method":"timeline.watch","params":{"customer_id":"${person?.customer_id ?? ''}","limit":1}}`;
  const sizes = await sizesOf(bench, shop, watch);
  bench.say(`a message is frames of ${sizes} bytes to each of ${WATCHERS} screens`);
  return {
    floor: () => floor(bench, watch, sizes, seconds * RATE),
    ours: () => ours(bench, shop, watch, seconds),
    end: () => shop.instance.end(),
  };
}

export const SCREENS: Measurement = {
  name: 'screens',
  title: `a person writes while ${WATCHERS} agents look, one message at a time; the message's own cost taken off`,
  rows: [
    { title: `server CPU per frame, ${WATCHERS} live screens, a message at a time`, figure: 'cpu_us', unit: 'µs', aim: { most: 8 } },
    { title: '… the loop for the message itself, without a screen', figure: 'alone_us', unit: 'µs' },
    { title: '… frames to each screen', figure: 'frames_each', unit: '' },
  ],
  prepare,
};
