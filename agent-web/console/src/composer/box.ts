/** Where an answer is typed: a text box, or the editor of a channel that shows more than plain text. */
export interface Box {
  focus: () => void;
  blur: () => void;
  /** What stands in this line before the caret. */
  before: () => string;
  /** At the caret, in place of so many characters before it. */
  insert: (text: string, instead?: number) => void;
  /** Puts a picture there, one of the answer's files. False: none can stand among these words. */
  place: (cid: string, name: string) => boolean;
}

/** A key as both know it. True: it is dealt with. */
export type OnKey = (event: globalThis.KeyboardEvent) => boolean;

export function textBox(element: HTMLTextAreaElement): Box {
  return {
    focus: () => element.focus(),
    blur: () => element.blur(),
    before: () => element.value.slice(0, element.selectionStart).split('\n').at(-1) ?? '',
    insert: (text, instead = 0) => {
      element.focus();
      const end = element.selectionEnd;
      element.setRangeText(text, Math.max(0, element.selectionStart - instead), end, 'end');
      element.dispatchEvent(new InputEvent('input', { bubbles: true, data: text }));
    },
    place: () => false,
  };
}
