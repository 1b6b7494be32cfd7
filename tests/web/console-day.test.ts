// A person's page at 1280, what narrows it, and what stands there when nobody is open.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, row, soon } from './lib/browser.ts';
import { email, goTo, newestEntry, said, wrote } from './lib/desk.ts';
import { MailBox } from './lib/people.ts';

const DAY = 86_400_000;
const PICTURES = process.env['READING_PICTURES'] ?? '';
const GREEK = 'Μια ερώτηση για την παραγγελία μου και τη μεγάλη κούπα, που έφτασε σπασμένη χθες το πρωί';

const box = async (locator: Locator) => {
  const found = await locator.boundingBox();
  assert.ok(found);
  return found;
};

const NO_DRAFT = {
  mode: 'reply',
  text: '',
  rich: false,
  plain: null,
  note: null,
  subject: null,
  answers: null,
  cc_chosen: false,
  from: null,
  way: null,
  fresh: false,
} as const;

describe('console, reading', () => {
  let desk: Desk;
  let till: string;

  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.end());

  const picture = async (page: Page, name: string) => void (PICTURES && (await page.screenshot({ path: `${PICTURES}/${name}.png` })));

  it('begins a new desk with three steps, and ticks off what is done', async () => {
    const page = await desk.console();
    const steps = page.getByRole('main').getByRole('listitem');
    await steps.filter({ hasText: 'Connect a channel' }).getByRole('link').waitFor();
    await soon(async () => assert.equal(await steps.count(), 3));
    await picture(page, 'steps');
    await MailBox.of(desk.server);
    await steps.filter({ hasText: 'Connect a channel' }).getByText('done').waitFor();
    await steps.filter({ hasText: 'Write a mail to help@shop.example' }).waitFor();
    await steps.filter({ hasText: 'Invite colleagues' }).getByRole('link').click();
    await page.getByRole('heading', { name: 'Agents' }).waitFor();
    await page.context().close();
  });

  it('shows my day when nobody is open: who waits for me, what comes back today, what I have begun', async () => {
    till = (await desk.server.channel('api', 'Till', { medium: 'shop' })).id;
    const agent = await desk.server.agent();
    const { agent: self } = await agent.call('session.me', {});
    const waits = await wrote(desk.server, till, email('ines@customer.example', 'Ines'), 'I wait for an answer');
    const sleeps = await wrote(desk.server, till, email('sam@customer.example', 'Sam'), 'Later today, please');
    const drafted = await wrote(desk.server, till, email('dora@customer.example', 'Dora'), 'Somebody begins to answer me');
    const of = async (id: string, text: string) => {
      const { conversation_id } = await newestEntry(desk.server, id, text);
      assert.ok(conversation_id);
      return conversation_id;
    };
    await agent.call('conversation.assign', { id: await of(waits, 'I wait'), agent_id: self?.id ?? '' });
    const soon = new Date(Date.now() + 60_000).toISOString();
    await agent.call('conversation.set_status', { id: await of(sleeps, 'Later today'), status: 'snoozed', until: soon });
    const elsewhere = await wrote(desk.server, till, email('gus@customer.example', 'Gus'), 'Somebody begins to answer me elsewhere');
    const words = { ...NO_DRAFT, cc: [], bcc: [], files: [], text: 'Half of an answer' };
    assert.ok((await agent.call('draft.save', { customer_id: elsewhere, version: 0, draft: words })).saved);
    agent.close();
    const page = await desk.console();
    await goTo(page, `#/person/${drafted}`);
    await page.getByRole('button', { name: 'Note', exact: true }).click();
    await page.getByRole('textbox').last().fill('Half of a note');
    await goTo(page, '#/');
    await page
      .getByRole('region', { name: 'Waiting for you' })
      .getByRole('link', { name: /Ines.*I wait for an answer/ })
      .waitFor();
    await page.getByRole('region', { name: 'Back today' }).getByRole('link', { name: /Sam/ }).waitFor();
    await page
      .getByRole('region', { name: 'Your drafts' })
      .getByRole('link', { name: /Dora.*Half of a note/ })
      .waitFor();
    await page
      .getByRole('region', { name: 'Your drafts' })
      .getByRole('link', { name: /Gus.*Half of an answer/ })
      .waitFor();
    await picture(page, 'day');
    await page.getByRole('region', { name: 'Waiting for you' }).getByRole('link').click();
    await said(page, 'I wait for an answer').waitFor();
    await page.context().close();
  });

  it('has the subject on a line of its own, and nothing of the head or the day covers or cuts anything at 1280', async () => {
    const mail = (await desk.server.api('channel.list', {})).channels.find(({ name }) => name === 'Mail')?.id ?? '';
    const at = (days: number) => ({ occurred_at: new Date(Date.now() - days * DAY).toISOString() });
    for (let i = 30; i > 0; i--)
      await wrote(desk.server, mail, email('zoe@customer.example', 'Zoe Papadopoulou-Hatzidaki'), `Letter ${i} of them`, { ...at(i), subject: GREEK });
    const order = {
      external_id: 'o7',
      number: '#1029',
      state: 'ready_for_pickup' as const,
      place: 'web' as const,
      placed_at: new Date(Date.now() - 2 * DAY).toISOString(),
      currency: 'JPY',
      total: '12800',
      items: [{ name: 'Tea', quantity: 1 }],
    };
    await desk.server.api('orders.put', { channel_id: till, orders: [{ identities: [email('zoe@customer.example', 'Zoe')], order }] });
    for (const language of ['en', 'ja'] as const) {
      const page = await desk.console({ language });
      await page.getByRole('link').filter({ hasText: 'Zoe' }).first().click();
      const heading = page.getByRole('heading', { level: 1, name: /Zoe/ });
      await heading.waitFor();
      const subject = page.getByTitle(GREEK);
      assert.ok((await box(subject)).y >= (await box(heading)).y + (await box(heading)).height - 4, 'below the name');
      assert.ok((await box(subject)).width > 200, 'and readable');
      const track = page.locator('article ol').first();
      await track.waitFor();
      for (const step of await track.getByRole('listitem').all())
        await soon(async () => assert.ok(await step.evaluate((element) => element.scrollWidth <= element.clientWidth + 1), `cut: ${await step.textContent()}`));
      const log = page.getByRole('log');
      await log.hover();
      await page.mouse.wheel(0, -600);
      const mark = page.locator('[data-shown] span').first();
      await mark.waitFor();
      assert.ok((await box(mark)).y + (await box(mark)).height <= (await box(log)).y + 1, 'the day mark stands above what scrolls');
      await picture(page, `person-${language}`);
      await page.context().close();
    }
  });

  it('shows agents the settings that are theirs, and no panel beside somebody who cannot be shown', async () => {
    await desk.server.newAgent('Plain Agent');
    const page = await desk.console({}, { email: 'plainagent@example.com', password: PASSWORD });
    await page.getByRole('link', { name: 'Settings' }).click();
    const nav = page.getByRole('navigation', { name: 'Settings' });
    await nav.getByRole('link', { name: 'You', exact: true }).waitFor();
    await soon(async () =>
      assert.deepEqual(
        (await nav.getByRole('link').allTextContents()).map((text) => text.trim()),
        ['Blocked', 'You'],
      ),
    );
    await goTo(page, '#/person/00000000-0000-7000-8000-000000000000');
    await page.getByText('This person cannot be shown').waitFor();
    await soon(async () => assert.equal(await page.getByRole('complementary', { name: 'About the person' }).count(), 0));
    await goTo(page, '#/inbox/snoozed');
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('link', { name: /^Open\s*\d/ })
      .waitFor();
    await page.context().close();
  });

  it('is narrowed by direction and days, in one line', async () => {
    const page = await desk.console();
    await row(page, 'Letter 1 of them').click();
    await said(page, 'Letter 1 of them').waitFor();
    await page.getByRole('button', { name: 'Filter the timeline' }).click();
    const bar = page.getByRole('region', { name: 'Filter the timeline' });
    const tops = new Set<number>();
    for (const control of await bar.getByRole('button').all()) tops.add(Math.round((await box(control)).y / 10));
    assert.equal(tops.size, 1, 'one line');
    await waitFor('the index has all', async () => (await desk.server.api('search.query', { query: 'Letter' })).people.length > 0);
    await bar.getByRole('button', { name: 'Time' }).click();
    const day = (days: number) => new Date(Date.now() - days * DAY).toISOString().slice(0, 10);
    await page.getByLabel('From', { exact: true }).fill(day(12));
    await page.getByLabel('To', { exact: true }).fill(day(8));
    await page.keyboard.press('Escape');
    await said(page, 'Letter 10 of them').waitFor();
    await waitFor('those outside are gone', async () => (await said(page, 'Letter 5 of them').count()) + (await said(page, 'Letter 14 of them').count()) === 0);
    await soon(async () => assert.match((await bar.getByRole('button', { name: / – / }).textContent()) ?? '', /^[A-Z][a-z]{2} \d+ – [A-Z][a-z]{2} \d+$/));
    await picture(page, 'filter');
    await bar.getByRole('button', { name: 'Both ways' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'From us' }).click();
    await bar.getByText('Nothing fits these filters.').waitFor();
    await page.context().close();
  });

  it('closes the filter by Escape, and lets the next person be read without it', async () => {
    const page = await desk.console();
    await row(page, 'Letter 1 of them').click();
    await said(page, 'Letter 1 of them').waitFor();
    const bar = page.getByRole('region', { name: 'Filter the timeline' });
    const words = bar.getByRole('searchbox');
    await page.keyboard.press('f');
    await words.fill('Nothing of the kind');
    await bar.getByText('Nothing fits these filters.').waitFor();
    await page.keyboard.press('Escape');
    await waitFor('the words are gone', async () => (await words.inputValue()) === '');
    await page.keyboard.press('Escape');
    await bar.waitFor({ state: 'detached' });
    await said(page, 'Letter 1 of them').waitFor();
    await page.keyboard.press('f');
    await words.waitFor();
    await row(page, 'I wait for an answer').click();
    await said(page, 'I wait for an answer').waitFor();
    await soon(async () => assert.equal(await bar.count(), 0, 'keys are commands here'));
    await page.goBack();
    await said(page, 'Letter 1 of them').waitFor();
    await soon(async () => assert.equal(await bar.count(), 0, 'and here again'));
    await page.context().close();
  });
});
