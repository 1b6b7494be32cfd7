// Being done with a conversation: sent and resolved or snoozed in one act, until any time, and on to the next.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { Conversation } from '../../agent-web/protocol/src/index.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { goTo, said, written } from './lib/desk.ts';
import { LineFriend, MailBox } from './lib/people.ts';

describe('console, done with a conversation', () => {
  let desk: Desk;
  let line: LineFriend;
  let page: Page;
  let serial = 0;

  before(async () => {
    desk = await Desk.open({ config: { desk: { undo_seconds: '10' } } });
    line = await LineFriend.of(desk.server);
    page = await desk.console();
  });
  after(() => desk.end());
  beforeEach(() => goTo(page, '#/inbox/open'));

  const box = (): Locator => page.getByRole('textbox', { name: 'Your answer' });
  const toast = (words: string | RegExp): Locator => page.getByRole('status').filter({ hasText: words });
  const named = async (preview: string): Promise<Conversation> => {
    const { conversations } = await desk.server.api('conversation.list', { view: 'all' });
    return conversations.find((one) => one.preview === preview)!;
  };

  async function like(choice: 'next' | 'list' | 'stay'): Promise<void> {
    await goTo(page, '#/settings/you');
    await page.getByLabel('After resolving or snoozing').selectOption(choice);
    await goTo(page, '#/inbox/open');
  }

  /** So many who wait, the newest of them on the screen, which is the first of the list. */
  async function opened(): Promise<{ older: string; now: () => Promise<Conversation> }> {
    const older = `Number ${++serial} asks`;
    const newer = `Number ${++serial} asks`;
    for (const text of [older, newer]) {
      await line.another().write(text);
      await row(page, text).waitFor();
    }
    await row(page, newer).click();
    await said(page, newer).waitFor();
    const { id } = await named(newer);
    const now = () => desk.server.api('conversation.get', { id });
    await waitFor('it is read', async () => (await now()).unread === 0);
    return { older, now };
  }

  it('sends and resolves by one key, and opens the next; Undo comes back', async () => {
    const { older, now } = await opened();
    await box().fill('It is on its way.');
    await box().press('Control+Shift+Enter');
    await said(page, older).waitFor();
    await waitFor('it is resolved', async () => (await now()).status === 'resolved');
    assert.equal((await now()).preview, 'It is on its way.');
    assert.equal(await box().evaluate((element) => element === document.activeElement), false, 'the next one is not typed to by accident');
    await toast(/resolved/)
      .getByRole('button', { name: 'Undo' })
      .last()
      .click();
    await said(page, 'It is on its way.').waitFor();
    await waitFor('it is open again', async () => (await now()).status === 'open');
  });

  it('goes on below where one was in the list, though what is sent comes to its top', async () => {
    const texts = Array.from({ length: 3 }, () => `Number ${++serial} asks`);
    for (const text of texts) {
      await line.another().write(text);
      await row(page, text).waitFor();
    }
    await row(page, texts[1]!).click();
    await said(page, texts[1]!).waitFor();
    await box().fill('From the middle.');
    await box().press('Control+Shift+Enter');
    await said(page, texts[0]!).waitFor();
  });

  it('sends and snoozes until a time in words', async () => {
    const { older, now } = await opened();
    await box().press('Control+Alt+Enter');
    await soon(async () => assert.equal(await page.getByRole('combobox', { name: 'Snooze until' }).count(), 0, 'there is nothing to send'));
    await box().fill('I ask the workshop.');
    await page.getByRole('button', { name: 'Send, and be done with it' }).click();
    await page.getByRole('menuitem', { name: /^Send and snooze/ }).click();
    const when = page.getByRole('combobox', { name: 'Snooze until' });
    await when.fill('yesterday');
    await page.getByRole('status').filter({ hasText: 'is past.' }).waitFor();
    await when.fill('whenever');
    await page.getByText('No time that is understood').waitFor();
    await when.fill('in 3 days');
    await page.getByRole('option', { name: /^Until .*9:00/ }).waitFor();
    await when.press('Enter');
    await said(page, older).waitFor();
    await waitFor('it is snoozed', async () => (await now()).status === 'snoozed');
    const wanted = new Date(); // the desk's zone is the machine's, which is not the browser's
    wanted.setDate(wanted.getDate() + 3);
    wanted.setHours(9, 0, 0, 0);
    assert.equal((await now()).snoozed_until, wanted.toISOString());
    assert.equal((await now()).preview, 'I ask the workshop.');
  });

  it('snoozes until they write, and says so', async () => {
    const { now } = await opened();
    await page.keyboard.press('s');
    await page.getByRole('option', { name: 'Until they write' }).click();
    await toast('snoozed until they write').waitFor();
    await waitFor('it is snoozed', async () => (await now()).status === 'snoozed');
    assert.equal((await now()).snoozed_until, null);
    const { customer_id, id } = await now();
    await goTo(page, `#/inbox/snoozed/${customer_id}/${id}`);
    await page.getByRole('main').getByText('Snoozed until they write').waitFor();
    await page.getByText(/You snoozed #\d+ until they write/).waitFor();
  });

  it('lists who waits longest, or what is most urgent, first', async () => {
    const { older, now } = await opened();
    const first = (): Promise<string> =>
      page
        .getByRole('navigation', { name: 'Views' })
        .locator('xpath=../..')
        .getByRole('link')
        .filter({ hasText: /Number/ })
        .first()
        .innerText();
    const choose = async (from: string, to: string): Promise<void> => {
      await page.getByRole('button', { name: from, exact: true }).click();
      await page.getByRole('menuitemcheckbox', { name: to }).click();
    };
    await choose('Order of the list', 'Longest waiting');
    await waitFor('the oldest is first', async () => !(await first()).includes((await now()).preview ?? ''));
    const waiting = (await desk.server.api('conversation.list', { view: 'open', sort: 'waiting' })).conversations;
    assert.deepEqual(
      [...waiting].sort((a, b) => a.wait_order - b.wait_order).map(({ id }) => id),
      waiting.map(({ id }) => id),
    );
    assert.ok((await first()).includes(waiting[0]!.preview ?? ''));
    const { id } = await named(older);
    await desk.server.api('conversation.set_priority', { id, priority: 'urgent' });
    await choose('Longest waiting', 'Most urgent');
    await waitFor('the urgent one is first', async () => (await first()).includes(older));
    const page1 = await desk.server.api('conversation.list', { view: 'open', sort: 'priority', limit: 1 });
    const page2 = await desk.server.api('conversation.list', {
      view: 'open',
      sort: 'priority',
      limit: 1,
      after_order: page1.conversations[0]!.urgency_order,
      before_id: page1.conversations[0]!.id,
    });
    assert.deepEqual([page1.more, page1.conversations[0]!.id], [true, id]);
    assert.notEqual(page2.conversations[0]!.id, id);
    await assert.rejects(desk.server.api('conversation.list', { view: 'all', sort: 'waiting' }), /sort/);
    await assert.rejects(desk.server.api('conversation.list', { view: 'open', sort: 'waiting', before_at: page1.conversations[0]!.last_at }), /newest/);
    await assert.rejects(desk.server.api('conversation.list', { view: 'open', after_order: 1 }), /waiting/);
    await choose('Most urgent', 'Newest first');
  });

  it('reads on with J; held down it only runs along the list, and opens nobody', async () => {
    const { older, now } = await opened();
    const { customer_id } = await now();
    await page.keyboard.press('j');
    await said(page, older).waitFor();
    await page.keyboard.press('k');
    await waitFor('it is open again', () => page.url().includes(customer_id));
    const here = page.url();
    await page.evaluate(() => {
      for (let i = 0; i < 3; i++) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', repeat: true, bubbles: true }));
    });
    await waitFor('the focus has moved', () => page.evaluate(() => document.activeElement?.closest('[data-conversation]') !== null));
    assert.equal(page.url(), here);
  });

  it('does it with many rows at once, and undoes it at once, but for what a colleague has changed since', async () => {
    const texts = Array.from({ length: 4 }, () => `Number ${++serial} asks`);
    for (const text of texts) {
      await line.another().write(text);
      await row(page, text).waitFor();
    }
    const list = page.locator('[data-conversation]');
    const all = () => Promise.all(texts.map(named));
    // The newest is on top: it by its key, the third by shift, which takes what is between them.
    await row(page, texts[3]!).focus();
    await page.keyboard.press('x');
    await list
      .filter({ hasText: texts[1]! })
      .getByRole('link')
      .click({ modifiers: ['Shift'] });
    const bar = page.getByRole('toolbar', { name: 'Picked conversations' });
    await bar.getByText('3 picked').waitFor();
    await list.filter({ hasText: texts[2]! }).getByRole('checkbox').uncheck();
    await bar.getByText('2 picked').waitFor();
    await page.keyboard.press('a');
    await page.getByRole('option', { name: /Ada Admin/ }).click();
    await toast('2 conversations assigned to Ada Admin').waitFor();
    assert.deepEqual(
      (await all()).map(({ assignee_id }) => assignee_id !== null),
      [false, true, false, true],
    );
    await bar.waitFor({ state: 'hidden' });

    for (const text of texts.slice(1)) await list.filter({ hasText: text }).getByRole('checkbox').check({ force: true });
    await page.keyboard.press('e');
    await toast('3 conversations resolved').waitFor();
    assert.deepEqual(
      (await all()).map(({ status }) => status),
      ['open', 'resolved', 'resolved', 'resolved'],
    );
    const touched = await named(texts[2]!);
    await desk.server.api('conversation.set_status', { id: touched.id, status: 'open' });
    await desk.server.api('conversation.set_status', { id: touched.id, status: 'resolved' });
    await toast('3 conversations resolved').getByRole('button', { name: 'Undo' }).last().click();
    await waitFor('the others are open again', async () => (await all()).filter(({ status }) => status === 'open').length === 3);
    assert.equal((await named(texts[2]!)).status, 'resolved');

    await list.filter({ hasText: texts[0]! }).getByRole('checkbox').check({ force: true });
    await bar.getByRole('button', { name: 'Add a tag' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Add a tag' }).click();
    await page.keyboard.type('fragile');
    await page.keyboard.press('Enter');
    await toast('1 conversation tagged “fragile”').waitFor();
    assert.deepEqual((await named(texts[0]!)).tags, ['fragile']);
    await list.filter({ hasText: texts[0]! }).getByRole('checkbox').check({ force: true });
    await page.keyboard.press('Escape');
    await bar.waitFor({ state: 'hidden' });
  });

  it('does it once, however often its key is pressed meanwhile', async () => {
    const { older, now } = await opened();
    await goTo(page, '#/inbox/open');
    for (const text of [older, (await now()).preview!])
      await page.locator('[data-conversation]').filter({ hasText: text }).getByRole('checkbox').check({ force: true });
    await page.evaluate(() => {
      for (let i = 0; i < 3; i++) document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'e', code: 'KeyE', bubbles: true }));
    });
    await toast('2 conversations resolved').waitFor();
    await waitFor('nothing is picked', async () => (await page.getByRole('toolbar', { name: 'Picked conversations' }).count()) === 0);
    await toast('2 conversations resolved').getByRole('button', { name: 'Undo' }).last().click();
    await waitFor('it is open again', async () => (await now()).status === 'open');
    await soon(async () => assert.equal(await toast('0 conversations').count(), 0));
  });

  it('resolves what was sent also when the page ends between the two', async () => {
    const { now } = await opened();
    let lost = true;
    await page.routeWebSocket(/\/ws/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((message) => {
        if (!lost || !String(message).includes('"conversation.set_status"')) server.send(message);
      });
    });
    await page.reload();
    await box().fill('It has left.');
    await box().press('Control+Shift+Enter');
    await waitFor('it is sent', async () => (await now()).preview === 'It has left.');
    assert.equal((await now()).status, 'open');
    lost = false;
    await page.reload();
    await waitFor('it is resolved', async () => (await now()).status === 'resolved');
    assert.equal(
      (await desk.server.api('timeline.page', { customer_id: (await now()).customer_id, limit: 50 })).entries.filter(({ text }) => text === 'It has left.')
        .length,
      1,
    );
  });

  it('stays, or goes back to the list, as the agent likes', async () => {
    await like('stay');
    const stays = await opened();
    await page.keyboard.press('e');
    await waitFor('it is resolved', async () => (await stays.now()).status === 'resolved');
    await page.getByRole('button', { name: 'Reopen' }).waitFor();
    await like('list');
    const leaves = await opened();
    await page.keyboard.press('e');
    await waitFor('it is resolved', async () => (await leaves.now()).status === 'resolved');
    await waitFor('nobody is on the screen', () => page.url().endsWith('#/inbox/open'));
    await like('next');
  });

  it('takes back what was sent and what was done with it, from beside the box', async () => {
    const mail = await MailBox.of(desk.server);
    await mail.receive({ from: 'paula@customer.example', fromName: 'Paula', text: 'Can I change the colour?' });
    await like('stay');
    await row(page, 'Can I change the colour?').click();
    await box().fill('Yes, to blew.');
    await box().press('Control+Shift+Enter');
    const bar = page.getByRole('region', { name: 'Answer' });
    await bar.getByText('Sent by Email').waitFor();
    await toast(/resolved/)
      .last()
      .waitFor();
    await bar.getByRole('button', { name: /^Undo \(/ }).click();
    await waitFor('the words are back', async () => (await written(box())) === 'Yes, to blew.');
    const { status } = await waitFor('it is taken back', async () => {
      const now = await named('Can I change the colour?');
      return now.status === 'open' ? now : null;
    });
    assert.equal(status, 'open');
    await like('next');
  });
});
