// The messages as they are drawn: days, groups, bubbles, files, what waits.
import type { ChatMessage } from '@throughline/protocol';
import type { Chat } from './chat.ts';
import { arrange, type Child, h, icon } from './dom.ts';
import { clock, localeOf } from './locale.ts';
import { contentOf, fileRef, isPicture, save, sizeText } from './files.ts';
import { initials, pieces, type Rich, richOf } from '@throughline/protocol/browser';
import type { FileRef, Outgoing } from './outbox.ts';
import type { Words } from './words.ts';

const GROUP_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

interface Item {
  key: string;
  mine: boolean;
  author: string;
  /** A program's. */
  bot: boolean;
  text: string;
  /** Of a formatted answer. */
  html: string;
  files: FileRef[];
  at: number;
  /** Not acknowledged yet, or refused. */
  outgoing: Outgoing | null;
  version: number;
}

const ofMessage = (message: ChatMessage): Item => ({
  key: message.client_id ?? message.id,
  mine: message.mine,
  author: message.author_name ?? '',
  bot: message.bot ?? false,
  text: message.text ?? '',
  html: message.html ?? '',
  files: (message.attachments ?? []).map(fileRef),
  at: message.at ? Date.parse(message.at) : Date.now(),
  outgoing: null,
  version: message.version ?? 0,
});

const ofOutgoing = (outgoing: Outgoing): Item => ({
  key: outgoing.id,
  mine: true,
  author: '',
  bot: false,
  text: outgoing.text,
  html: '',
  files: outgoing.files,
  at: outgoing.writtenAt,
  outgoing,
  version: 0,
});

const dayOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

export class Log {
  readonly element: HTMLElement;
  /** Grows with the messages; the element around it scrolls. */
  readonly items = h('div');
  private readonly chat: Chat;
  private readonly words: Words;
  private readonly language: string;
  private readonly drawn = new Map<string, { signature: string; element: HTMLElement }>();

  constructor(chat: Chat, words: Words, language: string) {
    this.chat = chat;
    this.words = words;
    this.language = language;
    this.element = h('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': words.messages, tabindex: 0 }, this.items);
  }

  render(): void {
    const { chat, words } = this;
    const items = [...chat.history().map(ofMessage), ...chat.waiting().map(ofOutgoing)];
    const wanted: HTMLElement[] = [];
    const used = new Set<string>();
    const add = (key: string, signature: string, make: () => HTMLElement): void => {
      used.add(key);
      const known = this.drawn.get(key);
      if (known?.signature === signature) {
        wanted.push(known.element);
        return;
      }
      const element = make();
      // In place, so that a screen reader hears of one change and not of a removal and an addition.
      known?.element.replaceWith(element);
      this.drawn.set(key, { signature, element });
      wanted.push(element);
    };
    const { look } = chat;
    if (look?.greeting) add('greeting', look.greeting, () => this.greeting(look.greeting, look.title));
    items.forEach((item, i) => {
      const before = items[i - 1];
      const after = items[i + 1];
      if (!before || dayOf(before.at) !== dayOf(item.at))
        add(`day ${dayOf(item.at)}`, this.day(item.at), () => h('div', { class: 'day' }, h('span', {}, this.day(item.at))));
      const first = !this.together(before, item);
      const last = !this.together(item, after);
      const state = this.state(item, last && !after);
      add(item.key, [item.version, first, last, state, item.outgoing?.error].join(), () => this.row(item, first, last, state));
    });
    const last = items.at(-1);
    if (!chat.online && chat.link.phase === 'live' && (!last || last.mine)) {
      const text = look?.away || words.awayText;
      add('away', text, () => h('p', { class: 'system' }, text));
    }
    for (const key of this.drawn.keys()) if (!used.has(key)) this.drawn.delete(key);
    arrange(this.items, wanted);
  }

  private together(a: Item | undefined, b: Item | undefined): boolean {
    return !!a && !!b && a.mine === b.mine && a.author === b.author && a.bot === b.bot && b.at - a.at < GROUP_MS && dayOf(a.at) === dayOf(b.at);
  }

  private state(item: Item, isLast: boolean): string {
    const { words } = this;
    if (item.outgoing?.error) return '';
    if (item.outgoing) return this.chat.link.phase === 'live' ? words.sending : words.queued;
    return item.mine && isLast ? words.sent : '';
  }

  private day(at: number): string {
    const days = Math.round((dayOf(at) - dayOf(Date.now())) / DAY_MS);
    if (days > -2 && days < 1) {
      const text = new Intl.RelativeTimeFormat(this.language, { numeric: 'auto' }).format(days, 'day');
      return text.charAt(0).toUpperCase() + text.slice(1);
    }
    const sameYear = new Date(at).getFullYear() === new Date().getFullYear();
    return new Intl.DateTimeFormat(localeOf(this.language), { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(at);
  }

  private greeting(text: string, title: string): HTMLElement {
    return h('div', { class: 'row theirs first last' }, this.face(title), h('div', { class: 'stack' }, h('div', { class: 'bubble', dir: 'auto' }, text)));
  }

  private face(name: string): HTMLElement {
    return h('span', { class: 'face', 'aria-hidden': 'true' }, initials(name) || icon('chat'));
  }

  private row(item: Item, first: boolean, last: boolean, state: string): HTMLElement {
    const { words } = this;
    const author = item.author || words.team;
    const stack = h(
      'div',
      { class: 'stack' },
      first && !item.mine && h('span', { class: 'author' }, author, item.bot && h('span', { class: 'bot' }, words.bot)),
      item.mine && h('span', { class: 'hidden' }, `${words.you}: `),
      !first && !item.mine && h('span', { class: 'hidden' }, `${author}: `),
      ...item.files.map((file) => this.file(file)),
      item.text && this.bubble(item),
      item.outgoing?.error !== undefined && this.refused(item.outgoing),
      last && item.outgoing?.error === undefined && this.foot(item, state),
    );
    const classes = ['row', item.mine ? 'mine' : 'theirs', first && 'first', last && 'last', item.outgoing && 'pending', item.outgoing?.error && 'failed'];
    return h('div', { class: classes.filter(Boolean).join(' ') }, !item.mine && this.face(author), stack);
  }

  private bubble({ text, html }: Item): HTMLElement {
    const link = (href: string) => ({ href, target: '_blank', rel: 'noreferrer nofollow ugc' });
    const linked = (words: string): Child[] => pieces(words).map((piece) => (typeof piece === 'string' ? piece : h('a', link(piece.href), piece.text)));
    const nodes = (all: Rich[], asItIs = false): Child[] =>
      all.flatMap((one) =>
        typeof one === 'string'
          ? asItIs
            ? one
            : linked(one)
          : h(one.name as 'ol', { ...(one.href && link(one.href)), start: one.start }, ...nodes(one.within, asItIs || !!one.href)),
      );
    try {
      if (html) return h('div', { class: 'bubble rich', dir: 'auto' }, ...nodes(richOf(html)));
    } catch {
      // A page that wants Trusted Types lets nothing be taken apart: the plain text says the same.
    }
    return h('div', { class: 'bubble', dir: 'auto' }, ...linked(text));
  }

  private foot(item: Item, state: string): HTMLElement {
    const date = new Date(item.at);
    const time = clock(this.language).format(date);
    const exact = `${new Intl.DateTimeFormat(localeOf(this.language), { dateStyle: 'full' }).format(date)} ${time}`;
    return h('span', { class: 'foot' }, h('time', { datetime: date.toISOString(), title: exact }, time), state && ` · ${state}`);
  }

  private refused(outgoing: Outgoing): HTMLElement {
    const { chat, words } = this;
    return h(
      'div',
      { class: 'refused', role: 'alert' },
      h('span', {}, `${words.notSent} ${{ blocked: words.blocked, file_gone: words.fileGone }[outgoing.error ?? ''] ?? ''}`),
      h('button', { type: 'button', class: 'quiet', click: () => chat.tryAgain(outgoing.id) }, words.again),
      h('button', { type: 'button', class: 'quiet', click: () => chat.discard(outgoing.id) }, words.remove),
    );
  }

  private file(file: FileRef): HTMLElement {
    const { chat, words } = this;
    const why = { waiting: words.fileChecked, infected: words.fileInfected }[file.keptBack ?? ''];
    if (why) {
      return h('span', { class: 'file' }, icon('file'), h('span', { class: 'file-name' }, file.name), h('span', { class: 'file-size' }, why));
    }
    const fetchIt = (): void => void save(chat, file).catch(() => {});
    const chip = h(
      'button',
      { type: 'button', class: 'file', 'aria-label': words.save(file.name), click: fetchIt },
      icon('file'),
      h('span', { class: 'file-name' }, file.name),
      h('span', { class: 'file-size' }, sizeText(file.size, this.language)),
    );
    if (isPicture(file)) void this.picture(file, chip);
    return chip;
  }

  /** Stays a chip when the page's policy or the network does not let the picture through. */
  private async picture(file: FileRef, chip: HTMLElement): Promise<void> {
    try {
      const image = h('img', { class: 'picture', alt: file.name });
      image.src = await contentOf(this.chat, file);
      await image.decode();
      chip.replaceChildren(image);
      chip.classList.add('has-picture');
    } catch {
      // It is still there to be saved.
    }
  }
}
