// What simulate plays: small stories of one person over several channels, each step one signed request of a provider.
import { callDesk, findPerson, type Desk } from './desk.ts';
import { MARKETS, PRODUCTS, priceIn, productName, productWords } from './demo/catalogue.ts';
import { dialoguesFor, fill, turnsOf, withoutHello, type Topic } from './demo/language.ts';
import { languageOf } from './demo/languages.ts';
import type { Person } from './demo/people.ts';
import { photoOfCup } from './demo/photo.ts';
import type { Random } from './demo/random.ts';
import type { DemoChannels } from './demo/state.ts';
import * as providers from './providers.ts';

interface Told {
  /** For the line that is printed: which provider, or the desk, and what happens. */
  provider: string;
  what: string;
}

/** What a provider sends. */
export interface Request extends Told {
  request: () => providers.ProviderRequest | Promise<providers.ProviderRequest>;
}

/** What an agent does. */
export interface Act extends Told {
  act: () => Promise<unknown>;
}

export type Step = Request | Act;

export interface Scene {
  person: Person;
  channels: DemoChannels;
  rnd: Random;
  /** Counts up over all stories: order numbers. */
  serial: number;
  desk: Desk;
}

export interface Story {
  about: string;
  /** Whether it can be played for this person. */
  fits: (person: Person) => boolean;
  steps: (scene: Scene) => Step[];
}

/** Above the order numbers of the demo shop's history. */
const FIRST_ORDER = 2001;
const TRACKING = 'https://track.example/';

interface Plot {
  scene: Scene;
  order: providers.ShopifyOrder;
  values: Record<string, string>;
}

function plot(scene: Scene): Plot {
  const { person, rnd } = scene;
  const market = MARKETS[person.language]!;
  // One of each kind, so that there is something to say about any of them.
  const products = (['tea', 'pot', 'ware'] as const).map((kind) => rnd.pick(PRODUCTS.filter((product) => product.kind === kind)));
  const number = FIRST_ORDER + scene.serial;
  const [last, first] = person.language === 'ja' ? person.full.split(' ') : person.full.split(' ').reverse();
  const track = rnd.hex(2).toUpperCase() + rnd.between(100_000_000, 999_999_999);
  const now = new Date();
  return {
    scene,
    order: {
      id: `57${Date.now()}${String(scene.serial % 1000).padStart(3, '0')}`,
      number,
      email: person.email,
      phone: person.phone,
      customerId: person.shopCustomer,
      firstName: first ?? person.full,
      lastName: last ?? '',
      currency: market.currency,
      lines: products.map((product) => ({
        sku: product.sku,
        title: productName(product, person.language),
        quantity: rnd.between(1, 2),
        price: priceIn(product, market.currency),
      })),
      createdAt: now,
      updatedAt: now,
      paid: true,
    },
    values: {
      first: person.first,
      full: person.full,
      agent: 'Mia',
      order: `#${number}`,
      ...productWords(products, person.language),
      store: person.store,
      track,
      points: '180',
      tier: 'Gold',
      day: rnd.pick(languageOf(person.language).days),
    },
  };
}

/** The customer's first words on a topic. */
function words({ scene, values }: Plot, topic: Topic): string {
  const dialogue = scene.rnd.pick(dialoguesFor(languageOf(scene.person.language), topic, values));
  return fill(turnsOf(dialogue)[0]?.text ?? '', values);
}

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? line.slice(0, 59) + '…' : line;
}

function line({ scene }: Plot, text: string): Step {
  return {
    provider: 'LINE',
    what: short(text),
    request: () => providers.lineRequest(scene.channels.line, [providers.lineTextEvent(scene.person.lineId ?? '', text)]),
  };
}

function sticker({ scene }: Plot): Step {
  return {
    provider: 'LINE',
    what: 'sticker',
    request: () => providers.lineRequest(scene.channels.line, [providers.lineStickerEvent(scene.person.lineId ?? '', ['ありがとう', 'thank you'])]),
  };
}

function linePicture({ scene }: Plot): Step {
  return {
    provider: 'LINE',
    what: 'picture',
    request: () => providers.lineRequest(scene.channels.line, [providers.linePictureEvent(scene.person.lineId ?? '')]),
  };
}

function whatsAppPicture({ scene }: Plot, text: string): Step {
  const { person, channels } = scene;
  return {
    provider: 'WhatsApp',
    what: short(text),
    request: () => providers.whatsAppRequest(channels.whatsapp, [providers.whatsAppPicture(person.whatsAppId ?? '', person.full, text)]),
  };
}

function whatsApp({ scene }: Plot, text: string): Step {
  const { person, channels } = scene;
  return {
    provider: 'WhatsApp',
    what: short(text),
    request: () => providers.whatsAppRequest(channels.whatsapp, [providers.whatsAppText(person.whatsAppId ?? '', person.full, text)]),
  };
}

/** By whatever social channel the person has; by mail otherwise. */
function write(story: Plot, text: string): Step {
  const { person } = story.scene;
  if (person.lineId) return line(story, text);
  return person.whatsAppId ? whatsApp(story, text) : mail(story, 'delivery', text);
}

function mail({ scene, values }: Plot, topic: Topic, text: string, more: Partial<providers.Mail> = {}): Step {
  const { person, channels, rnd } = scene;
  const language = languageOf(person.language);
  const [hello, bye] = language.mail.customer;
  const letter: providers.Mail = {
    from: person.email,
    fromName: person.full,
    to: channels.email.address,
    subject: fill(rnd.pick(language.subjects[topic]), values),
    text: [hello, withoutHello(text), bye].map((part) => fill(part, values)).join('\n\n'),
    ...more,
  };
  const japanese = person.language === 'ja' && !letter.attachments && !letter.html;
  return {
    provider: 'Mail',
    what: short(`${letter.subject}${letter.attachments ? ' 📎' : ''}${japanese ? ' (ISO-2022-JP)' : ''}`),
    request: async () => providers.rfc822Request(channels.email, japanese ? providers.composeJapaneseMail(letter) : await providers.composeMail(letter)),
  };
}

function call({ scene }: Plot, seconds: number): Step[] {
  const { person, channels } = scene;
  const ringing = providers.newCall(person.phone, channels.phone.number);
  const step = (status: providers.CallStatus, sequence: number, length?: number): Step => ({
    provider: 'Phone',
    what: length ? `${status}, ${length} s` : status,
    request: () => providers.twilioRequest(channels.phone, providers.callStatus(ringing, status, sequence, length)),
  });
  if (seconds === 0) return [step('ringing', 0), step('no-answer', 1, 0)];
  return [step('ringing', 0), step('in-progress', 1), step('completed', 2, seconds)];
}

type OrderChange = 'created' | 'shipped' | 'delivered' | 'cancelled';

const ORDER_TOPICS: Record<OrderChange, providers.ShopifyTopic> = {
  created: 'orders/create',
  shipped: 'orders/fulfilled',
  delivered: 'orders/updated',
  cancelled: 'orders/cancelled',
};

function order({ scene, order: base, values }: Plot, change: OrderChange): Step {
  return {
    provider: 'Shop',
    what: `order ${values['order']} ${change}`,
    request: () => {
      const tracking = { company: MARKETS[scene.person.language]!.carrier, number: values['track']!, url: TRACKING + values['track'] };
      return providers.shopifyRequest(scene.channels.shop, ORDER_TOPICS[change], {
        ...base,
        updatedAt: new Date(),
        cancelled: change === 'cancelled',
        delivered: change === 'delivered',
        tracking: change === 'shipped' || change === 'delivered' ? tracking : undefined,
      });
    },
  };
}

function photo(number: number): providers.MailAttachment {
  return { name: 'IMG_2041.png', type: 'image/png', data: photoOfCup(number) };
}

export const STORIES: Record<string, Story> = {
  'where-is-it': {
    about: 'orders, asks where it is, it ships, rings up, then mails a photo of what broke',
    fits: () => true,
    steps: (scene) => {
      const story = plot(scene);
      return [
        order(story, 'created'),
        write(story, words(story, 'delivery')),
        order(story, 'shipped'),
        ...call(story, scene.rnd.between(40, 300)),
        order(story, 'delivered'),
        mail(story, 'faulty', words(story, 'faulty'), { attachments: [photo(scene.serial)] }),
      ];
    },
  },
  'mail-thread': {
    about: 'two mails of one thread, the second an answer to the first',
    fits: () => true,
    steps: (scene) => {
      const story = plot(scene);
      const id = providers.newMessageId(scene.person.email);
      return [
        mail(story, 'invoice', words(story, 'invoice'), { messageId: id }),
        mail(story, 'invoice', words(story, 'points'), { inReplyTo: id, references: [id], html: '<p>See above. <b>Thank you!</b></p>' }),
      ];
    },
  },
  'missed-call': {
    about: 'nobody picks up, so the person writes',
    fits: () => true,
    steps: (scene) => {
      const story = plot(scene);
      return [...call(story, 0), write(story, words(story, 'pickup'))];
    },
  },
  line: {
    about: 'a chat by LINE with a picture and a sticker',
    fits: (person) => person.lineId !== undefined,
    steps: (scene) => {
      const story = plot(scene);
      return [line(story, words(story, 'product')), linePicture(story), line(story, words(story, 'size')), sticker(story)];
    },
  },
  whatsapp: {
    about: 'a question by WhatsApp, then a change of the order, with a picture',
    fits: (person) => person.whatsAppId !== undefined,
    steps: (scene) => {
      const story = plot(scene);
      return [whatsApp(story, words(story, 'gift')), order(story, 'created'), whatsAppPicture(story, words(story, 'change'))];
    },
  },
  newcomer: {
    about: 'somebody unknown writes for the first time, by Postmark',
    fits: () => true,
    steps: (scene) => {
      const { rnd, person, channels } = scene;
      const stranger: Person = { ...person, email: `${rnd.hex(6)}.${person.email}` };
      delete stranger.lineId;
      delete stranger.whatsAppId;
      const story = plot({ ...scene, person: stranger });
      const language = languageOf(person.language);
      const letter: providers.Mail = {
        from: stranger.email,
        fromName: person.full,
        to: channels.postmark.address,
        subject: fill(rnd.pick(language.subjects.product), story.values),
        text: words(story, 'product'),
      };
      return [{ provider: 'Postmark', what: short(letter.subject), request: () => providers.postmarkRequest(channels.postmark, letter) }];
    },
  },
  merge: {
    about: 'one person comes by four identities, is merged, writes again, and one of them turns out to be somebody else',
    fits: (person) => person.lineId !== undefined,
    steps: (scene) => {
      const { rnd, person, desk } = scene;
      const stranger: Person = {
        ...person,
        email: `${rnd.hex(6)}@home.example`,
        phone: `+44203000${String(rnd.between(0, 9999)).padStart(4, '0')}`,
        lineId: 'U' + rnd.hex(32),
      };
      const atWork: Person = { ...stranger, email: `${rnd.hex(6)}@office.example` };
      const [story, work] = [plot({ ...scene, person: stranger }), plot({ ...scene, person: atWork })];
      const others = [atWork.email, stranger.phone, stranger.lineId!];
      const merges: string[] = [];
      const act = (what: string, run: () => Promise<unknown>): Act => ({ provider: 'Desk', what, act: run });
      const join = (value: string, reason: string): Act =>
        act(`merge ${short(value)}`, async () => {
          const [into_id, from_id] = [await findPerson(desk, stranger.email), await findPerson(desk, value)];
          merges.push((await callDesk(desk, 'customer.merge', { into_id, from_id, reason })).id);
        });
      return [
        mail(story, 'product', words(story, 'product')),
        mail(work, 'invoice', words(work, 'product')),
        ...call(story, rnd.between(40, 200)),
        line(story, words(story, 'product')),
        ...others.map((value) => join(value, 'Said so on the phone.')),
        mail(story, 'points', words(story, 'points')),
        act('un-merge the office address', () =>
          callDesk(desk, 'customer.unmerge', { operation_id: merges[0]!, reason: 'A colleague reads that mailbox.', apart: true }),
        ),
        mail(work, 'product', words(work, 'size')),
      ];
    },
  },
};
