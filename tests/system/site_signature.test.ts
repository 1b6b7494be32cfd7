// The signature by which a site says who its visitor is.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { Server, signedBySite, waitFor, endAll, refused } from './harness.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  await endAll(ends.reverse());
});

describe("a site's signature", () => {
  let server: Server;
  let chat: { id: string; secrets: Record<string, string> };
  const secret = (): string => chat.secrets['identity_secret'] ?? '';
  const inSeconds = (s: number): number => Math.floor(Date.now() / 1000) + s;
  before(async () => {
    server = await Server.start((fn) => ends.push(fn));
    chat = await server.channel('chat', 'Chat');
  });

  const say = async (who: object, channel_id = chat.id): Promise<boolean> => {
    const socket = await server.visitor();
    try {
      await socket.call('chat.hello', { channel_id });
      return (await socket.call('chat.identify', who as never)).proven;
    } finally {
      socket.close();
    }
  };
  const no = (who: object, channel_id?: string): Promise<void> => refused(say(who, channel_id), 'unauthenticated', 'signature');

  it('is good for its channel, its kind and its time, and for nothing else', async () => {
    const email = 'ann@customer.example';
    assert.equal(await say({ user_id: '1042', ...signedBySite(chat.id, secret(), 'user_id', '1042') }), true);
    assert.equal(await say({ email, ...signedBySite(chat.id, secret(), 'email', email) }), true);
    // A customer number that looks like an address proves no address.
    await no({ email, ...signedBySite(chat.id, secret(), 'user_id', email) });
    await no({ user_id: email, ...signedBySite(chat.id, secret(), 'email', email) });
    await no({ user_id: '1042', ...signedBySite(chat.id, secret(), 'user_id', '1042', inSeconds(-1)) });
    await no({ user_id: '1042', ...signedBySite(chat.id, secret(), 'user_id', '1042', inSeconds(32 * 86_400)) });
    const { signature } = signedBySite(chat.id, secret(), 'user_id', '1042', inSeconds(60));
    await no({ user_id: '1042', signature, expires: inSeconds(3600) });
    const twin = await server.channel('chat', 'Twin', { identity_secret: secret() });
    await no({ user_id: '1042', ...signedBySite(chat.id, secret(), 'user_id', '1042') }, twin.id);
  });

  it('of the old form is refused by new channels, and taken by those from before until their date', async () => {
    const plain = { user_id: '7', signature: createHmac('sha256', secret()).update('7').digest('hex') };
    const warnings = async (): Promise<string[] | undefined> => (await server.api('channel.list', {})).channels.find((one) => one.id === chat.id)?.warnings;
    await no(plain);
    assert.deepEqual(await warnings(), []);
    server.sql(
      "UPDATE channel SET settings = JSON_REMOVE(settings, '$.plain_signatures_until') WHERE type = 'chat'; DELETE FROM schema_migration WHERE version >= 14",
    );
    server.run(['migrate']); // as an installation from before is upgraded
    server.sql('UPDATE channel SET changed_at = changed_at + 1000');
    await waitFor('the old form is taken', async () => say(plain).catch(() => false));
    assert.deepEqual(await warnings(), ['plain_signatures']);
    for (const plain_signatures_until of ['2020-01-01', 'for ever', '9999', null]) {
      await server.api('channel.update', { id: chat.id, settings: { plain_signatures_until } } as never);
      await waitFor(`it is refused with ${plain_signatures_until}`, async () =>
        say(plain).then(
          () => false,
          () => true,
        ),
      );
    }
    assert.deepEqual(await warnings(), []);
  });

  it('is taken with the new secret and the one before, until that is ended', async () => {
    const before = secret();
    const made = await server.api('channel.rotate_secret', { id: chat.id, setting: 'identity_secret' });
    const after = made.generated?.['identity_secret'] ?? '';
    assert.ok(after.length > 40 && after !== before);
    assert.ok(made.channel?.secrets_set.includes('identity_secret_previous'));
    const with_ = (key: string): object => ({ user_id: '9', ...signedBySite(chat.id, key, 'user_id', '9') });
    await waitFor('the new one is taken', async () => say(with_(after)).catch(() => false));
    assert.equal(await say(with_(before)), true);
    await server.api('channel.update', { id: chat.id, settings: { identity_secret_previous: null } } as never);
    await waitFor('the one before is refused', async () =>
      say(with_(before)).then(
        () => false,
        () => true,
      ),
    );
    assert.equal(await say(with_(after)), true);
    chat.secrets['identity_secret'] = after;
    await refused(server.api('channel.rotate_secret', { id: chat.id, setting: 'accent' }), 'invalid', 'setting');
  });

  it('is made by the examples of the documentation', async () => {
    const text = readFileSync(new URL('../../docs/WIDGET.md', import.meta.url), 'utf8');
    const example = (language: string): string => {
      const found = [...text.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))]
        .map(([, code = '']) => code)
        .find((code) => code.includes('THROUGHLINE_IDENTITY_SECRET'));
      assert.ok(found, language);
      return found;
    };
    const env = { ...process.env, THROUGHLINE_IDENTITY_SECRET: secret() };
    const node = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const channel = '${chat.id}', customer = { id: '1042' };\n${example('js')}\nconsole.log(JSON.stringify({ expires, signature }));`,
      ],
      { env, encoding: 'utf8' },
    );
    const python = execFileSync(
      'python3',
      [
        '-c',
        `import json, types\nchannel, customer = '${chat.id}', types.SimpleNamespace(id='1042')\n${example('python')}\nprint(json.dumps({'expires': expires, 'signature': signature}))`,
      ],
      { env, encoding: 'utf8' },
    );
    for (const said of [node, python]) assert.equal(await say({ user_id: '1042', ...(JSON.parse(said) as object) }), true);
  });
});
