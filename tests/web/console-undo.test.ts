// Undo puts back what was changed, and nothing else; what somebody has changed since stays, and is said so.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { Conversation } from '../../agent-web/protocol/src/index.ts';
import { waitFor } from '../system/harness.ts';
import { Desk, row } from './lib/browser.ts';
import { email, goTo, pick, said, wrote } from './lib/desk.ts';
import { LineFriend } from './lib/people.ts';

const UNTIL = '2031-01-01T09:00:00.000Z';
const SINCE = 'Somebody has changed it since, so nothing was undone.';

describe('console, undo', () => {
  let desk: Desk;
  let line: LineFriend;
  let page: Page;
  let colleague: string;
  let serial = 0;

  before(async () => {
    desk = await Desk.open();
    line = await LineFriend.of(desk.server);
    colleague = (await desk.server.newAgent('Berta Busy')).id;
    page = await desk.console();
  });
  after(() => desk.end());
  beforeEach(() => goTo(page, '#/inbox/open'));

  /** Somebody new, whose conversation is on the screen. */
  async function opened(): Promise<{ friend: LineFriend; id: string; now: () => Promise<Conversation> }> {
    const friend = line.another();
    const text = `Number ${++serial} asks`;
    await friend.write(text);
    await row(page, text).click();
    await said(page, text).waitFor();
    const { conversations } = await desk.server.api('conversation.list', { view: 'open' });
    const { id } = conversations.find(({ preview }) => preview === text)!;
    const now = () => desk.server.api('conversation.get', { id });
    // Being read is a change too.
    await waitFor('it is read', async () => (await now()).unread === 0);
    return { friend, id, now };
  }

  const toast = (words: string | RegExp): Locator => page.getByRole('status').filter({ hasText: words });
  const undo = (words: string | RegExp): Promise<void> => toast(words).getByRole('button', { name: 'Undo' }).last().click();

  it('reopens what was resolved, and leaves it with the colleague who was given it meanwhile', async () => {
    const { id, now } = await opened();
    await page.keyboard.press('e');
    await toast(/resolved/).waitFor();
    await desk.server.api('conversation.assign', { id, agent_id: colleague });
    await undo(/resolved/);
    await waitFor('it is open again', async () => (await now()).status === 'open');
    assert.equal((await now()).assignee_id, colleague);
  });

  it('lets what was snoozed sleep on', async () => {
    const { id, now } = await opened();
    await desk.server.api('conversation.set_status', { id, status: 'snoozed', until: UNTIL });
    await page.getByText('Snoozed until').first().waitFor();
    await page.keyboard.press('e');
    await toast(/resolved/)
      .last()
      .waitFor();
    await undo(/resolved/);
    await waitFor('it is snoozed again', async () => (await now()).status === 'snoozed');
    assert.equal((await now()).snoozed_until, UNTIL);
  });

  it('does not take it from a colleague who has it by now', async () => {
    const { id, now } = await opened();
    await page.keyboard.press('t');
    await toast(/assigned to Ada Admin/).waitFor();
    await desk.server.api('conversation.assign', { id, agent_id: colleague });
    const { version } = await now();
    await undo(/assigned to Ada Admin/);
    await page.getByText(SINCE).waitFor();
    assert.equal((await now()).assignee_id, colleague);
    assert.equal((await now()).version, version, 'nothing was changed at all');
  });

  it('does not reopen what a colleague has resolved anew', async () => {
    const { id, now } = await opened();
    await page.keyboard.press('e');
    await toast(/resolved/)
      .last()
      .waitFor();
    const first = (await now()).resolved_at;
    await desk.server.api('conversation.set_status', { id, status: 'open' });
    const again = await waitFor('it is resolved at another moment', async () => {
      await desk.server.api('conversation.set_status', { id, status: 'open' });
      const { resolved_at } = await desk.server.api('conversation.set_status', { id, status: 'resolved' });
      return resolved_at !== first;
    });
    assert.ok(again);
    await undo(/resolved/);
    await page.getByText(SINCE).last().waitFor();
    assert.equal((await now()).status, 'resolved');
  });

  it('undoes although the person has written meanwhile', async () => {
    const { friend, now } = await opened();
    await page.keyboard.press('t');
    await waitFor('it is assigned', async () => (await now()).assignee_id !== null);
    const { version } = await now();
    await friend.write('And another thing');
    await waitFor('it has come', async () => (await now()).version !== version);
    await undo(/assigned to Ada Admin/);
    await waitFor('nobody has it', async () => (await now()).assignee_id === null);
    assert.equal((await now()).preview, 'And another thing');
  });

  it('undoes for many at once, but not for the one that was changed since', async () => {
    const all = [await opened(), await opened(), await opened()];
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button').click();
    await page.getByRole('menuitem', { name: /Resolve all shown/ }).click();
    const before = (await desk.server.api('conversation.counts', {})).open ?? 0;
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve all' }).click();
    await toast(`Resolved: ${before}.`).waitFor();
    const touched = all[1]!;
    await desk.server.api('conversation.set_status', { id: touched.id, status: 'open' });
    await desk.server.api('conversation.set_status', { id: touched.id, status: 'snoozed', until: UNTIL });
    await undo(`Resolved: ${before}.`);
    await page.getByText('1 was changed since and is left as it is.').waitFor();
    assert.deepEqual(await Promise.all(all.map(async ({ now }) => (await now()).status)), ['open', 'snoozed', 'open']);
    assert.equal((await desk.server.api('conversation.counts', {})).open, before - 1);
  });

  it('does not take an entry back that has been moved on since', async () => {
    const { server } = desk;
    const { id: mail } = await server.channel('api', 'Elsewhere');
    const gerd = await wrote(server, mail, email('gerd@mail.example', 'Gerd'), 'Gerd’s own words');
    const hanna = await wrote(server, mail, email('hanna@mail.example', 'Hanna'), 'Hanna’s own words');
    const ines = await wrote(server, mail, email('ines@mail.example', 'Ines'), 'Ines’ own words');
    await wrote(server, mail, email('gerd@mail.example', 'Gerd'), 'Not his');
    await goTo(page, `#/person/${gerd}`);
    const entry = said(page, 'Not his');
    await entry.hover();
    await entry.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Move to another person…' }).click();
    await pick(page, 'hanna@mail');
    await page.getByRole('dialog', { name: 'Move this to Hanna?' }).getByRole('button', { name: 'Move', exact: true }).click();
    await toast('Moved to Hanna').waitFor();
    const original = (await server.api('timeline.page', { customer_id: gerd, limit: 10 })).entries.find(({ moved_to }) => moved_to)!;
    await server.api('entry.move_back', { entry_id: original.id });
    await server.api('entry.move', { entry_id: original.id, customer_id: ines });
    await undo('Moved to Hanna');
    await page.getByText(SINCE).last().waitFor();
    const there = async (id: string) =>
      (await server.api('timeline.page', { customer_id: id, limit: 10 })).entries.filter(({ text }) => text === 'Not his').length;
    assert.deepEqual([await there(hanna), await there(ines)], [0, 1]);
  });
});
