/* The paths of HTTP that are no files, and who handles them. */
#pragma once

#include "web/http/route.h"

extern const struct route ROUTES[];
extern const size_t N_ROUTES;
