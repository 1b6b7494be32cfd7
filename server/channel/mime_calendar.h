/* What a calendar invitation says (RFC 5545, iTIP by mail: RFC 6047), read by libical. */
#pragma once

#include "channel/mime_tree.h"

/* Beyond this it is a file like others, and libical never sees it: it goes into itself as deep as a stranger likes, is quadratic in the
 * parameters of a line, and works out every change of a clock that a zone is said to have. */
#define CALENDAR_BYTES_MAX (100 << 10)
#define CALENDAR_LINE_MAX 4096 /* unfolded; a longer one is left out */
#define CALENDAR_DEPTH_MAX 8

/* JSON text of the first event, task or answer in it: {method, summary, starts, ends, all_day, location, organizer, repeats, status,
 * description}; what is not said is left out. Times are RFC 3339 in UTC, or without a zone where it has none ("2026-11-30T10:00:00");
 * of whole days the date alone. `utf8` is clean. NULL: there is none. */
const char *mime_calendar(struct arena *a, const char *utf8);
