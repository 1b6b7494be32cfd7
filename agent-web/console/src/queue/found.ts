// The conversations that a search shows.
import type { Conversation } from '@throughline/protocol';
import { Store } from '../lib/store.ts';

export const found = new Store<readonly Conversation[]>([]);
