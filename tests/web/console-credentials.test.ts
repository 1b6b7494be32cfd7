// What lets somebody in, as the console shows it: sessions, the own password, tokens with scopes, a site's two secrets.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ADMIN, ApiError, waitFor } from '../system/harness.ts';
import { counted, Desk, PASSWORD, soon } from './lib/browser.ts';

describe('console, credentials', () => {
  let desk: Desk;
  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.end());

  const you = async (name: string, language: 'en' | 'ja' = 'en') => {
    await desk.server.newAgent(name);
    const email = `${name.toLowerCase()}@example.com`;
    const page = await desk.console({ language }, { email, password: PASSWORD }, '#/settings/you');
    return { page, email };
  };

  it('shows where one is logged in, and ends one session or all others', async () => {
    const { page, email } = await you('Sessa');
    const card = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Where you are logged in' }) });
    await card
      .getByRole('listitem')
      .filter({ hasText: 'This browser' })
      .getByText(/Chrome on Linux/)
      .waitFor();
    const other = await desk.console({}, { email, password: PASSWORD });
    await page.reload();
    await waitFor('three sessions', async () => (await card.getByRole('listitem').count()) === 3);
    await card.getByRole('listitem').filter({ hasNotText: 'This browser' }).first().getByRole('button', { name: 'End' }).click();
    await waitFor('two sessions', async () => (await card.getByRole('listitem').count()) === 2);
    await card.getByRole('button', { name: 'End all others' }).click();
    await waitFor('one session', async () => (await card.getByRole('listitem').count()) === 1);
    await waitFor(
      'the other browser is asked to log in',
      async () => (await other.locator('[data-phase=live]').count()) === 0 && (await other.getByLabel('Password').count()) > 0,
    );
    await other.context().close();
    await page.context().close();
  });

  for (const [language, words] of [
    [
      'en',
      {
        old: 'Present password',
        new: 'New password',
        save: 'Change password',
        wrong: 'This is not your present password.',
        common: /guessed soon/,
        same: /This is the present password/,
        saved: /All other sessions have ended/,
      },
    ],
    [
      'ja',
      {
        old: '現在のパスワード',
        new: '新しいパスワード',
        save: 'パスワードを変更',
        wrong: '現在のパスワードが正しくありません。',
        common: /推測されやすい/,
        same: /現在のパスワードと同じです/,
        saved: /他のセッションをすべて終了しました/,
      },
    ],
  ] as const)
    it(`changes the own password with the old one, and says in ${language} why not`, async () => {
      const { page, email } = await you(`Pass${language}`, language);
      const fill = async (before: string, next: string): Promise<void> => {
        await page.getByLabel(words.old).fill(before);
        await page.getByLabel(words.new).fill(next);
        await page.getByRole('button', { name: words.save }).click();
      };
      await fill(PASSWORD, 'password1234');
      await page.getByText(words.common).waitFor();
      await fill(PASSWORD, PASSWORD);
      await page.getByText(words.same).waitFor();
      await fill('not the old one', 'plum and cobalt river');
      await page.getByText(words.wrong).waitFor();
      await fill(PASSWORD, 'plum and cobalt river');
      await page.getByText(words.saved).waitFor();
      await desk.server.login(email, 'plum and cobalt river');
      await page.context().close();
    });

  it('saves once when the button is pressed twice', async () => {
    const { page } = await you('Twice');
    const asked = counted(page, '"old_password"');
    await page.reload();
    await page.getByLabel('Present password').fill(PASSWORD);
    await page.getByLabel('New password').fill('plum and cobalt river');
    await page.getByRole('button', { name: 'Change password' }).dblclick();
    await waitFor('emptied fields', async () => (await page.getByLabel('Present password').inputValue()) === '');
    assert.equal(asked.times, 1);
    await page.context().close();
  });

  it("lets an administrator see and end an agent's sessions", async () => {
    const lou = await desk.server.newAgent('Lou Long');
    const page = await desk.console({}, ADMIN, '#/settings/agents');
    await page.getByRole('button', { name: 'Edit Lou Long' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit Lou Long' });
    await dialog.getByRole('button', { name: 'End all sessions' }).click();
    await dialog.getByText('Logged in nowhere.').waitFor();
    assert.equal(
      (await fetch(`${desk.server.url}/api/v1/session.me`, { method: 'POST', headers: { cookie: lou.cookie, 'content-type': 'application/json' }, body: '{}' }))
        .status,
      401,
    );
    await page.context().close();
  });

  it('makes a token for a till that can put into its channel and do nothing else, for a year', async () => {
    const till = await desk.server.channel('api', 'Till one');
    const page = await desk.console({}, ADMIN, '#/settings/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog', { name: 'New token' });
    await dialog.getByLabel('What it is for').fill('The till');
    await dialog.getByLabel('It may').selectOption('put');
    await soon(async () => assert.ok(await dialog.getByRole('button', { name: 'Create token' }).isDisabled(), 'a channel must be chosen'));
    await dialog.getByLabel('Till one').check();
    await dialog.getByRole('button', { name: 'Create token' }).dblclick();
    const secret = await page.locator('code').innerText();
    await page.getByRole('button', { name: 'Done' }).click();
    await assert.rejects(desk.server.api('conversation.counts', {}, secret), (error: ApiError) => error.kind === 'forbidden');
    const [row, ...more] = (await desk.server.api('token.list', {})).tokens.filter((one) => one.name === 'The till');
    assert.equal(more.length, 0, 'pressed twice, made once');
    assert.deepEqual([row?.scopes, row?.channels], [['put'], [till.id]]);
    assert.ok(Math.abs(Date.parse(row?.expires_at ?? '') - Date.now() - 365 * 86_400_000) < 600_000);
    await page.reload();
    const line = page.getByRole('listitem').filter({ hasText: 'The till' });
    for (const words of ['Puts entries and orders', 'Into: Till one', /ends /, /Used .* from 127\.0\.0\.1/]) await line.getByText(words).first().waitFor();
    const japanese = await desk.console({ language: 'ja' }, ADMIN, '#/settings/privacy');
    await japanese.getByRole('button', { name: '権限とログイン' }).click();
    const noted = japanese.getByRole('listitem').filter({ hasText: 'The till' });
    await noted.getByText(/許可範囲：エントリーと注文の登録 · チャネル：Till one · 期限：\d{4}年/).waitFor();
    await japanese.context().close();
    await page.context().close();
  });

  it("makes a site's secret anew and ends the one before", async () => {
    const chat = await desk.server.channel('chat', 'Site chat');
    const page = await desk.console({}, ADMIN, `#/settings/channels/${chat.id}`);
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByText('Identity secret', { exact: true }).first().waitFor();
    const made = await page.locator('code').last().innerText();
    await waitFor('what is shown only once is on the screen', () =>
      page
        .locator('code')
        .last()
        .evaluate((element) => element.getBoundingClientRect().bottom <= window.innerHeight && element.getBoundingClientRect().top >= 0),
    );
    assert.ok(made.length > 40 && made !== chat.secrets['identity_secret']);
    await page.getByText('Two secrets are taken now').waitFor();
    await page.getByRole('button', { name: 'End the one before' }).click();
    await page.getByText('Your site signs with it').waitFor();
    const row = (await desk.server.api('channel.list', {})).channels.find((one) => one.id === chat.id);
    assert.deepEqual(row?.secrets_set, ['identity_secret']);
    await page.context().close();
  });

  it('says that a chat still takes signatures of the old form, and until when', async () => {
    const chat = await desk.server.channel('chat', 'Old chat', { plain_signatures_until: '2031-02-03' });
    const page = await desk.console({}, ADMIN, `#/settings/channels/${chat.id}`);
    await page.getByText(/signatures of the old form, which have no end, until 2031-02-03/).waitFor();
    await page.context().close();
  });
});
