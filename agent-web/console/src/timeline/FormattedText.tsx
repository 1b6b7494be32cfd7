import { createElement, memo, useState, type ReactNode } from 'react';
import type { Attachment } from '@throughline/protocol';
import { richOf, type Picture, type Rich } from '@throughline/protocol/browser';
import { useT } from '../i18n/index.ts';
import { LinkedText } from './LinkedText.tsx';
import { pictureOf } from './mailRules.ts';
import { openPicture } from './pictures.ts';
import folded from './FoldedText.module.css';
import styles from './FormattedText.module.css';

const LONG = 2000;
const NONE: readonly Attachment[] = [];

interface Props {
  html: string;
  at?: string | null;
  /** Those of the entry: pictures among them stand where it names them. */
  files?: readonly Attachment[];
}

/** An answer with its bold words, lists and links, as who received it sees them. */
export const FormattedText = memo(function FormattedText({ html, at = null, files = NONE }: Props) {
  const t = useT();
  const [whole, setWhole] = useState(false);
  const cut = !whole && html.length > LONG;
  return (
    <>
      <div className={styles.formatted} data-cut={cut || undefined} dir="auto">
        {nodesOf(richOf(html), { at, files }, false)}
      </div>
      {cut && (
        <button type="button" className={folded.more} onClick={() => setWhole(true)}>
          {t('text.show_all')}
        </button>
      )}
    </>
  );
});

interface Around {
  at: string | null;
  files: readonly Attachment[];
}

function InPlace({ cid, alt, files, linked }: Picture & { files: readonly Attachment[]; linked: boolean }) {
  const { source } = pictureOf(`cid:${cid}`, files, false);
  const file = files.find((one) => one.cid === cid);
  if (source === null || !file) return alt;
  const image = <img src={source} alt={alt} loading="lazy" />;
  return linked ? (
    image
  ) : (
    <button type="button" className={styles.picture} title={alt} onClick={() => openPicture(files, file)}>
      {image}
    </button>
  );
}

/** Numbers of orders and addresses are links as in plain text, but not within links and code. */
function nodesOf(all: readonly Rich[], around: Around, asItIs: boolean): ReactNode[] {
  return all.map((one, index) => {
    if (typeof one === 'string') return asItIs || one.trim() === '' ? one : <LinkedText key={index} text={one} at={around.at} />;
    const { name, href, start, picture } = one;
    if (picture) return <InPlace key={index} {...picture} files={around.files} linked={asItIs} />;
    const link = href !== undefined ? { href, target: '_blank', rel: 'noopener noreferrer' } : {};
    const inner = name === 'br' ? [] : nodesOf(one.within, around, asItIs || name === 'a' || name === 'code');
    return createElement(name, { key: index, ...link, ...(start !== undefined && start !== 1 ? { start } : {}) }, ...inner);
  });
}
