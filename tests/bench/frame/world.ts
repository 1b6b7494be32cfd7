// Whom a loaded database knows, and what they write: most persons have few entries, some have very many.

/** mulberry32: the same world each time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Plan {
  /** Tab-separated: identity, customer, kind, entries, start, step, the conversations before its own, whether the last is open. */
  identities: string;
  /** Tab-separated: id, name, created. */
  people: string;
  /** The most entries of one identity. */
  longest: number;
}

const HEAVY_ENTRIES = 100_000;
const HEAVY_IDENTITIES = 5;
const ENTRIES_EACH = 25; // on average, when the number of persons is not given
const PER_CONVERSATION = 12;
const YEARS_MS = 3 * 365 * 86_400_000;
const OPEN_SHARE = 0.3;

const FAMILY = ['Smith', 'Müller', 'Rossi', 'García', 'Nowak', 'Lindqvist', 'Papadaki', 'Dubois', 'Jansen', 'O’Brien', '佐藤', '鈴木', '高橋', '田中', '渡辺', 'Kowalski', 'Costa', 'Novák', 'Yılmaz', 'Иванова'];
const GIVEN = ['Anna', 'Ben', 'Chiara', 'David', 'Eleni', 'Felix', 'Grace', 'Hugo', 'Ines', 'Jonas', '花', '健', '美咲', '翔太', 'Kaja', 'Liam', 'Mia', 'Noah', 'Olga', 'Pedro'];

/** As many entries as asked for, exactly. */
export function plan(entries: number, people = Math.ceil(entries / ENTRIES_EACH)): Plan {
  const random = generator(20260501);
  const now = Date.now();
  const identities: string[] = [];
  const names: string[] = [];
  let [left, conversation, longest, customer] = [entries, 0, 0, 0];
  const add = (total: number, n: number): void => {
    customer++;
    names.push(`${customer}\t${GIVEN[Math.floor(random() * GIVEN.length)]} ${FAMILY[Math.floor(random() * FAMILY.length)]}\t${now - YEARS_MS}`);
    const kind = Math.floor(random() * 5);
    for (let i = 0; i < n; i++) {
      const share = i === n - 1 ? total - Math.floor(total / n) * (n - 1) : Math.floor(total / n);
      const last = now - Math.floor(-Math.log(1 - random()) * 20 * 86_400_000) - 3_600_000;
      const step = Math.max(1000, Math.floor(((0.05 + 0.95 * random()) * YEARS_MS) / (share + 1)));
      identities.push([identities.length + 1, customer, 1 + ((kind + i) % 5), share, last - share * step, step, conversation, random() < OPEN_SHARE ? 1 : 0].join('\t'));
      conversation += Math.ceil(share / PER_CONVERSATION);
      longest = Math.max(longest, share);
    }
    left -= total;
  };
  for (let i = 0; i < Math.max(1, Math.floor(entries / 1_000_000)); i++) add(Math.min(HEAVY_ENTRIES, Math.floor(entries / 10)), HEAVY_IDENTITIES);
  for (const average = left / people; left > 0; ) {
    // log-normal: the median is a third of the average
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const total = Math.min(left, 5000, Math.max(1, Math.round((average / 3) * Math.exp(1.48 * gauss))));
    const dice = random();
    add(total, Math.min(total, dice < 0.8 ? 1 : dice < 0.92 ? 2 : dice < 0.97 ? 3 : 5));
  }
  return { identities: `${identities.join('\n')}\n`, people: `${names.join('\n')}\n`, longest };
}

export const CORPUS_SIZE = 4096;

const WORDS = {
  en: 'hello my order has not arrived yet could you please check where the parcel is I paid two weeks ago and nobody answers thank you for your help the colour is wrong can I return it and get a refund when will it be shipped again',
  de: 'guten Tag meine Bestellung ist noch nicht angekommen können Sie bitte nachsehen wo das Paket ist ich habe vor zwei Wochen bezahlt vielen Dank für Ihre Hilfe die Farbe stimmt nicht kann ich es zurückgeben',
  el: 'καλημέρα η παραγγελία μου δεν έχει φτάσει ακόμα μπορείτε να δείτε πού είναι το δέμα πλήρωσα πριν από δύο εβδομάδες ευχαριστώ πολύ',
};
const JAPANESE = ['お世話になっております。', '注文した商品がまだ届きません。', '配送状況を確認していただけますか。', '色が違っていたので返品したいです。', 'よろしくお願いいたします。', 'ありがとうございました。'];

/** From 50 to 1,000 bytes, short ones most often. */
export function corpus(): string {
  const random = generator(7);
  const lines: string[] = [];
  for (let id = 0; id < CORPUS_SIZE; id++) {
    const wanted = 50 + Math.floor(950 * random() ** 3);
    const dice = random();
    const words = (dice < 0.5 ? WORDS.en : dice < 0.7 ? WORDS.de : WORDS.el).split(' ');
    let text = '';
    while (Buffer.byteLength(text) < wanted)
      text += dice > 0.8 ? JAPANESE[Math.floor(random() * JAPANESE.length)] : `${text ? ' ' : ''}${words[Math.floor(random() * words.length)]}`;
    lines.push(`${id}\t${text}`);
  }
  return `${lines.join('\n')}\n`;
}
