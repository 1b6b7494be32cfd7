// A mailbox is connected by signing in at its provider, which is played; and what an administrator is told when the sign-in holds no more.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { Box } from '../system/box.ts';
import { Dovecot, dovecotMissing, plainMail } from '../system/dovecot.ts';
import { ADMIN, waitFor } from '../system/harness.ts';
import { TokenServer } from '../system/oauth.ts';
import { Desk } from './lib/browser.ts';
import { goTo } from './lib/desk.ts';

const PICTURES = process.env['MAILBOX_PICTURES'];

describe('console, signing in to a mailbox', { skip: dovecotMissing }, () => {
  let desk: Desk;
  let dovecot: Dovecot;
  let tokens: TokenServer;
  const ends: (() => unknown)[] = [];

  before(async () => {
    tokens = await TokenServer.start(ends);
    dovecot = await Dovecot.start(ends, { tokenInfo: `${tokens.url}/info?access_token=` });
    desk = await Desk.open({ config: { server: { mailbox_seconds: '1' } } });
  });
  after(async () => {
    await desk.end();
    for (const end of ends.reverse()) await end();
  });

  /** The channel's page, for eyes. */
  async function pictures(box: Box, name: string): Promise<void> {
    for (const theme of ['light', 'dark'] as const)
      for (const language of ['en', 'ja'] as const)
        for (const width of [1280, 1920]) {
          const page = PICTURES ? await desk.console({ theme, language, width, height: 1000 }, ADMIN, `#/settings/channels/${box.id}`) : null;
          await page?.locator('code').first().waitFor();
          await page?.screenshot({ path: `${PICTURES}/mailbox-${name}-${theme}-${language}-${width}.png` });
          await page?.context().close();
        }
  }

  const connect = (user: string): Promise<Box> => Box.connect(desk.server, dovecot, user, { ...tokens.settings, imap_password: '' });
  const pageOf = (box: Box): Promise<Page> => desk.console({}, ADMIN, `#/settings/channels/${box.id}`);

  it('shows the redirect address, signs in, shows the newest mail, and asks before it fetches', async () => {
    dovecot.deliver(plainMail('When do you open?', 'hello').raw);
    const box = await connect('box'),
      page = await pageOf(box);
    await page.getByText('Nobody has signed in yet. You choose afterwards').waitFor();
    await page.locator('code', { hasText: `${desk.server.url}/oauth/callback` }).waitFor();
    await page.getByText('The desk’s public address is not set').waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Signed in as box').waitFor();
    assert.equal(new URL(page.url()).search, '', 'no code stays in the address');
    await page.getByRole('cell', { name: 'When do you open?' }).waitFor();
    await page.getByRole('row', { name: 'Mailbox' }).getByText('box', { exact: true }).waitFor();
    await pictures(box, 'seen');
    assert.equal(box.count('When do you open?'), 0);
    await page.getByRole('button', { name: 'Only what is new' }).click();
    await page.getByRole('row', { name: 'Coming in' }).getByText('Last looked at').waitFor();
    await page.getByRole('row', { name: 'Going out' }).getByText('Nothing is held up').waitFor();
    await page.context().close();
  });

  it('says that it was cancelled, and what was wrong when nothing was begun', async () => {
    const box = await connect('other'),
      page = await pageOf(box);
    tokens.atTheKeyboard = null;
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').getByText('The sign-in was cancelled').waitFor();
    await page.goto(`${desk.server.url}/oauth/callback?state=made-up&code=1`);
    await page.getByRole('heading', { name: 'The sign-in did not work' }).waitFor();
    await page.getByText('This sign-in has ended, was used already').waitFor();
    await page
      .getByRole('link', { name: /Channels/ })
      .first()
      .click();
    await page.getByRole('link', { name: /other/ }).waitFor();
    await page.context().close();
  });

  it('tells administrators wherever they are that a sign-in has ended, and is well after the next', async () => {
    const box = await connect('anew'),
      page = await pageOf(box);
    tokens.atTheKeyboard = 'anew';
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Signed in as anew').waitFor();
    await box.start();
    tokens.refuses.set('anew', { error: 'invalid_grant', description: 'AADSTS50173: The grant was revoked.' });
    tokens.revokeAccess();
    await desk.server.api('mailbox.try', { channel_id: box.id });
    await waitFor('it is refused', async () => (await box.state()).problem.length > 0);
    await page.getByRole('row', { name: 'Coming in' }).getByText('the password was changed').waitFor();
    await page.getByRole('link', { name: /Settings, \d+ channels need you/ }).waitFor();
    await desk.server.api('channel.update', { id: box.id, settings: { oauth_secret_ends: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10) } });
    await waitFor('it is refused again', async () => (await box.state()).problem.length > 0);
    await pictures(box, 'ended');
    await goTo(page, '#/inbox');
    await page.getByRole('region', { name: 'Channels that need you' }).getByRole('link', { name: /anew/ }).click();
    tokens.refuses.clear();
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('row', { name: 'Coming in' }).getByText('Last looked at').waitFor();
    await page.context().close();
  });
});
