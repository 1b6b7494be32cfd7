/* The table of all methods. */
#pragma once

#include "api/method.h"

extern const struct method *const API_TABLES[]; /* a table a noun, each up to a row without a name; NULL-terminated */
const struct method *method_find(const char *name);
