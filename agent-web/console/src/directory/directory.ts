// Colleagues and channels by id: names for everything that carries only an id.
import type { Agent, Channel } from '@throughline/protocol';
import { call, client } from '../connection/client.ts';
import { Store, useStore } from '../lib/store.ts';

interface Directory {
  agents: readonly Agent[];
  channels: readonly Channel[];
  agentById: ReadonlyMap<string, Agent>;
  channelById: ReadonlyMap<string, Channel>;
}

export const directory = new Store<Directory>({ agents: [], channels: [], agentById: new Map(), channelById: new Map() });

const byId = <T extends { id: string }>(rows: readonly T[]) => new Map(rows.map((row) => [row.id, row]));

/** As they were last known. */
export const fillDirectory = ({ agents, channels }: Pick<Directory, 'agents' | 'channels'>): void =>
  directory.set({ agents, channels, agentById: byId(agents), channelById: byId(channels) });

export async function loadAgents(): Promise<void> {
  const { agents } = await call('agent.list', {});
  directory.patch({ agents, agentById: byId(agents) });
}

export async function loadChannels(): Promise<void> {
  const { channels } = await call('channel.list', {});
  directory.patch({ channels, channelById: byId(channels) });
}

export function startDirectory(): void {
  client.onOpen(async () => {
    await Promise.all([loadAgents(), loadChannels()]);
  });
  client.on('reload', ({ what }) => {
    if (what === 'agents') loadAgents().catch(() => undefined);
    if (what === 'channels') loadChannels().catch(() => undefined);
  });
}

export const useDirectory = (): Directory => useStore(directory);
export const agentName = (id: string | null): string | null => (id ? (directory.get().agentById.get(id)?.name ?? null) : null);
