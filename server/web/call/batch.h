/* Calls that come together (JSON-RPC 2.0 §6): one after the other, so that their order holds, and answered in one text. It knows
 * no call and no connection. On the loop. */
#pragma once

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define BATCH_MAX 64 /* calls */

struct batch;

/* False: this text is no batch; also what is no JSON, which is told so as a call. True with *ret NULL: it is refused, *err. */
bool batch_read(const char *text, size_t n, struct batch **ret, struct error *err);
void batch_free(struct batch *b); /* takes NULL */

const char *batch_next(struct batch *b,
                       size_t *ret_n); /* the text of its next call, borrowed; NULL: there is none left */
bool batch_add(struct batch *b, const char *text, size_t n,
               size_t max); /* an answer; false: all would be over `max` bytes */
const struct buf *batch_answers(
    struct batch *b); /* of all that was added, when all is done; empty: there is nothing to say */
