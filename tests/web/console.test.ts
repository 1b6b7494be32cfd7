// The agent's day: log in, see who waits, answer, note, take, resolve; by mouse and by keyboard.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ADMIN, waitFor } from '../system/harness.ts';
import { counted, Desk, row, soon } from './lib/browser.ts';
import { written } from './lib/desk.ts';
import { LineFriend, MailBox } from './lib/people.ts';

describe('console', () => {
  let desk: Desk;
  let line: LineFriend;
  let mail: MailBox;

  before(async () => {
    desk = await Desk.open({ config: { desk: { undo_seconds: '10' } } });
    line = await LineFriend.of(desk.server);
    mail = await MailBox.of(desk.server);
  });
  after(() => desk.end());

  it('refuses a wrong password in words and lets the right one in', async () => {
    const page = await desk.page();
    await page.goto(desk.server.url);
    await page.getByLabel('Email').fill(ADMIN.email);
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('do not fit together').waitFor();
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.locator('[data-phase=live]').waitFor();
    await page.reload();
    await page.locator('[data-phase=live]').waitFor();
    await page.context().close();
  });

  it('shows a new message in the queue by itself and opens the person', async () => {
    const page = await desk.console();
    await page.getByText('Everybody has been answered').waitFor();
    await line.write('Where is my parcel?');
    const parcel = row(page, 'Where is my parcel?');
    await parcel.waitFor();
    await soon(async () => assert.equal(await parcel.getAttribute('data-unread'), 'true'));
    await parcel.click();
    await page.getByRole('article').filter({ hasText: 'Where is my parcel?' }).waitFor();
    await waitFor('the row is read', async () => (await parcel.getAttribute('data-unread')) === null);
    await page.context().close();
  });

  it('sends an answer with the keyboard, and the server has it', async () => {
    const friend = line.another();
    await friend.write('Do you open on Sunday?');
    const page = await desk.console();
    await row(page, 'Do you open on Sunday?').click();
    await page.getByRole('article').filter({ hasText: 'Do you open on Sunday?' }).waitFor();
    await page.keyboard.press('r');
    const box = page.getByRole('textbox', { name: 'Your answer' });
    await waitFor('the composer has the focus', () => box.evaluate((element) => element === document.activeElement));
    await page.keyboard.type('From ten to four.');
    await page.keyboard.press('Control+Enter');
    const sent = page.getByRole('article').filter({ hasText: 'From ten to four.' });
    await sent.getByText('On its way').waitFor();
    await soon(async () => assert.equal(await box.inputValue(), ''));
    const { conversations } = await desk.server.api('conversation.list', { view: 'all' });
    const stored = conversations.find((one) => one.preview === 'From ten to four.');
    assert.equal(stored?.last_direction, 'out');
    await page.context().close();
  });

  it('draws a sticker as a sticker', async () => {
    const friend = line.another();
    await friend.stick(['Love', 'Thanks']);
    const page = await desk.console();
    await row(page, 'Love').click();
    await page.getByRole('article').getByText('Sticker · Love, Thanks', { exact: true }).waitFor();
    await page.context().close();
  });

  it('shows what is no saying as it is stored, and the queue with it', async () => {
    for (const odd of ['{"code":"sent_sticker_words"}', 'null', '{"code":"sent_v']) {
      const friend = line.another();
      await friend.stick(['Odd']);
      desk.server.sql(`UPDATE conversation SET preview = '${odd}' WHERE preview LIKE '%sent_sticker_words%Odd%'`);
      const page = await desk.console();
      await row(page, odd).waitFor();
      await page.context().close();
    }
  });

  it('takes an answer back and returns its words', async () => {
    await mail.receive({ from: 'paula@customer.example', fromName: 'Paula', text: 'Can I change the colour?' });
    const page = await desk.console();
    const asked = counted(page, 'message.cancel');
    await page.reload();
    await row(page, 'Can I change the colour?').click();
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Yes, to blew.');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('button', { name: /^Undo \(/ }).dblclick();
    await page.getByRole('article').filter({ hasText: 'Yes, to blew.' }).getByText('Taken back').waitFor();
    const words = () => written(page.getByRole('textbox', { name: 'Your answer' }));
    await waitFor('the words are back', async () => (await words()) !== '');
    assert.equal(await words(), 'Yes, to blew.');
    assert.equal(asked.times, 1, 'pressed twice, asked once');
    await page.context().close();
  });

  it('writes a note that stays among us', async () => {
    const friend = line.another();
    await friend.write('Please call me.');
    const page = await desk.console();
    await row(page, 'Please call me.').click();
    await page.getByRole('article').waitFor();
    await page.keyboard.press('n');
    await page.getByRole('textbox', { name: 'Your note' }).fill('Prefers the evening.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('article').filter({ hasText: 'Prefers the evening.' }).getByText('only colleagues see it').waitFor();
    await page.context().close();
  });

  it('takes, resolves and undoes', async () => {
    const friend = line.another();
    await friend.write('It works now, thank you!');
    const page = await desk.console();
    await row(page, 'It works now').click();
    await page.getByRole('article').waitFor();
    await page.keyboard.press('t');
    await page.getByRole('status').getByText('assigned to Ada Admin').waitFor();
    const find = async () => (await desk.server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview?.startsWith('It works now'));
    await waitFor('it is assigned', async () => (await find())?.assignee_id);
    await page.keyboard.press('e');
    const done = page.getByRole('status').filter({ hasText: 'resolved' });
    await done.waitFor();
    await waitFor('the row leaves the open ones', async () => (await row(page, 'It works now').count()) === 0);
    assert.equal((await find())?.status, 'resolved');
    await page.keyboard.press('j');
    await soon(async () =>
      assert.equal(
        await page.evaluate(() => document.activeElement?.closest('[data-index]')?.getAttribute('data-index')),
        '1',
        'below the one that was opened next',
      ),
    );
    await done.getByRole('button', { name: 'Undo' }).last().click();
    await waitFor('it is open again', async () => (await find())?.status === 'open');
    await page.context().close();
  });

  it('is worked by the keyboard: j, enter, the palette, help', async () => {
    const friend = line.another();
    await friend.write('The newest of all');
    const page = await desk.console();
    await row(page, 'The newest of all').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('article').filter({ hasText: 'The newest of all' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('s');
    await page.getByRole('option', { name: /In an hour/ }).click();
    await waitFor('it is snoozed', async () => (await desk.server.api('conversation.counts', {})).snoozed === 1);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Snoozed');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Snoozed conversations' }).waitFor();
    await row(page, 'The newest of all').waitFor();
    desk.server.sql('UPDATE conversation SET snoozed_until = 1 WHERE status = 1; UPDATE due SET at = 1 WHERE what = 2');
    await waitFor('its snooze is over', async () => (await desk.server.api('conversation.counts', {})).snoozed === 0);
    for (const [language, words] of [
      ['en', 'Snooze ended'],
      ['ja', 'スヌーズ終了'],
    ] as const) {
      const other = await desk.console({ language });
      await other.getByRole('link').filter({ hasText: 'The newest of all' }).filter({ hasText: words }).first().waitFor();
      await other.context().close();
    }
    await page.context().close();
  });

  it('changes what is known of a person in place', async () => {
    const friend = line.another();
    await friend.write('I am new here');
    const page = await desk.console();
    await row(page, 'I am new here').click();
    await page.getByRole('button', { name: /^What every agent should know/ }).click();
    await page.getByRole('textbox', { name: 'What every agent should know' }).fill('Allergic to wool.');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'What every agent should know: Allergic to wool.' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'What every agent should know: Allergic to wool.' }).waitFor();
    await page.context().close();
  });

  it('does not write over what a colleague has changed while it was edited, until it is said again', async () => {
    const friend = line.another();
    await friend.write('Two write about me');
    const page = await desk.console();
    await row(page, 'Two write about me').click();
    const { conversations } = await desk.server.api('conversation.list', { view: 'all' });
    const id = conversations.find((one) => one.preview === 'Two write about me')!.customer_id;
    const about = async () => (await desk.server.api('customer.get', { id })).about;
    await page.getByRole('button', { name: /^What every agent should know/ }).click();
    const field = page.getByRole('textbox', { name: 'What every agent should know' });
    await field.fill('Mine.');
    await desk.server.api('customer.update', { id, about: 'Hers.', tags: ['VIP'] });
    await page.getByRole('button', { name: 'Remove VIP' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText('A colleague has changed it meanwhile: “Hers.”').waitFor();
    assert.equal(await about(), 'Hers.');
    await soon(async () => assert.equal(await field.inputValue(), 'Mine.'));
    await page.keyboard.press('Control+Enter');
    await waitFor('it is said again', async () => (await about()) === 'Mine.');
    await page.context().close();
  });
});
