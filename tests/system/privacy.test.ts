// Erasure, export and the record of who looked. After an erasure the test looks for the erased words in every table and
// every file that the server has.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Entry, Task } from '../../agent-web/protocol/src/generated.ts';
import { ApiError, Server, waitFor, endAll } from './harness.ts';

const SECRET = 'Hemligord';

async function over(server: Server, id: string): Promise<Task> {
  return await waitFor(
    'the task is over',
    async () => {
      const task = await server.api('task.get', { id });
      return ['done', 'failed', 'cancelled'].includes(task.state) ? task : null;
    },
    60_000,
  );
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** Every place where the word still is: tables and columns, and files. */
function whereIs(server: Server, word: string): string[] {
  const columns = server
    .sql(`SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = '${server.database}'`, 'information_schema')
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string]);
  const tables = columns
    .filter(
      ([table, column]) =>
        Number(server.sql(`SELECT COUNT(*) FROM \`${table}\` WHERE LOCATE(LOWER('${word}'), LOWER(CONVERT(\`${column}\` USING utf8mb4))) > 0`)) > 0,
    )
    .map(([table, column]) => `${table}.${column}`);
  const files = filesUnder(server.folder).filter((path) => readFileSync(path).includes(word));
  return [...tables, ...files];
}

/** The search index hears of an erasure a moment later. */
async function goneEverywhere(server: Server, word: string): Promise<void> {
  let left: string[] = [];
  await waitFor(`${word} is gone`, () => {
    left = whereIs(server, word);
    return left.length === 0;
  }).catch(() => assert.deepEqual(left, [], `${word} is still there`));
}

interface Person {
  id: string;
  email: string;
}

/** A person with mail, files, orders, a note and a conversation, whose every text holds the secret word. */
async function makePerson(server: Server, channel: string, n = 3): Promise<Person> {
  const email = `${SECRET.toLowerCase()}@example.com`;
  const cookie = await server.login();
  const { upload } = await server.upload(`${SECRET}.txt`, `a file about ${SECRET}`, { cookie });
  const identity = { kind: 'email' as const, value: email, name: `${SECRET} Sato` };
  for (let from = 0; from < n; from += 100)
    await server.api('entries.put', {
      channel_id: channel,
      entries: Array.from({ length: Math.min(100, n - from) }, (_, i) => ({
        identity,
        also: [{ kind: 'phone' as const, value: '+46701234567' }],
        external_id: `m${from + i}`,
        occurred_at: new Date(Date.UTC(2026, 0, 1) + (from + i) * 60_000).toISOString(),
        kind: 'message' as const,
        direction: 'in' as const,
        subject: `${SECRET} subject`,
        text: `${SECRET} number ${from + i}`,
        html: `<p>${SECRET}</p>`,
      })),
    } as never);
  await server.api('orders.put', {
    channel_id: channel,
    orders: [
      {
        identities: [identity],
        order: {
          external_id: '5001',
          number: '#1042',
          state: 'shipped',
          place: 'web',
          placed_at: '2026-01-02T00:00:00Z',
          updated_at: '2026-01-02T00:00:00Z',
          currency: 'SEK',
          total: '120.00',
          items: [{ name: `${SECRET} tea`, quantity: 1 }],
          note: `for ${SECRET}`,
        },
      },
    ],
  } as never);
  const id = (await server.api('customer.search', { query: email })).hits[0]?.id ?? '';
  assert.ok(id);
  await server.api('customer.update', { id, company: `${SECRET} AB`, about: `knows ${SECRET}` });
  const agent = await server.agent(cookie);
  await agent.call('note.add', {
    customer_id: id,
    text: `a note on ${SECRET}`,
    attachments: [{ upload, name: `${SECRET}.txt`, type: 'text/plain' }],
    client_id: crypto.randomUUID(),
  });
  await agent.call('search.save', { name: `about ${SECRET} Sato`, query: 'tea' });
  await agent.call('search.save', { name: 'mail', query: `"${email}" tea` });
  agent.close();
  return { id, email };
}

const wholeTimeline = async (server: Server, customer_id: string): Promise<Entry[]> => (await server.api('timeline.page', { customer_id, limit: 500 })).entries;

describe('privacy', () => {
  const ends: (() => Promise<void>)[] = [];
  after(async () => {
    await endAll(ends.reverse());
  });
  const begin = async (): Promise<{ server: Server; channel: string }> => {
    const server = await Server.start((fn) => ends.push(fn));
    return { server, channel: (await server.channel('api', 'Shop')).id };
  };

  it('erases a person everywhere, and leaves marks that keep counts and order', async () => {
    const { server, channel } = await begin();
    const person = await makePerson(server, channel);
    const line = await server.channel('line', 'LINE', { channel_secret: 'line-secret', access_token: 'x' });
    const hook = JSON.stringify({
      destination: 'x',
      events: [
        {
          type: 'message',
          mode: 'active',
          timestamp: Date.now(),
          webhookEventId: 'w1',
          deliveryContext: { isRedelivery: false },
          source: { type: 'user', userId: `U${'0'.repeat(32)}` },
          replyToken: 'r',
          message: { id: 'l1', type: 'text', quoteToken: 'q', text: `${SECRET} by LINE` },
        },
      ],
    });
    const signature = createHmac('sha256', 'line-secret').update(hook).digest('base64');
    assert.equal(
      (await fetch(line.url, { method: 'POST', headers: { 'x-line-signature': signature, 'content-type': 'application/json' }, body: hook })).status,
      200,
    );
    const other = server
      .sql(
        "SELECT INSERT(INSERT(INSERT(INSERT(LOWER(HEX(c.uuid)),9,0,'-'),14,0,'-'),19,0,'-'),24,0,'-') FROM customer c JOIN identity_link l ON l.customer_id = c.id JOIN identity i ON i.id = l.identity_id WHERE i.value LIKE 'U00%'",
      )
      .trim();
    await server.api('customer.update', { id: other, name: `${SECRET} of LINE` });
    await over(server, (await server.api('privacy.export', { customer_id: other })).id);
    await server.api('entries.put', {
      channel_id: channel,
      entries: [
        {
          identity: { kind: 'email', value: 'bystander@example.com' },
          external_id: 'b1',
          occurred_at: '2026-01-01T00:00:00Z',
          kind: 'message',
          direction: 'in',
          text: 'hello',
        },
      ],
    } as never);
    const bystander = (await server.api('customer.search', { query: 'bystander@example.com' })).hits[0]?.id ?? '';
    const distinction = await server.api('customer.distinguish', { a_id: bystander, b_id: other, reason: `not ${SECRET}` });
    await server.api('customer.withdraw_distinction', { id: distinction.id });
    await server.api('customer.merge', { into_id: person.id, from_id: other, reason: `${SECRET} said so` });

    const before = await wholeTimeline(server, person.id);
    assert.equal(before.length, 6);
    assert.ok(whereIs(server, SECRET).length > 10, whereIs(server, SECRET).join(' '));
    const watcher = await server.agent();
    await watcher.call('timeline.watch', { customer_id: person.id });

    const name = (await server.api('customer.get', { id: person.id })).name ?? '';
    await assert.rejects(
      server.api('privacy.erase_customer', { customer_id: person.id, reason: 'asked for', confirm: 'somebody' }),
      (error: ApiError) => error.field === 'confirm',
    );
    const task = await server.api('privacy.erase_customer', { customer_id: person.id, reason: 'asked for on paper', confirm: name });
    const done = await over(server, task.id);
    assert.equal(done.state, 'done', JSON.stringify(done.error));
    assert.deepEqual(done.result, { entries: 6, orders: 1, files: 2, journal: 1, identities: 3 });

    await goneEverywhere(server, SECRET);
    await goneEverywhere(server, '46701234567');
    const after = await wholeTimeline(server, person.id);
    const shape = (e: Entry): unknown[] => [e.id, e.kind, e.direction, e.medium, e.occurred_at];
    assert.deepEqual(after.map(shape), before.map(shape));
    assert.ok(after.every((e) => e.erased_at && !e.text && !e.html && !e.subject));
    const gone = await server.api('customer.get', { id: person.id });
    assert.ok(gone.erased_at);
    assert.equal(gone.name, '');
    assert.equal((await server.api('order.list', { customer_id: person.id })).orders[0]?.total, '120.00');
    await waitFor('the screen sees it', () => watcher.pushed('entry').filter((push) => push.entry.erased_at && !push.entry.text).length === 6);

    const audit = await server.api('audit.list', { customer_id: person.id });
    assert.deepEqual(audit.events[0] && [audit.events[0].action, audit.events[0].reason], ['erase', 'asked for on paper']);

    // A repeat of the provider stays without effect, and a new message is of a new person.
    await fetch(line.url, { method: 'POST', headers: { 'x-line-signature': signature, 'content-type': 'application/json' }, body: hook });
    await goneEverywhere(server, SECRET);
    await server.api('entries.put', {
      channel_id: channel,
      entries: [
        {
          identity: { kind: 'email', value: person.email },
          external_id: 'later',
          occurred_at: new Date().toISOString(),
          kind: 'message',
          direction: 'in',
          text: 'hello again',
        },
      ],
    } as never);
    const again = (await server.api('customer.search', { query: person.email })).hits[0];
    assert.ok(again && again.id !== person.id);
  });

  it('erases one entry with its file, and what the conversation showed of it', async () => {
    const { server, channel } = await begin();
    const person = await makePerson(server, channel, 1);
    const entry = (await wholeTimeline(server, person.id)).find((e) => e.kind === 'message');
    assert.ok(entry);
    const version = entry.version ?? 0;
    const erased = await server.api('privacy.erase_entry', { entry_id: entry.id, reason: 'a card number' });
    assert.ok(erased.erased_at && !erased.text && !erased.attachments && (erased.version ?? 0) > version);
    assert.deepEqual([...whereIs(server, `${SECRET} subject`), ...whereIs(server, `${SECRET} number`)], []);
    const note = (await wholeTimeline(server, person.id)).find((e) => e.kind === 'note');
    assert.equal(whereIs(server, `a file about ${SECRET}`).length, 1);
    await server.api('privacy.erase_entry', { entry_id: note?.id ?? '', reason: 'a card number' });
    assert.deepEqual(whereIs(server, `a file about ${SECRET}`), []);
    assert.equal((await wholeTimeline(server, person.id)).length, 3);
    const again = await server.api('privacy.erase_entry', { entry_id: entry.id, reason: 'twice' });
    assert.equal(again.version, erased.version);
  });

  it('finishes an erasure in the middle of which the server was killed', async () => {
    const { server, channel } = await begin();
    const n = 3000;
    const person = await makePerson(server, channel, n);
    const name = (await server.api('customer.get', { id: person.id })).name ?? '';
    const task = await server.api('privacy.erase_customer', { customer_id: person.id, reason: 'asked for', confirm: name });
    await waitFor('some are erased', () => Number(server.sql('SELECT COUNT(*) FROM entry WHERE erased_at IS NOT NULL')) > 200);
    await server.stop('SIGKILL');
    const at = Number(server.sql('SELECT COUNT(*) FROM entry WHERE erased_at IS NOT NULL'));
    assert.ok(at < n, `killed at ${at}`);
    await server.serve();
    const done = await over(server, task.id);
    assert.deepEqual(done.result, { entries: n + 2, orders: 1, files: 1, journal: 0, identities: 2 });
    await goneEverywhere(server, SECRET);
    assert.equal(server.sql('SELECT COUNT(*), COUNT(DISTINCT version) FROM entry WHERE identity_id = 1').trim(), `${n + 2}\t${n + 2}`);
  });

  it('records who opened a timeline, folded by quarter of an hour, and loses none when it is stopped', async () => {
    const { server, channel } = await begin();
    const person = await makePerson(server, channel, 1);
    server.sql('DELETE FROM access_log');
    const mia = await server.newAgent('Mia');
    const socket = await server.agent(mia.cookie);
    for (let i = 0; i < 5; i++) await socket.call('timeline.watch', { customer_id: person.id });
    const entry = (await wholeTimeline(server, person.id))[0];
    await socket.call('entry.get', { id: entry?.id ?? '' });

    const { accesses, more } = await server.api('privacy.accesses', { customer_id: person.id });
    const of = (name: string | null, what: string): number =>
      accesses.filter((a) => a.agent_name === name && a.what === what).reduce((n, a) => n + (a.count ?? 0), 0);
    assert.equal(more, false);
    assert.equal(of('Mia', 'timeline'), 5);
    assert.equal(of('Mia', 'entry'), 1);
    assert.equal(accesses.filter((a) => a.token_name === 'tests').length, 1);
    assert.ok(accesses.length <= 6); // a quarter of an hour may have begun in between
    await assert.rejects(socket.call('privacy.accesses', { customer_id: person.id }), (error: ApiError) => error.kind === 'forbidden');

    for (let i = 0; i < 3; i++) await socket.call('timeline.watch', { customer_id: person.id });
    await server.stop();
    assert.equal(server.sql(`SELECT SUM(count) FROM access_log l JOIN agent a ON a.uuid = l.viewer_id WHERE a.name = 'Mia' AND what = 0`).trim(), '8');
  });

  it('exports a person as an archive that holds what the database holds, and an erasure takes the archive too', async () => {
    const { server, channel } = await begin();
    const person = await makePerson(server, channel, 130);
    await server.api('customer.update', { id: person.id, name: '佐藤 <花子>', language: 'ja' });
    const mail = await server.channel('email', 'Mail', { address: 'shop@example.com' });
    const raw = `From: ${SECRET} Sato <${person.email}>\r\nTo: shop@example.com\r\nMessage-ID: <m1@example.com>\r\nDate: Fri, 02 Jan 2026 10:00:00 +0000\r\nSubject: A <b>bold</b> question\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nIs <script>alert(1)</script> here?\r\n--x\r\nContent-Type: text/plain; name*=UTF-8''%E9%A0%98%E5%8F%8E%E6%9B%B8.txt\r\nContent-Disposition: attachment; filename*=UTF-8''%E9%A0%98%E5%8F%8E%E6%9B%B8.txt\r\n\r\nreceipt\r\n--x--\r\n`;
    const posted = await fetch(mail.url, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822', authorization: `Bearer ${mail.secrets['token'] ?? Object.values(mail.secrets)[0] ?? ''}` },
      body: raw,
    });
    assert.equal(posted.status, 200, await posted.text());

    const done = await over(server, (await server.api('privacy.export', { customer_id: person.id, reason: 'asked for' })).id);
    assert.equal(done.state, 'done', JSON.stringify(done.error));
    const result = done.result as unknown as { sha256: string; size: number; name: string };
    const response = await fetch(`${server.url}/attachments/${result.sha256}`, { headers: { authorization: `Bearer ${server.token}` } });
    const zip = join(server.folder, 'export.zip');
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.equal(bytes.length, result.size);
    writeFileSync(zip, bytes);
    execFileSync('unzip', ['-tq', zip]);
    const names = execFileSync('unzip', ['-Z1', '-UU', zip], { env: { ...process.env, LC_ALL: 'C.UTF-8' }, encoding: 'utf8' })
      .trim()
      .split('\n');
    const read = (name: string): string =>
      execFileSync('unzip', ['-p', zip, name.replace(/[[\]*?]/g, '?')], { env: { ...process.env, LC_ALL: 'C.UTF-8' }, encoding: 'utf8' });

    const timeline = JSON.parse(read('timeline.json')) as Entry[];
    const stored = server.sql('SELECT COUNT(*) FROM entry').trim();
    assert.equal(String(timeline.length), stored);
    assert.equal(timeline.length, 130 + 3);
    const kept = await wholeTimeline(server, person.id);
    assert.deepEqual(
      timeline.map((e) => [e.id, e.text, e.subject]),
      kept.map((e) => [e.id, e.text, e.subject]),
    );
    assert.equal((JSON.parse(read('person.json')) as { company: string }).company, `${SECRET} AB`);
    assert.equal((JSON.parse(read('orders.json')) as unknown[]).length, 1);
    assert.equal((JSON.parse(read('links.json')) as unknown[]).length, 2);
    assert.equal((JSON.parse(read('consents.json')) as unknown[]).length, 2);

    const eml = names.find((name) => name.startsWith('mails/'));
    assert.equal(read(eml ?? ''), raw);
    const files = names.filter((name) => name.startsWith('attachments/'));
    assert.equal(files.length, 2);
    assert.ok(
      files.some((name) => name.endsWith('領収書.txt')),
      files.join(' '),
    );
    const page = read('timeline.html');
    assert.match(page, /<html lang="ja">/);
    assert.match(page, /佐藤 &lt;花子&gt;/);
    assert.match(page, /Is &lt;script&gt;alert\(1\)&lt;\/script&gt; here\?/);
    assert.doesNotMatch(page, /<script|https?:/);
    for (const link of page.matchAll(/href="([^"]+)"/g)) assert.ok(names.includes(decodeURIComponent(link[1] ?? '')), link[1]);

    const task = await server.api('privacy.erase_customer', { customer_id: person.id, reason: 'asked for', confirm: '佐藤 <花子>' });
    assert.equal((await over(server, task.id)).state, 'done');
    assert.equal((await fetch(`${server.url}/attachments/${result.sha256}`, { headers: { authorization: `Bearer ${server.token}` } })).status, 404);
    const again = await over(server, (await server.api('privacy.export', { customer_id: person.id })).id);
    assert.equal(again.state, 'failed');
  });

  it('leaves to others what was moved to them, and takes what was moved here from where it came', async () => {
    const { server, channel } = await begin();
    const agent = await server.agent();
    const put = async (value: string, name: string, id: string, text: string): Promise<void> => {
      await server.api('entries.put', {
        channel_id: channel,
        entries: [{ identity: { kind: 'email', value, name }, external_id: id, occurred_at: '2026-01-02T00:00:00Z', kind: 'message', direction: 'in', text }],
      });
    };
    await put('petra@example.com', 'Petra Quillfeather', 'p1', 'first colleague message');
    await put('petra@example.com', 'Petra Quillfeather', 'p2', 'second colleague message');
    await put('petra@example.com', 'Petra Quillfeather', 'p3', 'third colleague message');
    await put('quinn@example.com', 'Quinn Larkspur', 'q1', 'own message');
    const idOf = async (query: string): Promise<string> => (await server.api('customer.search', { query })).hits[0]?.id ?? '';
    const petra = await idOf('petra@example.com');
    const quinn = await idOf('quinn@example.com');
    const entryOf = (text: string): string =>
      server
        .sql(
          `SELECT INSERT(INSERT(INSERT(INSERT(LOWER(HEX(id)),9,0,'-'),14,0,'-'),19,0,'-'),24,0,'-') FROM entry WHERE text = '${text}' AND moved_from IS NULL`,
        )
        .trim();
    const [one, two, three] = ['first', 'second', 'third'].map((n) => entryOf(`${n} colleague message`)) as [string, string, string];
    for (const entry_id of [one, two, three]) await agent.call('entry.move', { entry_id, customer_id: quinn, reason: 'Quillfeather lent the account' });
    await agent.call('entry.move_back', { entry_id: three });

    const exported = await over(server, (await server.api('privacy.export', { customer_id: petra })).id);
    const archive = await fetch(`${server.url}/attachments/${(exported.result as unknown as { sha256: string }).sha256}`, {
      headers: { authorization: `Bearer ${server.token}` },
    });
    const zip = join(server.folder, 'moved.zip');
    writeFileSync(zip, Buffer.from(await archive.arrayBuffer()));
    const petras = execFileSync('unzip', ['-p', zip], { encoding: 'utf8' });
    assert.match(petras, /third colleague/);
    assert.doesNotMatch(petras, /second colleague|Larkspur/, "what is somebody else's does not go out with hers");

    await server.api('privacy.erase_entry', { entry_id: one, reason: 'a card number' });
    await goneEverywhere(server, 'first colleague');
    assert.ok(whereIs(server, 'second colleague').length > 0);

    const erase = async (customer_id: string, confirm: string): Promise<void> => {
      const done = await over(server, (await server.api('privacy.erase_customer', { customer_id, reason: 'asked for', confirm })).id);
      assert.equal(done.state, 'done', JSON.stringify(done.error));
    };
    await erase(petra, 'Petra Quillfeather');
    await goneEverywhere(server, 'Quillfeather');
    await goneEverywhere(server, 'third colleague');
    const kept = await wholeTimeline(server, quinn);
    assert.deepEqual(
      kept
        .filter((e) => e.text)
        .map((e) => e.text)
        .sort(),
      ['own message', 'second colleague message'],
    );
    await erase(quinn, 'Quinn Larkspur');
    await goneEverywhere(server, 'second colleague');
    await goneEverywhere(server, 'Larkspur');
  });
});
