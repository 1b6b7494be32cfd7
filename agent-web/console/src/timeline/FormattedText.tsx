import { createElement, memo, useState, type ReactNode } from 'react';
import { richOf, type Rich } from '@throughline/protocol/browser';
import { useT } from '../i18n/index.ts';
import { LinkedText } from './LinkedText.tsx';
import folded from './FoldedText.module.css';
import styles from './FormattedText.module.css';

const LONG = 2000;

/** An answer with its bold words, lists and links, as who received it sees them. */
export const FormattedText = memo(function FormattedText({ html, at = null }: { html: string; at?: string | null }) {
  const t = useT();
  const [whole, setWhole] = useState(false);
  const cut = !whole && html.length > LONG;
  return (
    <>
      <div className={styles.formatted} data-cut={cut || undefined} dir="auto">
        {nodesOf(richOf(html), at, false)}
      </div>
      {cut && (
        <button type="button" className={folded.more} onClick={() => setWhole(true)}>
          {t('text.show_all')}
        </button>
      )}
    </>
  );
});

/** Numbers of orders and addresses are links as in plain text, but not within links and code. */
function nodesOf(all: readonly Rich[], at: string | null, asItIs: boolean): ReactNode[] {
  return all.map((one, index) => {
    if (typeof one === 'string') return asItIs || one.trim() === '' ? one : <LinkedText key={index} text={one} at={at} />;
    const { name, href, start } = one;
    const link = href !== undefined ? { href, target: '_blank', rel: 'noopener noreferrer' } : {};
    const inner = name === 'br' ? [] : nodesOf(one.within, at, asItIs || name === 'a' || name === 'code');
    return createElement(name, { key: index, ...link, ...(start !== undefined && start !== 1 ? { start } : {}) }, ...inner);
  });
}
