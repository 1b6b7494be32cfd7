/* Parts of the documents that describe.c prints. */
#pragma once

#include "base/buf.h"

/* The media and kinds of identity, as base/kinds.h has them. */
void describe_kinds_typescript(struct buf *out);
void describe_kinds_markdown(struct buf *out);
void describe_channels_typescript(struct buf *out);

/* Numbers that screens reckon with as the server does. */
void describe_bounds_typescript(struct buf *out);

/* The codes of what the server says, as base/saying.h has them. */
void describe_sayings_typescript(struct buf *out);
void describe_sayings_markdown(struct buf *out);
