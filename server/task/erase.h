/* Erasure of a person with all entries. What is left is a tombstone: kind, time, direction, medium,
 * delivery, and of orders and calls what keeps counts true. docs/PRIVACY.md says what goes and what stays. */
#pragma once

#include "task/step.h"

struct erase_params {
    struct uuid customer_id;
    const char *reason;
};
extern const struct shape ERASE_PARAMS_SHAPE;
extern const struct task_type ERASE_TASK;
