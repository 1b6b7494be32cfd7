import { Ellipsis } from 'lucide-react';
import type { Entry } from '@throughline/protocol';
import { entryActions } from '../actions/entry.ts';
import { attempt } from '../actions/remote.ts';
import { customerOf, route } from '../app/route.ts';
import { useT } from '../i18n/index.ts';
import { me } from '../session/session.ts';
import { Button } from '../ui/Button.tsx';
import { LightMenu } from '../ui/Light.tsx';
import { Details } from './Details.tsx';

/** What is known of an entry, and what can be done with it. */
export function EntryTools({ entry }: { entry: Entry }) {
  return (
    <>
      {!entry.closed && <Details entry={entry} />}
      <EntryMenu entry={entry} />
    </>
  );
}

function EntryMenu({ entry }: { entry: Entry }) {
  const t = useT();
  const customerId = customerOf(route.get());
  if (!customerId) return null;
  const context = { entry, customerId, agent: me() };
  const items = entryActions
    .filter((action) => action.when(context))
    .map((action) => ({ id: action.id, name: t(action.name), icon: action.icon, run: () => attempt(action, context) }));
  return (
    <LightMenu items={items} align="end">
      <Button icon={Ellipsis} look="quiet" small aria-label={t('entry.more')} title={t('entry.more')} />
    </LightMenu>
  );
}
