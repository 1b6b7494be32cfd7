/* A raw input that no caller waits for on the loop: one that is tried again, or that was fetched. On the thread of who has it, which
 * waits while a parser's process takes it apart (parser/parser.h). */
#pragma once

#include "channel/channel.h"
#include "desk/ground/desk.h"

/* Also what is not understood gives a list, with its problem. False fills *err: it can be tried later. */
bool input_parse(const struct desk *desk, const struct channel_account *account, const struct web_request *request,
                 struct arena *a, struct inbound_list *ret, struct error *err);
