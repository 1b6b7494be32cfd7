import { GitBranchPlus, Scissors, Undo2, UserX, UsersRound } from 'lucide-react';
import { useState } from 'react';
import type { Customer, Distinction, Identity, Operation } from '@throughline/protocol';
import { uuid } from '@throughline/protocol/browser';
import { personHref } from '../app/route.ts';
import { call } from '../connection/client.ts';
import { agentName, useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { saidAll } from '../i18n/said.ts';
import { dateTime, millis } from '../lib/format.ts';
import { useAttempt } from '../lib/useAttempt.ts';
import { useLoaded } from '../lib/useLoaded.ts';
import { refreshPerson, usePerson } from '../timeline/person.ts';
import { Button } from '../ui/Button.tsx';
import { ChannelIcon } from '../ui/ChannelIcon.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { toast } from '../ui/toasts.ts';
import { goPerson } from '../app/route.ts';
import { unmerge, withdraw } from './merging.ts';
import { identityMedium, identityWords, ruleWords } from './words.ts';
import styles from './OriginsDialog.module.css';
import { nameOf, personName } from '../lib/personName.ts';

const whenOf = (iso: string | null) => (millis(iso) === null ? '' : dateTime(millis(iso)!));

/** Where a person's identities came from, by rule or by whom, and how each decision is taken back. */
export function OriginsDialog({ customerId, onClose }: { customerId: string; onClose: () => void }) {
  const t = useT();
  const customer = usePerson(customerId, (person) => person.customer);
  const version = customer?.identities.map(({ id }) => id).join() ?? '';
  const operations = useLoaded(() => call('customer.operations', { customer_id: customerId }), customerId + version);
  const distinctions = useLoaded(() => call('customer.distinctions', { customer_id: customerId }), customerId + version);
  const reload = () => {
    operations.reload();
    distinctions.reload();
  };
  if (!customer) return null;
  return (
    <Dialog title={t('origins.title', { name: nameOf(customer) })} text={t('origins.text')} wide onClose={onClose}>
      <SplitForm customer={customer} onDone={reload} />
      <Operations operations={operations.value?.operations ?? []} customerId={customerId} onDone={reload} />
      <Distinctions distinctions={distinctions.value?.distinctions ?? []} customerId={customerId} onDone={reload} />
    </Dialog>
  );
}

function SplitForm({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const t = useT();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [reason, setReason] = useState('');
  const [apart, setApart] = useState(true);
  const { busy, problem, onSubmit } = useAttempt();
  const { identities } = customer;
  const all = chosen.size === identities.length;
  const toggle = (id: string) => setChosen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  const submit = async () => {
    const operation = await call('customer.split', {
      client_id: uuid(),
      customer_id: customer.id,
      identity_ids: [...chosen],
      apart,
      ...(reason.trim() ? { reason: reason.trim() } : {}),
    });
    refreshPerson(customer.id);
    toast(t('split.done', { name: personName(operation.into_name) }), { name: t('merge.open_person'), run: () => goPerson(operation.into_id) });
    setChosen(new Set());
    setReason('');
    onDone();
  };
  return (
    <form onSubmit={onSubmit(submit)}>
      <ul className={styles.identities}>
        {identities.map((identity) => (
          <IdentityRow
            key={identity.id}
            identity={identity}
            chosen={chosen.has(identity.id)}
            only={identities.length === 1}
            onToggle={() => toggle(identity.id)}
          />
        ))}
      </ul>
      {chosen.size > 0 && (
        <div className={styles.split}>
          <Field label={t('merge.reason')} hint={t('split.reason_hint')} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          <label className={styles.tick}>
            <input type="checkbox" checked={apart} onChange={(event) => setApart(event.target.checked)} /> {t('split.apart')}
          </label>
          {all && <p className={styles.hint}>{t('split.all')}</p>}
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
          <Button look="primary" type="submit" icon={Scissors} disabled={busy || all}>
            {t('split.submit', { count: chosen.size })}
          </Button>
        </div>
      )}
    </form>
  );
}

function IdentityRow({ identity, chosen, only, onToggle }: { identity: Identity; chosen: boolean; only: boolean; onToggle: () => void }) {
  const t = useT();
  const { channelById } = useDirectory();
  const words = identityWords(identity);
  const by = identity.linked_by ? (agentName(identity.linked_by) ?? t('author.agent')) : t('origins.by_rule');
  const within = channelById.get(identity.channel_id ?? '')?.name;
  return (
    <li className={styles.identity} data-chosen={chosen || undefined}>
      <label>
        <input type="checkbox" checked={chosen} disabled={only} aria-label={t('split.choose', { identity: words })} onChange={onToggle} />
        <ChannelIcon medium={identityMedium(identity.kind)} />
        <span className={styles.main}>
          <b>{words}</b>
          <small>{[within, t(`proof.${identity.proof}`)].filter(Boolean).join(' · ')}</small>
        </span>
        <span className={styles.origin}>
          <b>{ruleWords(identity.rule)}</b>
          {identity.evidence.length > 0 && <small>{saidAll(identity.evidence)}</small>}
          <small>{[by, whenOf(identity.linked_at)].filter(Boolean).join(' · ')}</small>
        </span>
      </label>
    </li>
  );
}

function Operations({ operations, customerId, onDone }: { operations: readonly Operation[]; customerId: string; onDone: () => void }) {
  const t = useT();
  if (operations.length === 0) return null;
  return (
    <section className={styles.section}>
      <h3>{t('origins.operations')}</h3>
      <ul>
        {operations.toReversed().map((one) => (
          <OperationRow key={one.id} operation={one} customerId={customerId} onDone={onDone} />
        ))}
      </ul>
    </section>
  );
}

function OperationRow({ operation, customerId, onDone }: { operation: Operation; customerId: string; onDone: () => void }) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [apart, setApart] = useState(true);
  const { kind, from_id, from_name, into_id, into_name, identities, undone_at } = operation;
  const name = (given: string | null) => personName(given);
  const Icon = kind === 'move' ? Scissors : kind === 'share' ? UsersRound : GitBranchPlus;
  const undo = async () => {
    if (await unmerge(operation.id, reason.trim(), apart && kind === 'merge')) onDone();
    setAsking(false);
  };
  return (
    <li className={styles.operation} data-undone={undone_at !== null || undefined}>
      <Icon size={16} aria-hidden />
      <span className={styles.main}>
        <span>
          {kind === 'merge' ? t('origins.merged') : t(`origins.${kind}`, { what: identities.map(identityWords).join(t('ui.comma')) })}{' '}
          {from_id === customerId ? <b>{name(from_name)}</b> : <a href={personHref(from_id)}>{name(from_name)}</a>}
          {' → '}
          {into_id === customerId ? <b>{name(into_name)}</b> : <a href={personHref(into_id)}>{name(into_name)}</a>}
        </span>
        <small>{[agentName(operation.made_by), whenOf(operation.made_at), operation.reason && `“${operation.reason}”`].filter(Boolean).join(' · ')}</small>
        {undone_at && (
          <small>
            {t('origins.undone', { by: agentName(operation.undone_by) ?? t('author.system'), at: whenOf(undone_at) })}
            {operation.undone_reason && ` · “${operation.undone_reason}”`}
          </small>
        )}
      </span>
      {!undone_at && !asking && (
        <Button small icon={Undo2} onClick={() => setAsking(true)}>
          {t('ui.undo')}
        </Button>
      )}
      {asking && (
        <div className={styles.split}>
          <Field label={t('merge.reason')} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          {kind === 'merge' && (
            <label className={styles.tick}>
              <input type="checkbox" checked={apart} onChange={(event) => setApart(event.target.checked)} /> {t('split.apart')}
            </label>
          )}
          <span className={styles.buttons}>
            <Button small look="primary" icon={Undo2} onClick={() => void undo()}>
              {t(kind === 'merge' ? 'origins.undo_merge' : 'origins.undo_move')}
            </Button>
            <Button small onClick={() => setAsking(false)}>
              {t('ui.cancel')}
            </Button>
          </span>
        </div>
      )}
    </li>
  );
}

function Distinctions({ distinctions, customerId, onDone }: { distinctions: readonly Distinction[]; customerId: string; onDone: () => void }) {
  const t = useT();
  const open = distinctions.filter((one) => !one.withdrawn_at);
  if (open.length === 0) return null;
  return (
    <section className={styles.section}>
      <h3>{t('distinction.title')}</h3>
      <ul>
        {open.map((one) => {
          const [id, name] = one.a_id === customerId ? [one.b_id, one.b_name] : [one.a_id, one.a_name];
          return (
            <li key={one.id} className={styles.operation}>
              <UserX size={16} aria-hidden />
              <span className={styles.main}>
                <a href={personHref(id)}>{personName(name)}</a>
                <small>{[agentName(one.made_by), whenOf(one.made_at), one.reason && `“${one.reason}”`].filter(Boolean).join(' · ')}</small>
              </span>
              <Button small onClick={() => void withdraw(one.id, [one.a_id, one.b_id]).then((done) => done && onDone())}>
                {t('distinction.withdraw')}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
