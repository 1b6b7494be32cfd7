// The widget on the page: launcher, peek, panel. Lives in a shadow root; the page's styles and keys do not meet ours.
import type { ChatMessage } from '@throughline/protocol';
import { initials } from '@throughline/protocol/browser';
import type { Chat } from './chat.ts';
import { paint } from './colour.ts';
import { Composer } from './composer.ts';
import { h, icon, say, set } from './dom.ts';
import { EmailCard } from './email.ts';
import { Log } from './log.ts';
import type { Options } from './options.ts';
import { css } from './style/index.ts';
import { chooseLanguage, type Words, wordsOf } from './words.ts';

const NEAR_END_PX = 48;
const FIRST_LOOK_MS = 2_500;
const PHONE = '(max-width: 480px)';

export interface ViewEvents {
  opened: () => void;
  closed: () => void;
}

function addStyle(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(h('style', {}, css));
  }
}

export class View {
  private readonly chat: Chat;
  private readonly options: Options;
  private readonly events: ViewEvents;
  private readonly words: Words;
  private readonly language: string;
  private readonly host = document.createElement('throughline-chat');
  private readonly root: HTMLElement;
  private readonly launcher: HTMLButtonElement;
  private readonly badge = h('span', { class: 'badge', 'aria-hidden': 'true' });
  private readonly peek = h('div', { class: 'peek', hidden: true });
  private readonly announcer = h('div', { class: 'hidden', role: 'status' });
  private panel: Panel | null = null;
  private isOpen = false;
  private peeked: ChatMessage | null = null;
  private shownAnyway = false;

  constructor(chat: Chat, options: Options, events: ViewEvents) {
    this.chat = chat;
    this.options = options;
    this.events = events;
    this.language = chooseLanguage(options.language, document.documentElement.lang, navigator.languages);
    this.words = wordsOf(this.language);
    this.launcher = h(
      'button',
      { type: 'button', class: 'launcher', 'aria-expanded': 'false', 'aria-haspopup': 'dialog', click: () => (this.isOpen ? this.close() : this.open()) },
      icon('chat'),
      icon('down'),
      this.badge,
    );
    this.root = h('div', { class: 'root', lang: this.language }, h('span', { class: 'swatch' }), this.peek, this.launcher, this.announcer);
    const shadow = this.host.attachShadow({ mode: 'open' });
    addStyle(shadow);
    shadow.append(this.root);
    // Shortcuts of the page are not for what is typed here.
    for (const type of ['keydown', 'keypress', 'keyup'] as const) this.host.addEventListener(type, (event) => event.stopPropagation());
    this.root.addEventListener('keydown', (event) => this.key(event));
    this.followPage();
    chat.on('change', () => this.render());
    chat.on('message', (message) => message && this.arrived(message));
    window.setTimeout(() => {
      this.shownAnyway = true;
      this.render();
    }, FIRST_LOOK_MS);
    this.render();
    this.restore();
  }

  open(text = ''): void {
    this.show(true);
    if (text) this.panel?.composer.write(text);
  }

  close(): void {
    if (!this.isOpen) return;
    const hadFocus = this.host.shadowRoot?.activeElement;
    this.isOpen = false;
    this.panel?.hide();
    this.remember();
    this.render();
    if (hadFocus) this.launcher.focus();
    this.events.closed();
  }

  empty(): void {
    this.panel?.composer.empty();
  }

  private show(withFocus: boolean): void {
    if (this.isOpen) {
      if (withFocus) this.panel?.focus();
      return;
    }
    if (!this.panel) {
      this.panel = new Panel(this.chat, this.words, this.language, () => this.close());
      this.root.append(this.panel.element);
    }
    this.isOpen = true;
    this.peeked = null;
    this.setDirection();
    this.render();
    this.panel.appear();
    if (withFocus) this.panel.focus();
    this.remember();
    this.events.opened();
  }

  /** Open stays open on the next page, but not over a whole phone. */
  private restore(): void {
    let before: string | null = null;
    try {
      before = sessionStorage.getItem(`throughline:${this.options.channel}:open`);
    } catch {
      // Blocked: it begins closed.
    }
    if (before === 'yes' ? !matchMedia(PHONE).matches : before === null && this.options.open) this.show(false);
  }

  private remember(): void {
    try {
      sessionStorage.setItem(`throughline:${this.options.channel}:open`, this.isOpen ? 'yes' : 'no');
    } catch {
      // Blocked: the next page begins closed.
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing || !this.isOpen) return;
    event.preventDefault();
    this.close();
  }

  private setDirection(): void {
    const direction = getComputedStyle(document.documentElement).direction;
    const { position } = this.options;
    const end = direction === 'rtl' ? 'left' : 'right';
    set(this.root, 'dir', direction);
    set(this.root, 'data-side', position === 'end' ? end : position);
  }

  private followPage(): void {
    const place = (): void => {
      if (document.body && !this.host.isConnected) document.body.append(this.host);
      this.setDirection();
    };
    const theme = (): void => {
      const dark = this.options.theme === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : this.options.theme === 'dark';
      this.root.classList.toggle('dark', dark);
    };
    place();
    theme();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', theme);
    // Sites that change pages without loading them replace the body or what is in it.
    const observer = new MutationObserver(() => this.host.isConnected || (place(), observe()));
    const observe = (): void => {
      observer.disconnect();
      observer.observe(document.documentElement, { childList: true });
      if (document.body) observer.observe(document.body, { childList: true });
    };
    observe();
    const height = (): void => this.root.style.setProperty('--height', `${window.visualViewport?.height ?? innerHeight}px`);
    window.visualViewport?.addEventListener('resize', height);
    height();
    document.addEventListener('visibilitychange', () => this.render());
  }

  private arrived(message: ChatMessage): void {
    if (this.isOpen && document.visibilityState === 'visible') return;
    this.peeked = message;
    this.announcer.textContent = this.words.newFrom(message.author_name ?? this.words.team);
    this.render();
  }

  private render(): void {
    const { chat, words } = this;
    paint(this.root, [chat.look?.accent, this.options.accent]);
    set(this.root, 'hidden', chat.link.phase === 'refused' ? !this.isOpen : !chat.look && !this.shownAnyway && !this.isOpen);
    this.root.classList.toggle('open', this.isOpen);
    this.panel?.render(this.isOpen);
    const unread = chat.unread().length;
    set(this.launcher, 'aria-expanded', String(this.isOpen));
    set(this.launcher, 'aria-label', this.isOpen ? words.close : unread ? `${words.open} (${words.unread(unread)})` : words.open);
    set(this.badge, 'data-count', unread > 99 ? '99+' : unread); // drawn by the style: the button's label says it in words
    set(this.badge, 'hidden', unread === 0 || this.isOpen);
    if (!unread) this.peeked = null;
    this.drawPeek();
  }

  private drawPeek(): void {
    const message = this.isOpen ? null : this.peeked;
    set(this.peek, 'hidden', !message);
    if (!message || this.peek.dataset['id'] === message.id) return;
    this.peek.dataset['id'] = message.id;
    const name = message.author_name ?? this.words.team;
    const dismiss = (): void => {
      this.peeked = null;
      this.render();
      this.launcher.focus();
    };
    this.peek.replaceChildren(
      h(
        'button',
        { type: 'button', class: 'peek-open', click: () => this.open() },
        h('span', { class: 'face', 'aria-hidden': 'true' }, initials(name)),
        h(
          'span',
          { class: 'peek-words' },
          h('b', {}, name, message.bot && h('span', { class: 'bot' }, this.words.bot)),
          h('span', { class: 'peek-text', dir: 'auto' }, message.text || message.attachments?.[0]?.name || ''),
        ),
      ),
      h('button', { type: 'button', class: 'round', 'aria-label': this.words.remove, click: dismiss }, icon('close')),
    );
  }
}

class Panel {
  readonly element: HTMLElement;
  readonly composer: Composer;
  private readonly chat: Chat;
  private readonly words: Words;
  private readonly log: Log;
  private readonly email: EmailCard;
  private readonly title = h('h2', { class: 'title', id: 'title' });
  private readonly presence = h('p', { class: 'presence', role: 'status' });
  private readonly notice = h('p', { class: 'notice', role: 'status' });
  private readonly typing = h('div', { class: 'typing', role: 'status' });
  private readonly newer: HTMLButtonElement;
  private readonly about: HTMLElement;
  private readonly aboutButton: HTMLButtonElement;
  private readonly heading: HTMLElement;
  private open = false;
  private atEnd = true;

  constructor(chat: Chat, words: Words, language: string, close: () => void) {
    this.chat = chat;
    this.words = words;
    this.log = new Log(chat, words, language);
    this.composer = new Composer(chat, words, language);
    this.email = new EmailCard(chat, words);
    this.about = new About(
      chat,
      words,
      () => this.toggleAbout(false),
      () => this.composer.empty(),
    ).element;
    this.newer = h('button', { type: 'button', class: 'newer', hidden: true, click: () => this.toEnd() }, icon('down'), words.newer);
    this.aboutButton = h(
      'button',
      {
        type: 'button',
        class: 'round',
        'aria-label': words.about,
        title: words.about,
        'aria-expanded': 'false',
        click: () => this.toggleAbout(this.about.hidden === true),
      },
      icon('info'),
    );
    this.heading = h(
      'header',
      { class: 'head', tabindex: -1 },
      h('div', { class: 'names' }, this.title, this.presence),
      this.aboutButton,
      h('button', { type: 'button', class: 'round', 'aria-label': words.close, title: words.close, click: close }, icon('close')),
    );
    this.element = h(
      'section',
      { class: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
      this.heading,
      this.about,
      h(
        'div',
        { class: 'talk' },
        this.notice,
        h('div', { class: 'scroll' }, this.log.element, this.newer),
        this.typing,
        this.email.element,
        this.composer.element,
      ),
    );
    this.log.element.addEventListener('scroll', () => this.scrolled(), { passive: true });
    const sizes = new ResizeObserver(() => this.atEnd && this.toEnd());
    sizes.observe(this.log.element);
    sizes.observe(this.log.items);
    this.acceptDrops();
  }

  appear(): void {
    this.composer.fit();
    this.toEnd();
  }

  hide(): void {
    this.email.leave();
    this.toggleAbout(false);
    this.chat.types('');
  }

  /** On a phone the keyboard would cover what is to be read first. */
  focus(): void {
    if (matchMedia('(pointer: coarse)').matches) this.heading.focus({ preventScroll: true });
    else this.composer.text.focus({ preventScroll: true });
  }

  render(open: boolean): void {
    const { chat, words } = this;
    this.open = open;
    set(this.element, 'hidden', !open);
    const { phase } = chat.link;
    const live = phase === 'live';
    say(this.title, chat.look?.title || words.title);
    say(this.presence, live ? (chat.online ? words.here : words.away) : words.connecting);
    this.presence.className = `presence ${live && chat.online ? 'here' : ''}`;
    say(this.notice, phase === 'refused' ? words.refused : phase === 'away' || !navigator.onLine ? words.waiting : '');
    set(this.notice, 'hidden', !this.notice.textContent);
    set(this.presence, 'hidden', phase === 'refused');
    set(this.typing, 'hidden', chat.typing === null);
    if (chat.typing === null) this.typing.replaceChildren();
    else if (!this.typing.firstChild)
      this.typing.append(h('span', { class: 'dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), h('span', {}, words.types(chat.typing)));
    const end = this.atEnd;
    this.log.render();
    this.email.render();
    this.composer.render();
    if (!open) return;
    if (end || chat.waiting().length) this.toEnd();
    else set(this.newer, 'hidden', !chat.unread().length);
    this.see();
  }

  private see(): void {
    if (this.open && this.atEnd && document.visibilityState === 'visible') this.chat.seen();
  }

  private toEnd(): void {
    const { element } = this.log;
    element.scrollTop = element.scrollHeight;
    this.atEnd = true;
    this.newer.hidden = true;
    this.see();
  }

  private scrolled(): void {
    const { element } = this.log;
    this.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (!this.atEnd) return;
    this.newer.hidden = true;
    this.see();
  }

  private toggleAbout(shown: boolean): void {
    set(this.about.querySelector('.about-typing')!, 'hidden', !this.chat.previews);
    this.about.hidden = !shown;
    this.element.classList.toggle('telling', shown);
    set(this.aboutButton, 'aria-expanded', String(shown));
    if (shown) this.about.focus();
    else if (this.open) this.aboutButton.focus();
  }

  private acceptDrops(): void {
    const over = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      this.element.classList.toggle('dropping', event.type === 'dragover');
      if (event.type === 'drop') this.composer.addFiles(event.dataTransfer.files);
    };
    for (const type of ['dragover', 'dragleave', 'drop'] as const) this.element.addEventListener(type, over);
    this.element.dataset['drop'] = this.words.drop;
  }
}

/** What is kept, and the way to be rid of it. */
class About {
  readonly element: HTMLElement;

  constructor(chat: Chat, words: Words, done: () => void, forgotten: () => void) {
    const sure = h(
      'div',
      { class: 'sure', hidden: true },
      h('p', {}, words.forgetSure),
      h('button', { type: 'button', class: 'solid', click: () => (chat.forget(), forgotten(), reset(), done()) }, words.forgetYes),
      h('button', { type: 'button', class: 'quiet', click: () => reset() }, words.back),
    );
    const ask = h(
      'button',
      { type: 'button', class: 'quiet', click: () => ((ask.hidden = true), (sure.hidden = false), sure.querySelector('button')?.focus()) },
      words.forget,
    );
    const reset = (): void => {
      ask.hidden = false;
      sure.hidden = true;
      ask.focus();
    };
    this.element = h(
      'div',
      { class: 'about', hidden: true, tabindex: -1, role: 'region', 'aria-label': words.about },
      h('h3', {}, words.about),
      h('p', {}, words.aboutText),
      chat.options.context && h('p', {}, words.aboutContext),
      h('p', { class: 'about-typing', hidden: true }, words.aboutTyping),
      ask,
      sure,
      h('button', { type: 'button', class: 'quiet', click: done }, words.back),
    );
  }
}
