// Pictures within an answer by mail: they are pasted, dropped or chosen, seen where they stand, and sent so.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import type { Caught } from '../../agent-web/play/caught.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, type Look, row, soon } from './lib/browser.ts';
import { newestEntry, personBy, said } from './lib/desk.ts';
import { MailBox } from './lib/people.ts';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const editor = (page: Page): Locator => page.locator('[contenteditable=true][aria-label="Your answer"]');

describe('console, pictures within an answer', () => {
  let desk: Desk;
  let sink: CatchAll;
  let mail: MailBox;

  before(async () => {
    sink = await startCatchAll();
    desk = await Desk.open({ config: { desk: { undo_seconds: '1' } } });
    mail = await MailBox.of(desk.server, sink.smtpUrl);
  });
  after(async () => {
    await desk.end();
    await sink.close();
  });

  let people = 0;
  async function asked(look: Look = {}, more: Partial<Parameters<MailBox['receive']>[0]> = {}): Promise<{ page: Page; id: string; text: string }> {
    const from = `pictures${++people}@customer.example`;
    const text = `Picture question ${people}`;
    await mail.receive({ from, text, ...more });
    const page = await desk.console(look);
    await row(page, text).click();
    await page.getByRole('textbox', { name: 'Your answer' }).click();
    await editor(page).waitFor();
    return { page, id: await personBy(desk.server, from), text };
  }
  const bring = (to: Locator, name: string, how: 'drop' | 'paste', type = 'image/png'): Promise<void> =>
    to.evaluate(
      (element, [file, by, of, base64]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], file, { type: of }));
        const more = { bubbles: true, cancelable: true };
        element.dispatchEvent(
          by === 'drop' ? new DragEvent('drop', { dataTransfer: data, ...more }) : new ClipboardEvent('paste', { clipboardData: data, ...more }),
        );
      },
      [name, how, type, PIXEL] as const,
    );
  const isSeen = (image: Locator): Promise<boolean> =>
    waitFor('the picture is there', () => image.evaluate((element) => (element as HTMLImageElement).naturalWidth === 1).catch(() => false));
  const left = (text: string): Promise<Caught> => waitFor(`the mail with ${text}`, () => sink.messages.find((one) => one.text.includes(text)), 30_000);

  for (const theme of ['light', 'dark'] as const)
    it(`are pasted, dropped and chosen, and stand where they were put (${theme})`, async () => {
      const { page, id } = await asked({ theme });
      await page.keyboard.type('Before ');
      await bring(editor(page), `pasted ${theme}.png`, 'paste');
      await isSeen(editor(page).getByAltText(`pasted ${theme}.png`));
      await page.keyboard.type(' between ');
      await bring(editor(page).locator('p').first(), 'dropped.png', 'drop');
      await isSeen(editor(page).getByAltText('dropped.png'));
      const chooser = page.waitForEvent('filechooser');
      await page.getByRole('toolbar', { name: 'Format' }).getByRole('button', { name: 'Picture in the text' }).click();
      await (await chooser).setFiles({ name: 'chosen.png', mimeType: 'image/png', buffer: Buffer.from(PIXEL, 'base64') });
      await isSeen(editor(page).getByAltText('chosen.png'));
      await page.keyboard.type(' after');
      await bring(editor(page), 'bill.pdf', 'drop', 'application/pdf');
      await page.getByRole('listitem').filter({ hasText: 'bill.pdf' }).waitFor();
      const listed = page.getByRole('region', { name: 'Answer', exact: true }).getByRole('listitem');
      await soon(async () => assert.equal(await listed.filter({ hasText: '.png' }).count(), 0, 'what the words show is not listed'));
      // A draft keeps them.
      await page.reload();
      await page.getByRole('textbox', { name: 'Your answer' }).click();
      await isSeen(editor(page).getByAltText('dropped.png'));
      await page.getByRole('button', { name: 'Send', exact: true }).click();

      const words = `Before [image: pasted ${theme}.png] between [image: dropped.png][image: chosen.png] after`;
      const entry = await newestEntry(desk.server, id, words);
      const article = said(page, 'between');
      for (const name of [`pasted ${theme}.png`, 'dropped.png', 'chosen.png']) await isSeen(article.getByAltText(name));
      await soon(async () => assert.equal(await article.getByText('bill.pdf').count(), 1));
      await soon(async () => assert.equal(await article.getByRole('listitem').count(), 1, 'only the file stands beside the words'));
      await article.getByAltText('chosen.png').click();
      await page.getByRole('dialog').getByAltText('chosen.png').waitFor();
      const got = await left(words);
      const named = [...(got.html ?? '').matchAll(/<img src="cid:([a-z0-9]+)"/g)].map(([, cid]) => cid);
      assert.equal(named.length, 3);
      assert.deepEqual(
        got.attachments.filter(({ inline }) => inline).map(({ cid }) => cid),
        named,
      );
      assert.deepEqual(entry.attachments?.map(({ name, inline }) => [name, inline]).at(-1), ['bill.pdf', false]);
      await page.context().close();
    });

  it('do not go along when they are taken out of the words again, and go beside them when they are put elsewhere', async () => {
    const { page, id } = await asked();
    await bring(editor(page), 'away.png', 'paste');
    await isSeen(editor(page).getByAltText('away.png'));
    await page.keyboard.press('Backspace');
    await editor(page).getByAltText('away.png').waitFor({ state: 'detached' });
    await bring(page.getByRole('textbox', { name: 'Subject' }), 'beside.png', 'drop');
    await page.getByRole('listitem').filter({ hasText: 'beside.png' }).waitFor();
    await page.keyboard.type('Without it');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const entry = await newestEntry(desk.server, id, 'Without it');
    assert.deepEqual(
      entry.attachments?.map(({ name, inline }) => [name, inline]),
      [['beside.png', false]],
    );
    await page.context().close();
  });

  it('of a mail that is quoted come along', async () => {
    const { page, text } = await asked(
      {},
      {
        html: '<p>Look <img src="cid:pic@mail" alt="x"></p>',
        attachments: [{ name: 'pic.png', type: 'image/png', data: Buffer.from(PIXEL, 'base64'), cid: 'pic@mail' }],
      },
    );
    await page.keyboard.type('As you see');
    const article = page.getByRole('article').first();
    await article.hover();
    await article.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Quote in the answer' }).click();
    await isSeen(editor(page).locator('blockquote').getByAltText('pic.png'));
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const got = await left('As you see');
    assert.ok(got.text.includes(`> ${text}`), got.text);
    assert.deepEqual(
      got.attachments.map(({ name, inline }) => [name, inline]),
      [['pic.png', true]],
    );
    assert.ok(got.html?.includes(`<img src="cid:${got.attachments[0]?.cid}"`));
    await page.context().close();
  });
});
