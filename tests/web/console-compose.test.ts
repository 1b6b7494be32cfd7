// What agents begin themselves: a message to somebody known or new, and a call that came by no channel.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { goTo, personBy, said } from './lib/desk.ts';
import { MailBox } from './lib/people.ts';

describe('console, what agents begin', () => {
  let desk: Desk;
  let mail: MailBox;
  let page: Page;

  before(async () => {
    desk = await Desk.open();
    mail = await MailBox.of(desk.server);
    page = await desk.console();
  });
  after(() => desk.end());
  beforeEach(() => goTo(page, '#/inbox/open'));

  const box = (): Locator => page.getByRole('textbox', { name: 'Your answer' });
  const subject = (): Locator => page.getByRole('textbox', { name: 'Subject' });
  const conversations = async (customer_id: string) => (await desk.server.api('conversation.of_customer', { customer_id })).conversations;

  async function ask(words: string): Promise<void> {
    await page.keyboard.press('c');
    await page.getByRole('combobox', { name: /^To whom/ }).fill(words);
  }

  it('a message to an address of nobody makes a person and a conversation', async () => {
    await ask('nora@new.example');
    await page.getByRole('option', { name: 'Write to nora@new.example' }).click();
    await page.getByText('This begins a new conversation').waitFor();
    await waitFor('the cursor is in the box', () => box().evaluate((element) => element === document.activeElement));
    await subject().fill('Your kettle');
    await box().fill('It is ready to be fetched.');
    await box().press('Control+Enter');
    await said(page, 'It is ready to be fetched.').waitFor();
    const id = await personBy(desk.server, 'nora@new.example');
    const [begun, ...others] = await waitFor('the conversation', async () => ((all) => (all.length ? all : null))(await conversations(id)));
    assert.deepEqual([begun?.subject, begun?.status, others.length], ['Your kettle', 'open', 0]);
    assert.ok(begun?.assignee_id, 'what an agent begins is theirs');
    const { identities } = await desk.server.api('customer.get', { id });
    assert.deepEqual(
      identities.map(({ value, proof }) => [value, proof]),
      [['nora@new.example', 'claimed']],
      'nobody has answered from there yet',
    );
  });

  it('a message to somebody known begins a conversation of its own, beside what is open', async () => {
    await mail.receive({ from: 'paul@known.example', fromName: 'Paul', subject: 'A bill', text: 'Where is the bill?' });
    await row(page, 'Where is the bill?').waitFor();
    await ask('paul@known');
    await page.getByRole('option').filter({ hasText: 'Paul' }).first().click();
    await page.getByText('This begins a new conversation').waitFor();
    await soon(async () => assert.equal(await subject().inputValue(), '', 'it answers nothing'));
    await subject().fill('An invitation');
    await box().fill('Come to our tasting.');
    await box().press('Control+Enter');
    const id = await personBy(desk.server, 'paul@known.example');
    const sent = await waitFor('there are two', async () => {
      const all = await conversations(id);
      return all.length === 2 ? all : null;
    });
    assert.deepEqual(sent.map((one) => one.subject).sort(), ['A bill', 'An invitation']);
    assert.equal(sent.find((one) => one.subject === 'A bill')?.waiting_since === null, false, 'the question still waits');
    await page.getByText('This begins a new conversation').waitFor({ state: 'hidden' });
    await soon(async () => assert.equal(await subject().inputValue(), 'Re: A bill', 'the next one is an answer again'));
  });

  it('somebody who is known by another spelling is found, not made again', async () => {
    await mail.receive({ from: 'quinn@known.example', fromName: 'Quinn', text: 'Hello there' });
    const id = await personBy(desk.server, 'quinn@known.example');
    await ask('QUINN@Known.example');
    await page.getByRole('option', { name: 'Write to QUINN@Known.example' }).click();
    await waitFor('it is Quinn', () => page.url().includes(id));
  });

  it('a call is logged: who was spoken to waits no more, and what was said is read and found', async () => {
    await mail.receive({ from: 'rosa@known.example', fromName: 'Rosa', text: 'Please ring me up' });
    await row(page, 'Please ring me up').click();
    await said(page, 'Please ring me up').waitFor();
    await page.keyboard.press('l');
    const dialog = page.getByRole('dialog', { name: 'Log a call, visit or letter' });
    await dialog.getByLabel('Who called').selectOption('out');
    await dialog.getByLabel('Minutes spoken').fill('4.5');
    await dialog.getByLabel('What was said').fill('She takes the blue one.');
    await dialog.getByRole('button', { name: 'Log it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const call = said(page, 'She takes the blue one.');
    await call.waitFor();
    await soon(async () => assert.match(await call.innerText(), /Outgoing call[^]*Answered · 4:30/));
    const id = await personBy(desk.server, 'rosa@known.example');
    const [one] = await conversations(id);
    assert.deepEqual([one?.waiting_since, one?.preview_code], [null, 'call_completed']);
  });

  it('a visit and a letter are logged, with a file', async () => {
    await mail.receive({ from: 'vera@known.example', fromName: 'Vera', text: 'I shall come by' });
    await row(page, 'I shall come by').click();
    await said(page, 'I shall come by').waitFor();
    await page.keyboard.press('l');
    const dialog = page.getByRole('dialog', { name: 'Log a call, visit or letter' });
    await dialog.getByLabel('What it was').selectOption('in_person');
    await dialog.getByLabel('Minutes together').fill('10');
    await dialog.getByLabel('What was said').fill('Looked at the blue one.');
    await dialog.getByRole('button', { name: 'Log it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await soon(async () => assert.match(await said(page, 'Looked at the blue one.').innerText(), /Visit to us[^]*Spoken to · 10:00/));
    const id = await personBy(desk.server, 'vera@known.example');
    assert.equal((await conversations(id))[0]?.waiting_since, null);
    await page.keyboard.press('l');
    await dialog.getByLabel('What it was').selectOption('letter');
    await soon(async () => assert.equal(await dialog.getByLabel('What came of it').count(), 0));
    await dialog.getByLabel('What it says').fill('The spout broke.');
    // None of too many is left out without a word.
    const scan = { name: 'page.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 page') };
    await dialog.getByLabel('Files').setInputFiles(Array.from({ length: 21 }, () => scan));
    await dialog.getByText('At most 20 files').waitFor();
    await soon(async () => assert.equal(await dialog.getByRole('button', { name: 'Log it' }).isDisabled(), true));
    await dialog.getByLabel('Files').setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 scanned') });
    await dialog.getByRole('button', { name: 'Log it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const letter = said(page, 'The spout broke.');
    await letter.getByText('letter.pdf').waitFor();
    await soon(async () => assert.match(await letter.innerText(), /Vera[^]*Letter/));
    assert.ok((await conversations(id))[0]?.waiting_since, 'who writes waits');
  });

  it('a call that is said to come is refused, and the words stay', async () => {
    await row(page, 'Please ring me up')
      .or(page.getByRole('link', { name: /Rosa/ }))
      .first()
      .click();
    await page.getByRole('article').first().waitFor();
    await page.keyboard.press('l');
    const dialog = page.getByRole('dialog', { name: 'Log a call, visit or letter' });
    await dialog.getByLabel('What was said').fill('Tomorrow.');
    await dialog.getByLabel('When').evaluate((input: HTMLInputElement) => input.removeAttribute('max'));
    await dialog.getByLabel('When').fill('2090-01-01T10:00');
    await dialog.getByRole('button', { name: 'Log it' }).click();
    await dialog.getByText('This lies in the future.').waitFor();
    await soon(async () => assert.equal(await dialog.getByLabel('What was said').inputValue(), 'Tomorrow.'));
  });
});
