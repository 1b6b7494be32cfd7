// Telegram: what people write comes in as it was meant, with its files; answers leave with theirs, and what Telegram says of them is said.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CatchAll, startCatchAll } from '../../agent-web/play/catchall.ts';
import { deliver } from '../../agent-web/play/providers.ts';
import {
  telegramMessage,
  telegramPerson,
  telegramPhoto,
  telegramRequest,
  type TelegramHook,
  type TelegramPerson,
  type TelegramUpdate,
} from '../../agent-web/play/telegram.ts';
import type { Entry, MessageFile, Way } from '../../agent-web/protocol/src/generated.ts';
import { endAll, randomUUID, refused, Server, type Socket, waitFor } from './harness.ts';

describe('Telegram', () => {
  let server: Server;
  let sink: CatchAll;
  let agent: Socket;
  let cookie = '';
  let hook: TelegramHook;
  const ends: (() => Promise<void>)[] = [];

  before(async () => {
    sink = await startCatchAll();
    ends.push(() => sink.close());
    server = await Server.start((fn) => ends.push(fn));
    const made = await server.channel('telegram', 'Telegram', { bot_token: '7:tok', api_url: sink.telegramUrl });
    hook = { url: made.url, secret: made.secrets['webhook_secret'] ?? '' };
    ({ cookie } = await server.newAgent('Eva'));
    agent = await server.agent(cookie);
  });
  after(() => endAll(ends.reverse()));

  const take = async (update: TelegramUpdate): Promise<void> => assert.equal((await deliver(telegramRequest(hook, update))).status, 200);
  const entries = async (id: string): Promise<Entry[]> => (await server.api('timeline.page', { customer_id: id })).entries;
  const personOf = async ({ id }: TelegramPerson): Promise<string> =>
    (await waitFor('somebody', async () => (await server.api('customer.search', { query: String(id) })).hits[0])).id;
  const wayTo = async (customer_id: string): Promise<Way> => {
    const way = (await agent.call('customer.reach', { customer_id })).ways.find(({ medium }) => medium === 'telegram');
    assert.ok(way);
    return way;
  };
  async function answer(customer_id: string, text: string, files: MessageFile[] = []): Promise<Entry> {
    const { identity_id, channel_id } = await wayTo(customer_id);
    return agent.call('message.send', {
      customer_id,
      identity_id: identity_id ?? '',
      channel_id,
      client_id: randomUUID(),
      text,
      attachments: files,
    });
  }
  const became = (customer_id: string, id: string, delivery: string): Promise<Entry> =>
    waitFor(`it is ${delivery}`, async () => (await entries(customer_id)).find((one) => one.id === id && one.delivery === delivery), 40_000);

  it('tells Telegram where to send what comes, and says when it does not take that', async () => {
    type Hook = { url?: string; secret_token?: string; allowed_updates?: string[] };
    const told = async (token: string): Promise<Hook> =>
      ((await (await fetch(`${sink.telegramUrl}/bot${token}/getWebhookInfo`)).json()) as { result: Hook }).result;
    const first = await waitFor('Telegram was told', async () => ((now) => (now.url ? now : null))(await told('7:tok')));
    assert.deepEqual([first.url, first.secret_token], [hook.url, hook.secret]);
    assert.ok(first.allowed_updates?.includes('message_reaction'));
    sink.setMode({
      channel: 'telegram',
      status: 400,
      times: 1,
      body: { ok: false, description: 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook' },
    });
    const { id } = await server.channel('telegram', 'Second', { bot_token: '8:tok', api_url: sink.telegramUrl });
    const channel = async () => (await server.api('channel.list', {})).channels.find((one) => one.id === id);
    const problem = async () => (await channel())?.problem ?? [];
    const broken = await waitFor('it is said', async () => ((now) => (now.length ? now : null))(await problem()));
    assert.match(JSON.stringify(broken), /setup_refused.*HTTPS URL must be provided/);
    await server.api('channel.update', { id, settings: { api_url: sink.telegramUrl } });
    await waitFor('it is well after it was saved', async () => (await problem()).length === 0);
    assert.equal((await told('8:tok')).url, (await channel())?.webhook_url);
    await server.api('channel.update', { id, active: 'no' });
  });

  it('lets nobody in without the secret', async () => {
    const update = telegramMessage(telegramPerson('Mallory'), { text: 'let me in' });
    assert.equal((await deliver(telegramRequest({ ...hook, secret: 'guessed' }, update))).status, 401);
    assert.equal(server.sql("SELECT COUNT(*) FROM entry WHERE text = 'let me in'").trim(), '0');
  });

  it('takes words, names and edits; a repeat makes nothing new', async () => {
    const ines = { ...telegramPerson('Ines'), last_name: 'Costa' };
    const first = telegramMessage(ines, { text: 'Where is my kettle?' });
    for (let i = 0; i < 2; i++) await take(first);
    const id = await personOf(ines);
    assert.equal((await server.api('customer.get', { id })).name, 'Ines Costa');
    await take({ edited_message: { ...first.message, edit_date: Math.floor(Date.now() / 1000), text: 'Where is my blue kettle?' } });
    await waitFor('the new words', async () => (await entries(id))[0]?.text === 'Where is my blue kettle?');
    assert.equal((await entries(id)).length, 1);
  });

  it('fetches a picture, and says of one that is too large that it is', async () => {
    const rui = telegramPerson('Rui');
    await take(telegramMessage(rui, { ...telegramPhoto(), caption: 'It came broken' }));
    await take(telegramMessage(rui, { video: { file_id: 'film_big', file_unique_id: 'x', file_size: 90_000_000 } }));
    const id = await personOf(rui);
    const settled = await waitFor('both are settled', async () => {
      const all = await entries(id);
      return all.length === 2 && all.every((one) => one.attachments?.[0]?.fetch !== 'waiting') ? all : null;
    });
    const picture = settled.find(({ text }) => text === 'It came broken');
    const film = settled.find((one) => one !== picture);
    assert.equal(picture?.attachments?.[0]?.fetch ?? 'done', 'done');
    assert.match(picture?.attachments?.[0]?.url ?? '', /^\/attachments\//);
    assert.equal(film?.attachments?.[0]?.fetch, 'too_large');
    assert.equal(film?.attachments?.[0]?.size, 90_000_000);
  });

  it('knows the number that somebody shows as their own', async () => {
    const ana = telegramPerson('Ana');
    await take(telegramMessage(ana, { contact: { phone_number: '351912345678', first_name: 'Ana', user_id: ana.id } }));
    const { identities } = await server.api('customer.get', { id: await personOf(ana) });
    assert.deepEqual(
      identities.filter(({ kind }) => kind === 'phone').map(({ value, proof }) => [value, proof]),
      [['+351912345678', 'proven']],
    );
  });

  it('answers with words, and with a file that has a caption', async () => {
    const kim = telegramPerson('Kim');
    await take(telegramMessage(kim, { text: 'A picture, please' }));
    const id = await personOf(kim);
    const words = await answer(id, 'Here it comes');
    await became(id, words.id, 'sent');
    const { upload } = await server.upload('photo.png', 'a small picture', { cookie }, 'image/png');
    const file = await answer(id, 'The blue one', [{ upload, name: 'photo.png', type: 'image/png' }]);
    await became(id, file.id, 'sent');
    const got = sink.messages.filter(({ channel, to }) => channel === 'telegram' && to === String(kim.id));
    assert.deepEqual(
      got.map(({ text, attachments }) => [text, attachments.map(({ name, type, size }) => [name, type, size])]),
      [
        ['Here it comes', []],
        ['The blue one', [['photo.png', 'image/png', 15]]],
      ],
    );
  });

  it('sends several pictures as one album', async () => {
    const max = telegramPerson('Max');
    await take(telegramMessage(max, { text: 'All colours, please' }));
    const id = await personOf(max);
    const files: MessageFile[] = [];
    for (const name of ['red.png', 'blue.png', 'green.png'])
      files.push({ upload: (await server.upload(name, `a picture, ${name}`, { cookie }, 'image/png')).upload, name, type: 'image/png' });
    await became(id, (await answer(id, 'Here they are', files)).id, 'sent');
    const got = sink.messages.filter(({ channel, to }) => channel === 'telegram' && to === String(max.id));
    assert.deepEqual(
      got.map(({ text, attachments }) => [text, attachments.map(({ name }) => name)]),
      [['Here they are', ['red.png', 'blue.png', 'green.png']]],
    );
  });

  it('refuses words that are too long beside a file, before anything is sent', async () => {
    const lee = telegramPerson('Lee');
    await take(telegramMessage(lee, { text: 'Hello' }));
    const id = await personOf(lee);
    const way = await wayTo(id);
    assert.deepEqual([way.text_max, way.files_max, way.files_text_max], [4096, 10, 1024]);
    const { upload } = await server.upload('a.txt', 'x', { cookie });
    await refused(answer(id, 'x'.repeat(1025), [{ upload, name: 'a.txt' }]), 'invalid', 'text');
    await became(id, (await answer(id, 'x'.repeat(1025))).id, 'sent');
  });

  it('answers by the business account to which somebody has written, and knows what its owner types', async () => {
    const bea = telegramPerson('Bea');
    const update = telegramMessage(bea, { text: 'To the owner', business_connection_id: 'bc9' });
    await take({ business_message: update.message });
    const id = await personOf(bea);
    await take({
      business_message: { ...telegramMessage(bea, { text: 'I am Olga', business_connection_id: 'bc9' }).message, from: { id: 99, first_name: 'Olga' } },
    });
    await waitFor('the echo', async () => (await entries(id)).some(({ text, direction }) => text === 'I am Olga' && direction === 'out'));
    const sent = await answer(id, 'From the desk');
    await became(id, sent.id, 'sent');
    assert.equal((sink.messages.at(-1)?.body as Record<string, unknown>)['business_connection_id'], 'bc9');
  });

  it('answers a button that was pressed, so that it turns no longer', async () => {
    const uma = telegramPerson('Uma');
    await take({ callback_query: { id: '4711', from: uma, data: 'track:1029', message: { message_id: 1, chat: { id: uma.id, type: 'private' } } } });
    assert.equal((await entries(await personOf(uma)))[0]?.text, 'Chose: track:1029');
    const answered = async () => ((await (await fetch(`${sink.telegramUrl}/bot7:tok/answerCallbackQuery`)).json()) as { result: string[] }).result;
    await waitFor('it is answered', async () => (await answered()).includes('4711'));
  });

  it('says why when somebody has blocked the bot, and waits when it is too fast', async () => {
    const tom = telegramPerson('Tom');
    await take(telegramMessage(tom, { text: 'Bye' }));
    const id = await personOf(tom);
    sink.setMode({ channel: 'telegram', status: 429, times: 1, body: { ok: false, description: 'Too Many Requests', parameters: { retry_after: 1 } } });
    await became(id, (await answer(id, 'Wait')).id, 'sent');
    sink.setMode({ channel: 'telegram', status: 403, times: 1, body: { ok: false, description: 'Forbidden: bot was blocked by the user' } });
    const failed = await became(id, (await answer(id, 'Come back')).id, 'failed');
    assert.match(JSON.stringify(failed), /telegram_unwanted/);
  });
});
