// Who is who: one name for somebody without one, a second mark for two of one name, and who is perhaps the same.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { randomUUID, waitFor } from '../system/harness.ts';
import { counted, Desk, row } from './lib/browser.ts';
import { email, goTo, panel, wrote } from './lib/desk.ts';
import { Answerer, Shop, Widget } from './lib/shop.ts';

describe('console, who is who', () => {
  let desk: Desk;
  let till: string;

  before(async () => {
    desk = await Desk.open();
    till = (await desk.server.channel('api', 'Till', { medium: 'shop' })).id;
  });
  after(async () => {
    Answerer.allLeave();
    await desk.end();
  });

  it('calls a visitor without a name the same in the queue, the head, the panel, the title and at the words', async () => {
    const chat = (await desk.server.channel('chat', 'Chat', {})).id;
    const shop = await Shop.open(
      () => desk.server,
      () => chat,
    );
    const widget = await Widget.visit(await desk.context(), shop.url);
    await widget.open();
    await widget.send('Is anybody there?');
    await widget.sent('Is anybody there?');
    const page = await desk.console();
    const name =
      (await row(page, 'Is anybody there?')
        .getByText(/^Visitor [0-9A-Z]{4}$/)
        .textContent()) ?? '';
    await row(page, 'Is anybody there?').click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.getByRole('article', { name: new RegExp(`^${name}, `) }).waitFor();
    await panel(page)
      .getByRole('button', { name: `Name: ${name}` })
      .waitFor();
    await waitFor('the title has it', async () => (await page.title()).startsWith(name) || (await page.title()).includes(`) ${name}`));
    await page.context().close();
    await widget.page.context().close();
    await shop.close();
  });

  it('tells two of one name apart in the queue and the palette, by one question for all rows', async () => {
    await wrote(desk.server, till, email('yuki.long.address@customer.example', 'Yuki Tanaka'), 'First of the name');
    await wrote(desk.server, till, email('yt@customer.example', 'Yuki Tanaka'), 'Second of the name');
    await wrote(desk.server, till, email('alone@customer.example', 'Only One'), 'None of that name');
    const page = await desk.page();
    const asked = counted(page, 'customer.hints');
    const response = await page.request.post(`${desk.server.url}/api/v1/session.login`, {
      data: { email: 'admin@example.com', password: 'correct horse battery' },
    });
    assert.equal(response.status(), 200);
    await page.goto(desk.server.url);
    await row(page, 'First of the name').getByText('yuki.long.address@customer.example').waitFor();
    await row(page, 'Second of the name').getByText('yt@customer.example').waitFor();
    assert.equal(await row(page, 'None of that name').getByText('alone@customer.example').count(), 0);
    assert.equal(asked.times, 1);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Yuki Tanaka');
    const option = page.getByRole('option').filter({ hasText: 'Yuki Tanaka' });
    await option.filter({ hasText: 'yt@customer.example' }).waitFor();
    await option.filter({ hasText: 'yuki.long.address@customer.example' }).waitFor();
    await page.context().close();
  });

  it('has a dot in the queue for who is perhaps the same, and looks before it joins when that is not sure', async () => {
    const rita = await wrote(desk.server, till, email('rita@customer.example', 'Rita'), 'I am known by mail');
    const chat = (await desk.server.channel('chat', 'Chat of claims', {})).id;
    const visitor = await desk.server.visitor();
    await visitor.call('chat.hello', { channel_id: chat });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'I only say that I am Rita' });
    await visitor.call('chat.identify', { email: 'rita@customer.example' });
    const page = await desk.console();
    await row(page, 'I only say that I am Rita').getByRole('img', { name: 'Perhaps the same person as somebody else' }).waitFor();
    await row(page, 'I am known by mail').getByRole('img', { name: 'Perhaps the same person as somebody else' }).waitFor();
    await goTo(page, `#/person/${rita}`);
    const card = panel(page)
      .getByRole('region', { name: /^Perhaps the same person/ })
      .first();
    await card.waitFor();
    assert.equal(await card.getByRole('button').first().textContent(), 'Compare');
    await page.context().close();
    visitor.close();
  });
});
