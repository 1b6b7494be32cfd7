import { ArrowRight, Check } from 'lucide-react';
import { hrefOf } from '../app/route.ts';
import { useDirectory } from '../directory/directory.ts';
import { useT } from '../i18n/index.ts';
import { me } from '../session/session.ts';
import styles from './MyDay.module.css';

interface Step {
  name: string;
  text: string;
  done: boolean;
  /** Where it is done; null: not by whoever reads it, or not in here. */
  href: string | null;
}

/** A new desk: a channel, something that comes by it, and colleagues. */
export function FirstSteps() {
  const t = useT();
  const { channels, agents } = useDirectory();
  const admin = me()?.role === 'admin';
  const settings = (section: 'channels' | 'agents', ...rest: string[]) => (admin ? hrefOf({ page: 'settings', section, rest }) : null);
  const first = channels[0];
  const address = channels.map((one) => one.settings?.address).find((one): one is string => typeof one === 'string' && one !== '');
  const chat = channels.find(({ type }) => type === 'chat');
  const steps: Step[] = [
    {
      name: t('day.step_channel'),
      text: t(admin ? 'day.step_channel_text' : 'day.step_ask_admin'),
      done: channels.length > 0,
      href: settings('channels', 'new'),
    },
    {
      name: t('day.step_try'),
      text: address ? t('day.step_try_mail', { address }) : chat ? t('day.step_try_chat') : t('day.step_try_text'),
      done: false,
      href: first ? settings('channels', (address ? channels.find((one) => one.settings?.address === address) : (chat ?? first))?.id ?? first.id) : null,
    },
    { name: t('day.step_colleagues'), text: t('day.step_colleagues_text'), done: agents.filter(({ active }) => active).length > 1, href: settings('agents') },
  ];
  return (
    <div className={styles.day}>
      <h1>{t('day.begin')}</h1>
      <ol className={styles.steps}>
        {steps.map(({ name, text, done, href }, index) => (
          <li key={name} data-done={done || undefined}>
            <span className={styles.mark} aria-hidden>
              {done ? <Check size={14} /> : index + 1}
            </span>
            <div>
              <b>{name}</b> {done && <span className="visually-hidden">{t('day.step_done')}</span>}
              <p>{text}</p>
            </div>
            {href && !done && (
              <a href={href} aria-label={name}>
                {t('day.step_go')} <ArrowRight size={14} aria-hidden />
              </a>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}
