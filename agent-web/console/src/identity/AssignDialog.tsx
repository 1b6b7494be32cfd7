import { UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { contextNow } from '../actions/action.ts';
import { assignChoices } from '../actions/conversation.ts';
import { useT } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choice, Lines } from '../ui/Field.tsx';
import styles from './form.module.css';

interface Props {
  /** Who was chosen already. */
  agentId: string | null;
  run: (agentId: string, note: string) => void;
  onClose: () => void;
}

/** Whose it shall be, and what they should know: one act. */
export function AssignDialog({ agentId, run, onClose }: Props) {
  const t = useT();
  const [agents] = useState(() => assignChoices(contextNow().agent, null).flatMap(({ id, name }) => (id === null ? [] : [{ value: id, name }])));
  const [to, setTo] = useState(agentId ?? agents[1]?.value ?? agents[0]?.value ?? '');
  const [note, setNote] = useState('');
  const submit = () => {
    onClose();
    run(to, note.trim());
  };
  return (
    <Dialog title={t('assign.note_title')} text={t('assign.note_hint')} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Choice label={t('palette.ask_assign')} value={to} options={agents} onChange={setTo} />
        <Lines
          label={t('assign.note_label')}
          rows={4}
          maxLength={5000}
          autoFocus
          value={note}
          onChange={(event) => setNote(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
        />
        <div className={styles.buttons}>
          <Button look="primary" type="submit" icon={UserRoundPlus} disabled={to === ''}>
            {t('assign.note_do')}
          </Button>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
