/* Documents printed from the tables of methods, pushes and fields. */
#pragma once

#include "base/buf.h"

void describe_markdown(struct buf *out);
void describe_openapi(struct buf *out);
void describe_typescript(struct buf *out);
