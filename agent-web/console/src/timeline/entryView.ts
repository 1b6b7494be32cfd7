import type { Entry } from '@throughline/protocol';
import type { ComponentType } from 'react';

/** `joined`: the same author goes on, so that the head line need not be repeated. */
export interface EntryProps {
  entry: Entry;
  joined: boolean;
}

export type EntryView = ComponentType<EntryProps>;
