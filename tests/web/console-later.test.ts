// What is not sent yet: planned for a time, or begun in one browser and gone on with in another.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { randomUUID, waitFor } from '../system/harness.ts';
import { Desk, row } from './lib/browser.ts';
import { goTo, personBy, pick, written } from './lib/desk.ts';
import { MailBox } from './lib/people.ts';

const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Your answer' });

describe('console, later', () => {
  let desk: Desk;
  let mail: MailBox;
  let sink: CatchAll;
  let people = 0;

  before(async () => {
    sink = await startCatchAll();
    desk = await Desk.open({ config: { desk: { undo_seconds: '0' } } });
    mail = await MailBox.of(desk.server, sink.smtpUrl);
  });
  after(async () => {
    await desk.end();
    await sink.close();
  });

  async function asked(): Promise<{ id: string; question: string }> {
    const from = `later${++people}@customer.example`;
    const question = `Question number ${people}`;
    await mail.receive({ from, text: question });
    return { id: await personBy(desk.server, from), question };
  }

  it('plans an answer beside Send, lists it, and brings it back with its words', async () => {
    const { question } = await asked();
    const page = await desk.console();
    await row(page, question).click();
    await box(page).click();
    await page.keyboard.type('Good morning');
    await page.getByRole('button', { name: 'Send, and be done with it' }).click();
    await page.getByRole('menuitem', { name: /Send tomorrow 9:00/ }).click();
    await page.getByText(/You planned an answer for .*9:00/).waitFor();
    await row(page, 'Good morning').getByText('Planned').waitFor();
    await goTo(page, '#/unsent/scheduled');
    await page.getByText('Good morning').waitFor();
    await page.getByRole('button', { name: 'Change time' }).click();
    await page.getByRole('combobox').fill('in 3 days');
    const day = new Date(Date.now() + 3 * 86_400_000).toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
    await page.getByRole('option', { name: day }).first().waitFor(); // and no longer what was offered before
    await page.keyboard.press('Enter');
    await waitFor('it is planned for then', async () => {
      const [one] = (await desk.server.api('outbox.list', { state: 'scheduled' })).messages;
      return Math.abs(Date.parse(one?.next_at ?? '') - Date.now() - 3 * 86_400_000) < 86_400_000; // at nine that day, whatever the time is now
    });
    await page.getByRole('button', { name: 'Back to the composer' }).click();
    await waitFor('the words are back', async () => (await written(box(page))) === 'Good morning');
    assert.deepEqual((await desk.server.api('outbox.list', { state: 'scheduled' })).messages, []);
    assert.equal(sink.messages.length, 0);
    await page.context().close();
  });

  it('goes on elsewhere with what was begun, and offers the words of both', async () => {
    const { question } = await asked();
    const here = await desk.console();
    const there = await desk.console();
    await row(here, question).click();
    await box(here).click();
    await here.keyboard.type('Begun here');
    await row(there, question).click();
    await waitFor('it is there too', async () => (await written(box(there))) === 'Begun here');
    await here.context().setOffline(true);
    await here.keyboard.type(', without a net');
    await box(there).click();
    await there.keyboard.press('End');
    await there.keyboard.type(' and there');
    const saved = async (): Promise<boolean> => desk.server.sql('SELECT beginning FROM draft').includes('and there');
    await waitFor('the other is saved', saved);
    await here.context().setOffline(false);
    await Promise.race([here, there].map((page) => page.getByText(/You wrote something else to them in another browser/).waitFor()));
    const both = await Promise.all(
      [here, there].map(async (page) => `${await written(box(page))} ${(await page.getByText(/You wrote something else/).allTextContents()).join()}`),
    );
    assert.ok(
      both.some((words) => words.includes('without a net') && words.includes('and there')),
      JSON.stringify(both),
    );
    await here.context().close();
    await there.context().close();
  });

  it('is a whole conversation, to be read over: what was said, and no note', async () => {
    const { id, question } = await asked();
    const agent = await desk.server.agent();
    const page = await desk.console();
    await row(page, question).click();
    await box(page).waitFor();
    await agent.call('note.add', { customer_id: id, client_id: randomUUID(), text: 'Among us alone' });
    await page.getByText('Among us alone').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Send the conversation');
    await page.getByRole('option', { name: /Send the conversation as a mail/ }).waitFor();
    await page.keyboard.press('Enter');
    await pick(page, 'reader@elsewhere.example');
    await waitFor('it is written', async () => (await written(box(page))).includes(question));
    const words = await written(box(page));
    assert.match(words, /Conversation \d+/);
    assert.doesNotMatch(words, /Among us alone/);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const sent = await waitFor('it has left', () => sink.messages.find((one) => one.to.includes('reader@elsewhere.example')));
    assert.match(sent.headers?.['subject'] ?? '', /^Transcript: /);
    assert.match(sent.html ?? '', /<strong>Somebody · /);
    await page.context().close();
    agent.close();
  });

  it('is gone everywhere when it is sent', async () => {
    const { question } = await asked();
    const here = await desk.console();
    const there = await desk.console();
    for (const page of [here, there]) await row(page, question).click();
    await box(here).click();
    await here.keyboard.type('Sent from here');
    await waitFor('it is there too', async () => (await written(box(there))) === 'Sent from here');
    await here.getByRole('button', { name: 'Send', exact: true }).click();
    await waitFor('it is gone there', async () => (await written(box(there))) === '');
    assert.doesNotMatch(desk.server.sql('SELECT beginning FROM draft'), /Sent from here/);
    await here.context().close();
    await there.context().close();
  });
});
