// Everything that can be undone stands in one list for its time.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { written } from './lib/desk.ts';
import { LineFriend } from './lib/people.ts';

describe('console, undo', () => {
  let desk: Desk;
  let line: LineFriend;

  before(async () => {
    desk = await Desk.open({ config: { desk: { undo_seconds: '30' } } });
    line = await LineFriend.of(desk.server);
  });
  after(() => desk.end());

  it('has what was done and sent in one list, newest first, with whom it is about and the seconds that are left', async () => {
    await line.another().write('Undo me');
    const page = await desk.console();
    await page.keyboard.press('z');
    await page.getByText('Nothing can be undone now.', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    await row(page, 'Undo me').click();
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press('t');
    await page
      .getByRole('status')
      .getByText(/assigned to/)
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Too early');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('article').filter({ hasText: 'Too early' }).waitFor();
    await page.getByRole('button', { name: /^Undo \(/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('z');
    const options = page.getByRole('option');
    await waitFor('both are there', async () => (await options.count()) === 2);
    await soon(async () => assert.match(await options.nth(0).innerText(), /Sent by LINE: “Too early”[^]*\d+ s left/));
    await soon(async () => assert.match(await options.nth(1).innerText(), /assigned to Ada Admin[^]*\d+ s left/));
    await page.keyboard.press('Enter');
    await waitFor('the words are back', async () => (await written(page.getByRole('textbox', { name: 'Your answer' }))) === 'Too early');
    await page.keyboard.press('Escape');
    await page.locator('body').press('z');
    await waitFor('one is left', async () => (await options.count()) === 1);
    await page.keyboard.press('Enter');
    await waitFor('it is nobody’s', async () => (await desk.server.api('conversation.list', { view: 'all' })).conversations[0]?.assignee_id === null);
    await page.locator('body').press('z');
    await page.getByText('Nothing can be undone now.', { exact: false }).waitFor();
    await page.context().close();
  });
});
