/* Long work in steps: imports, exports, erasures.
 *
 * One thread with a connection of its own takes the oldest task that waits (store/due.h), so that of several server processes
 * only one runs it, and runs it step by step. A step is one transaction that also saves where the task stands, so a
 * process that is killed in the middle has done each step wholly or not at all; the lease lapses, and whoever takes the
 * task up goes on behind the last step. */
#pragma once

#include "task/step.h"

const struct task_type *task_type_of(int kind); /* NULL: of a later version */

struct tasks;

/* `instance`: due_instance. */
struct tasks *tasks_start(const struct desk *desk, const struct db_config *config, int64_t instance,
                          changes_publish *publish, void *context);
void tasks_wake(struct tasks *t); /* one is due; from any thread; takes NULL */
void tasks_stop(struct tasks *t); /* after the step under way; takes NULL */
