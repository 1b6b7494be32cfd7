/* The page to read of an export. */
#pragma once

#include "task/export_walk.h"

extern const struct export_phase EXPORT_PAGE;
