import type { SearchHit } from '@throughline/protocol';
import { personHref } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Marked } from '../ui/Marked.tsx';
import { When } from '../ui/When.tsx';
import { WhyHit } from './Why.tsx';
import styles from './SearchPage.module.css';

export function Hit({ customerId, hit }: { customerId: string; hit: SearchHit }) {
  const t = useT();
  const subject = hit.reasons.find(({ found_in }) => found_in === 'subject');
  return (
    <li>
      <a className={styles.hit} href={personHref(customerId, hit.entry_id)} data-stop>
        <ChannelIcon medium={hit.medium} size={14} />
        <span className={styles.told}>
          <span className={styles.words}>
            {hit.subject && hit.subject !== hit.snippet && (
              <b>
                <Marked text={hit.subject} marks={subject?.text === hit.subject ? subject.marks : []} />{' '}
              </b>
            )}
            <Marked text={hit.snippet ?? ''} marks={hit.marks} />
          </span>
          <WhyHit hit={hit} />
        </span>
        <span className={styles.kind}>{t(hit.direction === 'out' && hit.kind === 'message' ? 'search.answer' : `kind.${hit.kind}`)}</span>
        <When at={hit.occurred_at} className={styles.when} />
      </a>
    </li>
  );
}
