// Mailboxes whose provider takes no password but tokens: a real Dovecot, and a token server that is played.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { Box } from './box.ts';
import { Dovecot, dovecotMissing, plainMail } from './dovecot.ts';
import { endAll, freePort, randomUUID, Server, waitFor } from './harness.ts';
import { TokenServer } from './oauth.ts';

const CLIENT = { sign_in: 'oauth', oauth_client_id: 'app', oauth_client_secret: 'a&b=c d', imap_password: '' };

const REFUSALS = [
  ['unused', 'invalid_grant', 'AADSTS700082: The refresh token has expired due to inactivity.', 'oauth_unused'],
  ['password', 'invalid_grant', 'AADSTS50173: The provided grant has expired due to it being revoked.', 'oauth_password'],
  ['factor', 'invalid_grant', 'AADSTS50076: Due to a configuration change you must use multi-factor authentication.', 'oauth_factor'],
  ['consent', 'invalid_grant', 'AADSTS65001: The user or administrator has not consented.', 'oauth_consent'],
  ['policy', 'invalid_grant', 'AADSTS53003: Access has been blocked by Conditional Access policies.', 'oauth_policy'],
  ['revoked', 'invalid_grant', 'Token has been expired or revoked.', 'oauth_grant'],
  ['longer', 'invalid_grant', 'AADSTS5007699: Another number.', 'oauth_grant'],
  ['secret', 'invalid_client', 'AADSTS7000222: The provided client secret keys are expired.', 'oauth_secret'],
  ['client', 'invalid_client', 'The OAuth client was not found.', 'oauth_client'],
  ['scope', 'invalid_scope', 'Some requested scopes were invalid.', 'oauth_refused'],
] as const;

describe('mail from a mailbox by OAuth 2.0', { skip: dovecotMissing }, () => {
  let server: Server;
  let dovecot: Dovecot;
  let tokens: TokenServer;
  const ends: (() => unknown)[] = [];
  const settings = (user: string) => ({ ...CLIENT, oauth_token_url: `${tokens.url}/token`, oauth_refresh_token: tokens.grant(user) });

  before(async () => {
    tokens = await TokenServer.start(ends);
    dovecot = await Dovecot.start(ends, { tokenInfo: `${tokens.url}/info?access_token=` });
    server = await Server.start((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } } });
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  it('asks for a token with the refresh token that it was given last, by one of two servers, and keeps it for its time', async () => {
    const twin = await server.twin((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } } });
    const box = await Box.connect(server, dovecot, 'box', settings('box'));
    await box.start();
    dovecot.deliver(plainMail('by token', 'hello').raw);
    await box.came('by token');
    assert.equal(tokens.timesAsked('box'), 1);
    tokens.expiresIn = 1;
    tokens.revokeAccess();
    for (let i = 0; i < 5; i++) {
      await server.api('mailbox.try', { channel_id: box.id });
      await box.looked();
    }
    await twin.stop();
    tokens.expiresIn = 3600;
    dovecot.deliver(plainMail('by another token', 'hello').raw);
    await box.came('by another token');
    assert.ok(tokens.timesAsked('box') > 3);
    assert.ok(
      tokens.asked.every((one) => !one.again),
      JSON.stringify(tokens.asked),
    );
    assert.deepEqual((await box.state()).problem, []);
    assert.doesNotMatch(server.log + twin.log, /r\.box\./);
  });

  it('answers by the same tokens', async () => {
    const got: { user: string | undefined; data: string }[] = [],
      port = await freePort();
    const smtp = new SMTPServer({
      authMethods: ['XOAUTH2'],
      allowInsecureAuth: true,
      disabledCommands: ['STARTTLS'],
      onAuth: (auth, _session, done) => {
        const user = tokens.userOf(auth.accessToken ?? '');
        if (user && user === auth.username) done(null, { user });
        else done(null, { data: { status: '401', schemes: 'bearer' } });
      },
      onData: (stream, session, done) => {
        let data = '';
        stream.on('data', (chunk: Buffer) => (data += chunk.toString()));
        stream.on('end', () => (got.push({ user: session.user as string | undefined, data }), done()));
      },
    });
    await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', resolve));
    ends.push(() => new Promise<void>((resolve) => smtp.close(resolve)));
    const box = await Box.connect(server, dovecot, 'other', { ...settings('other'), smtp_url: `smtp://127.0.0.1:${port}` });
    await box.start();
    dovecot.deliver(plainMail('question', 'where?', { from: 'who@customer.example' }).raw, { user: 'other' });
    await box.came('question');
    tokens.revokeAccess();
    const agent = await server.agent();
    const row = (await server.api('conversation.list', { view: 'open' })).conversations.find((one) => one.subject === 'question');
    const way = (await agent.call('customer.reach', { customer_id: row?.customer_id ?? '' })).ways.find((one) => one.channel_id === box.id);
    await agent.call('message.send', {
      customer_id: row?.customer_id ?? '',
      identity_id: way?.identity_id ?? '',
      channel_id: box.id,
      client_id: randomUUID(),
      text: 'there',
    });
    await waitFor('the answer left', () => got.length === 1, 90_000);
    assert.equal(got[0]?.user, 'other');
    agent.close();
  });

  it('tells each refusal apart, asks no more then, and heals when somebody has mended it', async () => {
    for (const [user, error, description] of REFUSALS) tokens.refuses.set(user, { error, description });
    const boxes: Box[] = [];
    for (const [user] of REFUSALS) boxes.push(await Box.connect(server, dovecot, user, settings(user)));
    for (const [i, [user, , description, code]] of REFUSALS.entries()) {
      const problem = await waitFor(`${user} is refused`, async () => (await boxes[i]?.state())?.problem[0]);
      assert.equal(problem.code, code, user);
      assert.ok(JSON.stringify(problem.params).includes(description.slice(0, 12)));
    }
    const asked = tokens.asked.length;
    await boxes[0]?.server.api('mailbox.start', { channel_id: boxes[0].id }).catch(() => undefined);
    await waitFor('it was asked again, as somebody wanted it', () => tokens.timesAsked('unused') === 2);
    assert.equal(tokens.asked.length, asked + 1);
    tokens.refuses.clear();
    const [, second] = boxes;
    assert.ok(second);
    await server.api('channel.update', { id: second.id, settings: { oauth_refresh_token: tokens.grant('password') } });
    await waitFor('it is well', async () => (await second.state()).problem.length === 0 && (await second.state()).tried_at);
  });
});
