// What a language file holds. A dialogue is lines that begin with who speaks: "C: " the customer, "A: " an agent,
// "N: " a note among colleagues. Placeholders: {first} {agent} {order} {item} {store} {track} {points} {tier} {day}.

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
