// The people of the demo shop.
import { MARKETS } from './catalogue.ts';
import type { Random } from './random.ts';

export interface Person {
  number: number;
  language: string;
  /** As an agent addresses them. */
  first: string;
  full: string;
  email: string;
  phone: string;
  shopCustomer: string;
  lineId?: string;
  whatsAppId?: string;
  visitor?: string;
  card?: string;
  store: string;
  timeZone: string;
}

type Name = [native: string, roman: string];

interface Names {
  given: Name[];
  family: Name[];
  count: number;
  /** 0 to count-1 → a number that nobody has, or of a range kept for fiction where there is one. */
  phone: (n: number) => string;
  line: number;
  whatsApp: number;
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0');
const same = (names: string): Name[] => names.split(' ').map((name) => [name, plain(name)]);
const pairs = (names: string): Name[] => names.split(' ').map((pair) => pair.split('/') as Name);

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

const NAMES: Record<string, Names> = {
  en: {
    given: same(
      'Amelia Arthur Beatrice Callum Charlotte Daniel Edith Fiona George Harriet Imogen Jack Katherine Liam Margaret Noah Olivia Priya Quentin Rosa Samuel Tamsin Una Victor Winifred Zadie',
    ),
    family: same(
      "Abbott Barlow Chowdhury Dawson Ellery Fairfax Greenwood Hughes Ingram Jarvis Kendall Lockwood Mackenzie Nightingale O'Brien Patel Quick Rowntree Sharma Thackeray Underhill Vaughan Whitlock Yates",
    ),
    count: 62,
    phone: (n) => `+447700900${pad(n + 100, 3)}`,
    line: 0.05,
    whatsApp: 0.45,
  },
  ja: {
    given: pairs(
      '葵/aoi 陽菜/hina 結衣/yui 花子/hanako 美咲/misaki さくら/sakura 優子/yuko 恵/megumi 直美/naomi 千尋/chihiro 大輔/daisuke 健太/kenta 翔/sho 拓也/takuya 浩/hiroshi 誠/makoto 蓮/ren 悠斗/yuto 隆/takashi 修/osamu',
    ),
    family: pairs(
      '佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 伊藤/ito 渡辺/watanabe 山本/yamamoto 中村/nakamura 小林/kobayashi 加藤/kato 吉田/yoshida 山田/yamada 佐々木/sasaki 山口/yamaguchi 松本/matsumoto 井上/inoue 木村/kimura 林/hayashi 清水/shimizu 髙島/takashima',
    ),
    count: 60,
    phone: (n) => `+819010000${pad(n + 100, 3)}`,
    line: 0.75,
    whatsApp: 0,
  },
  de: {
    given: same('Anja Bernd Claudia Dieter Elke Frieda Günther Hannelore Ingrid Jürgen Käthe Lukas Mareike Norbert Sabine Thorsten Ute Wiebke'),
    family: same('Bäcker Döring Fuchs Großmann Hübner Jäger Krüger Löwe Möller Neumann Öztürk Schäfer Schröder Vogel Weiß Zimmermann'),
    count: 28,
    phone: (n) => `+49171392${pad(n, 4)}`,
    line: 0,
    whatsApp: 0.6,
  },
  fr: {
    given: same('Amélie Benoît Camille Éloïse François Gaëlle Hélène Inès Jérôme Léa Mathilde Noémie Rémi Sylvie'),
    family: same('Barbier Chevalier Dubois Fontaine Girard Lefèvre Marchand Noël Perrin Rousseau'),
    count: 18,
    phone: (n) => `+336399800${pad(n, 2)}`,
    line: 0,
    whatsApp: 0.55,
  },
  sv: {
    given: same('Åsa Björn Ebba Göran Håkan Ingela Lars Maja Örjan Saga'),
    family: same('Ågren Bergström Dahlström Ekström Lindqvist Nyström Sjöberg Öberg'),
    count: 14,
    phone: (n) => `+467017406${pad(n + 5, 2)}`,
    line: 0,
    whatsApp: 0.4,
  },
  el: {
    given: pairs('Ελένη/eleni Γιώργος/giorgos Μαρία/maria Νίκος/nikos Κατερίνα/katerina Δημήτρης/dimitris Σοφία/sofia'),
    family: pairs('Παπαδοπούλου/papadopoulou Νικολάου/nikolaou Γεωργίου/georgiou Ιωάννου/ioannou Οικονόμου/oikonomou'),
    count: 12,
    phone: (n) => `+30694000${pad(n + 1000, 4)}`,
    line: 0,
    whatsApp: 0.5,
  },
  ar: {
    given: pairs('ليلى/layla عمر/omar نور/noor يوسف/yousef فاطمة/fatima'),
    family: pairs('الحسن/alhassan منصور/mansour الخطيب/alkhatib'),
    count: 6,
    phone: (n) => `+97150000${pad(n + 1000, 4)}`,
    line: 0,
    whatsApp: 1,
  },
};

function makePerson(random: Random, number: number, language: string, n: number, taken: Set<string>): Person {
  const names = NAMES[language]!;
  const market = MARKETS[language]!;
  let given: Name;
  let family: Name;
  do {
    given = random.pick(names.given);
    family = random.pick(names.family);
  } while (taken.has(given[1] + family[1]));
  taken.add(given[1] + family[1]);
  const japanese = language === 'ja';
  const phone = names.phone(n);
  const hasLine = random.chance(names.line);
  const hasWhatsApp = random.chance(names.whatsApp);
  return {
    number,
    language,
    first: japanese ? family[0] : given[0],
    full: japanese ? `${family[0]} ${given[0]}` : `${given[0]} ${family[0]}`,
    email: `${given[1]}.${family[1]}@${random.pick(['mail', 'post', 'inbox'])}.example`,
    phone,
    shopCustomer: String(7_000_000_000_000 + number * 31),
    store: random.pick(market.stores),
    timeZone: market.timeZone,
    ...(hasLine ? { lineId: 'U' + random.hex(32) } : {}),
    ...(hasWhatsApp ? { whatsAppId: phone.slice(1) } : {}),
    ...(random.chance(0.4) ? { visitor: random.uuid() } : {}),
    ...(random.chance(0.55) ? { card: `AF${pad(20_000 + number * 7, 7)}` } : {}),
  };
}

export function makePeople(random: Random): Person[] {
  const taken = new Set<string>();
  const people: Person[] = [];
  for (const [language, names] of Object.entries(NAMES))
    for (let n = 0; n < names.count; n++) people.push(makePerson(random, people.length, language, n, taken));
  return people;
}

const COMPANIES: Record<string, string> = {
  en: 'Finchley Tea Room Ltd',
  ja: '株式会社ことり',
  de: 'Teehaus am Dom GmbH',
  fr: 'SARL Les Tilleuls',
  sv: 'Björkens Kafé AB',
};

const REMARKS: Record<string, string[]> = {
  en: [
    'Runs a small tea room; orders on the first of the month.',
    'Rather rings than writes. Best after four.',
    'Collects Hagi ware: tell her first when something comes in.',
  ],
  ja: ['お電話は夕方以降がご都合よいとのこと。', '萩焼がお好き。入荷時は先にご連絡。', 'のしは毎回「御礼」。'],
  de: ['Betreibt ein Teehaus, bestellt meist am Monatsanfang.', 'Bitte nie beim Nachbarn abgeben.'],
  fr: ['Préfère être appelée l’après-midi.', 'Commande souvent pour offrir : demander la carte.'],
  sv: ['Vill helst ha svar på WhatsApp.'],
  el: ['Προτιμά τηλέφωνο μετά τις 17:00.'],
};

export interface Profile {
  language: string;
  time_zone: string;
  company?: string;
  about?: string;
  tags?: string[];
  attributes?: Record<string, string | boolean>;
}

/** What the shop asks of its customers beside what every shop knows. */
export const ATTRIBUTES = [
  { key: 'favourite', label: 'Favourite tea', type: 'choice', choices: ['Sencha', 'Darjeeling', 'Earl Grey', 'Genmaicha'] },
  { key: 'birthday', label: 'Birthday', type: 'date' },
  { key: 'wholesale', label: 'Wholesale', type: 'yes_no' },
] as const;

const TAGS = ['collector', 'gift buyer', 'wholesale', 'tea course', 'press'];

/** What agents have noted of a person over the year; of most it is only language and time zone. */
export function profileOf(person: Person): Profile {
  const company = person.number % 14 === 3 ? COMPANIES[person.language] : undefined;
  const remarks = REMARKS[person.language] ?? [];
  const about = person.number % 6 === 1 ? remarks[person.number % remarks.length] : undefined;
  const tags = TAGS.filter((_, i) => (person.number + i * 3) % 11 === 0);
  const favourites = ATTRIBUTES[0].choices;
  const month = String((person.number % 12) + 1).padStart(2, '0');
  const attributes = {
    ...(person.number % 3 === 0 ? { favourite: favourites[person.number % favourites.length]! } : {}),
    ...(person.number % 7 === 0 ? { birthday: `${1955 + (person.number % 45)}-${month}-1${person.number % 9}` } : {}),
    ...(company ? { wholesale: true } : {}),
  };
  return {
    language: person.language,
    time_zone: person.timeZone,
    ...(company ? { company } : {}),
    ...(about ? { about } : {}),
    ...(tags.length > 0 ? { tags } : {}),
    ...(Object.keys(attributes).length > 0 ? { attributes } : {}),
  };
}
