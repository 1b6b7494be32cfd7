// Who is who: one name for somebody without one, a second mark for two of one name, and who is perhaps the same.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { randomUUID, waitFor } from '../system/harness.ts';
import { counted, Desk, row, soon } from './lib/browser.ts';
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
    after(() => shop.close());
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
    await soon(async () => assert.equal(await row(page, 'None of that name').getByText('alone@customer.example').count(), 0));
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
    await soon(async () => assert.equal(await card.getByRole('button').first().textContent(), 'Compare'));
    await page.context().close();
    visitor.close();
  });

  it('tells two of one name apart in what a search finds, by people and by conversation, by one question for all', async () => {
    await wrote(desk.server, till, email('mori.hana@customer.example', 'Hana Mori'), 'The first kimono is torn');
    await wrote(desk.server, till, email('hm@customer.example', 'Hana Mori'), 'The second kimono is torn');
    await wrote(desk.server, till, email('other@customer.example', 'Ken Abe'), 'The third kimono is torn');
    await waitFor('all of it is indexed', async () => (await desk.server.api('search.query', { query: 'kimono' })).people.length === 3);
    const page = await desk.console();
    await page.getByText('The third kimono is torn').first().waitFor();
    const asked = counted(page, 'customer.hints');
    await goTo(page, '#/search?q=kimono');
    const person = page.getByRole('list', { name: 'Results by person' }).getByRole('listitem');
    await person
      .filter({ hasText: 'first kimono' })
      .getByRole('link', { name: /Hana Mori mori\.hana@customer\.example/ })
      .waitFor();
    await person
      .filter({ hasText: 'second kimono' })
      .getByRole('link', { name: /Hana Mori hm@customer\.example/ })
      .waitFor();
    await soon(async () => assert.equal(await person.filter({ hasText: 'third kimono' }).getByText('other@customer.example').count(), 0));
    await page.getByRole('button', { name: 'Conversations' }).click();
    const found = page.getByRole('list', { name: 'Results by conversation' }).getByRole('listitem');
    await found.filter({ hasText: 'first kimono' }).getByText('mori.hana@customer.example').first().waitFor();
    await found.filter({ hasText: 'second kimono' }).getByText('hm@customer.example').first().waitFor();
    assert.ok(asked.times <= 1, `${asked.times} questions`);
    await page.context().close();
  });

  it('tells two of one name in the palette apart by how and when they were here, where nothing else does', async () => {
    const line = (value: string) => ({ kind: 'line', value, name: 'Aoi Sato' }) as const;
    await wrote(desk.server, till, line('U00000000000000000000000000000001'), 'On the first of May', { occurred_at: '2026-05-01T03:00:00Z' });
    await wrote(desk.server, till, line('U00000000000000000000000000000002'), 'On the ninth of May', { occurred_at: '2026-05-09T03:00:00Z' });
    const page = await desk.console();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('Aoi Sato');
    const option = page.getByRole('option').filter({ hasText: 'Aoi Sato' });
    await option.filter({ hasText: /LINE · .*May 1/ }).waitFor();
    await option.filter({ hasText: /LINE · .*May 9/ }).waitFor();
    await page.context().close();
  });

  it('lists who is called the same among the duplicates as in the panel, and says at both what differs', async () => {
    const till2 = (await desk.server.channel('api', 'Other till', { medium: 'shop' })).id;
    const say = (value: string, phone: string, text: string) =>
      wrote(desk.server, till2, email(value, 'Freya Lund'), text, { also: [{ kind: 'phone', value: phone }] });
    const one = await say('freya@customer.example', '+46701230055', 'From Sweden');
    const other = await say('lund@customer.example', '+819012345655', 'From Japan');
    await desk.server.api('attribute.put', { key: 'newsletter', label: 'Wants the newsletter', type: 'yes_no' });
    for (const id of [one, other]) await desk.server.api('customer.update', { id, attributes: { newsletter: id === one } });
    const page = await desk.console();
    const asked = counted(page, 'attribute.list');
    await goTo(page, '#/duplicates');
    const pair = page.getByRole('listitem').filter({ hasText: 'Freya Lund' });
    await pair.getByText('Same name').waitFor();
    await pair.getByText('30 %').waitFor();
    await pair.getByText('Wants the newsletter: No ≠ Yes').waitFor();
    assert.ok(asked.times <= 1, `${asked.times} questions`);
    await soon(async () => assert.match((await pair.textContent()) ?? '', /Phone: \+819012345655 ≠ \+46701230055/));
    await soon(async () => assert.match((await pair.textContent()) ?? '', /Country: Japan ≠ Sweden/));
    await goTo(page, `#/person/${one}`);
    const card = panel(page).getByRole('region', { name: 'Perhaps the same person: Freya Lund' });
    await card.getByText('30 %').waitFor();
    await soon(async () => assert.match((await card.textContent()) ?? '', /Email: freya@customer\.example ≠ lund@customer\.example/));
    await soon(async () => assert.match((await card.textContent()) ?? '', /Country: Sweden ≠ Japan/));
    await page.context().close();
  });
});
