/* The export of a person: a ZIP with everything, as data and as a page to read. */
#pragma once

#include "task/step.h"

struct export_params {
    struct uuid customer_id;
};
extern const struct shape EXPORT_PARAMS_SHAPE;
extern const struct task_type EXPORT_TASK;
