// What the queue says of each conversation is so, and becomes so while one looks: calls, answers, snoozes, automatic mail.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { callStatus, deliver, newCall, twilioRequest, type CallStatus } from '../../agent-web/play/providers.ts';
import type { Conversation, Entry } from '../../agent-web/protocol/src/index.ts';
import { randomUUID, type Socket, waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';
import { MailBox } from './lib/people.ts';

const SHOP = '+81312345678';
const HOUR = 3_600_000;

/** What a row of the queue says. */
interface Said {
  /** The last entry in one line. */
  words: string;
  waits: boolean;
  unread: number;
  /** We wrote last. */
  ours: boolean;
  /** Why it is back; '': it was not away. */
  notice: string;
}

describe('console, where a conversation stands', () => {
  let desk: Desk;
  let sink: CatchAll;
  let mail: MailBox;
  let phone: { url: string; authToken: string };
  let agent: Socket;
  /** All that is open, and all there is. */
  let page: Page;
  let all: Page;

  before(async () => {
    sink = await startCatchAll();
    desk = await Desk.open({ config: { desk: { undo_seconds: '5' } } });
    mail = await MailBox.of(desk.server, sink.smtpUrl);
    phone = { url: (await desk.server.channel('twilio_voice', 'Phone', { auth_token: 'secret' })).url, authToken: 'secret' };
    agent = await desk.server.agent();
    page = await desk.console({}, undefined, '#/inbox/open');
    all = await desk.console({}, undefined, '#/inbox/all');
  });
  after(async () => {
    agent?.close();
    await desk?.end();
    await sink?.close();
  });

  const queue = (where: Page): Locator => where.getByRole('region', { name: 'Conversations' });
  const rowOf = (name: string, where = page): Locator => queue(where).locator('[data-conversation]').filter({ hasText: name });

  const read = (row: Locator): Promise<Said> =>
    row.evaluate((element) => {
      const label = (words: string) => element.querySelector(`[aria-label$="${words}"]`)?.getAttribute('aria-label');
      return {
        words: [...element.querySelectorAll('bdi')].at(-1)?.textContent ?? '',
        waits: element.textContent?.includes('Waiting for') ?? false,
        unread: Number.parseInt(label(' unread') ?? '0', 10),
        ours: label('We wrote last') !== undefined,
        notice: element.querySelector('[data-notice]')?.textContent ?? '',
      };
    });

  /** The one row of that name comes to say this. */
  async function says(name: string, wanted: Partial<Said>, where = page): Promise<void> {
    let now: Partial<Said> = {};
    const same = async () => {
      const rows = rowOf(name, where);
      if ((await rows.count()) !== 1) return false;
      const whole = await read(rows);
      now = Object.fromEntries(Object.keys(wanted).map((key) => [key, whole[key as keyof Said]]));
      return JSON.stringify(now) === JSON.stringify(wanted);
    };
    await waitFor(`the row of ${name} says so`, same, 40_000).catch(() => assert.deepEqual(now, wanted, `the row of ${name}`));
  }
  const isNotOpen = (name: string) => waitFor(`${name} is in the queue no more`, async () => (await rowOf(name).count()) === 0);

  async function rings(from: string, ...states: [CallStatus, number?][]): Promise<void> {
    const call = newCall(from, SHOP);
    for (const [index, [state, seconds]] of states.entries()) {
      const sent = await deliver(twilioRequest(phone, callStatus(call, state, index, seconds)));
      assert.ok(sent.status < 300, sent.text);
    }
  }

  async function asks(name: string, text: string): Promise<Conversation> {
    await mail.receive({ from: `${name.toLowerCase()}@customer.example`, fromName: name, text });
    await says(name, { words: text, waits: true, unread: 1, ours: false });
    return waitFor('the server has it', async () =>
      (await agent.call('conversation.list', { view: 'all', limit: 200 })).conversations.find((one) => one.customer_name === name),
    );
  }

  async function answer({ customer_id }: Conversation, text: string): Promise<Entry> {
    const way = (await agent.call('customer.reach', { customer_id })).ways.find((each) => each.best);
    assert.ok(way);
    return agent.call('message.send', { customer_id, identity_id: way.identity_id ?? '', channel_id: way.channel_id, client_id: randomUUID(), text });
  }
  const set = ({ id }: Conversation, status: 'resolved' | 'snoozed', until?: number) =>
    agent.call('conversation.set_status', { id, status, ...(until ? { until: new Date(until).toISOString() } : {}) });

  it('a call that was taken says so with its length, and leaves nobody waiting', async () => {
    const from = '+442071838701';
    const call = newCall(from, SHOP);
    const state = async (...what: [CallStatus, number, number?]) => deliver(twilioRequest(phone, callStatus(call, ...what)));
    await state('ringing', 0);
    await says(from, { words: 'Ringing now', waits: true, unread: 1 });
    await state('in-progress', 1);
    await says(from, { words: 'On the line now' });
    await state('completed', 2, 65);
    await says(from, { words: 'Call of 1:05', waits: false, unread: 0, ours: false });
  });

  it('a missed call says so, and waits', async () => {
    await rings('+442071838702', ['ringing'], ['no-answer']);
    await says('+442071838702', { words: 'Missed call', waits: true, unread: 1 });
  });

  it('missed calls in a row are one line with their number', async () => {
    for (let n = 0; n < 3; n++) await rings('+442071838703', ['ringing'], ['no-answer']);
    await says('+442071838703', { words: '3 missed calls', waits: true, unread: 1 });
    await says('+442071838703', { words: '3 missed calls', waits: true }, all);
  });

  it('an answer that is sent is ours, and nobody waits', async () => {
    const asked = await asks('Ines', 'Do you send to Spain?');
    await answer(asked, 'We do.');
    await says('Ines', { words: 'We do.', waits: false, ours: true, notice: '' });
    await waitFor('it has left', () => sink.messages.some((one) => one.text.includes('We do.')), 40_000);
    await says('Ines', { words: 'We do.', waits: false, ours: true, notice: '' });
  });

  it('an answer that failed for good is back with the reason', async () => {
    const asked = await asks('Frieda', 'Does this arrive?');
    sink.setMode({ channel: 'email', status: 550, times: 1, body: 'No such mailbox' });
    await answer(asked, 'It does not.');
    await says('Frieda', { words: 'It does not.', waits: false, ours: true });
    await says('Frieda', { waits: true, notice: 'Not delivered' });
    const { words } = await read(rowOf('Frieda'));
    assert.ok(words && words !== 'It does not.', `it says why: ${words}`);
    assert.match(words, /No such mailbox/);
  });

  it('so it is when that was resolved', async () => {
    const asked = await asks('Rosa', 'And does this?');
    sink.setMode({ channel: 'email', status: 550, times: 1, body: 'No such mailbox' });
    await answer(asked, 'Neither.');
    await set(asked, 'resolved');
    await isNotOpen('Rosa');
    await says('Rosa', { waits: true, notice: 'Not delivered' });
    await says('Rosa', { waits: true, notice: 'Not delivered' }, all);
  });

  it('an answer that is undone leaves the person waiting as before', async () => {
    const asked = await asks('Uwe', 'Will you answer?');
    const before = await read(rowOf('Uwe'));
    const { id } = await answer(asked, 'A slip of the pen');
    await says('Uwe', { words: 'A slip of the pen', waits: false, ours: true });
    await agent.call('message.cancel', { id });
    await says('Uwe', before);
  });

  it('a snooze that ended is on top, and says so', async () => {
    const asked = await asks('Sora', 'Call me next week');
    await asks('Mila', 'Somebody else');
    await set(asked, 'snoozed', Date.now() + HOUR);
    await isNotOpen('Sora');
    await soon(async () =>
      assert.equal(
        await rowOf('Sora', all)
          .getByLabel(/^Snoozed until/)
          .count(),
        1,
      ),
    );
    await set(asked, 'snoozed', Date.now() + 1500);
    await asks('Nora', 'Somebody new');
    await says('Sora', { words: 'Call me next week', waits: true, notice: 'Snooze ended' });
    const first = () =>
      queue(page)
        .locator('[data-conversation]')
        .evaluateAll((rows) => rows.sort((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)[0]?.textContent ?? '');
    await waitFor('it is on top', async () => (await first()).includes('Sora'));
    await soon(async () =>
      assert.equal(
        await rowOf('Sora', all)
          .getByLabel(/^Snoozed/)
          .count(),
        0,
      ),
    );
    await answer(asked, 'I call now');
    await says('Sora', { words: 'I call now', waits: false, ours: true, notice: '' });
  });

  it('automatic mail opens nothing, and nobody waits because of it', async () => {
    const asked = await asks('Otto', 'When is it there?');
    await answer(asked, 'On Monday.');
    await set(asked, 'resolved');
    await isNotOpen('Otto');
    await mail.receive({ from: 'otto@customer.example', fromName: 'Otto', text: 'I am away until Monday' }, 'Auto-Submitted: auto-replied');
    await says('Otto', { words: 'I am away until Monday', waits: false, unread: 0, ours: false }, all);
    // What comes later is there: so it would be as well.
    await asks('Pia', 'I write after that');
    await soon(async () => assert.equal(await rowOf('Otto').count(), 0));
    await mail.receive({ from: 'otto@customer.example', fromName: 'Otto', text: 'Here I am again' });
    await says('Otto', { words: 'Here I am again', waits: true, unread: 1 });
  });
});
