// What was typed, sent or attached survives whatever happens between here and the server.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, row } from './lib/browser.ts';
import { goTo, newestEntry, said } from './lib/desk.ts';
import { LineFriend } from './lib/people.ts';

describe('console, what was typed', () => {
  let desk: Desk;
  let line: LineFriend;

  before(async () => {
    desk = await Desk.open();
    line = await LineFriend.of(desk.server);
  });
  afterEach(async () => {
    thaw();
    if (!desk.server.child) await desk.server.serve();
  });
  after(() => desk.end());

  const freeze = () => desk.server.child?.kill('SIGSTOP');
  const thaw = () => desk.server.child?.kill('SIGCONT');
  const box = (page: Page) => page.getByRole('textbox', { name: 'Your answer' });
  const live = (page: Page) => page.locator('[data-phase=live]').waitFor();
  const idOf = (page: Page) => waitFor('the address of the person', () => /open\/([^/?]+)/.exec(page.url())?.[1]);

  async function answer(page: Page, text: string): Promise<void> {
    await box(page).fill(text);
    await page.keyboard.press('Control+Enter');
    await said(page, text).waitFor();
  }

  async function openRow(page: Page, text: string): Promise<string> {
    await row(page, text).click();
    await said(page, text).first().waitFor();
    await page.getByRole('button', { name: /^LINE →/ }).waitFor();
    return idOf(page);
  }

  it('arrives once and in order, five answers to two people, over a server that stands still, a reload and a new server', async () => {
    const [one, two] = [line.another(), line.another()];
    await one.write('The first of two asks');
    await two.write('The second of two asks');
    const page = await desk.console();
    const second = await openRow(page, 'The second of two asks');
    const first = await openRow(page, 'The first of two asks');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    freeze();
    await answer(page, 'To the first: 1');
    await answer(page, 'To the first: 2');
    await goTo(page, `#/inbox/open/${second}`);
    await said(page, 'The second of two asks').waitFor();
    await answer(page, 'To the second: 1');
    await page.getByText('3 answers wait to be sent.').waitFor();
    await page.reload();
    await page.getByText('3 answers wait to be sent.').waitFor();
    await said(page, 'To the second: 1').waitFor();
    await answer(page, 'To the second: 2');
    await goTo(page, `#/inbox/open/${first}`);
    thaw(); // what has lain in the socket since may be read now
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    await desk.server.serve();
    await live(page);
    await said(page, 'To the first: 2').waitFor();
    await answer(page, 'To the first: 3');
    const texts = async (customer_id: string) => (await desk.server.api('timeline.page', { customer_id, limit: 50 })).entries.map(({ text }) => text).reverse();
    await waitFor('all are there', async () => (await texts(first)).length >= 4 && (await texts(second)).length >= 3);
    await waitFor('nothing waits', () => page.evaluate(() => Object.keys(localStorage).every((key) => !key.startsWith('throughline.out.'))));
    assert.deepEqual(await texts(first), ['The first of two asks', 'To the first: 1', 'To the first: 2', 'To the first: 3']);
    assert.deepEqual(await texts(second), ['The second of two asks', 'To the second: 1', 'To the second: 2']);
    await page.context().close();
  });

  it('says why an answer was refused, wherever one is by then, and lets one try again, change it or discard it', async () => {
    await line.another().write('Refuse what is said to me');
    await line.another().write('Another place to be');
    const page = await desk.console();
    const elsewhere = await openRow(page, 'Another place to be');
    await openRow(page, 'Refuse what is said to me');
    await desk.server.stop('SIGKILL');
    await page.locator('[data-phase=away]').waitFor();
    await answer(page, 'Not to be sent');
    await goTo(page, `#/inbox/open/${elsewhere}`);
    const allow = (value: string) => desk.server.sql(`UPDATE channel SET active = ${value} WHERE name = 'LINE'`);
    allow('0');
    await desk.server.serve();
    await page.getByText(/^Not sent to .*: /).waitFor();
    await page.getByRole('button', { name: 'Show it' }).click();
    const mine = said(page, 'Not to be sent');
    await mine.getByText(/^Not sent: /).waitFor();
    await mine.getByRole('button', { name: 'Try again' }).click();
    await mine.getByText(/^Not sent: /).waitFor();
    await mine.getByRole('button', { name: 'Discard' }).click();
    await mine.waitFor({ state: 'detached' });
    await page.getByText('Discarded').waitFor();
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await waitFor('the words are back', async () => (await box(page).inputValue()) === 'Not to be sent');
    await page.context().close();
    allow('1');
    await desk.server.stop();
  });

  it('uploads a file anew when the connection is back, and says of one that a reload has ended that it is not there', async () => {
    await line.another().write('Send me a picture');
    const page = await desk.console();
    const id = await openRow(page, 'Send me a picture');
    await page.getByRole('button', { name: 'Note' }).click();
    const file = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('from A to B') };
    freeze();
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('Waits for the connection').waitFor();
    await page.reload();
    await page.getByText('Not uploaded: the page was closed meanwhile. Attach it again.').waitFor();
    await page.getByRole('button', { name: 'Remove plan.txt' }).click();
    await page.getByRole('button', { name: 'Note' }).click();
    await page.locator('input[type=file]').setInputFiles(file);
    thaw();
    await live(page);
    await page.getByRole('textbox', { name: 'Your note' }).fill('With a plan');
    await page.keyboard.press('Control+Enter');
    const { attachments } = await newestEntry(desk.server, id, 'With a plan');
    assert.deepEqual(
      (attachments ?? []).map(({ name }) => name),
      ['plan.txt'],
    );
    await page.context().close();
  });
});
