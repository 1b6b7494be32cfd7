// What an agent has begun to write is kept by the server for that agent, and one browser does not overwrite what another has written.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Draft } from '../../agent-web/protocol/src/generated.ts';
import { email, wrote } from '../web/lib/desk.ts';
import { endAll, Server, type Socket, waitFor } from './harness.ts';

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

describe('drafts', () => {
  let server: Server;
  let ada: Socket;
  let cookie: string;
  let shop: string;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    shop = (await server.channel('api', 'Shop')).id;
    cookie = (await server.newAgent('Ada')).cookie;
    ada = await server.agent(cookie);
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  const person = (name: string): Promise<string> => wrote(server, shop, email(`${name}@example.com`, name), `hello from ${name}`);
  const upload = async (): Promise<Draft['files'][number]> => {
    const answer = await fetch(`${server.url}/api/v1/attachments?name=plan.txt`, {
      method: 'POST',
      headers: { Cookie: cookie, 'Content-Type': 'text/plain', Origin: server.url },
      body: `a plan ${Math.random()}`,
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return (await answer.json()) as Draft['files'][number];
  };

  it('are there in another browser of the same agent, whole, and are nobody else’s', async () => {
    const customer_id = await person('mia');
    const draft = begun('**Half** an answer', {
      rich: true,
      plain: 'Half an answer',
      note: 'and a note',
      subject: 'Kettle',
      cc_chosen: true,
      cc: ['Jo <jo@example.com>'],
      fresh: true,
    });
    const saved = await ada.call('draft.save', { customer_id, version: 0, draft });
    assert.deepEqual([saved.saved, saved.beginning, saved.draft], [true, 'Half an answer', draft]);
    const elsewhere = await server.agent(cookie);
    assert.deepEqual(await elsewhere.call('draft.get', { customer_id }), { ...saved, saved: false });
    assert.deepEqual(
      (await elsewhere.call('draft.list', {})).drafts.map((one) => [one.customer_id, one.version, one.beginning, one.draft]),
      [[customer_id, saved.version, 'Half an answer', null]],
    );
    const eve = await server.agent((await server.newAgent('Eve')).cookie);
    assert.equal((await eve.call('draft.get', { customer_id })).draft, null);
    assert.deepEqual((await eve.call('draft.list', {})).drafts, []);
    await assert.rejects(server.api('draft.list', {}), /agents/);
  });

  it('are not overwritten by who has not seen them; who has, is told to the others who look', async () => {
    const customer_id = await person('eva');
    const elsewhere = await server.agent(cookie);
    await elsewhere.call('timeline.watch', { customer_id });
    const first = await ada.call('draft.save', { customer_id, version: 0, draft: begun('from here') });
    const [told] = await waitFor('it is told', () => (elsewhere.pushed('draft').length > 0 ? elsewhere.pushed('draft') : null));
    assert.deepEqual([told?.customer_id, told?.version], [customer_id, first.version]);
    const refused = await elsewhere.call('draft.save', { customer_id, version: 0, draft: begun('from there') });
    assert.deepEqual([refused.saved, refused.version, refused.draft?.text], [false, first.version, 'from here']);
    const second = await elsewhere.call('draft.save', { customer_id, version: first.version, draft: begun('from there') });
    assert.ok(second.saved && second.version > first.version);
    const gone = await ada.call('draft.save', { customer_id, version: second.version, draft: null });
    assert.deepEqual([gone.saved, gone.version, gone.draft], [true, 0, null]);
    assert.equal((await elsewhere.call('draft.save', { customer_id, version: second.version, draft: begun('late') })).saved, false, 'it was sent meanwhile');
    const again = await elsewhere.call('draft.save', { customer_id, version: 0, draft: begun('late') });
    assert.ok(again.version > second.version, 'no version comes again');
  });

  it('keep their files as long, and are bounded', async () => {
    const customer_id = await person('kai');
    const file = await upload();
    const saved = await ada.call('draft.save', { customer_id, version: 0, draft: begun('', { files: [file] }) });
    assert.equal(saved.beginning, 'plan.txt');
    assert.ok(Date.parse(saved.draft?.files[0]?.expires_at ?? '') > Date.now() + 29 * 24 * 3_600_000);
    const foreign = { ...file, upload: 'x'.repeat(40) };
    const both = await ada.call('draft.save', { customer_id, version: saved.version, draft: begun('', { files: [file, foreign] }) });
    assert.deepEqual(
      both.draft?.files.map((one) => one.upload),
      [file.upload],
    );
    const gone = await ada.call('draft.save', { customer_id, version: both.version, draft: null });
    assert.equal(gone.version, 0);
    const left = Number(server.sql(`SELECT MAX(expires_at) FROM upload WHERE sha256 = UNHEX('${file.sha256}')`));
    assert.ok(left < Date.now() + 25 * 3_600_000);
    await assert.rejects(ada.call('draft.save', { customer_id, version: 0, draft: begun('x'.repeat(100_001)) }), /text/);
    await assert.rejects(ada.call('draft.save', { customer_id: '00000000-0000-4000-8000-000000000001', version: 0, draft: begun('to nobody') }), /person/);
  });

  it('go with a person who is merged into another, unless there is one already', async () => {
    const [old, now, busy] = [await person('old'), await person('now'), await person('busy')];
    await ada.call('draft.save', { customer_id: old, version: 0, draft: begun('to whom it was') });
    const { version: busyVersion } = await ada.call('draft.save', { customer_id: busy, version: 0, draft: begun('there already') });
    await server.api('customer.merge', { from_id: old, into_id: now, reason: 'the same' });
    const elsewhere = await server.agent(cookie);
    const { draft_version: leads } = await elsewhere.call('person.open', { customer_id: now });
    assert.ok(leads > 0, 'it is known before it is asked for');
    assert.equal((await ada.call('draft.get', { customer_id: now })).beginning, 'to whom it was');
    assert.equal((await ada.call('draft.get', { customer_id: old })).draft, null);
    assert.equal((await elsewhere.call('person.open', { customer_id: now })).draft_version, leads);
    assert.equal((await elsewhere.call('person.open', { customer_id: busy })).draft_version, busyVersion);
    await waitFor('who looks is told', () => elsewhere.pushed('draft').some((one) => one.customer_id === now && (one.version ?? 0) > 0));
    elsewhere.close();
    await server.api('customer.merge', { from_id: now, into_id: busy, reason: 'the same' });
    const listed = (await ada.call('draft.list', {})).drafts.filter((one) => [old, now, busy].includes(one.customer_id));
    assert.deepEqual(
      listed.map((one) => [one.customer_id, one.beginning]).sort(),
      [
        [now, 'to whom it was'],
        [busy, 'there already'],
      ].sort(),
    );
  });

  it('go with the person who is erased, and their files too', async () => {
    const customer_id = await person('leo');
    const file = await upload();
    await ada.call('draft.save', { customer_id, version: 0, draft: begun('about to write', { files: [file] }) });
    await server.api('privacy.erase_customer', { customer_id, reason: 'asked for', confirm: 'leo' });
    await waitFor('it is gone', async () => (await ada.call('draft.get', { customer_id })).draft === null, 30_000);
    assert.equal(server.sql(`SELECT MAX(expires_at) FROM upload WHERE sha256 = UNHEX('${file.sha256}')`).trim(), '0');
    await assert.rejects(ada.call('draft.save', { customer_id, version: 0, draft: begun('once more') }), /person/);
  });
});
