// The queue as a place to work from: what can be done with a row, what was begun, one row a person.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { LineFriend, MailBox } from './lib/people.ts';

describe('console, the queue', () => {
  let desk: Desk;
  let line: LineFriend;
  let mail: MailBox;

  before(async () => {
    desk = await Desk.open();
    line = await LineFriend.of(desk.server);
    mail = await MailBox.of(desk.server);
  });
  after(() => desk.end());

  const asked = (text: string): Promise<void> => line.another().write(text);
  const statusOf = async (preview: string): Promise<string | undefined> =>
    (await desk.server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === preview)?.status;
  const item = (page: Page, name: string) => page.getByRole('menuitem', { name: new RegExp(`^${name}`) });

  it('has a menu of each row: by the right button, by its own button, and by the menu key', async () => {
    await asked('Row one');
    await asked('Row two');
    await asked('Row three');
    const page = await desk.console();
    await row(page, 'Row one').click({ button: 'right' });
    await item(page, 'Assign…').waitFor();
    await soon(async () => assert.equal(await item(page, 'Reopen').count(), 0, 'only what can be done'));
    await item(page, 'Resolve').click();
    await waitFor('it is resolved', async () => (await statusOf('Row one')) === 'resolved');
    assert.ok(!page.url().includes('/c/'), 'nobody was opened');
    const second = page.getByRole('listitem').filter({ hasText: 'Row two' });
    await second.hover();
    await second.getByRole('button', { name: /^What to do with/ }).click();
    await item(page, 'Take').waitFor();
    await page.keyboard.press('Escape');
    await row(page, 'Row three').focus();
    await page.keyboard.press('ContextMenu');
    await item(page, 'Snooze').waitFor();
    await page.keyboard.press('Escape');
    await waitFor('the menu has given the focus back', () => row(page, 'Row three').evaluate((one) => document.activeElement === one));
    // For all that are picked, when it is one of them.
    await row(page, 'Row two').focus();
    await page.keyboard.press('x');
    await row(page, 'Row three').focus();
    await page.keyboard.press('x');
    await row(page, 'Row three').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /^Resolve/ }).click();
    await waitFor('both are resolved', async () => (await statusOf('Row two')) === 'resolved' && (await statusOf('Row three')) === 'resolved');
    await page.context().close();
  });

  it('marks who has all of the picked rows, not who has the one on the screen; says which could not be snoozed', async () => {
    for (const text of ['Held one', 'Free one', 'Free two']) await asked(text);
    const page = await desk.console({}, undefined, '#/inbox/all');
    await row(page, 'Held one').click();
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press('t');
    await page
      .getByRole('status')
      .getByText(/assigned to Ada/)
      .first()
      .waitFor();
    for (const text of ['Free one', 'Free two']) {
      await row(page, text).focus();
      await page.keyboard.press('x');
    }
    await page.keyboard.press('a');
    const ticked = page.getByRole('option').filter({ has: page.locator('svg.lucide-check') });
    await ticked.getByText('Nobody').waitFor();
    await soon(async () => assert.equal(await ticked.count(), 1));
    await page.keyboard.press('Escape');
    const { conversations } = await desk.server.api('conversation.list', { view: 'all' });
    const free = conversations.find((one) => one.preview === 'Free two');
    assert.ok(free);
    await desk.server.api('conversation.set_status', { id: free.id, status: 'resolved' });
    await waitFor('the list knows', async () => (await desk.server.api('conversation.get', { id: free.id })).status === 'resolved');
    await row(page, 'Free one').focus();
    await page.keyboard.press('s');
    await page.getByRole('option').first().click();
    await page.getByRole('status').getByText(`resolved: #${free.number}`, { exact: false }).waitFor();
    await page.context().close();
  });

  it('marks what was begun, also from another tab, until it is sent', async () => {
    await asked('Will be begun');
    const page = await desk.console();
    const other = await page.context().newPage();
    await other.goto(`${desk.server.url}/`);
    await row(other, 'Will be begun').waitFor();
    await row(page, 'Will be begun').click();
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Half a sentence');
    for (const tab of [page, other]) await row(tab, 'Will be begun').getByText('Draft').waitFor();
    await page.reload();
    await row(page, 'Will be begun').getByText('Draft').waitFor();
    await page.getByRole('textbox', { name: 'Your answer' }).fill('A whole one.');
    await page.keyboard.press('Control+Enter');
    await row(page, 'A whole one.').waitFor();
    for (const tab of [page, other]) await waitFor('no mark is left', async () => (await row(tab, 'A whole one.').getByText('Draft').count()) === 0);
    await page.context().close();
  });

  it('shows one row a person when asked to: the first of theirs, with how many more', async () => {
    const from = 'many@customer.example';
    await mail.receive({ from, subject: 'First', text: 'First matter' });
    await mail.receive({ from, subject: 'Second', text: 'Second matter' });
    await asked('Somebody else');
    const made = (await desk.server.api('conversation.list', { view: 'open' })).conversations.filter((one) => /matter$/.test(one.preview ?? ''));
    const page = await desk.console();
    await row(page, 'Somebody else').waitFor();
    if (made.length < 2) {
      const [first] = made;
      assert.ok(first);
      const way = (await desk.server.api('customer.reach', { customer_id: first.customer_id })).ways.find((one) => one.usable);
      const agent = await desk.server.agent();
      await agent.call('message.send', {
        customer_id: first.customer_id,
        identity_id: way?.identity_id ?? '',
        channel_id: way?.channel_id ?? '',
        client_id: crypto.randomUUID(),
        text: 'About another matter',
        new_conversation: true,
      });
      await row(page, 'About another matter').waitFor();
    }
    const list = page.getByRole('region', { name: 'Conversations' }).getByRole('listitem');
    const before = await list.count();
    await page.getByRole('button', { name: 'More views' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'One row for each person' }).click();
    await waitFor('they are one', async () => (await list.count()) === before - 1);
    await page.getByLabel('1 more conversation of this person in this list').waitFor();
    await mail.receive({ from, subject: 'First', text: 'First again' });
    await row(page, 'First again').or(row(page, 'matter')).first().waitFor();
    await soon(async () => assert.equal(await list.count(), before - 1));
    await page.reload();
    await waitFor('it is kept', async () => (await list.count()) === before - 1);
    await page.context().close();
  });
});
