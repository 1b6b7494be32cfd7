// Two administrators at the same thing: the second is told so in their language, and loses neither what they typed nor what
// the first has saved.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ADMIN, waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';

const EN = 'Somebody else has changed this meanwhile. Their change is kept, and what you typed is still here.';
const JA = 'その間にほかの人が変更しました。';

describe('console, two who edit the same', () => {
  let desk: Desk;

  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.end());

  it('keeps of a channel what the other saved and what was typed', async () => {
    const { id } = await desk.server.channel('chat', 'Shop');
    const stored = async () => (await desk.server.api('channel.list', {})).channels.find((one) => one.id === id)!;
    const page = await desk.console({}, ADMIN, `#/settings/channels/${id}`);
    const name = page.getByLabel('Name', { exact: true });
    const away = page.getByLabel('Text when nobody is there');
    await name.fill('My shop');
    await desk.server.api('channel.update', { id, name: 'Their shop', settings: { away_text: 'We are at the sea' } } as never);
    await page.getByRole('heading', { name: 'Their shop', exact: true }).waitFor();
    await soon(async () => assert.equal(await name.inputValue(), 'My shop', 'news take nothing from what is typed'));
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText(EN).waitFor();
    assert.equal((await stored()).name, 'Their shop');
    await soon(async () => assert.equal(await name.inputValue(), 'My shop'));
    await soon(async () => assert.equal(await away.inputValue(), 'We are at the sea'));
    await page.getByRole('button', { name: 'Save changes' }).click();
    await waitFor('both are kept', async () => (await stored()).name === 'My shop');
    assert.equal(((await stored()).settings as { away_text: string }).away_text, 'We are at the sea');
    await desk.server.api('channel.update', { id, readers: 'supervisor' });
    await name.fill('Quiet shop');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await waitFor('what the form does not show is no quarrel', async () => (await stored()).name === 'Quiet shop');
    await page.context().close();
  });

  it('keeps both of an attribute, and says so in Japanese', async () => {
    await desk.server.api('attribute.put', { key: 'size', label: 'Size', type: 'text' });
    const stored = async () => (await desk.server.api('attribute.list', {})).attributes.find((one) => one.key === 'size')!;
    const page = await desk.console({ language: 'ja' }, ADMIN, '#/settings/attributes');
    await page.getByRole('button', { name: 'Sizeを編集' }).click();
    const dialog = page.getByRole('dialog');
    const label = dialog.locator('input').first();
    await label.fill('靴のサイズ');
    await desk.server.api('attribute.put', { key: 'size', label: 'Shoe size', type: 'number' });
    await dialog.locator('button[type=submit]').click();
    await dialog.getByText(JA).waitFor();
    assert.equal((await stored()).label, 'Shoe size');
    await soon(async () => assert.deepEqual([await label.inputValue(), await dialog.locator('select').inputValue()], ['靴のサイズ', 'number']));
    await dialog.locator('button[type=submit]').click();
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual([(await stored()).label, (await stored()).type], ['靴のサイズ', 'number']);
    await page.context().close();
  });

  it('does not take a new attribute for a change of one that another has made meanwhile', async () => {
    const page = await desk.console({}, ADMIN, '#/settings/attributes');
    await page.getByRole('button', { name: 'Add an attribute' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input').first().fill('Club');
    await desk.server.api('attribute.put', { key: 'club', label: 'Their club', type: 'choice', choices: ['Gold'] });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(EN).waitFor();
    assert.equal((await desk.server.api('attribute.list', {})).attributes.find((one) => one.key === 'club')?.label, 'Their club');
    await soon(async () => assert.equal(await dialog.locator('textarea').inputValue(), 'Gold'));
    await page.context().close();
  });

  it('keeps both of an account', async () => {
    const made = await desk.server.api('agent.create', { email: 'two@example.com', name: 'Two', role: 'agent', password: 'seven lamps on a wet quay' });
    const page = await desk.console({}, ADMIN, '#/settings/agents');
    await page.getByRole('button', { name: 'Edit Two' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Two Typed');
    await desk.server.api('agent.update', { id: made.id, role: 'supervisor' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(EN).waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const now = (await desk.server.api('agent.list', {})).agents.find((one) => one.id === made.id)!;
    assert.deepEqual([now.name, now.role], ['Two Typed', 'supervisor']);
    await page.context().close();
  });
});
