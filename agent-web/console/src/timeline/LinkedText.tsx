import { Fragment, memo, useContext } from 'react';
import { Numbers, partsOf } from './orderNumbers.ts';
import { OrderLink } from './OrderLink.tsx';

const LINK = /(https?:\/\/[^\s<>"'）】」』]+[^\s<>"'.,;:!?()[\]{}、。）】」』])/g;

/** `at`: when it was written, so that an order can be shown as it was then. */
export const LinkedText = memo(function LinkedText({ text, at = null }: { text: string; at?: string | null }) {
  const parts = text.split(LINK);
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="noopener noreferrer">
        {part}
      </a>
    ) : (
      <WithOrders key={index} text={part} at={at} />
    ),
  );
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
