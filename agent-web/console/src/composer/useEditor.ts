import { useEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import type RichText from './rich/RichText.tsx';

let loaded: typeof RichText | null = null;

/** The editor for a way that shows more than plain text. Until it is here, and where it cannot be loaded, one types into the text
 * box; it takes the caret over with the words, but for what an input method is about to write. */
export function useEditor(wanted: boolean, area: RefObject<HTMLTextAreaElement | null>) {
  const [Editor, setEditor] = useState<typeof RichText | null>(() => loaded);
  const caret = useRef<number | null>(null);
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
    caret.current = element && document.activeElement === element ? element.selectionStart : null;
    // At once, so that no key falls between the two.
    flushSync(() => setEditor(() => loaded));
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
  // The focus was here before the way was known.
  useEffect(() => {
    if (wanted && !Editor && document.activeElement === area.current) load();
  });
  return { Editor: wanted ? Editor : null, caret: caret.current, load };
}
