// What an agent may not do to answers that wait, and to what others have begun to write; and what two at once do to both.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, lineRequest, lineTextEvent } from '../../agent-web/play/providers.ts';
import type { CallError } from '../../agent-web/protocol/src/error.ts';
import type { Draft, Entry } from '../../agent-web/protocol/src/generated.ts';
import { ApiError, endAll, randomUUID, Server, type Socket, waitFor } from './harness.ts';

const HOUR = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();
const begun = (text: string, more: Partial<Draft> = {}): Draft => ({
  mode: 'reply',
  text,
  rich: false,
  plain: null,
  note: null,
  subject: null,
  answers: null,
  cc_chosen: false,
  cc: [],
  bcc: [],
  from: null,
  way: null,
  files: [],
  fresh: false,
  ...more,
});

describe('answers that wait', () => {
  let server: Server;
  let twin: Server;
  let sink: CatchAll;
  let agent: Socket;
  let other: Socket;
  let cookie: string;
  let line: { id: string; url: string; channelSecret: string };
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll({ statusDelayMs: 10 });
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    twin = await server.twin((fn) => ends.push(fn), { config: { desk: { undo_seconds: '0' } } });
    const made = await server.channel('line', 'LINE', { channel_secret: 'ls', access_token: 'la', api_url: sink.lineUrl });
    line = { id: made.id, url: made.url, channelSecret: 'ls' };
    cookie = (await server.newAgent('Ada')).cookie;
    agent = await server.agent(cookie);
    other = await twin.agent((await server.newAgent('Ben')).cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function person(name: string): Promise<{ customer_id: string; identity_id: string }> {
    assert.equal((await deliver(lineRequest(line, [lineTextEvent(`U-${name}`, `hello from ${name}`)]))).status, 200);
    const row = (await agent.call('conversation.list', { view: 'open' })).conversations.find((one) => one.preview === `hello from ${name}`);
    const way = (await agent.call('customer.reach', { customer_id: row?.customer_id ?? '' })).ways.find((one) => one.channel_id === line.id);
    return { customer_id: row?.customer_id ?? '', identity_id: way?.identity_id ?? '' };
  }
  const send = (to: { customer_id: string; identity_id: string }, text: string, send_at?: string): Promise<Entry> =>
    agent.call('message.send', { ...to, channel_id: line.id, client_id: randomUUID(), text, ...(send_at ? { send_at } : {}) });
  const left = (text: string): number => sink.messages.filter((one) => one.text === text).length;
  /** Its time has come. */
  const come = (id: string): void => {
    const key = id.replaceAll('-', '');
    server.sql(`UPDATE entry SET send_at = 1000 * UNIX_TIMESTAMP() - 1 WHERE id = UNHEX('${key}');
      UPDATE due SET at = 1000 * UNIX_TIMESTAMP() - 1 WHERE what = 9 AND noun_key = (SELECT id FROM outbox WHERE entry_id = UNHEX('${key}'))`);
  };
  const refused = (call: Promise<unknown>, field: string | null, code: string): Promise<void> =>
    assert.rejects(call, (error: CallError) => {
      assert.deepEqual([error.field, error.reason], [field, code]);
      return true;
    });

  it('take no time that has been, however far', async () => {
    const mia = await person('mia');
    for (const at of ['1970-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '0001-01-01T00:00:00Z', new Date(Date.now() - 1).toISOString()]) {
      await assert.rejects(send(mia, `at ${at}`, at), (error: CallError) => error.field === 'send_at', at);
      assert.equal(left(`at ${at}`), 0);
    }
    const { id } = await send(mia, 'planned', inHours(2));
    for (const at of ['1970-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59Z'])
      await assert.rejects(agent.call('message.plan', { id, send_at: at }), (error: CallError) => error.field === 'send_at', at);
    assert.equal((await agent.call('entry.get', { id })).delivery, 'scheduled');
  });

  it('leave once or not at all, whoever takes them back or sends them as their time comes, at either of two servers', async () => {
    const ken = await person('ken');
    const all = await Promise.all(Array.from({ length: 24 }, (_, i) => send(ken, `race ${i}`, inHours(2))));
    await Promise.all(
      all.flatMap(({ id }, i) => {
        come(id);
        return [
          i % 2 ? other.call('message.cancel', { id }) : agent.call('message.cancel', { id }),
          i % 3 ? other.call('message.plan', { id }) : agent.call('message.plan', { id, send_at: inHours(3) }),
        ].map((call) => (call as Promise<unknown>).catch(() => null));
      }),
    );
    for (const [i, { id }] of all.entries()) {
      const entry = await waitFor(`${i} is settled`, async () => {
        const now = await agent.call('entry.get', { id });
        return ['sent', 'delivered', 'read', 'cancelled'].includes(now.delivery ?? '') || (now.delivery === 'scheduled' && Date.parse(now.send_at ?? '') > Date.now() + HOUR)
          ? now
          : null;
      });
      assert.equal(left(`race ${i}`), ['cancelled', 'scheduled'].includes(entry.delivery ?? '') ? 0 : 1, `${i} ${entry.delivery}`);
    }
  });

  it('are nobody’s to plan, send or learn of who may not read their channel', async () => {
    const ivy = await person('ivy');
    const { id } = await send(ivy, 'for few', inHours(2));
    await server.api('channel.update', { id: line.id, readers: 'supervisor' });
    try {
      for (const call of [() => other.call('message.plan', { id, send_at: inHours(4) }), () => other.call('message.plan', { id })])
        await assert.rejects(call(), (error: CallError) => error instanceof Error && !JSON.stringify(error).includes('for few'));
      await assert.rejects(other.call('message.cancel', { id }));
      const [delivery] = server.sql(`SELECT delivery FROM entry WHERE id = UNHEX('${id.replaceAll('-', '')}')`).trim().split('\t');
      assert.ok(delivery);
      assert.equal((await server.api('entry.get', { id })).delivery, 'scheduled');
    } finally {
      await server.api('channel.update', { id: line.id, readers: 'agent' });
    }
  });

  it('survive the server that is killed as their time comes, and leave once', async () => {
    const zoe = await person('zoe');
    const all = await Promise.all(Array.from({ length: 12 }, (_, i) => send(zoe, `kill ${i}`, inHours(2))));
    for (const { id } of all) come(id);
    await twin.stop('SIGKILL');
    await server.stop('SIGKILL');
    await server.serve();
    await twin.serve();
    agent = await server.agent(cookie);
    for (const [i, { id }] of all.entries())
      await waitFor(`${i} has left, or nobody knows`, async () => ['sent', 'delivered', 'read', 'uncertain'].includes((await agent.call('entry.get', { id })).delivery ?? ''), 60_000);
    for (const i of all.keys()) assert.ok(left(`kill ${i}`) <= 1, `${i}: ${left(`kill ${i}`)}`);
  });

  it('drafts: of many that save at once one wins each time, at either server, and no words but the last are there', async () => {
    const { customer_id } = await person('uma');
    const tabs = [...(await Promise.all([0, 1, 2].map(() => server.agent(cookie)))), ...(await Promise.all([0, 1, 2].map(() => twin.agent(cookie))))];
    let version = 0;
    for (let round = 0; round < 8; round++) {
      const answers = await Promise.all(tabs.map((tab, i) => tab.call('draft.save', { customer_id, version, draft: begun(`round ${round} tab ${i}`) })));
      const won = answers.map((one, i) => [one, i] as const).filter(([one]) => one.saved);
      assert.equal(won.length, 1, `round ${round}`);
      const there = await agent.call('draft.get', { customer_id });
      assert.equal(there.draft?.text, `round ${round} tab ${won[0]?.[1]}`);
      assert.equal(there.version, won[0]?.[0].version);
      version = there.version;
    }
    for (const tab of tabs) tab.close();
  });

  it('drafts hold no file of somebody else, and nobody who is not there', async () => {
    const { customer_id } = await person('pia');
    const foreign = await server.upload('secret.txt', 'the secret');
    const draft = begun('with a file', { files: [{ ...foreign, sha256: foreign.sha256, url: foreign.url }] });
    const saved = await agent.call('draft.save', { customer_id, version: 0, draft });
    assert.deepEqual(saved.draft?.files, []);
    assert.deepEqual((await agent.call('draft.get', { customer_id })).draft?.files, []);
    await refused(agent.call('draft.save', { customer_id: randomUUID(), version: 0, draft: begun('x') }), 'customer_id', 'no_person');
    for (const version of [Number.MAX_SAFE_INTEGER, 1])
      assert.equal((await agent.call('draft.save', { customer_id, version, draft: begun('stolen') })).saved, false);
    await assert.rejects(agent.call('draft.save', { customer_id, version: -1, draft: begun('x') }));
    await assert.rejects(server.api('draft.save', { customer_id, version: 0, draft: begun('x') }), (error: ApiError) => error instanceof ApiError);
  });

  it('nothing is left, and nothing leaves, of who is erased or merged while many write to them at both servers', async () => {
    const tabs = [...(await Promise.all([0, 1].map(() => server.agent(cookie)))), ...(await Promise.all([0, 1].map(() => twin.agent(cookie))))];
    const names = Array.from({ length: 6 }, (_, i) => `gone${i}`);
    for (const [i, name] of names.entries()) {
      const who = await person(name),
        to = await person(`stays${i}`);
      let over = false;
      const writing = Promise.all(
        tabs.map(async (tab, t) => {
          for (let n = 0; !over && n < 200; n++) {
            const text = `to ${name} ${t} ${n}`;
            const { version } = await tab.call('draft.get', { customer_id: who.customer_id }).catch(() => ({ version: 0 }));
            await tab.call('draft.save', { customer_id: who.customer_id, version, draft: begun(text, { files: [] }) }).catch(() => null);
            const sent = await tab
              .call('message.send', {
                ...who,
                channel_id: line.id,
                client_id: randomUUID(),
                text: 'planned to who goes',
                send_at: inHours(2),
                attachments: [],
              })
              .catch(() => null);
            if (sent && n % 3 === 0) come(sent.id);
          }
        }),
      );
      await new Promise((done) => setTimeout(done, 30 * i)); // in another moment each time
      if (i % 2) await agent.call('customer.merge', { from_id: who.customer_id, into_id: to.customer_id });
      const erase = i % 2 ? to : who;
      const confirm = i % 2 ? `U-stays${i}` : `U-${name}`;
      await server.api('privacy.erase_customer', { customer_id: erase.customer_id, reason: 'asked for', confirm });
      await waitFor('it is erased', () => Number(server.sql(`SELECT COUNT(*) FROM customer WHERE uuid = UNHEX('${erase.customer_id.replaceAll('-', '')}') AND erased_at IS NOT NULL`)) === 1, 30_000);
      over = true;
      await writing;
    }
    await waitFor('all has been done', () => Number(server.sql("SELECT COUNT(*) FROM task WHERE kind <> 0 AND state IN (0, 1)")) === 0, 60_000).catch(() => null);
    assert.equal(server.sql('SELECT COUNT(*) FROM draft d JOIN customer c ON c.id = d.customer_id WHERE c.erased_at IS NOT NULL').trim(), '0');
    assert.equal(server.sql("SELECT COUNT(*) FROM draft WHERE content LIKE '%to gone%'").trim(), '0');
    const stay = "FROM entry e JOIN identity i ON i.id = e.identity_id WHERE e.text = 'planned to who goes' AND e.erased_at IS NULL";
    assert.equal(server.sql(`SELECT COUNT(*) ${stay}`).trim(), '0');
    for (const tab of tabs) tab.close();
  });

  it('drafts of ten thousand people keep nobody waiting', async () => {
    const { customer_id } = await person('max');
    server.sql(`INSERT INTO customer (uuid, created_at, changed_at) SELECT UNHEX(REPLACE(UUID(), '-', '')), 1, 1 FROM seq_1_to_10000`);
    server.sql(
      `INSERT IGNORE INTO draft (agent_id, customer_id, version, saved_at, beginning, content)
        SELECT a.id, c.id, 1, 1000 * UNIX_TIMESTAMP(), 'x', REPEAT('x', 1000) FROM customer c JOIN agent a ON a.name = 'Ada' WHERE c.created_at = 1`,
    );
    const list = await agent.call('draft.list', {});
    assert.ok(list.drafts.length <= 1000, `${list.drafts.length}`);
    assert.equal((await agent.call('draft.get', { customer_id })).version, 0);
  });
});
