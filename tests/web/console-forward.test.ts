// A mail that somebody has passed on says whose it is, goes to that person with one click, and the answer goes there too.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';

const box = (page: Page): Locator => page.locator('[aria-label="Your answer"]');
const line = (page: Page): Locator => page.getByRole('group', { name: 'Forwarded mail' });

describe('console, a mail that was passed on', () => {
  let desk: Desk;
  let sink: CatchAll;
  let hook: { url: string; token: string };

  before(async () => {
    sink = await startCatchAll();
    desk = await Desk.open({ config: { desk: { undo_seconds: '1' } } });
    const made = await desk.server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: sink.smtpUrl, token: 'mail-token' });
    hook = { url: made.url, token: 'mail-token' };
  });
  after(async () => {
    await desk.end();
    await sink.close();
  });

  async function take(from: string, subject: string, lines: string[], more: string[] = []): Promise<void> {
    const head = [`From: ${from} <${from}@partner.example>`, 'To: help@shop.example', `Message-ID: <${Math.random()}@partner.example>`, `Subject: ${subject}`];
    const sent = await deliver(rfc822Request(hook, Buffer.from([...head, ...more, '', ...lines, ''].join('\r\n'))));
    assert.equal(sent.status, 200, sent.text);
  }
  async function open(text: string): Promise<Page> {
    const page = await desk.console();
    await row(page, text).click();
    await box(page).waitFor();
    return page;
  }
  const gmail = (name: string, address: string, subject: string, words: string): string[] => [
    '---------- Forwarded message ---------',
    `From: ${name} <${address}>`,
    'Date: Tue, Nov 17, 2026 at 9:15 AM',
    `Subject: ${subject}`,
    'To: <bob@partner.example>',
    '',
    words,
  ];

  it('is filed with its author, whom nobody knew, and answered there', async () => {
    await take('Bob', 'Fwd: Boots', ['Please answer her.', '', ...gmail('Ann Sommer', 'ann@customer.example', 'Boots', 'Are the boots warm?')]);
    const page = await open('Bob');
    await line(page).getByText('Forwarded: written by Ann Sommer <ann@customer.example>').waitFor();
    await page.getByText('Are the boots warm?').first().waitFor();
    await line(page).getByRole('button', { name: 'Ann Sommer is the customer' }).click();
    await page.getByText('Moved to Ann Sommer').first().waitFor();

    await page.goto(desk.server.url);
    await row(page, 'Ann Sommer').click();
    await page.getByRole('heading', { name: 'Ann Sommer', level: 1 }).waitFor();
    await line(page).getByText('Forwarded: written by Ann Sommer').waitFor();
    await soon(async () => assert.equal(await line(page).getByRole('button').count(), 0, 'it is theirs now'));
    await box(page).click();
    await page.keyboard.type('They are very warm');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const got = await waitFor('the answer', () => sink.messages.find((one) => one.text.includes('They are very warm')), 30_000);
    assert.equal(got.to, 'ann@customer.example');
    await page.context().close();
  });

  it('goes to somebody who is known already, and back with Undo', async () => {
    await take('Jo', 'Fwd: Gloves', gmail('Mia', 'mia@customer.example', 'Gloves', 'Which gloves?'), ['Reply-To: bob@partner.example']);
    const sent = await deliver(
      rfc822Request(hook, Buffer.from('From: Mia <Mia@customer.example>\r\nMessage-ID: <m1@customer.example>\r\nSubject: Mine\r\n\r\nAnother thing\r\n')),
    );
    assert.equal(sent.status, 200);
    const page = await open('Jo');
    await line(page).getByRole('button', { name: 'Mia is the customer' }).click();
    await page.getByText('Moved to Mia').first().waitFor();
    await page.getByRole('button', { name: /^Undo/ }).last().click();
    await line(page).getByRole('button', { name: 'Mia is the customer' }).waitFor();
    await page.context().close();
  });

  it('is of nobody else when we had sent it ourselves', async () => {
    await take('Lee', 'Fwd: Your order', ['Where is it?', '', ...gmail('Shop', 'help@shop.example', 'Your order', 'It is on its way.')]);
    const page = await open('Lee');
    await line(page).getByText('Forwarded: written by Shop <help@shop.example>').waitFor();
    await soon(async () => assert.equal(await line(page).getByRole('button').count(), 0));
    await page.context().close();
  });

  it('is none when it stands in the history of an answer', async () => {
    const history = gmail('Zoe', 'zoe@customer.example', 'Hats', 'Which hats?').map((one) => `> ${one}`);
    await take('Kim', 'Re: Fwd: Hats', ['The red hats.', '', 'On Tue, Nov 17, 2026 at 9:15 AM Shop <help@shop.example> wrote:', ...history]);
    const page = await open('Kim');
    await page.getByText('The red hats.').first().waitFor();
    await soon(async () => assert.equal(await line(page).count(), 0));
    await page.context().close();
  });
});
