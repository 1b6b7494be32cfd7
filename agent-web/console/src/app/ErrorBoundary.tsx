import { CircleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { t } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';

interface Props {
  /** Nothing is left around it: reload the page instead of trying the part again. */
  whole?: boolean;
  children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    const again = () => (this.props.whole ? location.reload() : this.setState({ error: null }));
    return (
      <div role="alert">
        <Empty icon={CircleAlert} title={t('error.broken')} text={t('error.broken_text', { what: error.message })}>
          <Button onClick={again}>{t(this.props.whole ? 'error.reload' : 'error.again')}</Button>
        </Empty>
      </div>
    );
  }
}
