import { actions } from '../actions/registry.ts';
import { useT, type Key } from '../i18n/index.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { Keys } from '../ui/Keys.tsx';
import { closePalette } from './palette.ts';
import styles from './Help.module.css';

const EXTRA: { name: Key; keys: string; group: Key }[] = [
  { name: 'help.open', keys: 'enter', group: 'actions.navigate' },
  { name: 'help.send', keys: 'mod+enter', group: 'actions.write' },
  { name: 'help.channel', keys: 'alt+down', group: 'actions.write' },
];

export function Help() {
  const t = useT();
  const rows = [...actions.flatMap(({ name, keys, group }) => (keys?.[0] ? [{ name, keys: keys[0], group }] : [])), ...EXTRA];
  const groups = [...new Set(rows.map((row) => row.group))];
  return (
    <Dialog title={t('help.title')} wide onClose={closePalette}>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl>
              {rows
                .filter((row) => row.group === group)
                .map((row) => (
                  <div key={row.name}>
                    <dt>{t(row.name)}</dt>
                    <dd>
                      <Keys keys={row.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
