import { useEffect, useRef } from 'react';
import { IDENTITY_KINDS, MEDIA, type Channel, type ChannelSetting, type ChannelType } from '@throughline/protocol';
import { useT, type Translate } from '../i18n/index.ts';
import { channelType, settingChoice, settingHelp, settingName } from '../i18n/said.ts';
import { Button } from '../ui/Button.tsx';
import { Choice, Field, Lines } from '../ui/Field.tsx';
import { useDraft } from './draft.ts';
import styles from './rows.module.css';

interface Props {
  type: ChannelType;
  /** The one to change; absent: a new one. */
  channel?: Channel | null;
  submit: string;
  /** Saves on top of this version, and gives the channel as it is then. */
  onSubmit: (name: string, settings: Record<string, unknown>, version: number | null) => Promise<Channel | null>;
  reread?: () => Promise<Channel | null>;
}

const INPUTS: Partial<Record<ChannelSetting['kind'], string>> = { url: 'url', email: 'email', phone: 'tel', secret: 'password', date: 'date' };

/** What a setting of such a kind may be. */
const CHOICES: Partial<Record<ChannelSetting['kind'], typeof MEDIA | typeof IDENTITY_KINDS>> = { medium: MEDIA, identity: IDENTITY_KINDS };

/** Null: it may be anything. */
function optionsOf(t: Translate, { kind, choices }: ChannelSetting): { value: string; name: string }[] | null {
  if (kind === 'choice') return choices.map((value) => ({ value, name: settingChoice(value) }));
  const words = CHOICES[kind];
  return words ? Object.entries(words).flatMap(([value, { label }]) => (value === 'none' ? [] : [{ value, name: t(label) }])) : null;
}

/** Made from what channel.types says, so that a new type needs nothing here. */
export function ChannelForm({ type, channel = null, submit, onSubmit, reread = async () => null }: Props) {
  const t = useT();
  const save = (values: Record<string, string>, base: Channel | null) => onSubmit(values.$name ?? '', changesOf(type, base, values), base?.version ?? null);
  const { values, set, submit: send, busy, problem } = useDraft(channel, (stored) => valuesOf(type, stored), save, reread);
  const field = problem?.field?.replace(/^settings\./, '');
  const wrong = (name: string) => (problem && field === name ? problem.text : null);
  const known = field === 'name' || type.settings.some((setting) => setting.name === field);
  const form = useRef<HTMLFormElement>(null);
  // The form is longer than the window: what is wrong may stand far above the button.
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [problem]);
  return (
    <form ref={form} className={styles.form} onSubmit={send} autoComplete="off">
      <Field
        label={t('channels.name')}
        hint={t('channels.name_hint')}
        error={wrong('name')}
        required
        maxLength={100}
        value={values.$name ?? ''}
        onChange={(event) => set('$name')(event.target.value)}
      />
      {type.settings.map((setting) =>
        setting.kind === 'bool' ? (
          <Choice
            key={setting.name}
            label={settingName(type.type, setting.name)}
            value={values[setting.name] === 'true' ? 'true' : 'false'}
            options={[
              { value: 'true', name: t('ui.yes') },
              { value: 'false', name: t('ui.no') },
            ]}
            hint={settingHelp(type.type, setting.name)}
            error={wrong(setting.name)}
            onChange={set(setting.name)}
          />
        ) : optionsOf(t, setting) ? (
          <Choice
            key={setting.name}
            label={settingName(type.type, setting.name)}
            value={values[setting.name] || (setting.standard ?? '')}
            options={optionsOf(t, setting) ?? []}
            hint={settingHelp(type.type, setting.name)}
            error={wrong(setting.name)}
            onChange={set(setting.name)}
          />
        ) : setting.kind === 'lines' ? (
          <Lines
            key={setting.name}
            label={settingName(type.type, setting.name)}
            hint={settingHelp(type.type, setting.name)}
            error={wrong(setting.name)}
            rows={4}
            value={values[setting.name] ?? ''}
            onChange={(event) => set(setting.name)(event.target.value)}
          />
        ) : (
          <Field
            key={setting.name}
            label={settingName(type.type, setting.name)}
            hint={hintOf(t, type, setting, channel)}
            error={wrong(setting.name)}
            type={INPUTS[setting.kind] ?? 'text'}
            autoComplete={setting.kind === 'secret' ? 'new-password' : 'off'}
            required={setting.required && !setting.generated && !channel?.secrets_set.includes(setting.name)}
            placeholder={setting.standard ?? undefined}
            value={values[setting.name] ?? ''}
            onChange={(event) => set(setting.name)(event.target.value)}
          />
        ),
      )}
      <p role="alert" className={styles.problem}>
        {problem && !known ? problem.text : ''}
      </p>
      <div className={styles.buttons}>
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? t('channels.saving') : submit}
        </Button>
      </div>
    </form>
  );
}

function valuesOf(type: ChannelType, channel: Channel | null): Record<string, string> {
  const values: Record<string, string> = { $name: channel?.name ?? channelType(type.type) };
  for (const { name, kind, standard } of type.settings) {
    const value = channel?.settings?.[name];
    if (kind === 'bool') values[name] = String(value ?? standard ?? 'false');
    else if (typeof value === 'string' || typeof value === 'number') values[name] = String(value);
  }
  return values;
}

/** Only what was given; of an existing channel only what differs. An emptied setting is removed, an empty secret kept. */
function changesOf(type: ChannelType, channel: Channel | null, values: Record<string, string>): Record<string, unknown> {
  const before = valuesOf(type, channel);
  const changes: Record<string, unknown> = {};
  for (const { name, kind } of type.settings) {
    const value = values[name] ?? '';
    if (channel && value === (before[name] ?? '')) continue;
    if (kind === 'bool') changes[name] = value === 'true';
    else if (value !== '') changes[name] = value;
    else if (channel && kind !== 'secret') changes[name] = null;
  }
  return changes;
}

function hintOf(t: Translate, type: ChannelType, setting: ChannelSetting, channel: Channel | null): string {
  const isSet = channel?.secrets_set.includes(setting.name);
  return [settingHelp(type.type, setting.name), isSet && t('channels.keep_hint'), !isSet && setting.generated && t('channels.generated_hint')]
    .filter(Boolean)
    .join(' ');
}
