/* What an entry of each kind carries besides its words: a field table a kind. Checked where integrators give it, printed into
 * docs/API.md and the TypeScript types. More members than these may be there: what a provider tells is kept. */
#pragma once

#include "base/error.h"
#include "base/field.h"
#include "base/mem.h"

/* By enum entry_kind; NULL after the last. */
extern const struct shape *const PAYLOAD_SHAPES[];

/* The members that the kind knows have its types; others are not looked at. False fills *err. */
bool payload_fits(struct arena *a, int kind, const char *payload, struct error *err);
