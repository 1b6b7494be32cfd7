// Writing an answer: what a channel shows of bold words, lists and links is written as it will be seen; emoji by name; files
// within what the channel takes.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { Entry } from '../../agent-web/protocol/src/index.ts';
import { waitFor } from '../system/harness.ts';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { Desk, type Look, row, soon } from './lib/browser.ts';
import { newestEntry, personBy, said } from './lib/desk.ts';
import { LineFriend, MailBox } from './lib/people.ts';

const box = (page: Page): Locator => page.getByRole('textbox', { name: 'Your answer' });
const editor = (page: Page): Locator => page.locator('[contenteditable=true][aria-label="Your answer"]');

describe('console, writing', () => {
  let desk: Desk;
  let mail: MailBox;
  let sink: CatchAll;
  let line: LineFriend;

  before(async () => {
    sink = await startCatchAll();
    desk = await Desk.open({ config: { desk: { undo_seconds: '10' } } });
    mail = await MailBox.of(desk.server, sink.smtpUrl);
    line = await LineFriend.of(desk.server);
  });
  after(async () => {
    await desk.end();
    await sink.close();
  });

  let people = 0;
  async function asked(look: Look = {}): Promise<{ page: Page; id: string; question: string }> {
    const from = `writer${++people}@customer.example`;
    const question = `Question number ${people}`;
    await mail.receive({ from, text: question });
    const page = await desk.console(look);
    await row(page, question).click();
    await box(page).waitFor();
    return { page, id: await personBy(desk.server, from), question };
  }
  const sent = (id: string, text: string): Promise<Entry> => newestEntry(desk.server, id, text);
  const pasted = (page: Page, html: string, plain: string): Promise<void> =>
    editor(page).evaluate(
      (element, [rich, text]) => {
        const data = new DataTransfer();
        data.setData('text/html', rich);
        data.setData('text/plain', text);
        element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      },
      [html, plain] as const,
    );

  it('loses no key while the editor is on its way, and keeps what is plain as it was typed', async () => {
    const { page, id } = await asked();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(/RichText.*\.js/, async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    await box(page).click();
    const words = 'Dear you, 2*3*4 = 24, <b> and 1) and snake_case_name & more';
    await page.keyboard.type(words.slice(0, 10));
    release();
    await page.keyboard.type(words.slice(10), { delay: 5 });
    await editor(page).waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('= not a title');
    await soon(async () => assert.deepEqual(await editor(page).locator('p').allInnerTexts(), [words, '= not a title']));
    await page.keyboard.press('Control+Enter');
    const entry = await sent(id, 'Dear you');
    assert.deepEqual([entry.text, entry.html], [`${words}\n= not a title`, null]);
    // Who opens somebody else does not type into their box.
    const another = await asked();
    await another.page.context().close();
    await row(page, another.question).click();
    await said(page, another.question).waitFor();
    await editor(page).waitFor();
    assert.equal(await editor(page).evaluate((element) => element === document.activeElement), false);
    await page.context().close();
  });

  it('formats by keys, by buttons and by what is typed; it is shown and sent so, and taken back so', async () => {
    const { page, id } = await asked();
    await box(page).click();
    await editor(page).waitFor();
    await page.keyboard.type('Dear ');
    await page.keyboard.press('Control+b');
    await page.keyboard.type('Ann');
    await page.keyboard.press('Control+b');
    await page.keyboard.type(', *quite* so:');
    await page.keyboard.press('Enter');
    await page.keyboard.type('- one');
    await page.keyboard.press('Enter');
    await page.keyboard.type('the two');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Address of the link' }).fill('shop.example/two');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Bye');
    await page.getByRole('toolbar', { name: 'Format' }).getByRole('button', { name: 'Italic' }).click();
    await page.keyboard.type(' now');
    await page.keyboard.press('Control+Enter');
    const entry = await sent(id, 'Dear Ann');
    const written = 'Dear **Ann**, *quite* so:\n\n- one\n- the [two](https://shop.example/two)\n\nBye *now*';
    assert.equal(entry.payload?.['markdown'], written);
    const article = said(page, 'Dear Ann');
    await soon(async () => assert.equal(await article.locator('strong').innerText(), 'Ann'));
    await soon(async () => assert.equal(await article.locator('ul > li').count(), 2));
    await soon(async () => assert.equal(await article.getByRole('link', { name: 'two' }).getAttribute('href'), 'https://shop.example/two'));
    await page.getByRole('button', { name: /^Undo/ }).click();
    await waitFor(
      'the answer is back with its marks',
      async () =>
        (await editor(page)
          .locator('strong')
          .innerText()
          .catch(() => '')) === 'Ann',
    );
    await soon(async () => assert.equal(await editor(page).locator('li').count(), 2));
    await page.reload();
    await box(page).click();
    await waitFor(
      'the draft is there with its marks',
      async () =>
        (await editor(page)
          .locator('strong')
          .innerText()
          .catch(() => '')) === 'Ann',
    );
    await page.keyboard.press('Control+End');
    await page.keyboard.type('!');
    await page.keyboard.press('Control+Enter');
    assert.equal((await sent(id, 'Bye now!')).payload?.['markdown'], `${written.slice(0, -1)}!*`);
    await waitFor('it left', () => sink.messages.find((one) => one.html?.includes('<em>now!</em>')), 30_000);
    await page.context().close();
  });

  it('keeps bold words and links of what is pasted, and nothing that could do harm', async () => {
    const { page, id } = await asked();
    await box(page).click();
    await editor(page).waitFor();
    await pasted(
      page,
      '<h1>Title</h1><p><b>bold</b> <a href="https://shop.example/x">link</a> <a href="javascript:alert(1)">bad</a><script>x()</script></p>',
      'Title bold link bad',
    );
    await page.keyboard.press('Control+Enter');
    const entry = await sent(id, 'Title');
    assert.match(String(entry.payload?.['markdown']), /\*\*bold\*\* \[link\]\(https:\/\/shop\.example\/x\) bad$/);
    assert.doesNotMatch(entry.html ?? '', /javascript|script/);
    await page.context().close();
  });

  it('is plain where the channel is plain', async () => {
    const friend = line.another();
    await friend.write('Line question');
    const page = await desk.console();
    await row(page, 'Line question').click();
    await box(page).click();
    await page.keyboard.type('**hello**');
    assert.equal(await box(page).evaluate((element) => element.tagName), 'TEXTAREA');
    await soon(async () => assert.equal(await page.getByRole('toolbar', { name: 'Format' }).count(), 0));
    await page.keyboard.press('Control+Enter');
    await said(page, '**hello**').waitFor();
    await page.context().close();
  });

  it('finds emoji by their names, also between colons, in the language of who looks', async () => {
    const { page, id } = await asked();
    await box(page).click();
    await editor(page).waitFor();
    await page.keyboard.type('Thanks :smil');
    await page.getByRole('listbox', { name: 'Emoji to choose from' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Emoji' }).click();
    await page.getByRole('combobox', { name: 'Find an emoji' }).fill('teapot');
    await page.getByRole('option', { name: 'teapot' }).waitFor();
    await page.keyboard.press('Enter');
    await waitFor('it is there', async () => (await editor(page).innerText()).includes('🫖'));
    await page.keyboard.press('Control+Enter');
    assert.match((await sent(id, 'Thanks')).text ?? '', /^Thanks 😄 ?🫖$/u);
    await page.context().close();
    const japanese = await desk.console({ language: 'ja' });
    await japanese.getByRole('link').filter({ hasText: '**hello**' }).click();
    await japanese.getByRole('button', { name: '絵文字' }).click();
    await japanese.getByRole('combobox', { name: '絵文字を検索' }).fill('笑顔');
    await japanese.getByRole('option', { name: '笑顔', exact: true }).click();
    const written = japanese.getByRole('textbox', { name: '返信の内容' }); // the text box, or the editor when that is there already
    await waitFor('it is there', () => written.evaluate((box) => ('value' in box ? String(box.value) : box.textContent).includes('😄')));
    await japanese.context().close();
  });

  it('says what the channel takes of files before it is sent; what it takes is seen while it is on its way', async () => {
    const { page, id } = await asked();
    await box(page).click();
    await page.getByRole('button', { name: 'Attach files' }).hover();
    await page.getByRole('tooltip').getByText('up to 20 files, 18 MB together').waitFor();
    const bring = (files: { name: string; type: string; size: number }[], how: 'drop' | 'paste'): Promise<void> =>
      page.getByRole('region', { name: 'Answer', exact: true }).evaluate(
        (element, [list, by]) => {
          const data = new DataTransfer();
          for (const { name, type, size } of list) data.items.add(new File([new Uint8Array(size).fill(1)], name, { type }));
          element.dispatchEvent(
            by === 'drop'
              ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
              : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
          );
        },
        [files, how] as const,
      );
    const large = 19 * 2 ** 20;
    await bring([{ name: 'film.mov', type: 'video/quicktime', size: large }], 'drop');
    const item = (name: string): Locator => page.getByRole('listitem').filter({ hasText: name });
    await item('film.mov').getByText('more than 18 MB').waitFor();
    await page.getByRole('button', { name: 'Remove film.mov' }).click();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route(/api\/v1\/attachments/, async (route) => {
      await held;
      await route.continue();
    });
    await bring([{ name: 'photo.png', type: 'image/png', size: 3000 }], 'paste');
    await item('photo.png').getByRole('progressbar').waitFor();
    await soon(async () => assert.match((await item('photo.png').locator('img').getAttribute('src')) ?? '', /^blob:/));
    release();
    await item('photo.png').getByRole('progressbar').waitFor({ state: 'detached' });
    await bring(
      Array.from({ length: 20 }, (_, n) => ({ name: `note${n}.txt`, type: 'text/plain', size: 10 })),
      'drop',
    );
    await item('note19.txt').getByText('At most 20 files').waitFor();
    await page.getByRole('button', { name: 'Remove note19.txt' }).click();
    await box(page).fill('With twenty files');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    assert.equal((await sent(id, 'With twenty files')).attachments?.length, 20);
    await page.context().close();
  });

  it('counts only when the limit is near', async () => {
    const page = await desk.console();
    await row(page, '**hello**').click();
    await box(page).fill('x'.repeat(4700));
    await soon(async () => assert.equal(await page.getByText(/\d left$/).count(), 0));
    await box(page).fill('x'.repeat(4900));
    await page.getByText('100 left').waitFor();
    await page.context().close();
  });
});
