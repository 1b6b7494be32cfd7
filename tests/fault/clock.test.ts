// The server's clock is stepped, hours and years, backwards and forwards, under load.
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { randomUUID, waitFor } from '../system/harness.ts';
import { Clock } from './clock.ts';
import { World } from './world.ts';

const LONG = process.env['THROUGHLINE_FAULT'] === 'long';
const TIMES = LONG ? 10 : 1;
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const PROMPT_MS = 20_000; // far less than any step
const PLANNED = 9; // DUE_PLANNED

/** [what, seconds from the true time]. Far ahead comes last: what was stamped then stays there, and what comes after an answer
 * of the future is told from it by the provider's clock. */
const HOURS: [string, number][] = Array.from({ length: TIMES }, (): [string, number][] => [
  ['three hours back', -3 * HOUR_S],
  ['six hours ahead of that', 3 * HOUR_S],
  ['right', 0],
]).flat();
const STEPS: [string, number][] = [['two years back', -730 * DAY_S], ['right', 0], ...HOURS, ['200 days ahead', 200 * DAY_S], ['right', 0]];

async function world(t: TestContext, clock: Clock, begun = true): Promise<World> {
  const one = new World({ env: clock.env, config: { desk: { session_days: '365', session_idle_hours: '8760' } } });
  t.after(async () => {
    await one.end();
    clock.end();
  });
  await one.make();
  if (begun) {
    await one.begin();
    await one.more();
  }
  return one;
}

/** An answer for tomorrow; when it goes. */
async function plan(one: World): Promise<number> {
  const agent = await one.server.agent();
  const customer_id = await waitFor(
    'somebody has written',
    async () => (await agent.call('conversation.list', { view: 'open' })).conversations[0]?.customer_id,
  );
  const way = (await agent.call('customer.reach', { customer_id })).ways.find((each) => each.usable)!;
  const send_at = new Date(Math.ceil(Date.now() / 1000 + DAY_S) * 1000).toISOString();
  await agent.call('message.send', {
    customer_id,
    identity_id: way.identity_id ?? '',
    channel_id: way.channel_id,
    client_id: randomUUID(),
    text: 'Tomorrow',
    send_at,
  });
  return Date.parse(send_at);
}

/** The server has seen it. */
async function stepped(one: World, clock: Clock, seconds: number): Promise<void> {
  const seen = (): number => one.server.log.split('clock stepped').length;
  const before = seen();
  clock.step(seconds);
  await waitFor('the server notices the step', () => seen() > before);
}

describe('clock steps', { skip: Clock.missing(), concurrency: 3 }, () => {
  it('loses, doubles, reorders and holds up nothing, hours and years, backwards and forwards', { timeout: 180_000 * TIMES }, async (t) => {
    const clock = new Clock();
    const one = await world(t, clock);
    for (const [what, seconds] of STEPS) {
      one.provider.mood = 'fail'; // so that some wait for their next try
      const asked = one.provider.asked;
      await waitFor('answers are put off', () => one.provider.asked > asked + 2);
      await stepped(one, clock, seconds);
      one.provider.mood = 'accept';
      const last = one.server.sql('SELECT MAX(id) FROM outbox WHERE state = 1').trim();
      await one.more(20);
      await waitFor(
        `what waited has left: the clock is ${what}`,
        () => one.server.sql(`SELECT COUNT(*) FROM outbox WHERE state = 1 AND id <= ${last}`).trim() === '0',
        PROMPT_MS,
      );
    }
    await one.check();
    t.diagnostic(`${one.report()}; ${STEPS.length} steps`);
  });

  it('asks the provider once for what is on its way during a step', { timeout: 180_000 * TIMES }, async (t) => {
    const clock = new Clock();
    const one = await world(t, clock);
    let held = 0;
    for (let round = 0; round < TIMES; round++)
      for (const seconds of [3 * HOUR_S, 0, -3 * HOUR_S, 0]) {
        one.provider.mood = 'late';
        const first = one.provider.askedFor.length;
        await waitFor('an answer is on its way', () => one.provider.askedFor.length > first);
        await stepped(one, clock, seconds);
        await one.more(20);
        await waitFor('it is over', () => one.provider.askedFor.length > first + 1);
        const asked = one.provider.askedFor.slice(first);
        held += asked.length;
        assert.equal(new Set(asked).size, asked.length, 'the provider was asked twice for one answer');
      }
    await one.check();
    t.diagnostic(`${one.report()}; ${held} answers on their way during ${4 * TIMES} steps`);
  });

  it('lets nobody be logged out for good, and sweeps nothing away', { timeout: 900_000 }, async (t) => {
    const clock = new Clock();
    const one = await world(t, clock, false);
    const me = async (): Promise<number> =>
      (
        await fetch(`${one.server.url}/api/v1/session.me`, {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json', origin: one.server.url },
          body: '{}',
        })
      ).status;
    const kept = (): number => Number(one.server.sql('SELECT COUNT(*) FROM journal'));
    const cookie = await one.server.login();
    assert.equal(await me(), 200);
    for (let i = 0; i < 5; i++) assert.ok(await one.insist(one.lineRequest('U', [randomUUID()])));
    const before = kept();
    const planned = await plan(one);
    await stepped(one, clock, 400 * DAY_S);
    await waitFor('what is planned would be due', async () => (await one.server.metric('due_late_seconds{what="planned"}')) > DAY_S, 60_000);
    await waitFor('the session has run out by that clock', async () => (await me()) === 401);
    if (LONG) await waitFor('the sweep was due', () => /the clock may be wrong.*what=sweep/.test(one.server.log), 600_000);
    await stepped(one, clock, 0);
    assert.equal(await me(), 200, 'the same session, when the clock is right again');
    assert.ok(kept() === before && before > 0, 'the journal is there');
    assert.equal(Number(one.server.sql(`SELECT at FROM due WHERE what = ${PLANNED}`)), planned, 'and goes when it was to go');
    t.diagnostic(`the session holds and ${before} inputs are kept after 400 days and back`);
  });
});
