// Where the visitor writes: the text, the chosen files, send.
import type { Chat } from './chat.ts';
import { h, icon, set } from './dom.ts';
import { CHAT_FILES_MAX, UPLOAD_BYTES_MAX } from '@throughline/protocol';
import { sizeText, Upload } from './files.ts';
import { TEXT_MAX } from './text.ts';
import type { Words } from './words.ts';

const LINES_MAX_PX = 132;

export class Composer {
  readonly element: HTMLElement;
  readonly text: HTMLTextAreaElement;
  private readonly chat: Chat;
  private readonly words: Words;
  private readonly language: string;
  private readonly chips: HTMLElement;
  private readonly problem: HTMLElement;
  private readonly button: HTMLButtonElement;
  private uploads: Upload[] = [];
  private due = false; // sent by whoever writes, who has added no word and no file since

  constructor(chat: Chat, words: Words, language: string) {
    this.chat = chat;
    this.words = words;
    this.language = language;
    const chooser = h('input', { type: 'file', multiple: true, class: 'hidden', tabindex: -1, 'aria-hidden': 'true', change: () => this.chosen(chooser) });
    this.text = h('textarea', {
      rows: 1,
      maxlength: TEXT_MAX,
      dir: 'auto',
      placeholder: words.write,
      'aria-label': words.write,
      enterkeyhint: 'send',
      input: () => this.edited(),
      keydown: (event: KeyboardEvent) => this.key(event),
      paste: (event: ClipboardEvent) => this.pasted(event),
      blur: () => chat.types(''),
    });
    this.text.value = chat.draft;
    this.button = h('button', { type: 'submit', class: 'send', 'aria-label': words.send, title: words.send }, icon('send'));
    const attach = h('button', { type: 'button', class: 'round', 'aria-label': words.attach, title: words.attach, click: () => chooser.click() }, icon('clip'));
    this.chips = h('ul', { class: 'chips', hidden: true });
    this.problem = h('p', { class: 'problem', role: 'alert' });
    this.element = h(
      'form',
      { class: 'composer', submit: (event: Event) => this.submit(event) },
      this.chips,
      this.problem,
      h('div', { class: 'line' }, attach, this.text, this.button, chooser),
    );
    this.draw();
  }

  /** The connection or the height may have changed. */
  render(): void {
    for (const upload of this.uploads) upload.start();
    this.draw();
  }

  write(text: string): void {
    if (this.text.value.trim()) return;
    this.text.value = text;
    this.edited();
  }

  empty(): void {
    this.text.value = '';
    for (const upload of this.uploads) upload.cancel();
    this.uploads = [];
    this.draw();
  }

  fit(): void {
    this.text.style.height = 'auto';
    this.text.style.height = `${Math.min(this.text.scrollHeight, LINES_MAX_PX)}px`;
  }

  addFiles(files: Iterable<File>): void {
    this.problem.textContent = '';
    this.due = false;
    for (const file of files) {
      if (this.uploads.length >= CHAT_FILES_MAX) {
        this.problem.textContent = this.words.fileMany(CHAT_FILES_MAX);
        break;
      }
      const upload = new Upload(this.chat, file, () => this.moved());
      this.uploads.push(upload);
      upload.start();
    }
    this.draw();
  }

  private chosen(chooser: HTMLInputElement): void {
    this.addFiles(chooser.files ?? []);
    chooser.value = '';
    this.text.focus();
  }

  private pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.addFiles(files);
  }

  private edited(): void {
    this.chat.draft = this.text.value;
    this.chat.types(this.text.value);
    this.due = false;
    this.fit();
    this.draw();
  }

  /** Enter that ends a composition belongs to the input method; 229 is what old browsers tell of it. */
  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.element.dispatchEvent(new Event('submit', { cancelable: true }));
  }

  /** Without a file that is shown nothing leaves: it is on its way yet, tried again, or removed. */
  private get ready(): boolean {
    return this.uploads.every((upload) => upload.ref) && (this.uploads.length > 0 || !!this.text.value.trim());
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.due = true;
    this.moved();
    this.text.focus();
  }

  /** What is due leaves with its files, as soon as they are there. */
  private moved(): void {
    if (!this.due || !this.ready) return this.draw();
    this.chat.send(
      this.text.value,
      this.uploads.flatMap((upload) => upload.ref ?? []),
    );
    this.chat.draft = '';
    this.empty();
    this.fit();
  }

  private draw(): void {
    set(this.button, 'aria-disabled', this.ready ? null : 'true');
    set(this.chips, 'hidden', this.uploads.length === 0);
    this.chips.replaceChildren(...this.uploads.map((upload) => this.chip(upload)));
  }

  /** A picture in small; where the page's policy does not let it through, what all files have. */
  private mark(upload: Upload): Element {
    if (!upload.thumbnail) return icon('file');
    const picture = h('img', { class: 'thumb', src: upload.thumbnail, alt: '', error: () => picture.replaceWith(icon('file')) });
    return picture;
  }

  private chip(upload: Upload): HTMLElement {
    const { words } = this;
    const states: Record<Upload['state'], string> = {
      waiting: words.fileWaits,
      sending: words.uploading(Math.round(upload.progress * 100)),
      done: sizeText(upload.file.size, this.language),
      failed: words.fileFailed,
      too_large: words.fileLarge(sizeText(UPLOAD_BYTES_MAX, this.language)),
    };
    const remove = (): void => {
      upload.cancel();
      this.uploads = this.uploads.filter((each) => each !== upload);
      this.draw();
      this.text.focus();
    };
    const bar = h('span', { class: 'bar' });
    bar.style.inlineSize = `${upload.state === 'done' ? 100 : upload.progress * 100}%`;
    return h(
      'li',
      { class: `chip ${upload.state}` },
      this.mark(upload),
      h('span', { class: 'file-name' }, upload.name),
      h('span', { class: 'file-size' }, states[upload.state]),
      upload.state === 'failed' && h('button', { type: 'button', class: 'quiet', click: () => upload.again() }, words.again),
      h('button', { type: 'button', class: 'round small', 'aria-label': words.removeFile(upload.name), click: remove }, icon('close')),
      upload.state === 'sending' && bar,
    );
  }
}
