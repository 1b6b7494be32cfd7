import type { Medium } from '@throughline/protocol';
import { Tag, UserRound, X } from 'lucide-react';
import type { SearchFilter } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { toggled } from '../lib/toggled.ts';
import { knownTags } from '../person/facts.ts';
import { KINDS } from '../timeline/filter.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Days } from '../ui/Days.tsx';
import { listedMedia, mediumName } from '../ui/medium.ts';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import styles from './Filters.module.css';

interface Props {
  filter: SearchFilter;
  onChange: (filter: SearchFilter) => void;
}

const listed = (text: string | undefined): string[] => (text ? text.split(',') : []);
const withOrWithout = (text: string | undefined, one: string): string => toggled(listed(text), one).join(',');

/** By channel, kind, time, who answered, and tag. */
export function Filters({ filter, onChange }: Props) {
  const t = useT();
  const { agents } = useDirectory();
  const tags = useLoaded(knownTags);
  // What is empty is left out, so that the address holds only what narrows.
  const patch = (part: SearchFilter) => onChange(Object.fromEntries(Object.entries({ ...filter, ...part }).filter(([, value]) => value)) as SearchFilter);
  const media: MenuEntry[] = listedMedia().map((medium) => ({
    id: medium,
    name: mediumName(medium),
    icon: <ChannelIcon medium={medium} silent />,
    checked: listed(filter.by).includes(medium),
    stay: true,
    run: () => patch({ by: withOrWithout(filter.by, medium) }),
  }));
  const kinds: MenuEntry[] = KINDS.map((kind) => ({
    id: kind,
    name: t(`kind.${kind}`),
    checked: listed(filter.kind).includes(kind),
    stay: true,
    run: () => patch({ kind: withOrWithout(filter.kind, kind) }),
  }));
  const who: MenuEntry[] = agents.map(({ id, name }) => ({
    id,
    name,
    checked: filter.agent === id,
    run: () => patch({ agent: filter.agent === id ? '' : id }),
  }));
  const labels: MenuEntry[] = (tags.value ?? []).map((tag) => ({
    id: tag,
    name: tag,
    checked: filter.tag === tag,
    run: () => patch({ tag: filter.tag === tag ? '' : tag }),
  }));
  const agent = agents.find(({ id }) => id === filter.agent)?.name;
  return (
    <div className={styles.filters} role="group" aria-label={t('search.filters')}>
      <Menu items={media}>
        <Button small aria-pressed={!!filter.by}>
          {filter.by
            ? listed(filter.by)
                .map((one) => mediumName(one as Medium))
                .join(t('ui.comma'))
            : t('filter.channel')}
        </Button>
      </Menu>
      <Menu items={kinds}>
        <Button small aria-pressed={!!filter.kind}>
          {filter.kind
            ? KINDS.filter((kind) => listed(filter.kind).includes(kind))
                .map((kind) => t(`kind.${kind}`))
                .join(t('ui.comma'))
            : t('filter.kind')}
        </Button>
      </Menu>
      <Days from={filter.from ?? ''} to={filter.to ?? ''} onChange={patch} />
      <Menu items={who}>
        <Button small icon={UserRound} aria-pressed={!!filter.agent}>
          {agent ?? t('filter.agent')}
        </Button>
      </Menu>
      {labels.length > 0 && (
        <Menu items={labels}>
          <Button small icon={Tag} aria-pressed={!!filter.tag}>
            {filter.tag ?? t('filter.tag')}
          </Button>
        </Menu>
      )}
      {Object.keys(filter).length > 0 && (
        <Button small look="quiet" icon={X} onClick={() => onChange({})}>
          {t('filter.clear')}
        </Button>
      )}
    </div>
  );
}
