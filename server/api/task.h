/* Long work that a call asks for. */
#pragma once

#include "api/call.h"
#include "store/audit.h"
#include "store/task.h"

/* Puts the task into the queue, together with what is noted of it (`audit` NULL: nothing), and answers with it. The caller
 * has filled kind, title, params and customer. `client_id`: made by the client, so that asking again after a lost answer
 * gives the task that is there; none: it is always a new one. False fills call->err. */
bool call_start_task(struct call *call, struct task *task, const struct uuid *client_id, const struct audit *audit);
