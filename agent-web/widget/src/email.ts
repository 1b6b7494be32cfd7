// Asks for an address, and only when an answer may not find the visitor here.
import type { Chat } from './chat.ts';
import { CallError } from './link.ts';
import { h, set } from './dom.ts';
import type { Words } from './words.ts';

/** Unanswered for so long, although somebody is there. */
const PATIENCE_MS = 90_000;

export class EmailCard {
  readonly element: HTMLElement;
  private readonly chat: Chat;
  private readonly words: Words;
  private readonly field: HTMLInputElement;
  private readonly problem: HTMLElement;
  private readonly form: HTMLElement;
  private readonly thanks: HTMLElement;
  private timer = 0;
  /** The visitor has gone away from an unanswered message once. */
  private left = false;
  private justLeft = false;

  constructor(chat: Chat, words: Words) {
    this.chat = chat;
    this.words = words;
    this.problem = h('p', { class: 'problem', role: 'alert', id: 'email-problem' });
    this.field = h('input', {
      type: 'email',
      name: 'email',
      autocomplete: 'email',
      dir: 'ltr',
      maxlength: 254,
      'aria-label': words.email,
      placeholder: words.email,
      'aria-describedby': 'email-problem',
    });
    this.form = h(
      'form',
      { class: 'card', novalidate: true, submit: (event: Event) => void this.submit(event) },
      h('p', { class: 'ask' }, words.emailAsk),
      h('p', { class: 'why' }, words.emailWhy),
      h('div', { class: 'line' }, this.field, h('button', { type: 'submit', class: 'solid' }, words.emailSave)),
      this.problem,
      h('button', { type: 'button', class: 'quiet', click: () => chat.declineEmail() }, words.emailNo),
    );
    this.thanks = h('p', { class: 'thanks' });
    this.element = h('div', { class: 'email', 'aria-live': 'polite' }, this.form, this.thanks);
  }

  leave(): void {
    this.left = this.left || this.unansweredSince() !== null;
  }

  render(): void {
    const { chat } = this;
    const ask = !chat.email && !chat.noEmail && this.isTime();
    set(this.form, 'hidden', !ask);
    set(this.thanks, 'hidden', !this.justLeft);
    set(this.element, 'hidden', !ask && !this.justLeft);
  }

  /** Since when the visitor waits for an answer; null: does not. */
  private unansweredSince(): number | null {
    const history = this.chat.history();
    let since: number | null = null;
    for (const message of history) since = message.mine ? (since ?? Date.parse(message.at ?? '')) : null;
    return since;
  }

  private isTime(): boolean {
    clearTimeout(this.timer);
    const since = this.unansweredSince();
    if (since === null) {
      this.left = false;
      return false;
    }
    if (this.chat.link.phase !== 'live') return false;
    const rest = since + PATIENCE_MS - Date.now();
    if (!this.chat.online || this.left || rest <= 0) return true;
    this.timer = window.setTimeout(() => this.render(), rest);
    return false;
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const email = this.field.value.trim();
    this.problem.textContent = '';
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
      this.refuse(this.words.emailBad);
      return;
    }
    try {
      await this.chat.leaveEmail(email);
      this.justLeft = true;
      this.thanks.textContent = this.words.emailThanks(email);
      this.render();
    } catch (error) {
      this.refuse(error instanceof CallError && error.field === 'email' ? this.words.emailBad : this.words.emailFailed);
    }
  }

  private refuse(text: string): void {
    this.problem.textContent = text;
    this.field.focus();
  }
}
