import type { Attribute, SearchHit, SearchReason } from '@throughline/protocol';
import { isKey, useT, type Translate } from '../i18n/index.ts';
import { useAttributes } from '../person/facts.ts';
import { Marked } from '../ui/Marked.tsx';
import styles from './SearchPage.module.css';

/** In what something was found. What administrators have named is said as they have. */
function placeWords({ found_in, name }: SearchReason, attributes: readonly Attribute[], t: Translate): string {
  const key = found_in === 'identity' ? `identity.${name}` : found_in === 'profile' ? `person.${name}` : `search.in.${found_in}`;
  const label = found_in === 'attribute' ? attributes.find((one) => one.key === name)?.label : undefined;
  return label ?? (isKey(key) ? t(key) : (name ?? found_in));
}

/** What the marks beside it say by themselves needs no words. */
const isPlain = (found_as: SearchReason['found_as']) => found_as === 'word' || found_as === 'beginning';

interface Props {
  reasons: readonly SearchReason[];
  /** Texts that are shown, and marked, already. */
  shown: readonly string[];
}

/** Why something was found: in what, what was found there, and how it agrees with what was asked for. */
function Why({ reasons, shown }: Props) {
  const t = useT();
  const attributes = useAttributes();
  return (
    <>
      {reasons.map((reason) => {
        const { found_in, found_as, name, text, marks } = reason;
        const told = text !== null && !shown.some((one) => one.includes(text));
        return (
          <small key={`${found_in} ${name} ${text}`} className={styles.why}>
            {placeWords(reason, attributes, t)}
            {told && (
              <>
                {t('search.colon')}
                <span>
                  <Marked text={text} marks={marks} />
                </span>
              </>
            )}
            {!isPlain(found_as) && t('search.as', { how: t(`search.as.${found_as}`) })}
          </small>
        );
      })}
    </>
  );
}

/** A name that is marked says why by itself. */
export const WhyPerson = ({ reasons, name }: { reasons: readonly SearchReason[]; name: string }) => (
  <Why reasons={reasons.filter((reason) => reason.found_in !== 'name' || !isPlain(reason.found_as))} shown={[name]} />
);

/** So do words that are marked in the text, or in the subject. */
export const WhyHit = ({ hit }: { hit: SearchHit }) => (
  <Why
    reasons={hit.reasons.filter((reason) => (reason.found_in !== 'text' && reason.found_in !== 'subject') || !isPlain(reason.found_as))}
    shown={[hit.snippet ?? '', hit.subject ?? '']}
  />
);
