// What an administrator does with people's data: import with a trial first, attributes, export, erasure, and the record of all that.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, soon } from './lib/browser.ts';
import { email, goTo, panel, personBy, said, wrote } from './lib/desk.ts';

describe('console, privacy and import', () => {
  let desk: Desk;
  let mail = '';
  let page: Page;

  before(async () => {
    desk = await Desk.open();
    mail = (await desk.server.channel('api', 'Mail')).id;
    page = await desk.console();
  });
  after(() => desk.end());

  it('tries an import out, shows what is refused, then takes it; a second run changes nothing', async () => {
    const { server } = desk;
    const { text } = await server.api('import.template', { what: 'people', format: 'csv' });
    const columns = text.split('\n')[0]!.trim().split(',');
    const line = (values: Record<string, string>) => columns.map((column) => values[column] ?? '').join(',');
    const rows = [
      columns.join(','),
      line({ name: 'Karin Ek', email: 'karin@import.example' }),
      line({ name: 'Lars Ek', email: 'lars@import.example' }),
      line({ name: 'Nobody', email: 'not an address' }),
    ];
    assert.ok(columns.includes('email') && columns.includes('name'), text);
    await goTo(page, '#/settings/import');
    await page
      .getByLabel('Choose a file')
      .last()
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(`${rows.join('\n')}\n`) });
    const run = page.getByRole('button', { name: 'Import', exact: true });
    await soon(async () => assert.ok(await run.isDisabled(), 'not before it was tried out'));
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('heading', { name: 'What would happen' }).waitFor();
    const count = (name: string) =>
      page
        .locator('dl div')
        .filter({ has: page.getByText(name, { exact: true }) })
        .locator('dd');
    await waitFor('two would be new', async () => (await count('Would be new').textContent()) === '2');
    await soon(async () => assert.equal(await count('Refused').textContent(), '1'));
    await page.getByRole('region', { name: 'Refused lines' }).getByRole('cell', { name: '4', exact: true }).waitFor();
    assert.deepEqual((await server.api('customer.search', { query: 'karin@import.example' })).hits, []);
    await waitFor('it may be run now', () => run.isEnabled());
    await run.click();
    await page.getByRole('heading', { name: 'Result' }).waitFor();
    await waitFor('two are new', async () => (await count('New').textContent()) === '2');
    await personBy(server, 'karin@import.example');
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('heading', { name: 'What would happen' }).waitFor();
    await waitFor('nothing would change', async () => (await count('Unchanged').textContent()) === '2');
    await soon(async () => assert.equal(await count('Would be new').textContent(), '0'));
  });

  it('defines an attribute, which agents then see at every person', async () => {
    await goTo(page, '#/settings/attributes');
    await page.getByRole('button', { name: 'Add an attribute' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add an attribute' });
    await dialog.getByLabel('Name', { exact: true }).fill('Contract ends');
    await dialog.getByLabel('Type').selectOption('date');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('listitem').filter({ hasText: 'contract_ends' }).waitFor();
    const karin = await personBy(desk.server, 'karin@import.example');
    await goTo(page, `#/person/${karin}`);
    await panel(page).getByRole('button', { name: 'Contract ends: Not known' }).click();
    await panel(page).getByLabel('Contract ends').fill('2027-03-01');
    await page.keyboard.press('Enter');
    await panel(page).getByRole('button', { name: 'Contract ends: Mar 1, 2027' }).waitFor();
  });

  it('erases one entry: a mark stays', async () => {
    const lars = await wrote(desk.server, mail, email('lars@import.example', 'Lars Ek'), 'My card number is 4111');
    await goTo(page, `#/person/${lars}`);
    const entry = said(page, 'My card number');
    await entry.hover();
    await entry.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Erase…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Erase this entry?' });
    await dialog.getByLabel('Reason').fill('A card number');
    await dialog.getByRole('button', { name: 'Erase for ever' }).click();
    await page.getByRole('article').filter({ hasText: 'erased' }).waitFor();
    await soon(async () => assert.equal(await page.getByText('4111').count(), 0));
  });

  it('exports everything of a person as a file', async () => {
    const karin = await wrote(desk.server, mail, email('karin@import.example', 'Karin Ek'), 'Karin asks for her data');
    await goTo(page, `#/person/${karin}`);
    await panel(page).getByRole('button', { name: 'More about this person' }).click();
    await page.getByRole('menuitem', { name: 'Export everything about this person…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export Karin Ek' });
    await dialog.getByLabel('Reason').fill('She asked for it');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    const link = dialog.getByRole('link', { name: /^Download/ });
    await link.waitFor();
    const file = await page.request.get(new URL((await link.getAttribute('href'))!, desk.server.url).href);
    assert.equal(file.status(), 200);
    assert.equal((await file.body()).subarray(0, 2).toString(), 'PK');
    await page.keyboard.press('Escape');
  });

  it('tells who has looked', async () => {
    const { server } = desk;
    const karin = await personBy(server, 'karin@import.example');
    await server.newAgent('Nils Agent');
    const agent = await desk.console({}, { email: 'nilsagent@example.com', password: PASSWORD }, `#/person/${karin}`);
    await said(agent, 'Karin asks for her data').waitFor();
    await agent.context().close();
    await waitFor('it is written down', async () =>
      (await server.api('privacy.accesses', { customer_id: karin })).accesses.some((one) => one.agent_name === 'Nils Agent'),
    );
    await panel(page).getByRole('button', { name: 'More about this person' }).click();
    await page.getByRole('menuitem', { name: 'Who has looked at this person' }).click();
    const dialog = page.getByRole('dialog', { name: 'Who has looked at Karin Ek' });
    await dialog.getByText('Nils Agent').first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('erases a person only when the name is typed, and keeps a record of it all', async () => {
    const { server } = desk;
    const karin = await personBy(server, 'karin@import.example');
    await panel(page).getByRole('button', { name: 'More about this person' }).click();
    await page.getByRole('menuitem', { name: 'Erase this person…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Erase Karin Ek?' });
    await dialog.getByLabel('Reason').fill('Asked to be forgotten');
    const erase = dialog.getByRole('button', { name: 'Erase this person for ever' });
    await dialog.getByLabel('Type the name to confirm: Karin Ek').fill('Karin');
    await soon(async () => assert.ok(await erase.isDisabled()));
    await dialog.getByLabel('Type the name to confirm: Karin Ek').fill('Karin Ek');
    await erase.click();
    await dialog.getByText(/^Erased: /).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await waitFor('her words have gone', async () => (await said(page, 'Karin asks for her data').count()) === 0);
    assert.ok((await server.api('customer.get', { id: karin })).erased_at);

    await goTo(page, '#/settings/privacy');
    await page.getByRole('listitem').filter({ hasText: 'Asked to be forgotten' }).getByText('Erased', { exact: true }).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'A card number' }).waitFor();
  });
});
