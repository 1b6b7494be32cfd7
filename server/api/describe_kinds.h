/* Parts of the documents that describe.c prints. */
#pragma once

#include "base/buf.h"

/* The media and kinds of identity, as base/kinds.h has them. */
void describe_kinds_typescript(struct buf *out);
void describe_kinds_markdown(struct buf *out);
