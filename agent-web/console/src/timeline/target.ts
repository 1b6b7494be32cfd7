import { createContext, useContext } from 'react';

/** The entry that a link named: it is marked, and a folded group that holds it is open. */
export const Target = createContext<string | null>(null);
export const useTarget = (): string | null => useContext(Target);
