// Nothing listens because it was imported: what listens to the address, the browser and the server begins here, in this
// order. The connection is opened last, by the session.
import { startDrafts } from '../composer/drafts.ts';
import { startSending } from '../composer/sending.ts';
import { startSynced } from '../composer/synced.ts';
import { startUploads } from '../composer/uploads.ts';
import { startConnection } from '../connection/client.ts';
import { startDirectory } from '../directory/directory.ts';
import { startHints } from '../identity/hints.ts';
import { startWords } from '../i18n/index.ts';
import { startNow } from '../lib/now.ts';
import { startAttributes } from '../person/facts.ts';
import { startAssigned } from '../queue/assigned.ts';
import { startQueue } from '../queue/queue.ts';
import { resume, startSession } from '../session/session.ts';
import { startPeople } from '../timeline/person.ts';
import { startStretch } from '../timeline/stretch.ts';
import { startLastKnown } from './lastKnown.ts';
import { startParts } from './parts.ts';
import { startPreferences } from './preferences.ts';
import { startRoute } from './route.ts';
import { startWorker } from './worker.ts';

/** Gives what to wait for before the first drawing. */
export function start(): Promise<void> {
  startWords();
  const words = startPreferences();
  startNow();
  startRoute();
  startConnection();
  startSession();
  startDirectory();
  startAssigned();
  startQueue();
  startPeople();
  startHints();
  startStretch();
  startSending();
  startUploads();
  startDrafts();
  startSynced();
  startParts();
  startAttributes();
  startLastKnown();
  startWorker();
  void resume();
  return words;
}
