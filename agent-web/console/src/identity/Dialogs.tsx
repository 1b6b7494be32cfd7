import { closeDialog, type Asked } from '../app/dialogs.ts';
import { MailDialog } from '../timeline/MailDialog.tsx';
import { PictureDialog } from '../timeline/PictureDialog.tsx';
import { AssignDialog } from './AssignDialog.tsx';
import { BlockDialog } from './BlockDialog.tsx';
import { EraseEntryDialog } from './EraseEntryDialog.tsx';
import { ErasePersonDialog } from './ErasePersonDialog.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import { LogContactDialog } from './LogContactDialog.tsx';
import { LookedDialog } from './LookedDialog.tsx';
import { MergeDialog } from './MergeDialog.tsx';
import { MoveDialog } from './MoveDialog.tsx';
import { OriginsDialog } from './OriginsDialog.tsx';
import { RawDialog } from './RawDialog.tsx';
import { ShareDialog } from './ShareDialog.tsx';

export default function Dialogs({ asked }: { asked: Asked }) {
  const onClose = closeDialog;
  switch (asked.type) {
    case 'merge':
      return <MergeDialog key={asked.fromId} intoId={asked.intoId} fromId={asked.fromId} onClose={onClose} />;
    case 'origins':
      return <OriginsDialog customerId={asked.customerId} onClose={onClose} />;
    case 'share':
      return <ShareDialog customerId={asked.customerId} identity={asked.identity} onClose={onClose} />;
    case 'move':
      return <MoveDialog entry={asked.entry} customerId={asked.customerId} name={asked.name} onClose={onClose} />;
    case 'erase_entry':
      return <EraseEntryDialog entry={asked.entry} onClose={onClose} />;
    case 'raw':
      return <RawDialog entry={asked.entry} onClose={onClose} />;
    case 'mail':
      return <MailDialog of={asked.of} file={asked.file} onClose={onClose} />;
    case 'picture':
      return <PictureDialog pictures={asked.pictures} at={asked.at} onClose={onClose} />;
    case 'export':
      return <ExportDialog customerId={asked.customerId} name={asked.name} onClose={onClose} />;
    case 'erase_person':
      return <ErasePersonDialog customerId={asked.customerId} name={asked.name} onClose={onClose} />;
    case 'block':
      return <BlockDialog rows={asked.rows} many={asked.many} onClose={onClose} />;
    case 'assign':
      return <AssignDialog agentId={asked.agentId} run={asked.run} onClose={onClose} />;
    case 'log_contact':
      return <LogContactDialog customerId={asked.customerId} onClose={onClose} />;
    case 'looked':
      return <LookedDialog customerId={asked.customerId} name={asked.name} onClose={onClose} />;
  }
}
