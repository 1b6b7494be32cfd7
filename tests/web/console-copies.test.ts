// Who has an answer by mail besides: all who had the mail, until the agent says otherwise; and which mail it answers.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver, rfc822Request } from '../../agent-web/play/providers.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, type Look, row, soon } from './lib/browser.ts';

const box = (page: Page): Locator => page.locator('[aria-label="Your answer"]');
const copies = (page: Page): Locator => page.getByRole('group', { name: 'Copies' });

describe('console, copies', () => {
  let desk: Desk;
  let sink: CatchAll;
  let hook: { url: string; token: string };

  before(async () => {
    sink = await startCatchAll();
    desk = await Desk.open({ config: { desk: { undo_seconds: '3' } } });
    const made = await desk.server.channel('email', 'Mail', { address: 'help@shop.example', smtp_url: sink.smtpUrl, token: 'mail-token' });
    hook = { url: made.url, token: 'mail-token' };
  });
  after(async () => {
    await desk.end();
    await sink.close();
  });

  async function take(name: string, text: string, more: string[] = []): Promise<void> {
    const raw = [
      `From: ${name} <${name}@customer.example>`,
      `Message-ID: <${text.replaceAll(' ', '-')}@customer.example>`,
      `Subject: ${text}`,
      ...more,
      '',
      text,
    ].join('\r\n');
    const sent = await deliver(rfc822Request(hook, Buffer.from(raw)));
    assert.equal(sent.status, 200, sent.text);
  }
  async function open(text: string, look: Look = {}): Promise<Page> {
    const page = await desk.console(look);
    await row(page, text).click();
    await box(page).waitFor();
    return page;
  }
  const send = async (page: Page, text: string): Promise<void> => {
    await box(page).click();
    await page.keyboard.type(text);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
  };
  const left = (text: string) => waitFor(`"${text}" has left`, () => sink.messages.find((one) => one.text.includes(text)), 30_000);
  const to = (message: { to: string }): string[] => message.to.split(', ').sort();

  it('go to all who had the mail, are shown before and after, and leave ourselves out', async () => {
    await take('Mia', 'Broken kettle', ['To: Shop <help@shop.example>, Jo <jo@customer.example>', 'Cc: ann@customer.example, help+token@shop.example']);
    const page = await open('Broken kettle');
    await copies(page).getByText('Jo <jo@customer.example>').waitFor();
    await soon(async () =>
      assert.deepEqual(await copies(page).getByRole('listitem').filter({ hasText: '@' }).allTextContents(), [
        'Jo <jo@customer.example>',
        'ann@customer.example',
      ]),
    );
    await send(page, 'To all of you');
    assert.deepEqual(to(await left('To all of you')), ['ann@customer.example', 'jo@customer.example', 'mia@customer.example']);
    await page.getByRole('article').filter({ hasText: 'To all of you' }).getByText('jo@customer.example').waitFor();
    await page.context().close();
  });

  it('can be left out with one click, and brought back', async () => {
    await take('Nina', 'Only for you', ['To: help@shop.example, jo@customer.example']);
    const page = await open('Only for you');
    await page.getByRole('button', { name: 'Only to Nina' }).click();
    await page.getByRole('button', { name: 'To all who had it' }).click();
    await copies(page).getByText('jo@customer.example').waitFor();
    await page.getByRole('button', { name: 'Only to Nina' }).click();
    await send(page, 'Between us');
    assert.deepEqual(to(await left('Between us')), ['nina@customer.example']);
    await page.context().close();
  });

  it('are typed, pasted, mended and taken out; what is no address says so and stays', async () => {
    await take('Olga', 'Ask the maker', ['To: help@shop.example']);
    const page = await open('Ask the maker');
    await page.getByRole('button', { name: 'Cc', exact: true }).click();
    const cc = page.getByRole('textbox', { name: 'Cc', exact: true });
    await cc.fill('maker@pots.example, "Doe, Ann" <ann@pots.example>; nobody');
    await cc.press('Enter');
    await page.getByText('“nobody” is no email address.').waitFor();
    await box(page).click();
    await page.keyboard.type('We ask');
    await soon(async () =>
      assert.equal(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled(), true, 'nothing leaves without those whom it was for'),
    );
    await page.getByRole('button', { name: 'nobody', exact: true }).click();
    await soon(async () => assert.equal(await cc.inputValue(), 'nobody'));
    await cc.fill('');
    await page.getByRole('button', { name: 'Remove maker@pots.example' }).click();
    await page.getByRole('button', { name: 'Bcc', exact: true }).click();
    await page.getByRole('textbox', { name: 'Bcc', exact: true }).fill('boss@customer.example');
    await send(page, ' the maker');
    const got = await left('We ask the maker');
    assert.deepEqual(to(got), ['ann@pots.example', 'boss@customer.example', 'olga@customer.example']);
    assert.doesNotMatch(JSON.stringify(got.headers), /boss/);
    const shown = page.getByRole('article').filter({ hasText: 'We ask the maker' });
    await shown.getByText('boss@customer.example').waitFor();
    await page.context().close();
  });

  it('survive a reload, and come back with an answer that is taken back', async () => {
    await take('Pia', 'Slow typist', ['To: help@shop.example']);
    const page = await open('Slow typist');
    await page.getByRole('button', { name: 'Bcc', exact: true }).click();
    await page.getByRole('textbox', { name: 'Bcc', exact: true }).fill('boss@customer.example');
    await page.keyboard.press('Enter');
    await page.reload();
    await copies(page).getByText('boss@customer.example').waitFor();
    await send(page, 'Sent too soon');
    await page.getByRole('button', { name: /^Undo/ }).click();
    await copies(page).getByText('boss@customer.example').waitFor();
    await page.context().close();
  });

  it('are nobody, with a warning, when we had the mail behind the backs of the others', async () => {
    await take('Quin', 'Look what they write', ['To: rival@customer.example', 'Cc: jo@customer.example']);
    const page = await open('Look what they write');
    await page.getByText('None of our addresses was in To or Cc').waitFor();
    await send(page, 'Thank you for telling us');
    assert.deepEqual(to(await left('Thank you for telling us')), ['quin@customer.example']);
    await page.context().close();
  });

  it('do not change under an answer that is begun: a newer mail is answered only when the agent says so', async () => {
    await take('Tess', 'Old question', ['To: help@shop.example, jo@customer.example']);
    const page = await open('Old question');
    await box(page).click();
    await page.keyboard.type('Begun');
    await take('Tess', 'New question', ['To: help@shop.example', 'Cc: stranger@evil.example']);
    await page.getByText(/^Answers “Old question” of/).waitFor();
    await soon(async () => assert.deepEqual(await copies(page).getByRole('listitem').filter({ hasText: '@' }).allTextContents(), ['jo@customer.example']));
    await page.getByRole('button', { name: 'Answer the newest mail' }).click();
    await copies(page).getByText('stranger@evil.example').waitFor();
    await page.context().close();
  });

  it('follow the mail that the agent chooses to answer', async () => {
    await take('Rosa', 'First thing', ['To: help@shop.example, jo@customer.example']);
    await take('Rosa', 'Second thing', ['To: help@shop.example']);
    const page = await open('Second thing');
    const first = page.getByRole('article').filter({ hasText: 'First thing' }).first();
    await first.hover();
    await first.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Reply to this mail' }).click();
    await page.getByText(/^Answers “First thing” of/).waitFor();
    await copies(page).getByText('jo@customer.example').waitFor();
    await soon(async () => assert.equal(await page.getByRole('textbox', { name: 'Subject' }).inputValue(), 'Re: First thing'));
    await send(page, 'About the first');
    const got = await left('About the first');
    assert.equal(got.headers?.['in-reply-to'], '<First-thing@customer.example>');
    await page.getByText(/^Answers “First thing” of/).waitFor({ state: 'detached' });
    await page.context().close();
  });

  const choose = async (page: Page, text: string, action: string): Promise<void> => {
    const entry = page.getByRole('article').filter({ hasText: text }).first();
    await entry.hover();
    await entry.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: action }).click();
  };

  it('quote the mail on demand, below what is written', async () => {
    await take('Sara', 'How *much* is it');
    const page = await open('How *much* is it');
    await box(page).click();
    await page.keyboard.type('Ten euros');
    await choose(page, 'How *much* is it', 'Quote in the answer');
    await box(page).getByText('How *much* is it').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const got = await left('Ten euros');
    assert.match(got.text, /^Ten euros\s+On .*Sara <Sara@customer\.example> wrote:\s+> How \*much\* is it/i);
    await page.context().close();
  });

  it('are sent on to somebody else with their files, after a look', async () => {
    const parts = [
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'The cup is broken, see the file',
      '--b',
      'Content-Type: text/csv; name=cup.csv',
      'Content-Disposition: attachment',
      '',
      'a,b',
      '--b--',
    ];
    const sent = await deliver(
      rfc822Request(
        hook,
        Buffer.from(['From: Tom <tom@customer.example>', 'Message-ID: <cup@customer.example>', 'Subject: Broken cup', ...parts].join('\r\n')),
      ),
    );
    assert.equal(sent.status, 200);
    const page = await open('The cup is broken');
    await choose(page, 'The cup is broken', 'Forward…');
    await page.keyboard.type('maker@pots.example');
    await page.getByRole('option', { name: /maker@pots\.example/ }).click();
    await page.getByText('This begins a new conversation').waitFor();
    await page.getByText('cup.csv').waitFor();
    await soon(async () => assert.equal(await page.getByRole('textbox', { name: 'Subject' }).inputValue(), 'Fwd: Broken cup'));
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const got = await left('The cup is broken');
    assert.deepEqual(to(got), ['maker@pots.example']);
    assert.deepEqual([got.subject, got.attachments[0]?.name, got.headers?.['in-reply-to']], ['Fwd: Broken cup', 'cup.csv', undefined]);
    await page.context().close();
  });
});
