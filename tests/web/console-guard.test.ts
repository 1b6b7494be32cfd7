// Who may do what, and who may not write: the record of it in both languages, and what agents do about strangers in the chat.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ADMIN, randomUUID, waitFor } from '../system/harness.ts';
import { Desk, soon } from './lib/browser.ts';

describe('console, access', () => {
  let desk: Desk;

  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.end());

  it("shows administrators who did what, from what to what, in the reader's language", async () => {
    const made = await desk.server.api('agent.create', { email: 'riser@example.com', name: 'Riser', role: 'agent', password: 'a very good password' });
    await desk.server.api('agent.update', { id: made.id, role: 'supervisor' });
    await fetch(`${desk.server.url}/api/v1/session.login`, { method: 'POST', body: JSON.stringify({ email: ADMIN.email, password: 'wrong' }) });
    const page = await desk.console({}, ADMIN, '#/settings/privacy');
    await page.getByRole('button', { name: 'Access and log-ins' }).click();
    const changed = page.getByRole('listitem').filter({ hasText: 'Account changed' });
    await changed.getByText('Role: Agent → Supervisor').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Log-in failed' }).getByText('Why: wrong password').waitFor();
    await page.context().close();
    const japanese = await desk.console({ language: 'ja' }, ADMIN, '#/settings/privacy');
    await japanese.getByRole('button', { name: '権限とログイン' }).click();
    const row = japanese.getByRole('listitem').filter({ hasText: 'アカウント変更' });
    await row.waitFor();
    await soon(async () => assert.doesNotMatch((await row.innerText()).replace(/riser@example\.com|tests|127\.0\.0\.1|Riser/g, ''), /[A-Za-z]{3}/));
    await japanese.context().close();
  });

  it('offers to block a visitor of a chat also when the last word was a mail of ours', async () => {
    const chat = await desk.server.channel('chat', 'Mailed chat');
    await desk.server.channel('email', 'Post', { address: 'post@shop.example', smtp_url: 'smtp://127.0.0.1:9' });
    const visitor = await desk.server.visitor();
    await visitor.call('chat.hello', { channel_id: chat.id });
    await visitor.call('chat.send', { client_id: randomUUID(), text: 'write me' });
    await visitor.call('chat.identify', { email: 'gone@home.example' });
    const row = await waitFor('the conversation', async () =>
      (await desk.server.api('conversation.list', { view: 'open' })).conversations.find((one) => one.preview === 'write me'),
    );
    const way = (await desk.server.api('customer.reach', { customer_id: row.customer_id })).ways.find((one) => one.medium === 'email' && one.usable);
    const agent = await desk.server.agent();
    await agent.call('message.send', {
      customer_id: row.customer_id,
      identity_id: way?.identity_id ?? '',
      channel_id: way?.channel_id ?? '',
      client_id: randomUUID(),
      text: 'mailed',
    });
    const page = await desk.console({}, ADMIN, `#/inbox/open/${row.customer_id}/${row.id}`);
    await page.getByText('mailed').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('block');
    await page.getByText('Block the visitor…').click();
    await page.getByRole('dialog', { name: 'Block this visitor?' }).getByRole('button', { name: 'Block and resolve' }).click();
    await page.getByText('Blocked: 1. Resolved: 1.').waitFor();
    assert.deepEqual((await desk.server.api('visitor.blocks', {})).blocks.length, 1);
    await desk.server.api('visitor.unblock', { id: (await desk.server.api('visitor.blocks', {})).blocks[0]?.id ?? '' });
    agent.close();
    visitor.close();
    await page.context().close();
  });

  it('resolves all that is shown, blocks their visitors, and takes it back', async () => {
    const chat = await desk.server.channel('chat', 'Chat');
    const visitors = await Promise.all([1, 2].map(() => desk.server.visitor()));
    for (const [i, visitor] of visitors.entries()) {
      await visitor.call('chat.hello', { channel_id: chat.id });
      await visitor.call('chat.send', { client_id: randomUUID(), text: `spam ${i}` });
    }
    const page = await desk.console({}, ADMIN, '#/inbox/open');
    await page.getByText('spam 1').first().waitFor();
    await page.getByRole('button', { name: 'More views' }).click();
    await page.getByRole('menuitem', { name: /Resolve all shown \(2\)/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Resolve 2 conversations?' });
    await dialog.getByLabel('Block the visitors of 2 chats as well').check();
    await dialog.getByRole('button', { name: 'Block and resolve' }).click();
    await page.getByText('Blocked: 2. Resolved: 2.').waitFor();
    assert.equal((await desk.server.api('conversation.list', { view: 'open' })).conversations.length, 0);
    await assert.rejects(visitors[0]!.call('chat.send', { client_id: randomUUID(), text: 'more' }), /cannot write/);
    await page.evaluate(() => {
      location.hash = '#/settings/blocked';
    });
    const unblock = page.getByRole('button', { name: /^Unblock/ });
    await unblock.first().click();
    await waitFor('one is left', async () => (await desk.server.api('visitor.blocks', {})).blocks.length === 1);
    await unblock.first().click();
    await waitFor('none is left', async () => (await desk.server.api('visitor.blocks', {})).blocks.length === 0);
    assert.ok((await visitors[0]!.call('chat.send', { client_id: randomUUID(), text: 'sorry' })).id);
    for (const visitor of visitors) visitor.close();
    await page.context().close();
  });

  it('takes back what was resolved and blocked by mistake, but not what somebody has done since', async () => {
    const chat = await desk.server.channel('chat', 'Undone chat');
    const visitors = await Promise.all([1, 2, 3].map(() => desk.server.visitor()));
    for (const [i, visitor] of visitors.entries()) {
      await visitor.call('chat.hello', { channel_id: chat.id });
      await visitor.call('chat.send', { client_id: randomUUID(), text: `mistaken ${i}` });
    }
    const rows = async () =>
      (await desk.server.api('conversation.list', { view: 'all' })).conversations
        .filter((one) => one.preview?.startsWith('mistaken'))
        .sort((a, b) => a.preview!.localeCompare(b.preview!));
    const page = await desk.console({}, ADMIN, '#/inbox/open');
    await page.getByText('mistaken 2').first().waitFor();
    await page.getByRole('button', { name: 'More views' }).click();
    await page.getByRole('menuitem', { name: /Resolve all shown/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Block the visitors/).check();
    await dialog.getByRole('button', { name: 'Block and resolve' }).click();
    await page.getByText(/^Blocked: \d+\. Resolved: \d+\.$/).waitFor();
    assert.deepEqual(
      (await rows()).map((one) => one.status),
      ['resolved', 'resolved', 'resolved'],
    );
    const touched = (await rows())[1]!.id;
    await desk.server.api('conversation.set_status', { id: touched, status: 'open' });
    await desk.server.api('conversation.set_status', { id: touched, status: 'snoozed', until: '2099-01-01T00:00:00Z' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('1 was changed since and is left as it is.').waitFor();
    assert.deepEqual(
      (await rows()).map((one) => one.status),
      ['open', 'snoozed', 'open'],
    );
    assert.equal((await desk.server.api('visitor.blocks', {})).blocks.length, 0);
    assert.ok((await visitors[2]!.call('chat.send', { client_id: randomUUID(), text: 'thank you' })).id);
    for (const visitor of visitors) visitor.close();
    await page.context().close();
  });
});
