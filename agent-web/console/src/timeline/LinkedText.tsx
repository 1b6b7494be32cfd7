import { Fragment, memo } from 'react';

const LINK = /(https?:\/\/[^\s<>"'）】」』]+[^\s<>"'.,;:!?()[\]{}、。）】」』])/g;

export const LinkedText = memo(function LinkedText({ text }: { text: string }) {
  const parts = text.split(LINK);
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="noopener noreferrer">{part}</a>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  );
});
