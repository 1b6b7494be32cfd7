// Signing in to a mailbox in the browser: a provider that is played, a real Dovecot that asks it whose a token is, two servers.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Box } from './box.ts';
import { Dovecot, dovecotMissing, plainMail } from './dovecot.ts';
import { ApiError, endAll, Server, waitFor } from './harness.ts';
import { APP_USER, TokenServer } from './oauth.ts';

const DAY_MS = 86_400_000;

describe('signing in to a mailbox', { skip: dovecotMissing }, () => {
  let server: Server;
  let twin: Server;
  let dovecot: Dovecot;
  let tokens: TokenServer;
  let cookie: string;
  const ends: (() => unknown)[] = [];
  const connect = (user: string, more: Record<string, string> = {}) => Box.connect(server, dovecot, user, { ...tokens.settings, imap_password: '', ...more });

  before(async () => {
    tokens = await TokenServer.start(ends);
    dovecot = await Dovecot.start(ends, { tokenInfo: `${tokens.url}/info?access_token=` });
    server = await Server.start((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1' } } });
    twin = await server.twin((fn) => ends.push(fn), { config: { server: { mailbox_seconds: '1', public_url: server.url } } });
    cookie = await server.login();
  });
  after(async () => {
    await endAll(ends.reverse());
  });

  async function begin(box: Box, as = cookie): Promise<URL> {
    const socket = await server.agent(as);
    try {
      return new URL((await socket.call('mailbox.sign_in', { channel_id: box.id })).url);
    } finally {
      socket.close();
    }
  }

  /** What the browser does: to the provider, and to where that sends it back. */
  async function visit(url: URL): Promise<URL> {
    const response = await fetch(url, { redirect: 'manual' });
    return new URL(response.headers.get('location') ?? '');
  }

  /** Where the desk sends it then. */
  async function comeBack(back: URL, as: string | null = cookie, to = server): Promise<string> {
    const response = await fetch(`${to.url}${back.pathname}${back.search}`, { redirect: 'manual', headers: as ? { cookie: as } : {} });
    assert.equal(response.status, 303, await response.text());
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
    return new URL(response.headers.get('location') ?? '').hash;
  }

  const signIn = async (box: Box, user: string | null): Promise<string> => {
    tokens.atTheKeyboard = user;
    return comeBack(await visit(await begin(box)));
  };

  it('brings tokens by a code that only its own browser session can bring back, at either of two servers', async () => {
    dovecot.deliver(plainMail('already there', 'hello').raw);
    const box = await connect('box');
    const before = await waitFor('it is told that nobody has signed in', async () => ((await box.state()).problem.length > 0 ? box.state() : null));
    assert.equal(before.problem[0]?.code, 'oauth_not_signed_in');
    assert.equal(tokens.asked.length, 0, 'nobody is asked with nothing');
    const url = await begin(box);
    const asked = Object.fromEntries(url.searchParams);
    assert.equal(`${url.origin}${url.pathname}`, `${tokens.url}/authorize`);
    assert.equal(asked['redirect_uri'], `${server.url}/oauth/callback`);
    assert.deepEqual([asked['response_type'], asked['code_challenge_method'], asked['login_hint']], ['code', 'S256', 'box']);
    assert.match(asked['state'] ?? '', /^[\w-]{43}$/);
    tokens.atTheKeyboard = 'box';
    const back = await visit(url);
    const other = await server.newAgent('Second Admin', 'admin');
    assert.equal(await comeBack(back, other.cookie), '#/settings/channels/sign_in/sign_in_state');
    assert.equal(await comeBack(back, null), '#/settings/channels/sign_in/sign_in_browser');
    assert.equal(await comeBack(back, await server.login()), '#/settings/channels/sign_in/sign_in_state');
    assert.equal(await comeBack(back, cookie, twin), `#/settings/channels/${box.id}`);
    assert.equal(await comeBack(back), '#/settings/channels/sign_in/sign_in_state', 'once');
    const state = await waitFor('it is seen', async () => ((await box.state()).tried_at ? box.state() : null));
    assert.deepEqual([state.problem, state.sign_in_problem, state.signed_in_as], [[], [], 'box']);
    assert.equal((state.found as { mails: { subject: string }[] }).mails[0]?.subject, 'already there');
    assert.equal(box.count('already there'), 0, 'nothing comes in before somebody says so');
    await box.start();
    dovecot.deliver(plainMail('after the sign-in', 'hello').raw);
    await box.came('after the sign-in');
    assert.equal(server.sql('SELECT COUNT(*) FROM sign_in').trim(), '0');
    assert.doesNotMatch(server.log + twin.log, new RegExp(`r\\.box\\.|${asked['state']}|${back.searchParams.get('code')}`));
  });

  it('is over after ten minutes', async () => {
    const box = await connect('other');
    tokens.atTheKeyboard = 'other';
    const back = await visit(await begin(box));
    server.sql('UPDATE sign_in SET ends_at = ends_at - 600001');
    assert.equal(await comeBack(back), '#/settings/channels/sign_in/sign_in_state');
    assert.equal((await box.state()).signed_in_at, null);
  });

  it('tells of who signed in in place of another, who pressed Cancel and what does not last, and changes nothing', async () => {
    const box = await connect('anew');
    const problem = async () => (await box.state()).sign_in_problem[0];
    assert.equal(await signIn(box, 'other'), `#/settings/channels/${box.id}`);
    assert.deepEqual(await problem(), { code: 'sign_in_other', params: { who: 'other', user: 'anew' } });
    await signIn(box, null);
    assert.equal((await problem())?.code, 'sign_in_cancelled');
    tokens.lasting = false;
    await signIn(box, 'anew');
    tokens.lasting = true;
    assert.equal((await problem())?.code, 'sign_in_no_refresh');
    assert.deepEqual((await server.api('channel.list', {})).channels.find(({ id }) => id === box.id)?.secrets_set, ['oauth_client_secret']);
    await signIn(box, 'anew');
    assert.equal(await problem(), undefined);
    await waitFor('it is seen', async () => (await box.state()).tried_at);
  });

  it('is begun by an administrator in a browser alone, and only where somebody signs in', async () => {
    const box = await connect('erased'),
      byPassword = await Box.connect(server, dovecot, 'odd');
    const agent = await server.newAgent('Plain Agent');
    const refusal = async (what: Promise<unknown>): Promise<string | null> => {
      try {
        await what;
        return null;
      } catch (error) {
        return error instanceof ApiError ? (error.reason ?? error.kind) : String(error);
      }
    };
    assert.equal(await refusal(server.api('mailbox.sign_in', { channel_id: box.id })), 'sign_in_session');
    assert.notEqual(await refusal(begin(box, agent.cookie)), null);
    assert.equal(await refusal(begin(byPassword)), 'sign_in_nobody');
    await server.api('channel.update', { id: box.id, settings: { oauth_authorize_url: '' } });
    assert.equal(await refusal(begin(box)), 'sign_in_no_address');
  });

  it('a channel that names nobody is whose who signs in first', async () => {
    const made = await server.channel('graph', 'named', { address: 'help@shop.example', graph_url: tokens.url, ...tokens.settings });
    const box = Box.of(server, made.id);
    const user = async () => (await server.api('channel.list', {})).channels.find(({ id }) => id === box.id)?.settings?.['user'];
    await signIn(box, 'first');
    assert.equal(await user(), 'first');
    await signIn(box, 'second');
    assert.equal((await box.state()).sign_in_problem[0]?.code, 'sign_in_other');
    assert.equal(await user(), 'first');
  });

  it('brings in what has come while nobody was signed in', async () => {
    const box = await connect('large');
    await signIn(box, 'large');
    await box.start();
    tokens.refuses.set('large', { error: 'invalid_grant', description: 'Token has been expired or revoked.' });
    tokens.revokeAccess();
    await server.api('mailbox.try', { channel_id: box.id });
    const dead = await waitFor('it is refused', async () => ((await box.state()).problem.length > 0 ? box.state() : null));
    assert.equal(dead.problem[0]?.code, 'oauth_grant');
    await waitFor('it is counted', async () => (await server.metric('channels_broken{direction="in"}')) > 0);
    dovecot.deliver(plainMail('while nobody was signed in', 'hello').raw, { user: 'large' });
    tokens.refuses.clear();
    await signIn(box, 'large');
    await box.came('while nobody was signed in');
    assert.deepEqual((await box.state()).problem, []);
  });

  it('says what ends a sign-in after seven days while the app is being tested', async () => {
    const box = await connect('flag', { sign_in: 'google' });
    await signIn(box, 'flag');
    await waitFor('it is seen', async () => (await box.state()).tried_at);
    server.sql(`UPDATE mailbox SET signed_in_at = signed_in_at - ${7 * DAY_MS + 60_000} WHERE signed_in_as = 'flag'`);
    tokens.refuses.set('flag', { error: 'invalid_grant', description: 'Token has been expired or revoked.' });
    tokens.revokeAccess();
    await server.api('mailbox.try', { channel_id: box.id });
    const problem = await waitFor('it is told', async () => (await box.state()).problem[0]);
    assert.deepEqual(problem, { code: 'oauth_testing', params: { days: 7 } });
    tokens.refuses.clear();
  });

  it('the app itself gets tokens, without anybody', async () => {
    const box = await connect(APP_USER, { sign_in: 'microsoft_app', oauth_tenant: 'shop.example' });
    await waitFor('it is seen', async () => (await box.state()).tried_at).catch(async (error: unknown) => {
      throw new Error(JSON.stringify(await box.state()), { cause: error });
    });
    const channel = (await server.api('channel.list', {})).channels.find(({ id }) => id === box.id);
    assert.equal(channel?.sign_in, 'app');
  });

  it('warns a month before the client secret ends', async () => {
    const box = await connect('sent');
    const warnings = async (days: number): Promise<string[] | undefined> => {
      const oauth_secret_ends = new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
      return (await server.api('channel.update', { id: box.id, settings: { oauth_secret_ends } })).channel?.warnings;
    };
    assert.deepEqual([await warnings(60), await warnings(20), await warnings(-1)], [[], ['secret_ends'], ['secret_ended']]);
    await assert.rejects(server.api('channel.update', { id: box.id, settings: { oauth_secret_ends: '2027-02-30' } }), /date/);
  });

  it('writes into the audit who has changed what the channel signs in with', async () => {
    const { events } = await server.api('audit.list', { about: 'access', limit: 200 });
    const one = events.find((event) => event.subject === 'box' && JSON.stringify(event.after).includes('signed_in_as'));
    assert.deepEqual(one?.after, { settings: 'oauth_refresh_token', signed_in_as: 'box' });
  });
});
