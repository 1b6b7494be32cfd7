// Zoomed in, on a phone, or writing much: what is answered stays in sight.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { said } from './lib/desk.ts';
import { MailBox } from './lib/people.ts';

const LONG = Array.from({ length: 60 }, (_, i) => `Line ${i} of a long answer`).join('\n');

describe('console, room', () => {
  let desk: Desk;

  before(async () => {
    desk = await Desk.open();
    const mail = await MailBox.of(desk.server);
    await mail.receive({ from: 'zadie@example.net', fromName: 'Zadie Patel', subject: 'A long question', text: 'Why? '.repeat(400) });
  });
  after(() => desk.end());

  const box = (page: Page) => page.getByRole('textbox', { name: 'Your answer' });
  /** What of the height of the screen is timeline. */
  const share = async (page: Page) => (await page.getByRole('log').boundingBox())!.height / page.viewportSize()!.height;

  async function opened(width: number, height: number): Promise<Page> {
    const page = await desk.console({ width, height });
    await row(page, 'Why?').click();
    await said(page, 'Why?').waitFor();
    await page.getByText('mail → zadie@example.net').or(page.getByText('Email → zadie@example.net')).waitFor({ state: 'attached' });
    return page;
  }

  for (const [width, height, least] of [
    [1280, 800, 0.6],
    [1920, 1080, 0.6],
    [390, 700, 0.4],
    [640, 400, 0.4],
  ] as const)
    it(`leaves ${least * 100} % of ${width}x${height} to the timeline, also beside a long text`, async () => {
      const page = await opened(width, height);
      assert.ok((await share(page)) >= least, `${await share(page)}`);
      await box(page).fill(LONG);
      if (height <= 400) await page.getByRole('log').focus();
      assert.ok((await share(page)) >= least, `${await share(page)} beside a long text`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight), true, 'nothing hangs out of the screen');
      await page.context().close();
    });

  it('opens the folded composer by a click and by its key, and folds it when one goes on reading', async () => {
    const page = await opened(640, 400);
    const send = page.getByRole('button', { name: 'Send', exact: true });
    await soon(async () => assert.equal(await send.isVisible(), false));
    await box(page).click();
    await send.waitFor();
    await page.getByRole('button', { name: /^Email →/ }).click();
    await page.getByRole('menu').waitFor();
    await soon(async () => assert.equal(await send.isVisible(), true, 'its menu is its own'));
    await page.keyboard.press('Escape');
    await page.getByRole('log').focus();
    await send.waitFor({ state: 'hidden' });
    await page.keyboard.press('r');
    await send.waitFor();
    await page.context().close();
  });

  it('writes on the whole pane and goes back, by button and by key', async () => {
    const page = await opened(1280, 800);
    await box(page).fill(LONG);
    // The editor takes the place of the plain box when it is there.
    await page.locator('[contenteditable=true]').waitFor();
    const height = async () => (await box(page).boundingBox())!.height;
    const small = await height();
    await page.getByRole('button', { name: 'Write on the whole pane' }).click();
    await waitFor('it is large', async () => (await height()) > 500);
    await soon(async () => assert.equal(await page.getByRole('heading', { name: 'Zadie Patel' }).first().isVisible(), true));
    await page.getByRole('button', { name: 'Back to the small box' }).click();
    await waitFor('it is small', async () => (await height()) === small);
    await box(page).press('Control+Shift+E');
    await waitFor('it is large again', async () => (await height()) > 500);
    await box(page).press('Escape');
    await waitFor('it is small again', async () => (await height()) === small);
    assert.equal(await box(page).evaluate((element) => element === document.activeElement), true, 'one goes on writing');
    await soon(async () =>
      assert.equal(
        await box(page)
          .innerText()
          .then((text) => text.replace(/\n+/g, '\n')),
        LONG,
      ),
    );
    await page.context().close();
  });
});
