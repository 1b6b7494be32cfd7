// Mail of Microsoft 365 by Graph, which is played: each mail once, whatever is moved, forgotten, throttled or broken.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from './box.ts';
import { plainMail } from './dovecot.ts';
import { Graph } from './graph.ts';
import { endAll, randomUUID, Server, waitFor } from './harness.ts';
import { APP_USER, TokenServer } from './oauth.ts';

const DAY_MS = 86_400_000;
const inbox = (path: string): boolean => path.includes('/delta');

describe('mail by Microsoft Graph', () => {
  let server: Server;
  let tokens: TokenServer;
  let graph: Graph;
  const ends: (() => unknown)[] = [];

  before(async () => {
    tokens = await TokenServer.start(ends);
    graph = await Graph.start(ends, tokens);
    server = await Server.start((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } } });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function connect(user: string, more: Record<string, string> = {}): Promise<Box> {
    const settings = { address: 'help@shop.example', graph_url: graph.url, user, ...tokens.settings, oauth_refresh_token: tokens.grant(user), ...more };
    return Box.of(server, (await server.channel('graph', user, settings)).id);
  }

  const deliver = (user: string, subject: string, more: Parameters<Graph['deliver']>[2] = {}): string =>
    graph.deliver(user, plainMail(subject, 'hello', { from: `${user}@customer.example`, date: more.at }).raw, more);

  it('says first what lies there, takes in what came since a day as history, and then what is new', async () => {
    const old = new Date(Date.now() - 20 * DAY_MS),
      nine = new Date(Date.now() - 9 * DAY_MS);
    deliver('mia', 'ancient', { at: old });
    for (let i = 0; i < 5; i++) deliver('mia', `question ${i}`, { at: nine });
    const box = await connect('mia');
    const { found } = await waitFor('it is seen', async () => ((await box.state()).tried_at ? box.state() : null));
    const seen = found as { count: number; oldest: string; mails: { from: string; subject: string }[]; folders: { name: string }[] };
    assert.deepEqual([seen.count, Math.round((Date.now() - Date.parse(seen.oldest)) / DAY_MS), seen.mails.length], [6, 20, 5]);
    assert.deepEqual(seen.mails[0], { ...seen.mails[0], from: 'mia@customer.example', subject: 'question 0' });
    assert.ok(seen.folders.some(({ name }) => name === 'Archive'));
    assert.equal(box.count('question 0'), 0);
    await box.start(new Date(Date.now() - 10 * DAY_MS));
    for (let i = 0; i < 5; i++) assert.equal(box.count(`question ${i}`), 1);
    assert.equal(box.count('ancient'), 0);
    const history = (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.subject === 'question 0');
    assert.equal(history?.status, 'resolved');
    deliver('mia', 'fresh');
    await box.came('fresh');
    assert.equal((await server.api('conversation.list', { view: 'open' })).conversations.filter((one) => one.subject === 'fresh').length, 1);
  });

  it('takes nothing in twice: what is read, moved away and back, and after the sync state was forgotten', async () => {
    const box = await connect('noa');
    await box.start();
    const id = deliver('noa', 'moved about');
    await box.came('moved about');
    graph.readAll('noa');
    graph.move('noa', id, 'Archive');
    await box.looked();
    graph.move('noa', id, 'Inbox');
    await box.looked();
    graph.forgetDeltas();
    deliver('noa', 'after it was forgotten');
    await box.came('after it was forgotten');
    await box.looked();
    assert.deepEqual([box.count('moved about'), box.count('after it was forgotten')], [1, 1]);
    assert.match(server.log, /mailbox begins anew channel="?noa/);
    assert.deepEqual((await box.state()).problem, []);
  });

  it('is slowed, and not broken, while it is throttled', async () => {
    const box = await connect('ken');
    await box.start();
    graph.throttle = { mailbox: 'ken', calls: 1, after: 2 };
    const asked = await waitFor('it is slowed', async () => ((await box.state()).slowed_until ? box.state() : null));
    assert.ok(Date.parse(asked.slowed_until ?? '') - Date.now() <= 2000, 'as long as was asked for');
    deliver('ken', 'behind the first pause');
    await box.came('behind the first pause');
    await waitFor('the pause is over', async () => (await box.state()).slowed_until === null);
    graph.throttle = { mailbox: 'ken', calls: 1, after: null };
    const slowed = await waitFor('it is slowed', async () => ((await box.state()).slowed_until ? box.state() : null));
    assert.deepEqual(slowed.problem, []);
    const wait = Date.parse(slowed.slowed_until ?? '') - Date.now();
    assert.ok(wait > 20_000 && wait <= 30_000, `${wait} ms where it does not say`);
    const before = graph.asked.length;
    deliver('ken', 'behind the pause');
    await server.api('mailbox.try', { channel_id: box.id });
    await box.came('behind the pause');
    assert.ok(graph.asked.length > before);
    await waitFor('the second one as well', async () => (await box.state()).slowed_until === null);
  });

  it('a mail that cannot be had holds up no other', async () => {
    const box = await connect('ivy');
    await box.start();
    deliver('ivy', 'poison', { poison: true });
    deliver('ivy', 'behind the poison');
    await box.came('behind the poison', 60_000); // it is tried five times, with pauses
    const { rows } = await server.api('journal.list', { channel_id: box.id, status: 'failed' });
    assert.equal(rows.length, 1);
    assert.match(JSON.stringify(rows[0]), /MIME conversion failed/);
    await box.looked();
    assert.deepEqual((await box.state()).problem, []);
  });

  it('no mail is given up because Graph is not well', async () => {
    const box = await connect('pia');
    await box.start();
    for (const [path, status] of [
      ['/$value', 500],
      ['/delta', 502],
    ] as const) {
      graph.fault = { path, calls: 7, status };
      deliver('pia', `while ${path} fails`);
      for (let left = 7; left > 0; left--) {
        await waitFor('it has failed once more', () => graph.fault.calls < left);
        if (left === 4) await waitFor('it is told', async () => (await box.state()).problem[0]?.code === 'mailbox_unreachable');
        await server.api('mailbox.try', { channel_id: box.id }); // no pauses
      }
      await box.came(`while ${path} fails`);
    }
    await box.looked();
    assert.deepEqual((await box.state()).problem, []);
    assert.equal((await server.api('journal.list', { channel_id: box.id, status: 'failed' })).rows.length, 0);
  });

  it('of a mail that is too large its head comes in', async () => {
    const box = await connect('big');
    await box.start();
    graph.deliver('big', plainMail('film', `${'y'.repeat(99)}\n`.repeat(430_000)).raw);
    deliver('big', 'behind the film');
    await box.came('behind the film', 60_000);
    assert.match(server.sql("SELECT text FROM entry WHERE subject = 'film'"), /too large/);
  });

  it('answers as the mailbox, with copies, and says who may not', async () => {
    const box = await connect('sam');
    await box.start();
    deliver('sam', 'where is it');
    await box.came('where is it');
    const agent = await server.agent();
    const row = (await server.api('conversation.list', { view: 'open' })).conversations.find((one) => one.subject === 'where is it');
    const way = (await agent.call('customer.reach', { customer_id: row?.customer_id ?? '' })).ways.find((one) => one.channel_id === box.id);
    const answer = (text: string, more: object = {}) =>
      agent.call('message.send', {
        customer_id: row?.customer_id ?? '',
        identity_id: way?.identity_id ?? '',
        channel_id: box.id,
        client_id: randomUUID(),
        text,
        ...more,
      });
    await answer('明日です', { bcc: ['boss@shop.example'] });
    const [left] = await waitFor('it left', () => (graph.sent.length > 0 ? graph.sent : null));
    const raw = left?.raw.toString() ?? '';
    assert.equal(left?.user, 'sam');
    assert.match(raw, /^From: .*<help@shop\.example>/m);
    assert.match(raw, /^To: .*sam@customer\.example/m);
    assert.match(raw, /^Bcc: boss@shop\.example\r$/m);
    assert.match(raw, /^In-Reply-To: </m);
    for (let i = 0; i < 4; i++) await answer(`and ${i}`);
    await waitFor('all left', () => graph.sent.length === 5, 40_000);
    assert.ok(graph.mostAtOnce <= 3, `${graph.mostAtOnce} at once`);
    graph.mayNotSend.add('sam');
    await answer('refused');
    const channel = () => server.api('channel.list', {}).then(({ channels }) => channels.find(({ id }) => id === box.id));
    const problem = await waitFor('it is told', async () => (await channel())?.problem[0]);
    assert.deepEqual(problem, { code: 'graph_send_as', params: { user: 'sam', address: 'help@shop.example' } });
    assert.deepEqual((await box.state()).problem, [], 'mail comes in all the same');
    graph.mayNotSend.clear();
    await server.api('mailbox.try', { channel_id: box.id });
    await waitFor('it left as well', () => graph.sent.length === 6, 90_000);
    agent.close();
  });

  it('reads a shared mailbox, another folder, and as the app itself', async () => {
    const app = await connect(APP_USER, { sign_in: 'microsoft_app', oauth_tenant: 'shop.example', mailbox: 'team@shop.example', folder: 'Archive' });
    await app.start();
    deliver('team@shop.example', 'filed', { folder: 'Archive' });
    deliver('team@shop.example', 'elsewhere');
    await app.came('filed');
    assert.equal(app.count('elsewhere'), 0);
    await server.api('channel.update', { id: app.id, settings: { folder: 'Nowhere' } });
    const nowhere = await waitFor('the folder is missed', async () => (await app.state()).problem[0]);
    assert.equal(nowhere.code, 'mailbox_folder');
    await server.api('channel.update', { id: app.id, settings: { folder: 'Inbox' } });
    await app.looked();
    graph.mayNotRead.add('team@shop.example');
    const denied = await waitFor('it is refused', async () => (await app.state()).problem[0]);
    assert.equal(denied.code, 'graph_denied');
    assert.ok(graph.asked.filter(inbox).length > 0);
  });

  it('asks for another token when one is not taken', async () => {
    const box = await connect('rex');
    await box.start();
    tokens.revokeAccess();
    deliver('rex', 'by another token');
    await box.came('by another token');
    assert.ok(tokens.timesAsked('rex') >= 2);
    assert.doesNotMatch(server.log, /r\.rex\./);
  });
});
