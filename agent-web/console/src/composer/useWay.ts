import { useEffect, useEffectEvent, useState } from 'react';
import type { Way } from '@throughline/protocol';
import { useNow } from '../lib/now.ts';
import type { Person } from '../timeline/person.ts';
import type { Draft } from './drafts.ts';
import { chooseWay } from './ways.ts';

const keyOf = ({ identity_id, channel_id }: Way): string => `${identity_id} ${channel_id}`;

/** By what the answer goes. What is best may change with who comes and goes; under an answer that is being written it does not. */
export function useWay(person: Person, draft: Draft): Way | null {
  const now = useNow();
  const [begun, setBegun] = useState<string | null>(null);
  const ways = person.ways ?? [];
  const best = chooseWay(ways, draft, { here: person.presence?.visitor_here ?? false, now });
  const written = draft.text !== '';
  const hold = useEffectEvent(() => setBegun(written && best ? keyOf(best) : null));
  useEffect(() => hold(), [written, person.id]);
  const kept = written && !draft.way ? ways.find((way) => way.usable && keyOf(way) === begun) : undefined;
  return kept ?? best;
}
