// The administrator: channels with their secrets and failures, agents, tokens.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deliver, lineRequest } from '../../agent-web/play/providers.ts';
import { ADMIN, waitFor } from '../system/harness.ts';
import { Desk, PASSWORD, soon } from './lib/browser.ts';

describe('console, settings', () => {
  let desk: Desk;

  before(async () => {
    desk = await Desk.open();
  });
  after(() => desk.end());

  it('connects a channel and shows its address and its secret once', async () => {
    const page = await desk.console({}, ADMIN, '#/settings/channels');
    await page.getByText('No channel is connected yet').waitFor();
    await page.getByRole('button', { name: 'Connect a channel' }).click();
    const { types } = await desk.server.api('channel.types', {});
    const type = types.find((one) => one.settings.some((setting) => setting.generated))!;
    assert.ok(type, 'a type with a generated secret');
    await page.getByRole('link', { name: type.label }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Made by hand');
    for (const setting of type.settings.filter((one) => one.required && !one.generated))
      await page
        .getByLabel(setting.label, { exact: true })
        .fill({ email: 'help@shop.example', url: 'https://api.example', phone: '+4930555000' }[setting.kind as string] ?? 'smtp://127.0.0.1:9');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByRole('heading', { name: 'Made by hand is connected' }).waitFor();
    const { channels } = await desk.server.api('channel.list', {});
    const made = channels.find((one) => one.name === 'Made by hand')!;
    if (made.webhook_url) await page.getByText(made.webhook_url).waitFor();
    await page.getByText('They are shown only this once.').waitFor();
    const secret = await page.locator('code').last().innerText();
    assert.ok(secret.length >= 16);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { name: 'Made by hand', exact: true }).waitFor();
    await soon(async () => assert.equal(await page.getByText(secret).count(), 0));
    await page.context().close();
  });

  it('gives the address with user and password in it where the provider is given it so', async () => {
    const page = await desk.console({}, ADMIN, '#/settings/channels/new/postmark');
    await page.getByLabel('Address', { exact: true }).fill('orders@shop.example');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    const lines = page.locator('code');
    await soon(async () => assert.equal(await lines.count(), 3));
    const [address = '', password = '', whole = ''] = await lines.allInnerTexts();
    assert.equal(whole, address.replace('://', `://postmark:${password}@`));
    await page.context().close();
  });

  it('shows where answers of a channel of one’s own go, and makes its signing secret anew', async () => {
    const own = await desk.server.channel('api', 'Till', { delivery_url: 'http://127.0.0.1:9/answers', medium: 'sms' });
    const page = await desk.console({}, ADMIN, `#/settings/channels/${own.id}`);
    await waitFor(
      'the address is shown',
      async () => (await page.getByLabel('Address for answers', { exact: true }).inputValue()) === 'http://127.0.0.1:9/answers',
    );
    const card = page.getByRole('main');
    await card.getByText('Your system checks with it that answers come from here.').waitFor();
    await card.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByText('They are shown only this once.').waitFor();
    const secret = await page.locator('code').last().innerText();
    assert.ok(secret.length >= 16 && secret !== own.secrets['signing_secret']);
    await card.getByText('Answers are signed with two secrets now').waitFor();
    const isSet = async (): Promise<boolean> =>
      (await desk.server.api('channel.list', {})).channels.find(({ id }) => id === own.id)!.secrets_set.includes('signing_secret_previous');
    assert.equal(await isSet(), true);
    await card.getByRole('button', { name: 'End the one before' }).click();
    await card.getByText('Your system checks with it that answers come from here.').waitFor();
    assert.equal(await isSet(), false);
    await page.reload();
    await card.waitFor();
    await soon(async () => assert.equal(await page.getByText(secret).count(), 0));
    await page.context().close();
  });

  it('says what is wrong where it is wrong', async () => {
    const page = await desk.console({}, ADMIN, '#/settings/agents');
    await page.getByRole('button', { name: 'Add an agent' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add an agent' });
    await dialog.getByLabel('Name').fill('A second Ada');
    await dialog.getByLabel('Email').fill(ADMIN.email);
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await waitFor('a reason is given', async () => (await dialog.locator('[aria-invalid=true], [role=alert]:not(:empty)').count()) > 0);
    assert.equal((await desk.server.api('agent.list', {})).agents.filter((one) => one.email === ADMIN.email).length, 1);
    await page.context().close();
  });

  it('leads to what is wrong in a long form, also to a field of several lines', async () => {
    const page = await desk.console({}, ADMIN, '#/settings/channels/new/email');
    await page.getByLabel('Address', { exact: true }).fill('lines@shop.example');
    const signature = page.getByLabel('Signature', { exact: true });
    await signature.fill('Kind regards, {agent.nickname}');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.locator('textarea[aria-invalid=true]:focus').waitFor();
    assert.match(await signature.evaluate((one) => (one.parentElement as HTMLElement).innerText), /agent\.nickname/);
    await page.context().close();
  });

  it('shows what could not be understood and tries it again', async () => {
    const { url, id } = await desk.server.channel('line', 'Broken LINE', { channel_secret: 'secret', access_token: 'x' });
    const sent = await deliver(lineRequest({ url, channelSecret: 'secret' }, [{ type: 'message', source: 'nobody at all' }]));
    const { rows } = await desk.server.api('journal.list', { channel_id: id, status: 'failed' });
    assert.equal(rows.length, 1, `the input was answered ${sent.status} and is kept as failed`);
    const page = await desk.console({}, ADMIN, '#/settings/channels');
    await page
      .getByRole('link', { name: /Broken LINE/ })
      .getByText('1 failure')
      .waitFor();
    await page.getByRole('link', { name: /Broken LINE/ }).click();
    await page.getByText('An event does not say whom it is from: message').first().waitFor();
    await page.getByRole('button', { name: 'Show raw' }).click();
    await page.getByText('nobody at all').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Still not understood').waitFor();
    await page.context().close();
  });

  it('adds an agent who can log in, and shuts them out', async () => {
    const page = await desk.console({}, ADMIN, '#/settings/agents');
    await page.getByRole('button', { name: 'Add an agent' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add an agent' });
    await dialog.getByLabel('Name').fill('山本 光');
    await dialog.getByLabel('Email').fill('hikari@example.com');
    await dialog.getByLabel('Password').fill(PASSWORD);
    await dialog.getByLabel('Language').selectOption('ja');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('listitem').filter({ hasText: 'hikari@example.com' }).waitFor();
    await desk.server.login('hikari@example.com', PASSWORD);
    await page.getByRole('button', { name: 'Edit 山本 光' }).click();
    await page.getByLabel('May log in').selectOption('no');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('listitem').filter({ hasText: 'Cannot log in' }).waitFor();
    await assert.rejects(desk.server.login('hikari@example.com', PASSWORD));
    await page.context().close();
  });

  it('makes a token that works until it is revoked', async () => {
    const page = await desk.console({}, ADMIN, '#/settings/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('Till in Shibuya');
    await page.getByRole('button', { name: 'Create token' }).click();
    const secret = await page.locator('code').innerText();
    await desk.server.api('conversation.counts', {}, secret);
    await page.getByRole('button', { name: 'Done' }).click();
    const token = page.getByRole('listitem').filter({ hasText: 'Till in Shibuya' });
    await token.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await token.getByText('Revoked').waitFor();
    await assert.rejects(desk.server.api('conversation.counts', {}, secret));
    await page.context().close();
  });

  it('does not show it to an agent', async () => {
    await desk.server.newAgent('Plain Agent');
    const page = await desk.console({}, { email: 'plainagent@example.com', password: PASSWORD }, '#/settings/tokens');
    await page.getByText('Only administrators see this').waitFor();
    await page.context().close();
  });
});
