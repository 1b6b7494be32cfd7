// Who has signed a mail: the keys that an administrator adds, and what is said beside the mails that come then.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { ADMIN } from '../system/harness.ts';
import { Desk, row, soon } from './lib/browser.ts';
import { MailBox } from './lib/people.ts';

const file = (name: string): string => readFileSync(new URL(`../data/signed/${name}`, import.meta.url), 'utf8');

describe('console, signed mail', () => {
  let desk: Desk;
  let mail: MailBox;

  before(async () => {
    desk = await Desk.open();
    mail = await MailBox.of(desk.server);
  });
  after(() => desk.end());

  /** Under an id of its own; of the words of the mail the order is another. */
  const arrives = (name: string, id: string, change = (raw: string): string => raw): Promise<void> =>
    mail.raw(change(file(name).replace(/Message-ID: <[^>]*>/, `Message-ID: <${id}@customer.example>`)));

  async function paste(page: Page, text: string): Promise<Locator> {
    await page.getByRole('button', { name: 'Add a key' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add a key' });
    await dialog.getByLabel('Certificate or public key').fill(text);
    await dialog.getByRole('button', { name: 'Add a key' }).click();
    return dialog;
  }

  it('knows no key at first, takes one that is pasted, says what is wrong with another, and asks before one goes', async () => {
    const page = await desk.console({}, ADMIN, '#/settings/keys');
    const main = page.getByRole('main');
    await main.getByText('No key yet').waitFor();

    const dialog = await paste(page, 'hello');
    await dialog.getByText('This is no key that can be read.').waitFor();
    const field = dialog.getByLabel('Certificate or public key');
    await soon(async () => assert.equal(await field.getAttribute('aria-invalid'), 'true'));
    await field.fill(file('ann.pem'));
    await dialog.getByLabel('Addresses it speaks for, one a line').fill('nobody');
    await dialog.getByRole('button', { name: 'Add a key' }).click();
    await dialog.getByText('Write the address like mia@example.com.').waitFor();
    await dialog.getByLabel('Addresses it speaks for, one a line').fill('');
    await dialog.getByRole('button', { name: 'Add a key' }).click();
    await page.getByText('Signatures by ann are known from now on').waitFor();
    await dialog.waitFor({ state: 'detached' });
    const shown = main.getByRole('listitem').filter({ hasText: 'ann@customer.example' });
    await shown.getByText('S/MIME', { exact: true }).waitFor();
    await shown.getByText(/until .*2120/).waitFor();

    await paste(page, file('authority.pem'));
    const authority = main.getByRole('listitem').filter({ hasText: 'for whoever it has issued a certificate to' });
    await authority.getByText('Authority', { exact: true }).waitFor();
    await authority.getByRole('button', { name: 'Remove authority' }).click();
    const asked = page.getByRole('dialog', { name: 'Remove “authority”?' });
    await asked.getByRole('button', { name: 'Cancel' }).click();
    await authority.waitFor();
    await authority.getByRole('button', { name: 'Remove authority' }).click();
    await asked.getByRole('button', { name: 'Remove' }).click();
    await authority.waitFor({ state: 'detached' });
    await soon(async () =>
      assert.deepEqual(
        (await desk.server.api('mail_key.list', {})).keys.map(({ label }) => label),
        ['ann'],
      ),
    );
    await page.context().close();
  });

  it('says at the mail and in its details who has signed it, and whether it was changed', async () => {
    const { keys } = await desk.server.api('mail_key.list', {});
    for (const { id } of keys) await desk.server.api('mail_key.remove', { id });
    await desk.server.api('mail_key.add', { text: file('ann.pem') });
    await arrives('smime.eml', 'fine');
    await arrives('smime.eml', 'changed', (raw) => raw.replace('order 1042. ', 'order 2222. '));
    await arrives('pgp-text.eml', 'stranger');
    const page = await desk.console();
    await row(page, 'Ann').first().click();
    const at = (words: string): Locator => page.getByRole('article').filter({ hasText: words });
    const fine = at('Please cancel order 1042. Grüße');
    await fine.getByText('Signed by ann', { exact: true }).waitFor();
    await at('order 2222').getByText('Changed after ann had signed it').waitFor();
    await at('a dash begins this line').getByText('Signed by a key that is not known here').waitFor();
    await fine.hover();
    await fine.getByRole('button', { name: 'Details' }).click();
    const details = page.getByRole('dialog', { name: 'Details' });
    await details
      .locator('dl > div')
      .filter({ has: page.getByText('Signature', { exact: true }) })
      .getByText('Signed by ann', { exact: true })
      .waitFor();
    await page.context().close();
  });

  it('says it in Japanese', async () => {
    const page = await desk.console({ language: 'ja' }, ADMIN, '#/settings/keys');
    await page.getByRole('heading', { name: '署名の鍵' }).waitFor();
    await page.getByRole('button', { name: '鍵を追加' }).first().click();
    const dialog = page.getByRole('dialog', { name: '鍵を追加' });
    await dialog.getByLabel('証明書または公開鍵').fill('hello');
    await dialog.getByRole('button', { name: '鍵を追加' }).click();
    await dialog.getByText('鍵として読み取れません。').waitFor();
    await page.context().close();
  });
});
