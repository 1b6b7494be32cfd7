import { Direction, Tooltip } from 'radix-ui';
import { Keyboard } from '../actions/Keyboard.tsx';
import { useDirection } from '../i18n/direction.ts';
import { Palette } from '../palette/Palette.tsx';
import { Login } from '../session/Login.tsx';
import { session } from '../session/session.ts';
import { Unreachable } from '../session/Unreachable.tsx';
import { useStore } from '../lib/store.ts';
import { Toasts } from '../ui/Toasts.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Pages } from './Pages.tsx';

export function App() {
  const { phase } = useStore(session);
  const direction = useDirection();
  return (
    <ErrorBoundary whole>
      <Direction.Provider dir={direction}>
        <Tooltip.Provider delayDuration={400} skipDelayDuration={200}>
          {phase === 'in' && (
            <>
              <Keyboard />
              <Pages />
              <Palette />
            </>
          )}
          {(phase === 'out' || phase === 'ended') && <Login ended={phase === 'ended'} />}
          {phase === 'unreachable' && <Unreachable />}
          <Toasts />
        </Tooltip.Provider>
      </Direction.Provider>
    </ErrorBoundary>
  );
}
