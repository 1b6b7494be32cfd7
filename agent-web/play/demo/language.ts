// What a language file holds. A dialogue is lines that begin with who speaks: "C: " the customer, "A: " an agent,
// "N: " a note among colleagues. Placeholders: {first} {full} {agent} {order} {store} {track} {points} {tier} {day};
// of what was bought {item} is anything, {tea} a tea, {pot} a teapot, {ware} pottery of any kind.

export const TOPICS = ['delivery', 'return', 'size', 'invoice', 'gift', 'faulty', 'pickup', 'points', 'product', 'change'] as const;
export type Topic = (typeof TOPICS)[number];

export interface Language {
  tag: string;
  /** Around each text when it goes by email: greeting and close of the customer, and of the agent. */
  mail: { customer: [hello: string, bye: string]; agent: [hello: string, bye: string] };
  days: [string, string, string, string, string, string, string];
  subjects: Record<Topic, string[]>;
  dialogues: Record<Topic, string[]>;
  /** A closing word of thanks, after which nothing needs to be done. */
  thanks: string[];
  campaigns: string[];
  /** Sent to everybody who adds the shop as a friend. */
  greeting: string;
  surveys: [score: number, comment: string][];
  /** What a caller said, for the note that is kept of a call. */
  calls: string[];
}

/** Puts values in for the placeholders; an unknown one stays as it is. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

export interface Turn {
  by: 'C' | 'A' | 'N';
  text: string;
}

export function turnsOf(dialogue: string): Turn[] {
  return dialogue.split('\n').map((line) => ({ by: line[0] as Turn['by'], text: line.slice(3).trim() }));
}

/** The dialogues of a topic for which there is a value for everything they mention. */
export function dialoguesFor(language: Language, topic: Topic, values: Record<string, string>): string[] {
  return language.dialogues[topic].filter((text) => !/\{\w+\}/.test(fill(text, values)));
}

/** Without the "Hi!" of a chat: a mail has a greeting of its own. */
export function withoutHello(text: string): string {
  const rest = text.replace(/^(hi|hello|hej|hallo|bonjour|καλησπέρα|مرحبًا)( \S+)?[!,،] */i, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
