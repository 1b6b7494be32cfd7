// Who is who: merging with a preview and its undoing, taking apart, suggestions, what belongs to several, moved entries.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { PutEntry } from '../../agent-web/protocol/src/index.ts';
import { randomUUID, waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, row, soon } from './lib/browser.ts';
import { email, goTo, panel, personBy, pick, said, wrote } from './lib/desk.ts';

describe('console, people', () => {
  let desk: Desk;
  let mail = '';
  let page: Page;

  before(async () => {
    desk = await Desk.open();
    mail = (await desk.server.channel('api', 'Mail')).id;
    await wrote(desk.server, mail, email('anna@home.example', 'Anna Berg'), 'From home');
    page = await desk.console();
  });
  after(() => desk.end());

  it('shows both persons, merges with a choice and a reason, live on a colleague’s screen, and undoes it', async () => {
    const { server } = desk;
    const home = await personBy(server, 'anna@home.example');
    const work = await wrote(server, mail, email('a.berg@work.example', 'A. Berg'), 'From work');
    await server.api('customer.update', { id: home, company: 'Home Ltd' });
    await server.api('customer.update', { id: work, company: 'Work Ltd' });
    await server.newAgent('Eva Lind', 'supervisor');
    const colleague = await desk.console({}, { email: 'evalind@example.com', password: PASSWORD }, `#/person/${work}`);
    await said(colleague, 'From work').waitFor();

    await goTo(page, `#/person/${home}`);
    await said(page, 'From home').waitFor();
    await page.keyboard.press('m');
    await pick(page, 'a.berg@work');
    const dialog = page.getByRole('dialog', { name: 'The same person?' });
    await dialog.getByRole('region', { name: 'Stays: Anna Berg' }).getByText('anna@home.example').waitFor();
    await dialog.getByRole('region', { name: 'Is merged into the other: A. Berg' }).getByText('a.berg@work.example').waitFor();
    await dialog.getByRole('radiogroup', { name: 'Company' }).getByText('Work Ltd').click();
    await dialog.getByLabel('Reason').fill('Said so on the phone');
    await dialog.getByRole('button', { name: 'Merge', exact: true }).click();

    await said(page, 'From work').waitFor();
    await said(page, 'From home').waitFor();
    await panel(page).getByRole('button', { name: 'Company: Work Ltd' }).waitFor();
    await said(colleague, 'From home').waitFor();
    await colleague.getByText('A. Berg was merged: all of it is here now.').waitFor();
    await waitFor('the colleague’s address leads on', () => colleague.url().includes(home));

    await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
    await waitFor('what came from work has gone', async () => (await said(page, 'From work').count()) === 0);
    await goTo(page, `#/person/${work}`);
    await said(page, 'From work').waitFor();
    await colleague.context().close();
  });

  it('tells where each identity came from, takes one out, and remembers that it is somebody else', async () => {
    const { server } = desk;
    const bob = await wrote(server, mail, { kind: 'phone', value: '+493011223344', name: 'Bob' }, 'By phone', { also: [email('bob@family.example', 'Bob')] });
    await wrote(server, mail, email('bob@family.example', 'Bob'), 'This is his sister');
    await goTo(page, `#/person/${bob}`);
    await said(page, 'This is his sister').waitFor();
    await page.keyboard.press('i');
    const dialog = page.getByRole('dialog', { name: /came from/ });
    await dialog.getByText('Same email address').waitFor();
    await dialog.getByRole('checkbox', { name: 'Take out bob@family.example' }).check();
    await dialog.getByLabel('Reason').fill('His sister reads it');
    await soon(async () => assert.ok(await dialog.getByRole('checkbox', { name: 'Remember that they are not the same person' }).isChecked()));
    await dialog.getByRole('button', { name: 'Take 1 identity out of this person' }).click();
    await dialog.getByText('Not the same person').waitFor();
    await dialog.getByText('His sister reads it').first().waitFor();
    await page.keyboard.press('Escape');
    await waitFor('her words have gone', async () => (await said(page, 'This is his sister').count()) === 0);
    const sister = await personBy(server, 'bob@family.example');
    assert.notEqual(sister, bob);

    await page.keyboard.press('m');
    await pick(page, 'bob@family');
    const merge = page.getByRole('dialog', { name: 'The same person?' });
    await merge.getByRole('alert').getByText('Somebody has said that these are not the same person').waitFor();
    await soon(async () => assert.ok(await merge.getByRole('button', { name: 'Merge', exact: true }).isDisabled()));
    await merge.getByRole('button', { name: 'Withdraw' }).click();
    await waitFor('nothing stands against it now', () => merge.getByRole('button', { name: 'Merge', exact: true }).isEnabled());
    await page.keyboard.press('Escape');
  });

  it('undoes an earlier merge from the list, whatever came in between, and keeps the two apart', async () => {
    const { server } = desk;
    const one = await wrote(server, mail, email('jan@one.example', 'Jan'), 'Jan the first');
    const two = await wrote(server, mail, email('jan@two.example', 'Jan'), 'Jan the second');
    await server.api('customer.merge', { into_id: one, from_id: two, reason: 'Same name' });
    await wrote(server, mail, email('jan@two.example', 'Jan'), 'Written while they were one');
    await goTo(page, `#/person/${one}`);
    await said(page, 'Written while they were one').waitFor();
    await page.keyboard.press('i');
    const dialog = page.getByRole('dialog', { name: /came from/ });
    const merge = dialog.getByRole('listitem').filter({ hasText: '“Same name”' });
    await merge.getByRole('button', { name: 'Undo' }).click();
    await merge.getByLabel('Reason').fill('Two brothers');
    await merge.getByRole('button', { name: 'Undo the merge' }).click();
    await merge.getByText(/^Undone by Ada Admin.*“Two brothers”/).waitFor();
    await dialog.getByRole('heading', { name: 'Not the same person' }).waitFor();
    await page.keyboard.press('Escape');
    await waitFor('the second has gone', async () => (await said(page, 'Jan the second').count()) === 0);
    await goTo(page, `#/person/${two}`);
    await said(page, 'Written while they were one').waitFor();
    await said(page, 'Jan the second').waitFor();
    await soon(async () => assert.equal(await said(page, 'Jan the first').count(), 0));
  });

  it('suggests who may be the same, and remembers a refusal', async () => {
    const { server } = desk;
    await wrote(server, mail, email('carol@known.example', 'Carol Dahl'), 'Known by mail');
    const chat = await server.channel('chat', 'Chat');
    const visitor = await server.visitor();
    await visitor.call('chat.hello', { channel_id: chat.id });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'I am Carol' });
    await visitor.call('chat.identify', { email: 'carol@known.example', name: 'Carol' });
    visitor.close();
    const claimed = await waitFor(
      'the visitor is in the queue',
      async () => (await server.api('conversation.list', { view: 'all' })).conversations.find((one) => one.preview === 'I am Carol')?.customer_id,
    );

    await goTo(page, `#/person/${claimed}`);
    const card = panel(page).getByRole('region', { name: 'Perhaps the same person: Carol Dahl' });
    await card.getByText('carol@known.example').waitFor();
    await goTo(page, '#/duplicates');
    const pair = page.getByRole('listitem').filter({ hasText: 'Carol Dahl' });
    await pair.waitFor();
    await pair.focus();
    await page.keyboard.press('c');
    await page.getByRole('dialog', { name: 'The same person?' }).getByText('carol@known.example').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await pair.focus();
    await page.keyboard.press('x');
    await pair.waitFor({ state: 'detached' });
    await goTo(page, `#/person/${claimed}`);
    await said(page, 'I am Carol').waitFor();
    await page.reload();
    await said(page, 'I am Carol').waitFor();
    await waitFor(
      'the server has forgotten the suggestion',
      async () => (await server.api('customer.suggestions', { customer_id: claimed })).suggestions.length === 0,
    );
    await panel(page).getByText('Can be reached now').waitFor();
    await soon(async () => assert.equal(await card.count(), 0));
    await page.keyboard.press('i');
    await page.getByRole('dialog').getByText('Not the same person').waitFor();
    await page.keyboard.press('Escape');
  });

  it('asks who of several wrote, and files the message with them', async () => {
    const { server } = desk;
    const people = await Promise.all(
      ['dora', 'emil', 'fred'].map((name) =>
        wrote(
          server,
          mail,
          email(
            `${name}@office.example`,
            name.replace(/^./, (c) => c.toUpperCase()),
          ),
          `I am ${name}`,
        ),
      ),
    );
    const office = await wrote(server, mail, email('office@office.example', 'Office'), 'Before it was shared');
    await goTo(page, `#/person/${office}`);
    await panel(page)
      .getByRole('button', { name: /^Email: office@office/ })
      .click();
    await page.getByRole('button', { name: 'Used by several…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Who uses office@office.example?' });
    for (const name of ['Dora', 'Emil']) {
      await dialog.getByLabel('Add a person').fill(name);
      await dialog.getByRole('button', { name: `Add ${name}` }).click();
    }
    const first = dialog.getByRole('list', { name: 'Who uses it' }).getByRole('listitem').first();
    await first.getByRole('button', { name: /^Remove/ }).click();
    await dialog.getByRole('button', { name: 'Share among 2' }).click();
    await dialog.waitFor({ state: 'detached' });
    await server.api('entries.put', {
      channel_id: mail,
      entries: [
        { kind: 'message', direction: 'in', identity: email('office@office.example', 'Office'), external_id: 'shared-1', text: 'Which of us wrote this' },
      ],
    });
    const record = await waitFor('it has a record of its own', async () => {
      const id = await personBy(server, 'office@office.example');
      return (await server.api('customer.get', { id })).shared_by.length === 2 ? id : null;
    });
    await goTo(page, `#/person/${record}`);
    await page.getByText('This is office@office.example, shared by 2 people: who wrote this?').waitFor();
    const message = said(page, 'Which of us wrote this');
    await message.getByRole('button', { name: 'Emil' }).click();
    await page.getByRole('article').filter({ hasText: 'moved to Emil' }).waitFor();
    await goTo(page, `#/person/${people[1]}`);
    await said(page, 'Which of us wrote this').getByText('Moved here from').waitFor();

    const call: PutEntry = {
      kind: 'call',
      direction: 'in',
      identity: email('office@office.example', 'Office'),
      external_id: 'shared-2',
      payload: { state: 'completed', duration_s: 60 },
    };
    await server.api('entries.put', { channel_id: mail, entries: [call] });
    await goTo(page, `#/person/${record}`);
    await page.getByText('Who called?').locator('..').getByRole('button', { name: 'Dora' }).click();
    await page.getByRole('article').filter({ hasText: 'Call moved to Dora' }).waitFor();
    await goTo(page, `#/person/${people[0]}`);
    await said(page, 'Incoming call').waitFor();
    await page.getByText('Moved here from').waitFor();
  });

  it('moves an entry to whom it belongs, with its reason, and back', async () => {
    const { server } = desk;
    const gerd = await wrote(server, mail, email('gerd@mail.example', 'Gerd'), 'Gerd’s own words');
    const hanna = await wrote(server, mail, email('hanna@mail.example', 'Hanna'), 'Hanna’s own words');
    await wrote(server, mail, email('gerd@mail.example', 'Gerd'), 'Hanna wrote this from here');
    await goTo(page, `#/person/${gerd}`);
    const entry = said(page, 'Hanna wrote this from here');
    await entry.hover();
    await entry.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Move to another person…' }).click();
    await pick(page, 'hanna@mail');
    const dialog = page.getByRole('dialog', { name: 'Move this to Hanna?' });
    await dialog.getByLabel('Reason').fill('Sat at his desk');
    await dialog.getByRole('button', { name: 'Move', exact: true }).click();
    const stub = page.getByRole('article').filter({ hasText: 'moved to Hanna' });
    await stub.getByText('Sat at his desk').waitFor();
    await stub.getByRole('link', { name: 'Hanna' }).click();
    await said(page, 'Hanna wrote this from here').getByText('Moved here from').waitFor();
    await waitFor('her address is in the bar', () => page.url().includes(hanna));
    await goTo(page, `#/person/${gerd}`);
    await stub.getByRole('button', { name: 'Undo' }).click();
    await said(page, 'Hanna wrote this from here').waitFor();
    await goTo(page, `#/person/${hanna}`);
    await page.getByText('was here by mistake and went back').waitFor();
  });

  it('pins, tags, keeps consent and own attributes', async () => {
    const { server } = desk;
    await server.api('attribute.put', { key: 'size', label: 'Shoe size', type: 'number' });
    await server.api('attribute.put', { key: 'club', label: 'Club', type: 'choice', choices: ['Gold', 'Silver'] });
    const ida = await wrote(server, mail, email('ida@mail.example', 'Ida'), 'Remember this of Ida');
    await page.reload();
    await goTo(page, `#/person/${ida}`);
    const entry = said(page, 'Remember this of Ida');
    await entry.hover();
    await entry.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Pin to the person' }).click();
    await panel(page).getByRole('list', { name: 'Pinned' }).getByText('Remember this of Ida').waitFor();
    await entry.getByText('pinned').waitFor();

    await panel(page).getByRole('button', { name: 'Add a tag' }).click();
    await panel(page).getByRole('combobox', { name: 'Add a tag' }).fill('VIP');
    await page.keyboard.press('Enter');
    await panel(page).getByRole('button', { name: 'Remove VIP' }).waitFor();

    await page.getByRole('button', { name: 'Tags of the conversation' }).click();
    const popover = page.getByRole('dialog', { name: 'Tags of the conversation' });
    await popover.getByRole('button', { name: 'Add a tag' }).click();
    await popover.getByRole('combobox', { name: 'Add a tag' }).fill('repair');
    await page.keyboard.press('Enter');
    await popover.getByRole('button', { name: 'Remove repair' }).waitFor();
    await page.keyboard.press('Escape');
    await row(page, 'Remember this of Ida').getByText('repair').waitFor();

    await panel(page).getByRole('button', { name: 'Shoe size: Not known' }).click();
    await panel(page).getByRole('spinbutton', { name: 'Shoe size' }).fill('42.5');
    await page.keyboard.press('Enter');
    await panel(page).getByRole('button', { name: 'Shoe size: 42.5' }).waitFor();
    await panel(page).getByRole('button', { name: 'Club: Not known' }).click();
    await panel(page).getByRole('combobox', { name: 'Club' }).selectOption('Gold');
    await page.keyboard.press('Enter');
    await panel(page).getByRole('button', { name: 'Club: Gold' }).waitFor();

    await panel(page)
      .getByRole('button', { name: /^Email: ida@mail/ })
      .click();
    await page.getByRole('combobox', { name: 'Writing on our own account' }).selectOption('refused');
    await page.keyboard.press('Escape');
    await panel(page)
      .getByRole('button', { name: /^Email: ida@mail.*no writing/ })
      .waitFor();

    const known = await waitFor('all of it is kept', async () => {
      const customer = await server.api('customer.get', { id: ida });
      return (customer.tags as string[]).includes('VIP') ? customer : null;
    });
    assert.deepEqual(known.attributes, { size: 42.5, club: 'Gold' });
    assert.equal(known.identities[0]?.consent, 'refused');
  });
});
