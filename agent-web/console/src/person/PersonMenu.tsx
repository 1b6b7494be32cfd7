import { Ellipsis } from 'lucide-react';
import { contextNow, useActionContext } from '../actions/action.ts';
import { personActions } from '../actions/person.ts';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';

/** All that can be done with the person as a whole. */
export function PersonMenu() {
  const t = useT();
  const context = useActionContext();
  const items = personActions
    .filter((action) => action.id !== 'filter' && action.when(context))
    .map(({ id, name, icon, keys, run }) => ({ id, name: t(name), icon, keys: keys?.[0], run: () => run(contextNow()) }));
  return (
    <Menu items={items} align="end">
      <Button icon={Ellipsis} look="quiet" small aria-label={t('person.menu')} title={t('person.menu')} />
    </Menu>
  );
}
