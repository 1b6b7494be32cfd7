import { Fragment, memo, useContext } from 'react';
import { pieces } from '@throughline/protocol/browser';
import { Numbers, partsOf } from './orderNumbers.ts';
import { OrderLink } from './OrderLink.tsx';

/** `at`: when it was written, so that an order can be shown as it was then. */
export const LinkedText = memo(function LinkedText({ text, at = null }: { text: string; at?: string | null }) {
  return pieces(text).map((piece, index) => {
    if (typeof piece === 'string') return <WithOrders key={index} text={piece} at={at} />;
    // Mail is written here, not in the agent's own program.
    if (piece.href.startsWith('mailto:')) return <Fragment key={index}>{piece.text}</Fragment>;
    return (
      <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer">
        {piece.text}
      </a>
    );
  });
});

function WithOrders({ text, at }: { text: string; at: string | null }) {
  const { known, customerId } = useContext(Numbers);
  return partsOf(text, known).map((part, index) =>
    part.number && customerId ? (
      <OrderLink key={index} text={part.text} number={part.number} customerId={customerId} at={at} />
    ) : (
      <Fragment key={index}>{part.text}</Fragment>
    ),
  );
}
