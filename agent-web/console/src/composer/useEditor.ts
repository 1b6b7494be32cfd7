import { useEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import type RichText from './rich/RichText.tsx';

interface Shown {
  Editor: typeof RichText | null;
  /** Only for the one that takes over from the text box: another person's does not take the focus. */
  caret: number | null;
}

let loaded: typeof RichText | null = null;

/** The editor for a way that shows more than plain text. Until it is here, and where it cannot be loaded, one types into the text
 * box; it takes the caret over with the words, but for what an input method is about to write. */
export function useEditor(wanted: boolean, area: RefObject<HTMLTextAreaElement | null>) {
  const [shown, setShown] = useState<Shown>(() => ({ Editor: loaded, caret: null }));
  const { Editor, caret } = shown;
  const loading = useRef(false);
  const composing = useRef(false);

  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const begins = () => void (composing.current = true);
    const ends = () => void (composing.current = false);
    element.addEventListener('compositionstart', begins);
    element.addEventListener('compositionend', ends);
    return () => {
      element.removeEventListener('compositionstart', begins);
      element.removeEventListener('compositionend', ends);
    };
  }, [area, wanted]);

  const show = () => {
    const element = area.current;
    if (element && composing.current) return element.addEventListener('compositionend', () => setTimeout(show), { once: true });
    const at = element && document.activeElement === element ? element.selectionStart : null;
    // At once, so that no key falls between the two.
    flushSync(() => setShown({ Editor: loaded, caret: at }));
  };
  const load = () => {
    if (!wanted || loading.current || Editor) return;
    loading.current = true;
    import('./rich/RichText.tsx').then(
      (module) => {
        loaded = module.default;
        show();
      },
      () => (loading.current = false), // plain words can be sent all the same
    );
  };
  useEffect(() => {
    if (caret !== null) setShown((now) => ({ ...now, caret: null }));
  }, [caret]);
  // The focus was here before the way was known.
  useEffect(() => {
    if (wanted && !Editor && document.activeElement === area.current) load();
  });
  return { Editor: wanted ? Editor : null, caret, load };
}
