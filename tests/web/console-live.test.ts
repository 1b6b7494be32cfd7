// What is on the screen is true, and what was typed is never lost.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, row, soon } from './lib/browser.ts';
import { LineFriend } from './lib/people.ts';

describe('console, live', () => {
  let desk: Desk;
  let line: LineFriend;

  before(async () => {
    desk = await Desk.open();
    line = await LineFriend.of(desk.server);
  });
  after(() => desk.end());

  it('shows what comes while the person is open, and says so to who began to answer', async () => {
    const friend = line.another();
    await friend.write('First question');
    const page = await desk.console();
    await row(page, 'First question').click();
    const box = page.getByRole('textbox', { name: 'Your answer' });
    await box.fill('The answer to the first');
    await friend.write('Second question');
    await page.getByRole('article').filter({ hasText: 'Second question' }).waitFor();
    await page.getByText('Something new came by LINE since you began.').waitFor();
    await soon(async () => assert.equal(await box.inputValue(), 'The answer to the first'));
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.getByText('Something new came by LINE').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('moves rows of the queue without moving what one reads', async () => {
    const friends = Array.from({ length: 24 }, () => line.another());
    for (const [index, friend] of friends.entries()) await friend.write(`Number ${String(index).padStart(2, '0')} of many`);
    const page = await desk.console();
    await row(page, 'Number 23 of many').waitFor();
    const list = page.getByRole('region', { name: 'Conversations' }).locator('ul').locator('..');
    await list.evaluate((element) => {
      element.scrollTop = 400;
    });
    await row(page, 'Number 15 of many').waitFor();
    const place = async () => Math.round((await row(page, 'Number 15 of many').boundingBox())!.y);
    const before = await place();
    await friends[0]!.write('Number 00 writes again');
    const { conversations } = await waitFor('the row has moved on the server', async () => {
      const listed = await desk.server.api('conversation.list', { view: 'open', limit: 1 });
      return listed.conversations[0]?.preview === 'Number 00 writes again' ? listed : null;
    });
    assert.equal(conversations.length, 1);
    await waitFor('the list has grown at its beginning', () => list.evaluate((element) => element.scrollTop > 400));
    assert.equal(await place(), before);
    await list.evaluate((element) => {
      element.scrollTop = 0;
    });
    await row(page, 'Number 00 writes again').waitFor();
    await page.context().close();
  });

  it('keeps a draft over a reload, for each person their own', async () => {
    const [one, two] = [line.another(), line.another()];
    await one.write('I am the first of two');
    await two.write('I am the second of two');
    const page = await desk.console();
    await row(page, 'I am the first of two').click();
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Half a sentence to the fir');
    await row(page, 'I am the second of two').click();
    await page.getByRole('article').filter({ hasText: 'I am the second of two' }).waitFor();
    await soon(async () => assert.equal(await page.getByRole('textbox', { name: 'Your answer' }).inputValue(), ''));
    await page.reload();
    await row(page, 'I am the first of two').click();
    await page.getByRole('article').filter({ hasText: 'I am the first of two' }).waitFor();
    await soon(async () => assert.equal(await page.getByRole('textbox', { name: 'Your answer' }).inputValue(), 'Half a sentence to the fir'));
    await page.context().close();
  });

  it('tells colleagues who looks and who is answering', async () => {
    const friend = line.another();
    await friend.write('Who will answer me?');
    await desk.server.newAgent('Berta Busy');
    const mine = await desk.console();
    const hers = await desk.console({}, { email: 'bertabusy@example.com', password: PASSWORD });
    for (const page of [mine, hers]) {
      await row(page, 'Who will answer me?').click();
      await page.getByRole('article').filter({ hasText: 'Who will answer me?' }).waitFor();
    }
    await mine.getByText('Berta Busy is looking').waitFor({ state: 'attached' });
    await hers.getByRole('textbox', { name: 'Your answer' }).pressSequentially('I will');
    await mine.getByText('Berta Busy is answering right now.').waitFor();
    await hers.context().close();
    await mine.getByText('Berta Busy is looking').waitFor({ state: 'detached' });
    await mine.context().close();
  });

  it('says since when it is away, catches up by itself, and sends what was answered meanwhile', async () => {
    const friend = line.another();
    await friend.write('Before the outage');
    const page = await desk.console();
    await row(page, 'Before the outage').click();
    await page.getByRole('article').filter({ hasText: 'Before the outage' }).waitFor();
    await page.getByRole('button', { name: /^LINE →/ }).waitFor();
    await desk.server.stop('SIGKILL');
    await page
      .locator('[data-phase=away]')
      .getByText(/away since/)
      .waitFor();
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Written while away');
    await page.keyboard.press('Control+Enter');
    await page.getByText('goes out by itself when the connection is back').waitFor();
    await desk.server.serve();
    await friend.write('After the outage');
    await page.locator('[data-phase=live]').waitFor();
    await page.getByRole('article').filter({ hasText: 'After the outage' }).waitFor();
    await page.getByText('goes out by itself when the connection is back').waitFor({ state: 'detached' });
    const shown = page.getByRole('article').filter({ hasText: 'Written while away' });
    await shown.first().waitFor();
    await soon(async () => assert.equal(await shown.count(), 1));
    const sent = await waitFor('the answer is stored', async () => {
      const { conversations } = await desk.server.api('conversation.list', { view: 'all' });
      const row = conversations.find((one) => one.preview === 'After the outage' || one.preview === 'Written while away');
      if (!row) return null;
      const { entries } = await desk.server.api('timeline.page', { customer_id: row.customer_id });
      return entries.filter((entry) => entry.text === 'Written while away');
    });
    assert.equal(sent.length, 1);
    await page.context().close();
  });

  it('knows what is asked of people as it is now, told or found out after it was away', async () => {
    const friend = line.another();
    await friend.write('What size am I');
    await desk.server.api('attribute.put', { key: 'shoe_size', label: 'Shoe size', type: 'number' });
    const page = await desk.console();
    await row(page, 'What size am I').click();
    await page.getByText('Shoe size', { exact: true }).first().waitFor();
    await desk.server.api('attribute.put', { key: 'hat_size', label: 'Hat size', type: 'number' });
    await page.getByText('Hat size', { exact: true }).first().waitFor();
    await desk.server.stop('SIGKILL');
    desk.server.sql("INSERT INTO attribute (name, label, type, version) VALUES ('glove_size', 'Glove size', 1, 1)");
    await desk.server.serve();
    await page.getByText('Glove size', { exact: true }).first().waitFor();
    await page.context().close();
  });

  it('keeps what was answered while it is away over closing the page, and sends it in order, once, from whatever tab', async () => {
    const friend = line.another();
    await friend.write('Closed in between');
    const page = await desk.console();
    await row(page, 'Closed in between').click();
    await page.getByRole('button', { name: /^LINE →/ }).waitFor();
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    for (const text of ['Kept, first', 'Kept, second', 'Kept, third']) {
      await page.getByRole('textbox', { name: 'Your answer' }).fill(text);
      await page.keyboard.press('Control+Enter');
      await page.getByRole('article').filter({ hasText: text }).waitFor();
    }
    await page.getByText('3 wait to be sent').waitFor({ state: 'attached' });
    const context = page.context();
    await page.close();
    await desk.server.serve();
    const tabs = await Promise.all([context.newPage(), context.newPage()]);
    await Promise.all(
      tabs.map(async (tab) => {
        await tab.goto(`${desk.server.url}/`);
        await tab.locator('[data-phase=live]').waitFor();
      }),
    );
    const texts = await waitFor('all three are stored', async () => {
      const { conversations } = await desk.server.api('conversation.list', { view: 'all' });
      const found = conversations.find((one) => one.preview === 'Kept, third');
      const page = found && (await desk.server.api('timeline.page', { customer_id: found.customer_id }));
      return page?.entries.map((entry) => entry.text).reverse();
    });
    assert.deepEqual(texts, ['Closed in between', 'Kept, first', 'Kept, second', 'Kept, third']);
    for (const tab of tabs)
      await waitFor('nothing is kept any more', () => tab.evaluate(() => Object.keys(localStorage).every((key) => !key.startsWith('throughline.out.'))));
    await context.close();
  });

  it('does not send by itself what has lain there for hours, nor what another agent has written', async () => {
    const friend = line.another();
    await friend.write('Long ago');
    const page = await desk.console();
    await row(page, 'Long ago').click();
    await page.getByRole('button', { name: /^LINE →/ }).waitFor();
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    await page.getByRole('textbox', { name: 'Your answer' }).fill('Too late to say');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('article').filter({ hasText: 'Too late to say' }).waitFor();
    await page.evaluate(() => {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith('throughline.out.'))) {
        const kept = JSON.parse(localStorage.getItem(key) ?? '{}');
        localStorage.setItem(key, JSON.stringify({ ...kept, at: kept.at - 3 * 3600_000 }));
        const theirs = key.replace(/out\.[^.]+/, 'out.00000000-0000-7000-8000-000000000000');
        localStorage.setItem(theirs, JSON.stringify({ ...kept, text: 'Of somebody else' }));
      }
    });
    await desk.server.serve();
    const tab = await page.context().newPage();
    await page.close();
    await tab.goto(`${desk.server.url}/`);
    await tab.locator('[data-phase=live]').waitFor();
    await row(tab, 'Long ago').click();
    await tab.getByText('it waited here for over an hour').waitFor();
    await tab.getByRole('button', { name: 'Back to the composer' }).click();
    await soon(async () => assert.equal(await tab.getByRole('textbox', { name: 'Your answer' }).inputValue(), 'Too late to say'));
    const { conversations } = await desk.server.api('conversation.list', { view: 'all' });
    assert.ok(conversations.every((one) => !/Too late|somebody else/.test(one.preview ?? '')));
    await tab.context().close();
  });

  it('asks to log in again when the session ends, and comes back to the same place', async () => {
    const { id } = await desk.server.newAgent('Carl Changed');
    const page = await desk.console({}, { email: 'carlchanged@example.com', password: PASSWORD }, '#/inbox/mine');
    await page.getByRole('heading', { name: 'My conversations' }).waitFor();
    await desk.server.api('agent.update', { id, active: 'no' });
    await page.getByText('Your session has ended.').waitFor();
    await desk.server.api('agent.update', { id, active: 'yes' });
    await page.getByLabel('Email').fill('carlchanged@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'My conversations' }).waitFor();
    await page.locator('[data-phase=live]').waitFor();
    await page.context().close();
  });
});
